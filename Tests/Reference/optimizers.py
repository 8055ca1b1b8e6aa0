"""Twenty steps of each optimizer on a small network, by PyTorch in double precision.

    python Tests/Reference/optimizers.py > Tests/Reference/optimizers.json

writes what `OptimizerReferenceTests` compares Cairn with: for each optimizer, as Cairn spells it,
the loss before each step, and the parameters after the last.
"""

import json
import math

import torch
from torch.optim import SGD, Adafactor, Adagrad, Adam, AdamW, RMSprop
from torch.optim.lr_scheduler import CosineAnnealingLR, StepLR

STEPS = 20
torch.set_default_dtype(torch.float64)


def waves(count, scale, shift, shape):
    """Numbers that both sides compute alike: scale · sin(1.7 · i + shift)."""
    values = [scale * math.sin(1.7 * i + shift) for i in range(count)]
    return torch.tensor(values).reshape(shape)


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2: PyTorch has none."""

    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta1, beta2), decay = group["lr"], group["betas"], group["weight_decay"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = torch.sign(beta1 * m + (1 - beta1) * p.grad)
                p.sub_(lr * (update + decay * p))
                m.copy_(beta2 * m + (1 - beta2) * p.grad)


def clip_value(params):
    torch.nn.utils.clip_grad_value_(params, 0.05)


def clip_norm(params):
    """The factor is limit / norm; `clip_grad_norm_` adds 1e-6 to the norm."""
    norm = math.sqrt(sum(float((p.grad**2).sum()) for p in params))
    for p in params:
        p.grad.mul_(min(1.0, 0.1 / norm))


# As Cairn spells it; the optimizer; what is done to gradients first; a schedule.
RUNS = [
    ("sgd(lr: 0.5)", lambda p: SGD(p, lr=0.5), None, None),
    ("sgd(lr: 0.5, decay: 0.1)", lambda p: SGD(p, lr=0.5, weight_decay=0.1), None, None),
    ("sgd(lr: 0.1, momentum: 0.9)", lambda p: SGD(p, lr=0.1, momentum=0.9), None, None),
    (
        "sgd(lr: 0.1, momentum: 0.9, nesterov: true, decay: 0.1)",
        lambda p: SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1), None, None,
    ),
    ("momentum(lr: 0.1)", lambda p: SGD(p, lr=0.1, momentum=0.9), None, None),
    ("adam(lr: 0.05)", lambda p: Adam(p, lr=0.05), None, None),
    ("adam(lr: 0.05, decay: 0.1)", lambda p: Adam(p, lr=0.05, weight_decay=0.1), None, None),
    ("adam()", lambda p: Adam(p), None, None),
    ("adamw(lr: 0.05, decay: 0.1)", lambda p: AdamW(p, lr=0.05, weight_decay=0.1), None, None),
    ("adamw()", lambda p: AdamW(p), None, None),
    ("rmsprop()", lambda p: RMSprop(p), None, None),
    (
        "rmsprop(lr: 0.02, alpha: 0.9, momentum: 0.5, decay: 0.1)",
        lambda p: RMSprop(p, lr=0.02, alpha=0.9, momentum=0.5, weight_decay=0.1), None, None,
    ),
    ("adagrad()", lambda p: Adagrad(p), None, None),
    (
        "adagrad(lr: 0.1, lr_decay: 0.2, decay: 0.1)",
        lambda p: Adagrad(p, lr=0.1, lr_decay=0.2, weight_decay=0.1), None, None,
    ),
    ("lion(lr: 0.01, decay: 0.1)", lambda p: Lion(p, lr=0.01, weight_decay=0.1), None, None),
    ("adafactor()", lambda p: Adafactor(p), None, None),
    (
        "adafactor(lr: 0.3, threshold: 1.5, decay: 0.1)",
        lambda p: Adafactor(p, lr=0.3, d=1.5, weight_decay=0.1), None, None,
    ),
    ("sgd(lr: 0.5, clip_value: 0.05)", lambda p: SGD(p, lr=0.5), clip_value, None),
    ("adam(lr: 0.05, clip_norm: 0.1)", lambda p: Adam(p, lr=0.05), clip_norm, None),
    (
        "sgd(lr: cosine(0.5, steps: 20, least: 0.1))", lambda p: SGD(p, lr=0.5), None,
        lambda o: CosineAnnealingLR(o, T_max=20, eta_min=0.1),
    ),
    (
        "adam(lr: step_decay(0.05, every: 6, factor: 0.5))", lambda p: Adam(p, lr=0.05), None,
        lambda o: StepLR(o, step_size=6, gamma=0.5),
    ),
]


def run(make, change, schedule):
    x = waves(24, 1.0, 0.3, (8, 3))
    y = torch.arange(8) % 3
    parameters = [
        waves(15, 0.8, 0.1, (3, 5)), waves(5, 0.2, 0.7, (5,)), waves(15, 0.8, 1.9, (5, 3)),
        waves(3, 0.2, 2.5, (3,)),
    ]
    for p in parameters:
        p.requires_grad_(True)
    optimizer = make(parameters)
    scheduler = schedule(optimizer) if schedule else None
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        hidden = torch.tanh(x @ parameters[0] + parameters[1])
        loss = torch.nn.functional.cross_entropy(hidden @ parameters[2] + parameters[3], y)
        loss.backward()
        if change:
            change(parameters)
        optimizer.step()
        if scheduler:
            scheduler.step()
        losses.append(loss.item())
    return {"losses": losses, "parameters": [p.detach().flatten().tolist() for p in parameters]}


if __name__ == "__main__":
    rows = [{"optimizer": name, **run(*how)} for name, *how in RUNS]
    print(json.dumps({"torch": torch.__version__, "runs": rows}, indent=1))
