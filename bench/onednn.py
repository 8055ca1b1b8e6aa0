"""Cairn's kernels beside oneDNN's, where Debian's libdnnl-dev is installed: an alternative that was weighed."""
import os, shutil, subprocess, sys, tempfile

from measure import *
from micro import per_turn

PRODUCTS = [(64, 64, 64), (128, 64, 64), (256, 256, 256), (1024, 512, 128), (1024, 128, 512), (1024, 1024, 1024)]
CONVOLUTIONS = [(32, 32, 32), (32, 32, 16), (16, 32, 128)]
NORMS = [(1024, 128), (1024, 512)]


def library(lines, threads):
    """Nanoseconds that oneDNN takes for each line, with so many threads."""
    compiler = shutil.which("clang++") or shutil.which("g++")
    if not compiler:
        sys.exit("no C++ compiler was found")
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "onednn")
        built = subprocess.run([compiler, "-O2", "-std=c++17", str(HERE / "onednn.cpp"), "-ldnnl", "-o", program])
        if built.returncode:
            sys.exit("install Debian's libdnnl-dev first")
        found = subprocess.run([program], input="\n".join(lines), text=True, check=True, capture_output=True,
                               env={**os.environ, "OMP_NUM_THREADS": str(threads)}).stdout
    return [list(map(float, line.split())) for line in found.splitlines()]


def run(cairn, threads=2):
    print(f"Kernels beside oneDNN's, {threads} threads: microseconds, oneDNN / Cairn (above 1 Cairn is faster)")
    lines = ([f"product {m} {n} {k}" for m, n, k in PRODUCTS]
             + [f"{layout} {b} {s} {c}" for b, s, c in CONVOLUTIONS for layout in ("conv", "conv-own")]
             + [f"norm {r} {s}" for r, s in NORMS])
    theirs = iter(library(lines, threads))
    session = Session(cairn, "--threads", str(threads))
    session.run("account off")
    rows = []

    def add(name, text, nanoseconds, other=None):
        ours = per_turn(session, text) * 1e6
        shown = [f"{n / 1e3:,.1f}" if n else "" for n in (nanoseconds, other)]
        rows.append([name, f"{ours:,.1f}", *shown, f"{min(n for n in (nanoseconds, other) if n) / 1e3 / ours:.2f}"])

    for m, n, k in PRODUCTS:
        session.run(f"let a = randn({m}, {k})\nlet b = randn({k}, {n})")
        add(f"product {m}×{k} @ {k}×{n}", "a @ b", next(theirs)[0])
    for b, s, c in CONVOLUTIONS:
        session.run(f"let a = randn({b}, {s}, {s}, {c})\nlet w = 0.1 * randn(3, 3, {c}, {c})")
        last, own = next(theirs), next(theirs)
        add(f"conv 3×3, {b}×{s}×{s}×{c}", "conv2d(a, w)", last[0], own[0])
        add("  and both gradients", "gradient wrt a, w { sum(conv2d(a, w)) }", sum(last), sum(own))
    for r, s in NORMS:
        session.run(f"let a = randn({r}, {s})\nlet g = ones({s})\nlet c = zeros({s})")
        add(f"layer norm {r}×{s}", "normalize_rows(a, g, c, 1e-5)", next(theirs)[0])
    session.close()
    table(["kernel", "Cairn", "oneDNN, channels last", "oneDNN, its layout", "ratio"], rows)
