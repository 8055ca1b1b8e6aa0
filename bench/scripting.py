"""Plain scripting: the programs of bench/scripting in Cairn and in Python, which print the same."""
import shutil, statistics

from measure import *


def programs():
    return sorted((HERE / "scripting").glob("*.cairn"))


def processor(command, rounds):
    """What a program prints, and the least processor seconds that it took: other processes can only add to them."""
    found = [measured(command)[:2] for _ in range(rounds)]
    return found[0][0], min(seconds for _, seconds in found)


def run(cairn, rounds, python="python3"):
    """Prints processor time of each program, without that of one which does nothing."""
    python = shutil.which(python)
    if not python:
        print("no Python to compare plain scripting with")
        return
    version = measured([python, "--version"])[0].strip()
    print(f"Plain scripting beside {version}: processor time without the start")
    ours, theirs = (processor([*program], 2 * rounds)[1] for program in ([cairn, "-e", "0"], [python, "-c", "0"]))
    rows = []
    for program in programs():
        said, seconds = processor([cairn, "run", str(program)], rounds)
        theirs_said, peer = processor([python, str(program.with_suffix(".py"))], rounds)
        said = "".join(line + "\n" for line in said.splitlines() if not line.startswith("note: "))
        if said != theirs_said:
            raise Refusal(f"{program.stem}: {said!r} in Cairn, {theirs_said!r} in Python")
        seconds, peer = seconds - ours, peer - theirs
        rows.append([program.stem, duration(seconds), duration(peer), f"{seconds / peer:.2f}"])
    table(["program", "cairn", "python", "cairn / python"], rows)


def compare(old, new, rounds):
    """Prints ratios of two builds, in pairs."""
    rows = []
    for program in programs():
        pairs = []
        for number in range(rounds):
            order = (old, new) if number % 2 == 0 else (new, old)
            found = {cairn: measured([cairn, "run", str(program)])[1] for cairn in order}
            pairs.append((found[old], found[new]))
        ratio, low, high = interval(pairs)
        rows.append([program.stem, duration(statistics.median(a for a, _ in pairs)),
                     duration(statistics.median(b for _, b in pairs)), f"{ratio:.3f}", f"{low:.3f}–{high:.3f}"])
    table(["program", "base", "this", "this / base", "95 %"], rows)
