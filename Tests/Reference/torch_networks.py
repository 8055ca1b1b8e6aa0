"""The networks of `networks.cairn`, written with PyTorch's own modules.

Modules are registered in the order in which Cairn lists its parameters. Images are [n, channels,
height, width] here, and [n, height, width, channels] there.
"""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel


class Basic(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs),
        )
        self.by = nn.Identity()
        if stride > 1 or inputs != outputs:
            self.by = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return torch.relu(self.inner(x) + self.by(x))


class ResNet(nn.Module):
    def __init__(self, inputs, classes, width, blocks, stages):
        super().__init__()
        layers, last = [], width
        for stage in range(stages):
            for i in range(blocks):
                wide = width * 2**stage
                layers.append(Basic(last, wide, 2 if stage > 0 and i == 0 else 1))
                last = wide
        self.open = nn.Sequential(
            nn.Conv2d(inputs, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU())
        self.blocks = nn.Sequential(*layers)
        self.head = nn.Linear(last, classes)

    def forward(self, x):
        return self.head(self.blocks(self.open(x)).mean(dim=(2, 3)))


class Recurrent(nn.Module):
    def __init__(self, cell, inputs, size, classes):
        super().__init__()
        self.cell = cell(inputs, size, batch_first=True)
        self.head = nn.Linear(size, classes)

    def forward(self, x):
        return self.head(self.cell(x)[0][:, -1])


class VAE(nn.Module):
    def __init__(self, inputs, hidden, latent):
        super().__init__()
        self.encoder = nn.Linear(inputs, hidden)
        self.mean, self.log_variance = nn.Linear(hidden, latent), nn.Linear(hidden, latent)
        self.decoder = nn.Sequential(
            nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, inputs))

    def forward(self, x, noise):
        h = torch.relu(self.encoder(x))
        mean, log_variance = self.mean(h), self.log_variance(h)
        return self.decoder(mean + torch.exp(0.5 * log_variance) * noise), mean, log_variance


class Attention(nn.Module):
    def __init__(self, size, heads, tiled):
        super().__init__()
        self.heads = heads
        self.backend = SDPBackend.FLASH_ATTENTION if tiled else SDPBackend.MATH
        self.q, self.k, self.v, self.out = (nn.Linear(size, size, bias=False) for _ in range(4))

    def forward(self, x):
        n, length, size = x.shape
        q, k, v = (
            f(x).view(n, length, self.heads, -1).transpose(1, 2) for f in (self.q, self.k, self.v))
        with sdpa_kernel(self.backend):
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(mixed.transpose(1, 2).reshape(n, length, size))


class Block(nn.Module):
    def __init__(self, size, heads, tiled):
        super().__init__()
        self.mix = nn.Sequential(nn.LayerNorm(size), Attention(size, heads, tiled))
        self.think = nn.Sequential(
            nn.LayerNorm(size), nn.Linear(size, 4 * size), nn.GELU(), nn.Linear(4 * size, size))

    def forward(self, x):
        x = x + self.mix(x)
        return x + self.think(x)


class GPT(nn.Module):
    def __init__(self, layers, size, heads, length, vocabulary, tiled):
        super().__init__()
        self.symbols, self.places = nn.Embedding(vocabulary, size), nn.Embedding(length, size)
        self.blocks = nn.Sequential(*(Block(size, heads, tiled) for _ in range(layers)))
        self.head = nn.Sequential(nn.LayerNorm(size), nn.Linear(size, vocabulary))

    def forward(self, symbols):
        places = self.places.weight[: symbols.shape[1]]
        return self.head(self.blocks(self.symbols(symbols) + places))


class Level(nn.Module):
    def __init__(self, inputs, width, depth):
        super().__init__()

        def twice(n):
            return nn.Sequential(
                nn.Conv2d(n, width, 3, padding=1), nn.ReLU(),
                nn.Conv2d(width, width, 3, padding=1), nn.ReLU())

        self.down, self.depth = twice(inputs), depth
        if depth > 0:
            self.below = nn.Sequential(
                nn.MaxPool2d(2), Level(width, 2 * width, depth - 1),
                nn.ConvTranspose2d(2 * width, width, 2, stride=2))
            self.up = twice(2 * width)

    def forward(self, x):
        h = self.down(x)
        return self.up(torch.cat([h, self.below(h)], dim=1)) if self.depth > 0 else h


class UNet(nn.Module):
    def __init__(self, inputs, outputs, width, depth=2):
        super().__init__()
        self.body = nn.Sequential(
            Level(inputs, width, depth), nn.Conv2d(width, outputs, 1))

    def forward(self, x):
        return self.body(x)


def cnn(width):
    return nn.Sequential(
        nn.Conv2d(2, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(width, 2 * width, 3, stride=2, padding=1), nn.ReLU(),
        nn.Conv2d(2 * width, 2 * width, 3, padding=2, dilation=2, groups=2), nn.GELU(),
        nn.AvgPool2d(2), ChannelsLast(), nn.Flatten(), nn.Linear(8 * width, 5))


class ChannelsLast(nn.Module):
    """So that what is flattened after it lies as it does in Cairn."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1)


def mlp(sizes):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.ReLU()] * bool(layers) + [nn.Linear(a, b)]
    return nn.Sequential(*layers)


def deep_cnn(layers, width):
    return nn.Sequential(*(
        f for _ in range(layers) for f in (nn.Conv2d(width, width, 3, padding=1), nn.ReLU())))


def autoencoder(channels, width):
    """Padding that keeps half of an even size is on one side only, as `padding: "same"` has it."""

    def half(a, b):
        return [nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(a, b, 3, stride=2), nn.ReLU()]

    return nn.Sequential(
        *half(channels, width), *half(width, 2 * width),
        nn.ConvTranspose2d(2 * width, width, 2, stride=2), nn.ReLU(),
        nn.ConvTranspose2d(width, channels, 2, stride=2))


# Small and large, as in `networks.cairn`.
NETWORKS = {
    "mlp": (lambda: mlp([6, 16, 16, 4]), lambda: mlp([64, 256, 256, 10])),
    "cnn": (lambda: cnn(4), lambda: cnn(16)),
    "deep_cnn": (lambda: deep_cnn(2, 4), lambda: deep_cnn(8, 32)),
    "resnet": (lambda: ResNet(3, 4, 4, 1, 2), lambda: ResNet(3, 10, 16, 2, 3)),
    "resnet_evaluated": (
        lambda: ResNet(3, 4, 4, 1, 2).eval(), lambda: ResNet(3, 10, 16, 2, 3).eval()),
    "gru": (lambda: Recurrent(nn.GRU, 3, 5, 4), lambda: Recurrent(nn.GRU, 16, 64, 4)),
    "lstm": (lambda: Recurrent(nn.LSTM, 3, 5, 4), lambda: Recurrent(nn.LSTM, 16, 64, 4)),
    "vae": (lambda: VAE(6, 8, 2), lambda: VAE(64, 128, 8)),
    "gpt": (lambda: GPT(2, 8, 2, 9, 7, False), lambda: GPT(4, 128, 4, 128, 96, False)),
    "gpt_tiled": (lambda: GPT(2, 8, 2, 9, 7, True), lambda: GPT(4, 128, 4, 128, 96, True)),
    "unet": (lambda: UNet(1, 3, 2), lambda: UNet(1, 2, 8)),
    "autoencoder": (lambda: autoencoder(2, 3), lambda: autoencoder(3, 8)),
}


def inputs_of(tensors, dtype):
    """What Cairn exports, as PyTorch takes it: images with channels first, labels of 64 bits."""
    given = []
    for t in tensors:
        if t.is_floating_point():
            t = t.to(dtype)
            given.append(t.permute(0, 3, 1, 2).contiguous() if t.dim() == 4 else t)
        else:
            given.append(t.long())
    return given


def loss_of(name, net, inputs, noise):
    """The loss of a network, as `networks.cairn` has it. Noise is what a vae draws."""
    x = inputs[0]
    if name == "vae":
        made, mean, log_variance = net(x, noise)
        apart = F.binary_cross_entropy_with_logits(made, x, reduction="sum") / x.shape[0]
        return apart + (mean**2 + log_variance.exp() - log_variance - 1).sum() / (2 * x.shape[0])
    y = net(x)
    if name == "deep_cnn":
        return (y**2).mean()
    if name == "autoencoder":
        return F.mse_loss(y, x)
    if y.dim() == 3:  # symbols, each with logits
        y = y.flatten(0, 1)
    return F.cross_entropy(y, inputs[1].flatten() if y.dim() == 2 else inputs[1])


# How axes of Cairn's weights stand in PyTorch's; a permutation and its inverse.
IMAGES = ((3, 2, 0, 1), (2, 3, 1, 0))
MATRIX = ((1, 0), (1, 0))


def parameters_of(net):
    """The parameters in Cairn's order, each with how its axes stand; an LSTM has one bias there."""
    found = []
    for module in net.modules():
        turned = {nn.Conv2d: IMAGES, nn.ConvTranspose2d: IMAGES, nn.Linear: MATRIX}
        for path, p in module.named_parameters(recurse=False):
            how = turned.get(type(module)) if p.dim() > 1 else None
            if isinstance(module, nn.RNNBase):
                how = MATRIX if p.dim() > 1 else None
                if isinstance(module, nn.LSTM) and path == "bias_hh_l0":
                    p.requires_grad_(False).zero_()
                    continue
            found.append((p, how))
    return found


def statistics_of(net):
    """Running means and variances, in Cairn's order."""
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    return [t for m in norms for t in (m.running_mean, m.running_var)]


def to_torch(tensor, how):
    return tensor.permute(how[0]) if how else tensor


def to_cairn(tensor, how):
    return tensor.permute(how[1]) if how else tensor


def kept_bytes(net, inputs, run):
    """What the backward pass of `run` needs: of each saved tensor the storage, once; parameters,
    buffers, inputs and labels aside."""
    aside = {t.untyped_storage().data_ptr() for t in [*net.parameters(), *net.buffers(), *inputs]}
    saved, alive = {}, []

    def pack(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in aside:
            saved[storage.data_ptr()] = storage.nbytes()
            alive.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        loss = run()
    return sum(saved.values()), loss
