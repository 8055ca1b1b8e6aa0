#!/usr/bin/env python3
"""Times the scripts of this folder with the release build, and prints a line a measured command.

usage: bench/run.py [--rounds 3] [CAIRN]

A comment `# N steps of WHAT` names the command below it; the figure is the least over the rounds, since other
processes can only add to it. For peers, compare ratios within one run on one quiet machine."""
import argparse, json, pathlib, re, subprocess, sys, time

here = pathlib.Path(__file__).resolve().parent
options = argparse.ArgumentParser()
options.add_argument("--rounds", type=int, default=3)
options.add_argument("cairn", nargs="?", default=str(here.parent / ".build/release/cairn"))
options = options.parse_args()

for script in sorted(here.glob("*.cairn")):
    lines = script.read_text().splitlines()
    named = {}
    for number, line in enumerate(lines, 1):
        if match := re.fullmatch(r"# (\d+) steps of (.*)", line):
            named[number + 1] = (int(match[1]), match[2])
    least, peaks = {}, {}
    for _ in range(options.rounds):
        output = subprocess.run(
            [options.cairn, "run", "--json", "--time", str(script)], capture_output=True, text=True
        ).stdout
        for record in map(json.loads, output.splitlines()):
            if not record["ok"]:
                sys.exit(f"{script.name}: {record['error']['message']}")
            if record["line"] in named:
                seconds = record["seconds"]
                least[record["line"]] = min(seconds, least.get(record["line"], seconds))
                peaks[record["line"]] = record["memory"]["peak"]["total"]
    for number, (steps, what) in named.items():
        each = least[number] / steps
        shown = f"{each * 1e3:9.3f} ms" if each >= 1e-4 else f"{each * 1e9:9.1f} ns"
        print(f"{script.stem:12} {what:10} {shown} a step   peak {peaks[number] / 2**20:8.2f} MiB")

code = "def add(n):\n s = 0\n for i in range(n): s = s + i\n return s\n"
scope = {}
exec(code, scope)
best = 1e9
for _ in range(options.rounds):
    start = time.perf_counter()
    scope["add"](10_000_000)
    best = min(best, time.perf_counter() - start)
print(f"{'python':12} {'addition':10} {best / 1e7 * 1e9:9.1f} ns a step   (CPython {sys.version.split()[0]}, the same loop)")
for name, command in [("version", ["--version"]), ("one line", ["-e", "1 + 1"])]:
    best = 1e9
    for _ in range(10):
        start = time.perf_counter()
        subprocess.run([options.cairn] + command, capture_output=True)
        best = min(best, time.perf_counter() - start)
    print(f"{'start':12} {name:10} {best * 1e3:9.3f} ms")
