#!/usr/bin/env python3
"""GFLOP/s of matrix products on one thread: each set of kernels, OpenBLAS where it is installed, PyTorch where it is.

usage: bench/products.py [--library libopenblas.so.0]      (needs clang; OPENBLAS_CORETYPE chooses OpenBLAS's kernels)

Ours and OpenBLAS take turns, and each figure is the best of many rounds: other processes can only take from it. Also
fails where two sets of kernels differ in a bit, or an element is not the chain of fused multiply-adds it should be."""
import argparse, ctypes, os, pathlib, subprocess, sys, tempfile, time

here = pathlib.Path(__file__).resolve().parent
kernels = here.parent / "Sources/CKernels"
memory = here.parent / "Sources/CMemory"
options = argparse.ArgumentParser()
options.add_argument("--library", default="libopenblas.so.0")
options = options.parse_args()
SHAPES = ([(n, n, n) for n in (64, 128, 256, 512, 1024)]
          + [(batch, 256, 256) for batch in (1, 8, 32, 128, 512)]
          + [(256, 256, 64), (128, 64, 64), (64, 64, 128), (256, 10, 256), (256, 256, 10), (1000, 100, 100), (1024, 1, 1024)])
lines = [f"{m} {n} {k} {layout}" for m, n, k in SHAPES for layout in ("nn", "tn", "nt")]
lines += [f"{n} {n} {n} dn" for n in (64, 256, 512)]

try:
    ctypes.CDLL(options.library)
    library = [options.library]
except OSError:
    library = []
with tempfile.TemporaryDirectory() as folder:
    program = folder + "/products"
    sources = sorted(map(str, [*kernels.glob("*.c"), *memory.glob("*.c")]))
    subprocess.run(["clang", "-O3", f"-I{kernels / 'include'}", f"-I{memory / 'include'}", "-fno-builtin-malloc", str(here / "products.c"), *sources,
                    "-o", program, "-lm", "-ldl", "-pthread"], check=True)
    with open("/proc/cpuinfo") as info:
        newer = "avx512f" in info.read()
    environment = {"OPENBLAS_CORETYPE": "SkylakeX" if newer else "Haswell", **os.environ}
    status = subprocess.run([program, *library], input="\n".join(lines), text=True, env=environment).returncode

try:
    import torch
except ImportError:
    sys.exit(status)
torch.set_num_threads(1)
print(f"PyTorch {torch.__version__}, one thread")
for m, n, k in SHAPES:
    a, b = torch.randn(m, k), torch.randn(k, n)
    turns, least = int(1e7 / (2 * m * n * k)) + 1, 1e9
    for _ in range(30):
        start = time.perf_counter()
        for _ in range(turns):
            a @ b
        least = min(least, (time.perf_counter() - start) / turns)
    print(f"{m:5} {n:5} {k:5}   nn {2 * m * n * k / least / 1e9:8.1f}")
sys.exit(status)
