"""A GPT of four layers that learns the sonnets, beside the same by PyTorch: from the same weights,
on the same batches, by Adam.

    python Tests/Reference/text.py [--record] [--cairn PROGRAM]

Printed are losses of a hundred steps in f32, and how far they are apart at most; then the same of a
small one in f64, whose losses `--record` writes to `text.json` for `NetworkReferenceTests`. PROGRAM
is `.build/debug/cairn` unless given. The status is 1 where the small ones differ by more than 1e-9,
or the others by more than 1e-4.
"""

import argparse
import json
import os
import sys

import torch
from torch.nn import functional as F

from exported import FOLDER, run
from torch_networks import GPT, parameters_of, to_torch

SHOWN = [1, 2, 5, 10, 20, 50, 100]
EXPORT = """
let case = reader("{type}", large: {large})
save(parameters(case["net"]), "weights.safetensors")
let seen = []
for x, y in portions(case, {steps}) {{ seen = seen + [x, y] }}
save(seen, "batches.safetensors")
learned(case, {steps})
"""


def losses(cairn, kind, large, steps):
    """The losses of so many steps, Cairn's and PyTorch's."""
    text = EXPORT.format(type=kind, large=str(large).lower(), steps=steps)
    values, files = run(cairn, "text.cairn", text)
    found = values[f"learned(case, {steps})"]
    weights = list(files["weights"].values())
    vocabulary = weights[0].shape[0]
    net = GPT(4, 64, 4, 64, vocabulary, False) if large else GPT(4, 8, 2, 12, vocabulary, False)
    net = net.to(weights[0].dtype)
    with torch.no_grad():
        for (p, how), weight in zip(parameters_of(net), weights, strict=True):
            p.copy_(to_torch(weight, how))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
    batches = [t.long() for t in files["batches"].values()]
    expected = []
    for x, y in zip(batches[::2], batches[1::2]):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x).flatten(0, 1), y.flatten())
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    return found, expected


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--cairn", default=os.path.join(FOLDER, "../../.build/debug/cairn"))
    options = parser.parse_args()
    failed = False
    for kind, large, steps, allowed in [("f32", True, 100, 1e-4), ("f64", False, 20, 1e-9)]:
        found, expected = losses(os.path.abspath(options.cairn), kind, large, steps)
        apart = max(abs(a - b) for a, b in zip(found, expected, strict=True))
        failed = failed or not apart <= allowed
        print(f"{'large' if large else 'small'}, {kind}: at most {apart:.1e} apart")
        print(f"{'step':>6}{'Cairn':>12}{'PyTorch':>12}")
        for step in SHOWN:
            if step <= steps:
                print(f"{step:6}{found[step - 1]:12.6f}{expected[step - 1]:12.6f}")
    if options.record:
        with open(os.path.join(FOLDER, "text.json"), "w") as file:
            json.dump({"torch": torch.__version__, "losses": expected}, file, indent=1)
            file.write("\n")
    sys.exit(failed)


if __name__ == "__main__":
    main()
