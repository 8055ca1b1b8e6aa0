"""Each network of `networks.cairn` beside the same by PyTorch: loss, gradients, kept bytes, losses.

    python Tests/Reference/networks.py [--record] [--cairn PROGRAM] [NETWORK…]

Cairn exports weights, inputs, gradients and losses; PyTorch takes the weights and inputs, and
computes the rest again. Printed are the largest difference of each network and type, relative to
the loss or the largest element, and the bytes that a step keeps for the backward pass beside those
of PyTorch's saved tensors. The status is 1 where they differ by more than is allowed, or Cairn keeps
more. `--record` writes `networks.json`, with which `NetworkReferenceTests` compares Cairn where
there is no PyTorch. PROGRAM is `.build/debug/cairn` unless given.

The networks in bf16 are `gpt(dtype: bf16)` and `.to(torch.bfloat16)`: both are held against doubles
with the same weights, and Cairn may be twice as far from them as PyTorch is.
"""

import argparse
import json
import math
import os
import sys

import torch
from torch.optim import SGD, Adafactor, Adagrad, Adam, AdamW, RMSprop

from exported import FOLDER, run
from optimizers import Lion
from torch_networks import (
    NETWORKS, inputs_of, kept_bytes, loss_of, parameters_of, statistics_of, to_cairn, to_torch)

LIBRARY = "networks.cairn"
STEPS = 20
ALLOWED = {"f64": 1e-9, "f32": 1e-4}
TYPES = {"f64": torch.float64, "f32": torch.float32, "bf16": torch.bfloat16}
OPTIMIZERS = {
    "sgd(lr: 0.05)": lambda p: SGD(p, lr=0.05),
    "momentum(lr: 0.02)": lambda p: SGD(p, lr=0.02, momentum=0.9),
    "sgd(lr: 0.02, momentum: 0.9, nesterov: true)":
        lambda p: SGD(p, lr=0.02, momentum=0.9, nesterov=True),
    "adam(lr: 0.01)": lambda p: Adam(p, lr=0.01),
    "adamw(lr: 0.01, decay: 0.1)": lambda p: AdamW(p, lr=0.01, weight_decay=0.1),
    "rmsprop(lr: 0.005)": lambda p: RMSprop(p, lr=0.005),
    "adagrad(lr: 0.02)": lambda p: Adagrad(p, lr=0.02),
    "lion(lr: 0.002)": lambda p: Lion(p, lr=0.002),
    "adafactor(lr: 0.02)": lambda p: Adafactor(p, lr=0.02),
}

EXPORT = """
let case = stirred("{name}", "{type}")
let net = case["net"]
let loss = case["loss"]
save(parameters(net), "weights.safetensors")
save(case["inputs"], "inputs.safetensors")
save(net, "before.safetensors")
{draws}
seed 0
let g = gradient wrt net {{ loss() }}
save(map(fn(p) {{ g[p] }}, parameters(net)), "gradients.safetensors")
save(net, "after.safetensors")
g.loss
plan wrt net {{ loss() }}.kept
"""
DRAWS = 'save(map(fn(k) {{ drawn(case, "{type}", k) }}, 0..<{steps}), "draws.safetensors")'


def relative(found, expected):
    """The largest difference, relative to the largest number."""
    found, expected = found.double(), expected.double()
    return float((found - expected).abs().max() / expected.abs().max().clamp_min(1e-300))


def statistics_in(file):
    return [t for name, t in file.items() if name.endswith((".mean", ".variance"))]


class Exported:
    """What Cairn said of a small network of a type, and the same network here."""

    def __init__(self, cairn, name, kind):
        self.name, self.kind = name, kind
        draws = DRAWS.format(type=kind, steps=STEPS) if name == "vae" else ""
        values, self.files = run(
            cairn, LIBRARY, EXPORT.format(name=name, type=kind, draws=draws))
        self.loss, self.kept = values["g.loss"], values["plan wrt net { loss() }.kept"]["bytes"]
        self.gradients = list(self.files["gradients"].values())
        self.weights = math.sqrt(
            sum((t.double() ** 2).sum().item() for t in self.files["weights"].values()))
        self.draws = list(self.files.get("draws", {}).values())

    def net(self, dtype):
        """The network with the exported weights and running statistics."""
        net = NETWORKS[self.name][0]().to(dtype)
        pairs = parameters_of(net)
        weights = list(self.files["weights"].values())
        assert len(weights) == len(pairs), (self.name, len(weights), len(pairs))
        with torch.no_grad():
            for (p, how), weight in zip(pairs, weights):
                p.copy_(to_torch(weight, how))
            for t, given in zip(statistics_of(net), statistics_in(self.files["before"])):
                t.copy_(given)
        return net

    def inputs(self, dtype):
        return inputs_of(self.files["inputs"].values(), dtype)

    def step(self, dtype):
        """Loss, gradients in Cairn's order, kept bytes, and running statistics after the step."""
        net, inputs = self.net(dtype), self.inputs(dtype)
        noise = self.draws[0].to(dtype) if self.draws else None
        kept, loss = kept_bytes(net, inputs, lambda: loss_of(self.name, net, inputs, noise))
        loss.backward()
        gradients = [to_cairn(p.grad, how) for p, how in parameters_of(net)]
        return loss.item(), gradients, kept, statistics_of(net)

    def curve(self, make):
        """The losses of 20 steps. The optimizer sees parameters as Cairn has them, since one that
        looks at rows and columns depends on their order."""
        net, inputs = self.net(torch.float64), self.inputs(torch.float64)
        pairs = parameters_of(net)
        mine = [to_cairn(p.detach(), how).clone().requires_grad_(True) for p, how in pairs]
        optimizer, losses = make(mine), []
        for step in range(STEPS):
            net.zero_grad()
            loss = loss_of(self.name, net, inputs, self.draws[step] if self.draws else None)
            loss.backward()
            losses.append(loss.item())
            for m, (p, how) in zip(mine, pairs):
                m.grad = to_cairn(p.grad, how).clone()
            optimizer.step()
            with torch.no_grad():
                for m, (p, how) in zip(mine, pairs):
                    p.copy_(to_torch(m, how))
        return losses


def summary(gradient, tolerance):
    """A gradient in few numbers, each of which sees some or all elements."""
    flat = gradient.double().flatten()
    wave = torch.sin(torch.arange(1, len(flat) + 1, dtype=torch.float64))
    places = [k * (len(flat) - 1) // 3 for k in range(4)]
    return {
        "count": len(flat), "largest": flat.abs().max().item(), "norm": flat.norm().item(),
        "wave": (flat * wave).sum().item(), "samples": [flat[i].item() for i in places],
        "tolerance": tolerance,
    }


def compared(exported):
    """How far Cairn is from PyTorch, what is allowed, and the row of the fixture."""
    kind = exported.kind
    loss, gradients, kept, statistics = exported.step(TYPES[kind])
    slack = [ALLOWED.get(kind)] * (len(gradients) + 1)
    if kind == "bf16":
        # The truth is in doubles; Cairn may be as far from it as twice what PyTorch in bf16 is.
        exact_loss, exact, _, _ = exported.step(torch.float64)
        slack = [2 * relative(a, b) for a, b in zip(gradients, exact)]
        slack.append(max(2 * abs(loss / exact_loss - 1), 2**-8))
        loss, gradients = exact_loss, exact
    errors = [relative(a, b) for a, b in zip(exported.gradients, gradients)]
    errors.append(abs(exported.loss - loss) / abs(loss))
    for a, b in zip(statistics_in(exported.files["after"]), statistics):
        errors.append(relative(a, b))
        slack.append(ALLOWED[kind])
    row = {
        "network": exported.name, "type": kind, "weights": exported.weights, "loss": loss,
        "tolerance": slack[len(gradients)], "kept": kept,
        "gradients": [summary(g, s) for g, s in zip(gradients, slack)],
        "statistics": [t.flatten().tolist() for t in statistics],
    }
    return errors, slack, row


def trained(cairn, exported):
    """Twenty steps with each optimizer: how far Cairn's losses are, and PyTorch's."""
    text = "\n".join(
        f'curve(stirred("{exported.name}", "f64"), {how}, {STEPS})' for how in OPTIMIZERS)
    values, _ = run(cairn, LIBRARY, text)
    rows, errors = [], []
    for (how, make), found in zip(OPTIMIZERS.items(), [v for v in values.values() if v]):
        losses = exported.curve(make)
        rows.append({"network": exported.name, "optimizer": how, "losses": losses})
        errors.append(max(
            abs(a - b) / max(1, abs(b)) if math.isfinite(a) else math.inf
            for a, b in zip(found, losses)))
    return errors, rows


def large(cairn, name, kind):
    """The bytes that a step of the large network keeps, in Cairn and in PyTorch."""
    text = f'save(cases["{name}"]("f32", large: true)["inputs"], "inputs.safetensors")\n'
    values, files = run(cairn, LIBRARY, f'{text}kept("{name}", "{kind}")')
    dtype = TYPES[kind]
    net, inputs = NETWORKS[name][1]().to(dtype), inputs_of(files["inputs"].values(), dtype)
    parameters_of(net)
    noise = torch.randn(inputs[0].shape[0], 8, dtype=dtype)
    kept, _ = kept_bytes(net, inputs, lambda: loss_of(name, net, inputs, noise))
    return values[f'kept("{name}", "{kind}")']["bytes"], kept


def kinds(name):
    return ["f64", "f32"] + ["bf16"] * name.startswith("gpt")


def written(fixture):
    """JSON with one line a row."""
    parts = []
    for key, rows in fixture.items():
        if isinstance(rows, list):
            lines = ",\n".join("  " + json.dumps(row) for row in rows)
            parts.append(f' "{key}": [\n{lines}\n ]')
        else:
            parts.append(f' "{key}": {json.dumps(rows)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--cairn", default=os.path.join(FOLDER, "../../.build/debug/cairn"))
    parser.add_argument("networks", nargs="*", default=list(NETWORKS))
    options = parser.parse_args()
    cairn = os.path.abspath(options.cairn)
    fixture = {"torch": torch.__version__, "steps": [], "curves": [], "kept": []}
    failed = False
    print(f"{'network':18}{'type':6}{'loss':>10}{'gradients':>11}{'of allowed':>12}"
          f"{'kept':>12}{'PyTorch':>12}{'large':>12}{'PyTorch':>12}")
    for name in options.networks:
        for kind in kinds(name):
            exported = Exported(cairn, name, kind)
            errors, slack, row = compared(exported)
            count = len(row["gradients"])
            used = max(e / s for e, s in zip(errors, slack))
            there = large(cairn, name, kind)
            bad = used > 1 or exported.kept > row["kept"] or there[0] > there[1]
            failed = failed or bad
            print(f"{name:18}{kind:6}{errors[count]:10.1e}{max(errors[:count]):11.1e}{used:12.2g}"
                  f"{exported.kept:12}{row['kept']:12}{there[0]:12}{there[1]:12}{'  !' * bad}")
            fixture["steps"].append(row)
            fixture["kept"].append({"network": name, "type": kind, "bytes": there[1]})
        if name != "resnet_evaluated":
            errors, rows = trained(cairn, Exported(cairn, name, "f64"))
            fixture["curves"] += rows
            bad = [how for how, e in zip(OPTIMIZERS, errors) if e > 1e-9]
            failed = failed or bool(bad)
            print(f"  {STEPS} steps of each optimizer: {max(errors):.1e}{'  ! ' * bool(bad)}", *bad)
    if options.record:
        with open(os.path.join(FOLDER, "networks.json"), "w") as file:
            file.write(written(fixture))
    sys.exit(failed)


if __name__ == "__main__":
    main()
