"""A model of bench/models in PyTorch, eager; with the option `hook`, each update is made in the backward pass."""
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

import protocol

name, sizes, tiny, checkpoints, options = protocol.arguments()
torch.set_num_threads(2)
torch.manual_seed(1)


class Block(nn.Module):
    """A pre-LN transformer block."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.think = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        n, length, width = x.shape
        parts = self.qkv(self.first(x)).split(width, 2)
        q, k, v = (t.view(n, length, self.heads, -1).transpose(1, 2) for t in parts)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(x.shape))
        return x + self.think(self.second(x))


class Wing(nn.Module):
    """A residual block with a norm."""

    def __init__(self, width):
        super().__init__()
        self.inner = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        return x + self.inner(x)


class Embedded(nn.Module):
    """Symbols and their positions as vectors."""

    def __init__(self, vocabulary, width, positions):
        super().__init__()
        self.table, self.places = nn.Embedding(vocabulary, width), nn.Parameter(0.02 * torch.randn(positions, width))

    def forward(self, x):
        return self.table(x) + self.places


class Unrolled(nn.Module):
    """Some positions of a gated recurrent unit: takes and gives the state, and holds the input."""

    def __init__(self, unit, places):
        super().__init__()
        self.unit, self.places, self.input = unit, places, None

    def forward(self, state):
        return self.unit(self.input[:, self.places[0]:self.places[-1] + 1], state)[1]


def dense(inputs, outputs, act=nn.ReLU):
    return nn.Sequential(nn.Linear(inputs, outputs), act())


def model(s):
    """The model's body as a list of modules, what goes before it and after it, its input, its labels, and its loss."""
    batch = s["batch"]
    labels = torch.arange(batch) % 10
    same = nn.Identity()
    if name in "ab":
        x, body = torch.randn(batch, s["width"]), [dense(s["width"], s["width"]) for _ in range(s["layers"])]
        return same, body, nn.Linear(s["width"], 10), x, labels, F.cross_entropy
    if name == "c":
        x, y = (torch.randint(s["vocabulary"], (batch, s["positions"])) for _ in range(2))
        body = [Block(s["width"], s["heads"]) for _ in range(s["layers"])]
        head = nn.Sequential(nn.LayerNorm(s["width"]), nn.Linear(s["width"], s["vocabulary"]), nn.Flatten(0, 1))
        return Embedded(s["vocabulary"], s["width"], s["positions"]), body, head, x, y.flatten(), F.cross_entropy
    if name == "d":
        c, side = s["channels"], s["side"]
        body = [nn.Sequential(nn.Conv2d(c if i else 3, c, 3, padding=1), nn.ReLU()) for i in range(s["layers"])]
        for part in body:
            part.to(memory_format=torch.channels_last)
        x = torch.randn(batch, 3, side, side).to(memory_format=torch.channels_last)
        head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(c, 10))
        return same, body, head, x, labels, F.cross_entropy
    if name == "e":
        body = [dense(2, s["width"]), dense(s["width"], s["width"])]
        return same, body, nn.Linear(s["width"], 1), torch.randn(batch, 2), torch.randn(batch, 1), F.mse_loss
    if name == "recurrent":
        unit = nn.GRU(s["features"], s["width"], batch_first=True)
        body = [Unrolled(unit, run) for run in protocol.segments(s["positions"], s["segments"])]
        if not checkpoints:
            body = [Unrolled(unit, range(s["positions"]))]
        x = torch.randn(batch, s["positions"], s["features"])
        for part in body:
            part.input = x
        head = nn.Sequential(nn.Flatten(0, 1), nn.Linear(s["width"], 10))
        return same, body, head, torch.zeros(1, batch, s["width"]), labels, F.cross_entropy
    if name == "residual":
        x, body = torch.randn(batch, s["width"]), [Wing(s["width"]) for _ in range(s["layers"])]
        head = nn.Sequential(nn.LayerNorm(s["width"]), nn.Linear(s["width"], 10))
        return same, body, head, x, labels, F.cross_entropy
    x, body = torch.randn(batch, s["width"]), [dense(s["width"], s["width"], nn.Tanh) for _ in range(s["layers"])]
    return same, body, nn.Linear(s["width"], 10), x, labels, F.cross_entropy


def make(s):
    before, body, after, x, labels, loss = model(s)
    if name in ("a", "b", "residual", "wide"):
        for part in body:
            for layer in part.modules():
                if isinstance(layer, nn.Linear):
                    nn.init.kaiming_normal_(layer.weight)
                    nn.init.zeros_(layer.bias)
    parameters = list(nn.ModuleList([before, *body, after]).parameters())
    rate = {"b": 1e-4, "a": 1e-3, "wide": 1e-6}.get(name, 1e-2)
    kind = torch.optim.Adam if name == "wide" else torch.optim.SGD
    runs = [body] if not checkpoints else (
        [[part] for part in body] if name == "recurrent"
        else [[body[i] for i in run] for run in protocol.segments(len(body), s["segments"])])
    if "hook" in options:
        optimizers = {p: kind([p], lr=rate, foreach=False) for p in parameters}

        def update(p):
            optimizers[p].step()
            p.grad = None

        for p in parameters:
            p.register_post_accumulate_grad_hook(update)
    else:
        optimizer = kind(parameters, lr=rate, foreach=True)

    def through(run, value):
        for part in run:
            value = part(value)
        return value

    def step():
        value = before(x)
        for number, run in enumerate(runs):
            if checkpoints and number < len(runs) - 1:
                value = checkpoint(through, run, value, use_reentrant=False, preserve_rng_state=False)
            else:
                value = through(run, value)
        loss(after(value), labels).backward()
        if "hook" not in options:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    return step


protocol.serve(make, sizes, tiny)
