"""A model of bench/models in JAX: layers that are alike in one scan, compiled once, with updates in place."""
import os

os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

import protocol

name, sizes, tiny, checkpoints, options = protocol.arguments()


def model(s):
    """Parameters, the input and the labels, what goes before the body, a layer of it, what comes after it, and whether
    its layers are alike."""
    draw = np.random.RandomState(1)
    batch = s["batch"]

    def matrix(i, o):
        return (draw.standard_normal((i, o)) * (2 / i) ** 0.5).astype(np.float32)

    def dense(i, o):
        return {"w": matrix(i, o), "b": np.zeros(o, np.float32)}

    def norm(size):
        return {"g": np.ones(size, np.float32), "b": np.zeros(size, np.float32)}

    def apply(q, x):
        return x @ q["w"] + q["b"]

    def normal(q, x):
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        return (x - mean) * lax.rsqrt(variance + 1e-5) * q["g"] + q["b"]

    def cross_entropy(z, y):
        return -jnp.take_along_axis(jax.nn.log_softmax(z), y[..., None], -1).mean()

    labels = np.arange(batch) % 10
    same = lambda q, x: x
    if name in ("a", "b", "wide"):
        act = jnp.tanh if name == "wide" else jax.nn.relu
        w = s["width"]
        body = [dense(w, w) for _ in range(s["layers"])]
        x = draw.standard_normal((batch, w)).astype(np.float32)
        return ({}, body, dense(w, 10)), x, labels, same, lambda q, h: act(apply(q, h)), \
            lambda q, h, y: cross_entropy(apply(q, h), y), True
    if name == "residual":
        w = s["width"]
        body = [{"n": norm(w), "f": dense(w, 4 * w), "s": dense(4 * w, w)} for _ in range(s["layers"])]
        wing = lambda q, h: h + apply(q["s"], jax.nn.gelu(apply(q["f"], normal(q["n"], h)), approximate=False))
        x = draw.standard_normal((batch, w)).astype(np.float32)
        return ({}, body, {"n": norm(w), "d": dense(w, 10)}), x, labels, same, wing, \
            lambda q, h, y: cross_entropy(apply(q["d"], normal(q["n"], h)), y), True
    if name == "c":
        w, heads, v = s["width"], s["heads"], s["vocabulary"]
        body = [{"n": norm(w), "qkv": matrix(w, 3 * w), "o": matrix(w, w), "m": norm(w), "f": dense(w, 4 * w),
                 "s": dense(4 * w, w)} for _ in range(s["layers"])]

        def block(q, h):
            n, t, _ = h.shape
            parts = jnp.split(normal(q["n"], h) @ q["qkv"], 3, -1)
            a, b, c = (p.reshape(n, t, heads, -1).transpose(0, 2, 1, 3) for p in parts)
            scores = (a @ b.transpose(0, 1, 3, 2)) * (w // heads) ** -0.5
            scores = jnp.where(jnp.tril(jnp.ones((t, t), bool)), scores, -jnp.inf)
            h = h + (jax.nn.softmax(scores) @ c).transpose(0, 2, 1, 3).reshape(h.shape) @ q["o"]
            return h + apply(q["s"], jax.nn.gelu(apply(q["f"], normal(q["m"], h)), approximate=False))

        x, y = (draw.randint(0, v, (batch, s["positions"])) for _ in range(2))
        head = {"n": norm(w), "d": dense(w, v)}
        table = {"t": matrix(v, w), "p": 0.02 * matrix(s["positions"], w)}
        return (table, body, head), x, y, lambda q, x: q["t"][x] + q["p"], block, \
            lambda q, h, y: cross_entropy(apply(q["d"], normal(q["n"], h)), y), True
    if name == "d":
        c, side = s["channels"], s["side"]
        body = [{"w": matrix(9 * (c if i else 3), c).reshape(3, 3, -1, c), "b": np.zeros(c, np.float32)}
                for i in range(s["layers"])]
        conv = lambda q, h: jax.nn.relu(q["b"] + lax.conv_general_dilated(
            h, q["w"], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")))
        x = draw.standard_normal((batch, side, side, 3)).astype(np.float32)
        return ({}, body, dense(c, 10)), x, labels, same, conv, \
            lambda q, h, y: cross_entropy(apply(q, h.mean((1, 2))), y), False
    if name == "e":
        w = s["width"]
        x, y = draw.standard_normal((batch, 2)).astype(np.float32), draw.standard_normal((batch, 1)).astype(np.float32)
        return ({}, [dense(2, w), dense(w, w)], dense(w, 1)), x, y, same, lambda q, h: jax.nn.relu(apply(q, h)), \
            lambda q, h, y: ((apply(q, h) - y) ** 2).mean(), False
    w = s["width"]
    unit = {"w": dense(s["features"], 3 * w), "u": dense(w, 3 * w)}

    def cell(q, h, x):
        a, b = apply(q["w"], x), apply(q["u"], h)
        z, r = jax.nn.sigmoid(a[:, :2 * w] + b[:, :2 * w]).reshape(-1, 2, w).transpose(1, 0, 2)
        return z * h + (1 - z) * jnp.tanh(a[:, 2 * w:] + r * b[:, 2 * w:])

    x = draw.standard_normal((s["positions"], batch, s["features"])).astype(np.float32)
    return ({}, unit, dense(w, 10)), x, labels, same, cell, lambda q, h, y: cross_entropy(apply(q, h), y), True


def make(s):
    (first, body, last), x, y, before, layer, after, alike = model(s)
    parts = s["segments"] if checkpoints else 1
    count = s["positions"] if name == "recurrent" else len(body)
    while alike and count % parts:
        parts += 1
    if alike and name != "recurrent":
        body = jax.tree.map(lambda *q: np.stack(q), *body)
    weights = jax.tree.map(jnp.asarray, (first, body, last))

    def runs(tree):
        return jax.tree.map(lambda q: q.reshape(parts, count // parts, *q.shape[1:]), tree)

    def forward(first, body, x):
        if name == "recurrent":
            run = lambda h, xs: (lax.scan(lambda h, x: (layer(body, h, x), None), h, xs)[0], None)
            h = jnp.zeros((x.shape[1], s["width"]), np.float32)
            return lax.scan(jax.checkpoint(run, prevent_cse=False) if checkpoints else run, h, runs(x))[0]
        h = before(first, x)
        if alike:
            run = lambda h, qs: (lax.scan(lambda h, q: (layer(q, h), None), h, qs)[0], None)
            return lax.scan(jax.checkpoint(run, prevent_cse=False) if checkpoints else run, h, runs(body))[0]
        for places in protocol.segments(len(body), parts):
            run = lambda qs, h: [h := layer(q, h) for q in qs][-1]
            h = (jax.checkpoint(run) if checkpoints else run)([body[i] for i in places], h)
        return h

    rate = {"b": 1e-4, "a": 1e-3, "wide": 1e-6}.get(name, 1e-2)
    loss = lambda w, x, y: after(w[2], forward(w[0], w[1], x), y)
    moments = jax.tree.map(lambda q: (jnp.zeros_like(q), jnp.zeros_like(q)), weights) if name == "wide" else None

    def sgd(w, m, x, y):
        return jax.tree.map(lambda q, g: q - rate * g, w, jax.grad(loss)(w, x, y)), m

    def adam(w, m, x, y):
        g = jax.grad(loss)(w, x, y)
        is_pair = lambda v: isinstance(v, tuple) and len(v) == 2 and hasattr(v[0], "dtype")
        m = jax.tree.map(lambda v, g: (0.9 * v[0] + 0.1 * g, 0.999 * v[1] + 0.001 * g * g), m, g, is_leaf=is_pair)
        return jax.tree.map(lambda v, q: q - rate * v[0] / (jnp.sqrt(v[1]) + 1e-8), m, w, is_leaf=is_pair), m

    compiled = jax.jit(adam if name == "wide" else sgd, donate_argnums=(0, 1))
    x, y = jnp.asarray(x), jnp.asarray(y)
    state = [weights, moments]

    def step():
        state[:] = compiled(*state, x, y)
        jax.block_until_ready(state[0])

    return step


protocol.serve(make, sizes, tiny)
