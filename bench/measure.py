"""What the benchmarks share: sessions of Cairn that are driven, clocks that know of other processes, tables."""
import json, os, pathlib, random, re, statistics, subprocess, sys, time

HERE = pathlib.Path(__file__).resolve().parent
TICKS = os.sysconf("SC_CLK_TCK")
# A window in which other processes used more of the cores than this is marked.
QUIET = 0.1


class Refusal(Exception):
    """A command failed: the benchmark cannot go on."""


def busy_seconds():
    """Processor seconds of all processes since the machine started."""
    with open("/proc/stat") as stat:
        times = [int(part) for part in stat.readline().split()[1:9]]
    return (sum(times) - times[3] - times[4]) / TICKS


def own_seconds(pid):
    """Processor seconds of a process and its threads."""
    with open(f"/proc/{pid}/stat") as stat:
        return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13])) / TICKS


class Window:
    """Seconds of a with-block, and the cores that processes other than `pid` used meanwhile."""

    def __init__(self, pid):
        self.pid = pid

    def __enter__(self):
        self.own, self.all, self.start = own_seconds(self.pid), busy_seconds(), time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.start
        used = busy_seconds() - self.all - (own_seconds(self.pid) - self.own)
        self.foreign = max(0.0, used / self.seconds)


class Session:
    """A live Cairn that is given commands, one record each."""

    def __init__(self, cairn, *options):
        self.start = time.perf_counter()
        self.process = subprocess.Popen(
            [str(cairn), "--json", "--time", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, bufsize=1)
        self.pid = self.process.pid

    def say(self, text):
        """Runs one command, of one or several lines, and gives its record."""
        self.process.stdin.write(text.rstrip("\n") + "\n")
        self.process.stdin.flush()
        return self.record()

    def record(self):
        line = self.process.stdout.readline()
        if not line:
            raise Refusal("cairn ended")
        record = json.loads(line)
        if not record["ok"]:
            raise Refusal(record["error"]["message"])
        return record

    def run(self, script):
        """Runs the commands of a script, whose records are not looked at."""
        self.process.stdin.write(script.rstrip("\n") + '\n"the script is read"\n')
        self.process.stdin.flush()
        while self.record()["source"] != '"the script is read"':
            pass

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


class Model:
    """A script of bench/models: its sizes, those of a tiny twin, and its ways to train."""

    def __init__(self, path):
        self.name = path.stem
        text = path.read_text()
        first, *steps = re.split(r"(?m)^(?=train )", text)
        self.setup, self.ways = first, steps
        self.about = text.split("\n", 1)[0].lstrip("# ").rstrip(".")
        self.sizes = {name: int(number) for name, number in re.findall(r"(?m)^let (\w+) = (\d+)$", first)}
        small = re.search(r"(?m)^# Tiny: (.*)\.$", text)[1]
        self.tiny = {**self.sizes, **{name: int(n) for name, n in re.findall(r"(\w+) = (\d+)", small)}}

    def declarations(self, sizes=None):
        """The script before its training, with these sizes."""
        text = self.setup
        for name, number in (sizes or {}).items():
            text = re.sub(rf"(?m)^let {name} = \d+$", f"let {name} = {number}", text)
        return text

    def training(self, way, steps):
        """The statement that trains one way (0: everything is kept, 1: checkpointed) for so many steps."""
        return re.sub(r"steps: \d+", f"steps: {steps}", self.ways[way])


def models(only=None):
    found = [Model(path) for path in sorted((HERE / "models").glob("*.cairn"))]
    return [model for model in found if only in (None, model.name)]


def measured(command):
    """Runs a program to its end: its output, its processor seconds, and the most bytes that it held."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Refusal(f"{' '.join(map(str, command))}: {output.strip()}")
    return output, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def interval(pairs, times=2000):
    """The ratio of the medians of pairs (old, new), and the bounds of its 95 % interval (bootstrap over pairs)."""
    def ratio(sample):
        return statistics.median(new for _, new in sample) / statistics.median(old for old, _ in sample)

    draw = random.Random(1)
    ratios = sorted(ratio(draw.choices(pairs, k=len(pairs))) for _ in range(times))
    return ratio(pairs), ratios[int(0.025 * times)], ratios[int(0.975 * times)]


def duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds < 100 * size else f"{seconds / size:.0f} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def megabytes(count):
    return "–" if count is None else f"{count / 1e6:.1f}"


def table(titles, rows):
    """Prints rows below titles: the first column to the left, the others to the right."""
    cells = [titles] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(titles))]
    for row in cells:
        parts = [cell.rjust(width) if column else cell.ljust(width)
                 for column, (cell, width) in enumerate(zip(row, widths))]
        print("  ".join(parts).rstrip())
    sys.stdout.flush()
