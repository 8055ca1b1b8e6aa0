#!/usr/bin/env python3
"""How much longer a training step takes beside one busy process: at most 1.8 times is wanted on two cores.

usage: bench/beside.py [--rounds 5] [CAIRN]

Runs bench/chain.cairn alone and beside a process that does nothing but work, in turns; each figure is the median of
the rounds. The two programs together want three cores, so that 1.5 is what two cores and a fair system give."""
import argparse, json, os, pathlib, statistics, subprocess, sys

here = pathlib.Path(__file__).resolve().parent
options = argparse.ArgumentParser()
options.add_argument("--rounds", type=int, default=5)
options.add_argument("cairn", nargs="?", default=str(here.parent / ".build/release/cairn"))
options = options.parse_args()


def step():
    """Milliseconds of a step: everything kept, and square-root segments."""
    run = subprocess.run([options.cairn, "run", "--json", "--time", str(here / "chain.cairn")],
                         capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stdout + run.stderr)
    seconds = [json.loads(line)["seconds"] for line in run.stdout.splitlines()]
    return [value / 40 * 1e3 for value in seconds[-2:]]


alone, beside = [], []
for _ in range(options.rounds):
    alone.append(step())
    busy = subprocess.Popen(["yes"], stdout=subprocess.DEVNULL)
    try:
        beside.append(step())
    finally:
        busy.kill()
        busy.wait()
print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
for index, what in enumerate(["keep_all", "sqrt_n"]):
    one = statistics.median(row[index] for row in alone)
    other = statistics.median(row[index] for row in beside)
    print(f"{what:10} alone {one:7.1f} ms   beside a busy process {other:7.1f} ms   {other / one:.2f} times")
