"""Training steps of the models: Cairn, and its peers if a Python that has them is named; or two builds of Cairn.

Each contestant stays alive in a process of its own; windows of half a second are measured in shuffled round robin. Times
are medians over the windows in which other processes used less than a tenth of a core; where there are none, over all,
and marked `*`. Cairn steps through the ordinary `train` of the scripts in bench/models; what tracing, planning and compiling
take is in the first step, and not in the others."""
import json, os, random, shutil, statistics, subprocess, sys, tempfile, time

from measure import *

WINDOW = 0.5


class CairnSteps:
    """A model in a live Cairn, trained one way."""

    def __init__(self, cairn, model, way):
        self.model, self.way = model, way
        self.session = Session(cairn, "--threads", "2", "--seed", "1")
        self.pid = self.session.pid
        self.session.run(model.declarations())
        first = self.session.say(model.training(way, 1))
        self.first = first["seconds"]
        self.peak_live = first["memory"]["peak"]["total"]
        self.reserved = first["run"].get("reserved")
        self.step = max((self.train(4) - self.train(1)) / 3, 1e-7)
        self.process_peak = self.script_peak(cairn, None) - self.script_peak(cairn, model.tiny)

    def train(self, steps):
        return self.session.say(self.model.training(self.way, steps))["seconds"]

    def script_peak(self, cairn, sizes):
        """The most bytes of a process that runs the model as a script."""
        with tempfile.NamedTemporaryFile("w", suffix=".cairn") as file:
            file.write(self.model.declarations(sizes) + self.model.training(self.way, 3))
            file.flush()
            return measured([str(cairn), "run", "--threads", "2", "--seed", "1", file.name])[2]

    def window(self, seconds):
        """Seconds of a step, without what begins the training."""
        steps = max(2, int(seconds / self.step))
        begin = self.train(1)
        self.step = max((self.train(steps) - begin) / (steps - 1), 1e-7)
        return self.step

    def close(self):
        self.session.close()


class PeerSteps:
    """A model in a peer, which keeps the protocol of bench/peers/protocol.py."""

    def __init__(self, command, environment=None):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1,
            env={**os.environ, **(environment or {})})
        self.pid = self.process.pid
        line = self.process.stdout.readline()
        if not line:
            raise Refusal(self.process.stderr.read().strip().split("\n")[-1])
        known = json.loads(line)
        self.first, self.process_peak = known["first"], known["peak"] - known["base"]
        self.peak_live = self.reserved = None

    def window(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        found = json.loads(self.process.stdout.readline())
        return found["seconds"] / found["steps"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


def measure(contestants, rounds):
    """Seconds of a step of each contestant in each round, and the cores that others used meanwhile."""
    windows = {name: [] for name in contestants}
    for _ in range(rounds):
        order = list(contestants)
        random.shuffle(order)
        for name in order:
            with Window(contestants[name].pid) as around:
                seconds = contestants[name].window(WINDOW)
            windows[name].append((seconds, around.foreign))
    return windows


def median(windows):
    """The median over quiet windows, and whether there were any."""
    quiet = [seconds for seconds, foreign in windows if foreign <= QUIET]
    return statistics.median(quiet or [seconds for seconds, _ in windows]), bool(quiet)


def ideal(folder):
    """The hand-written trainer, compiled; or a sentence that says what is missing."""
    if not shutil.which("gcc"):
        return None, "no ideal C: there is no gcc"
    program = os.path.join(folder, "ideal")
    subprocess.run(["gcc", "-O3", "-march=native", "-pthread", str(HERE / "peers/ideal.c"), "-o", program, "-ldl", "-lm"],
                   check=True)
    try:
        import ctypes
        ctypes.CDLL("libopenblas.so.0")
    except OSError:
        return None, "no ideal C: there is no OpenBLAS (libopenblas0)"
    return program, None


def peers_of(model, python, program):
    """Commands and environments of a model's peers, by name and way."""
    arguments = [model.name, json.dumps(model.sizes), json.dumps(model.tiny)]
    found = {}
    for way, mode in enumerate(("keep", "checkpoint")):
        here = str(HERE / "peers")
        found["torch", way] = ([python, f"{here}/torch_peer.py", *arguments, mode], None)
        found["torch, hook", way] = ([python, f"{here}/torch_peer.py", *arguments, mode, "hook"], None)
        found["jax", way] = ([python, f"{here}/jax_peer.py", *arguments, mode], None)
        if program and model.name in ("a", "b"):
            sizes = [str(model.sizes[key]) for key in ("layers", "width", "batch", "segments")]
            newer = "avx512f" in open("/proc/cpuinfo").read()
            found["ideal C", way] = ([program, *sizes, mode], {
                "OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "SkylakeX" if newer else "Haswell"})
    return found


def start_all(model, cairn, python, program, said):
    contestants = {}
    for way in (0, 1):
        contestants["cairn", way] = CairnSteps(cairn, model, way)
    if not python:
        return contestants
    for name, (command, environment) in peers_of(model, python, program).items():
        if name[0] in said:
            continue
        try:
            contestants[name] = PeerSteps(command, environment)
        except Refusal as refusal:
            if "No module named" in str(refusal):
                said.add(name[0])
            print(f"{name[0]} cannot take part in {model.name}: {refusal}")
    return contestants


def run(cairn, only, python, rounds):
    """Prints the table of step times and bytes."""
    print("Training steps: medians of quiet windows (* of all: others used the cores); MB of 10^6 bytes")
    rows, said = [], set()
    with tempfile.TemporaryDirectory() as folder:
        program, missing = ideal(folder) if python else (None, None)
        if missing:
            print(missing)
        for model in models(only):
            contestants = start_all(model, cairn, python, program, said)
            windows = measure(contestants, rounds)
            times = {name: median(found) for name, found in windows.items()}
            for (name, way), contestant in contestants.items():
                seconds, is_quiet = times[name, way]
                quiet = sum(foreign <= QUIET for _, foreign in windows[name, way])
                ours = contestants["cairn", way]
                rows.append([
                    f"{model.name} {'checkpointed' if way else 'keep all'}", name,
                    duration(seconds) + ("" if is_quiet else "*"), f"{quiet}/{rounds}",
                    "" if name == "cairn" else f"{times['cairn', way][0] / seconds:.2f}",
                    megabytes(contestant.peak_live), megabytes(contestant.reserved),
                    megabytes(contestant.process_peak),
                    "" if name == "cairn" or contestant.process_peak <= 0
                    else f"{ours.process_peak / contestant.process_peak:.2f}",
                    duration(contestant.first)])
            for contestant in contestants.values():
                contestant.close()
    titles = ["model", "by", "step", "quiet", "cairn is", "peak live MB", "reserved MB", "process MB", "cairn is", "first step"]
    keep = [column for column in range(len(titles)) if python or column not in (4, 8)]
    table([titles[column] for column in keep], [[row[column] for column in keep] for row in rows])


def compare(old, new, only, rounds):
    """Prints ratios of two builds, measured in pairs of windows."""
    rows = []
    for model in models(only):
        for way in (0, 1):
            try:
                pair = [CairnSteps(cairn, model, way) for cairn in (old, new)]
            except Refusal as refusal:
                print(f"{model.name}: {refusal}")
                continue
            pairs = []
            for number in range(rounds):
                order = (0, 1) if number % 2 == 0 else (1, 0)
                found = {which: pair[which].window(WINDOW) for which in order}
                pairs.append((found[0], found[1]))
            ratio, low, high = interval(pairs)
            rows.append([
                f"{model.name} {'checkpointed' if way else 'keep all'}", duration(statistics.median(a for a, _ in pairs)),
                duration(statistics.median(b for _, b in pairs)), f"{ratio:.3f}", f"{low:.3f}–{high:.3f}",
                megabytes(pair[0].peak_live), megabytes(pair[1].peak_live),
                megabytes(pair[0].process_peak), megabytes(pair[1].process_peak)])
            for contestant in pair:
                contestant.close()
    table(["model", "base", "this", "this / base", "95 %", "live MB", "live MB", "process MB", "process MB"], rows)
