#!/usr/bin/env python3
"""How much longer a training step takes beside one busy process: at most 1.8 times is wanted on two cores.

usage: bench/beside.py [--rounds 5] [--model a] [CAIRN]

Trains a script of bench/models alone and beside a process that does nothing but work, in turns; each figure is the median of
the rounds. The two programs together want three cores, so that 1.5 is what two cores and a fair system give."""
import argparse, os, statistics, subprocess

from measure import HERE, models
from stepping import CairnSteps

options = argparse.ArgumentParser()
options.add_argument("--rounds", type=int, default=5)
options.add_argument("--model", default="a")
options.add_argument("cairn", nargs="?", default=str(HERE.parent / ".build/release/cairn"))
options = options.parse_args()

model = models(options.model)[0]
print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
for way, name in enumerate(("keep all", "checkpointed")):
    steps = CairnSteps(options.cairn, model, way)
    alone, beside = [], []
    for _ in range(options.rounds):
        alone.append(steps.window(1))
        busy = subprocess.Popen(["yes"], stdout=subprocess.DEVNULL)
        try:
            beside.append(steps.window(1))
        finally:
            busy.kill()
            busy.wait()
    steps.close()
    one, other = statistics.median(alone), statistics.median(beside)
    print(f"{name:12} alone {one * 1e3:7.1f} ms   beside a busy process {other * 1e3:7.1f} ms   {other / one:.2f} times")
