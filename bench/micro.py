"""Small benchmarks: kernels, planner, parser, evaluator, start."""
import os, pty, select, statistics, tempfile

from measure import *


def per_turn(session, text, least=0.2):
    """Seconds of a turn of a command that is repeated in a loop: the least of three loops of some length."""
    turns, seconds = 1, 0.0
    while seconds < least / 4 and turns < 1 << 22:
        turns *= 4
        seconds = session.say(f"for turn in 0..<{turns} {{ {text} }}")["seconds"]
    again = max(1, int(turns * least / max(seconds, 1e-6)))
    return min(session.say(f"for turn in 0..<{again} {{ {text} }}")["seconds"] / again for _ in range(3))


# What runs, the tensors it takes, its FLOPs, and the bytes that it has to read and write.
def product(m, n, k):
    return (f"product {m}×{k} @ {k}×{n}", f"let a = randn({m}, {k})\nlet b = randn({k}, {n})", "a @ b",
            2 * m * n * k, 4 * (m * k + k * n + m * n))


def elementwise(name, text, count, flops, tensors):
    return name, f"let a = randn({count})\nlet b = randn({count})", text, flops * count, 4 * tensors * count


def kernels():
    rows = 1024
    yield from (product(n, n, n) for n in (64, 256, 1024))
    yield from (product(m, 256, 256) for m in (1, 32, 512))
    yield product(256, 10, 256)
    for name, count in (("in cache", 1 << 15), ("from memory", 1 << 23)):
        yield elementwise(f"a + b, {name}", "a + b", count, 1, 3)
        yield elementwise(f"exp, {name}", "exp(a)", count, 1, 2)
        yield elementwise(f"gelu, {name}", "gelu(a)", count, 1, 2)
    yield "sum", f"let a = randn({1 << 20})", "sum(a)", 1 << 20, 4 << 20
    table_ = f"let a = randn({rows}, 512)\nlet g = ones(512)\nlet c = zeros(512)"
    yield "softmax 1024×512", table_, "softmax(a)", 5 * rows * 512, 8 * rows * 512
    yield "layer norm 1024×512", table_, "normalize_rows(a, g, c, 1e-5)", 8 * rows * 512, 8 * rows * 512
    yield "batch norm 1024×512", table_, "normalize_channels(a, g, c, 1e-5)", 8 * rows * 512, 8 * rows * 512
    images = "let a = randn(16, 32, 32, {0})\nlet w = randn(3, 3, {0}, {0})"
    for channels in (32, 128):
        pixels = 16 * 32 * 32
        yield (f"conv 3×3, {channels} channels", images.format(channels), "conv2d(a, w)",
               2 * pixels * 9 * channels ** 2, 8 * pixels * channels)
    heads = "let q = randn(8, 4, {0}, 32)\nlet k = randn(8, 4, {0}, 32)\nlet v = randn(8, 4, {0}, 32)"
    for length in (128, 512):
        work = 4 * 8 * 4 * length ** 2 * 32
        for tiled in ("true", "false"):
            yield (f"attention {length}, tiled: {tiled}", heads.format(length),
                   f"scaled_dot_product_attention(q, k, v, tiled: {tiled})", work, 16 * 8 * 4 * length * 32)


def run_kernels(cairn):
    print("Kernels, two threads, through the evaluator: least of three loops")
    rows = []
    session = Session(cairn, "--threads", "2")
    session.run("account off")
    for name, setup, text, flops, moved in kernels():
        session.run(setup)
        seconds = per_turn(session, text)
        rows.append([name, duration(seconds), f"{flops / seconds / 1e9:.1f}", f"{moved / seconds / 1e9:.1f}"])
    session.close()
    table(["kernel", "time", "GFLOP/s", "GB/s"], rows)


CLOSED = ["keep_all", "every(8)", "sqrt_n", "bisect", "keep_none", "revolve(slots: 10)"]
TABLES = ["mixed(slots: 10)", "disk_revolve(slots: 10)", "knapsack(share: 0.5)"]
BUDGETED = ["dtr(budget: {})", "twremat(budget: {})", "moccasin(budget: {})", "optimal(budget: {})"]


def uneven(layers):
    """A chain of dense layers of unequal widths with activations, as Cairn text."""
    return ("let widths = map(fn(i) { 8 + i * 7919 % 56 }, 0..<" + str(layers + 1) + ")\n"
            "let net = chain(map(fn(i) { chain(dense(widths[i], widths[i + 1]), gelu) }, 0..<" + str(layers) + "))\n"
            "let x = randn(32, widths[0])\n")


def run_planner(cairn, lengths=(100, 300, 1000)):
    print("Planning alone, chains of unequal stages: seconds of `plan`, tracing and differentiation included")
    rows = {name: [] for name in CLOSED + TABLES + BUDGETED}
    for length in lengths:
        session = Session(cairn)
        session.run("account off\n" + uneven(length))
        peak = session.say("(plan wrt net with keep_all { sum(net(x)) }).peak")["value"]["bytes"]
        least = session.say("(plan wrt net with bisect { sum(net(x)) }).peak")["value"]["bytes"]
        for name in rows:
            text = f"let p = plan wrt net with {name.format((peak + least) // 2)} {{ sum(net(x)) }}"
            try:
                rows[name].append(duration(min(session.say(text)["seconds"] for _ in range(2))))
            except Refusal as refusal:
                rows[name].append(str(refusal)[:40])
        session.close()
    table(["strategy"] + [f"{length} stages" for length in lengths],
          [[name.format("half")] + found for name, found in rows.items()])


def run_parser(cairn):
    print("Parser: processor time of a script, less the start")
    function = "fn f{0}(x, y) {{\n  let z = x * {0} + y ** 2\n  if z > 3 and not x == y {{ z - 1 }} else {{ [z, x][0] }}\n}}\n"
    kinds = {"functions": (function, 4), "statements": ("let a{0} = ({0} + 1) * 2 - {0} // 3\n", 1),
             "comments": ("# what stands on line {0} says nothing\n", 1)}
    start = min(measured([cairn, "-e", "0"])[1] for _ in range(5))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (text, lines) in kinds.items():
            path = os.path.join(folder, name + ".cairn")
            count = 40_000 // lines
            with open(path, "w") as file:
                file.writelines(text.format(number) for number in range(count))
            run = min(measured([cairn, "run", path])[1] for _ in range(3)) - start
            form = min(measured([cairn, "format", "--check", path])[1] for _ in range(3)) - start
            rows.append([name, f"{count * lines / form:,.0f}", f"{count * lines / run:,.0f}"])
    table(["40,000 lines of", "formatted, lines/s", "run, lines/s"], rows)


# A loop of a hundred thousand turns, and how many nodes a turn evaluates.
NODES = [
    ("a loop alone", "for i in 0..<100_000 { }", 1),
    ("a name is assigned", "for i in 0..<100_000 { s = i }", 3),
    ("integers", "for i in 0..<100_000 { s = s + i * 3 - i // 2 }", 11),
    ("floats", "for i in 0..<100_000 { t = t * 0.5 + 1.5 }", 7),
    ("a condition", "for i in 0..<100_000 { if i % 3 == 1 { s = i } }", 9),
    ("a call", "for i in 0..<100_000 { s = g(i) }", 6),
    ("an element is read", "for i in 0..<100_000 { s = xs[i % 8] }", 7),
    ("an element is assigned", "for i in 0..<100_000 { xs[i % 8] = i }", 6),
    ("a builtin", "for i in 0..<100_000 { s = length(xs) }", 5),
    ("a key is read", "for i in 0..<100_000 { s = d[i % 8] }", 7),
]


def run_evaluator(cairn):
    print("Evaluator: nanoseconds, least of five loops of 100,000 turns in a function")
    session = Session(cairn)
    session.run("account off\nfn g(x) { x + 1 }")
    rows = []
    for name, loop, nodes in NODES:
        session.run(
            "fn f() {\nlet s = 0\nlet t = 0.0\nlet xs = [0, 1, 2, 3, 4, 5, 6, 7]\n"
            f"let d = [0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1]\n{loop}\n}}")
        turn = min(session.say("f()")["seconds"] for _ in range(5)) / 100_000
        rows.append([name, f"{turn * 1e9:.0f}", nodes, f"{turn * 1e9 / nodes:.1f}"])
    session.close()
    table(["in a turn", "a turn", "nodes", "a node"], rows)


def until_prompt(cairn):
    """Seconds until a session on a terminal shows its prompt."""
    parent, child = pty.openpty()
    start = time.perf_counter()
    environment = {**os.environ, "TERM": "xterm", "CAIRN_HISTORY": ""}
    process = subprocess.Popen([cairn], stdin=child, stdout=child, stderr=child, env=environment, start_new_session=True)
    os.close(child)
    shown = b""
    while b"> " not in shown and time.perf_counter() - start < 10:
        if select.select([parent], [], [], 1)[0]:
            shown += os.read(parent, 4096)
    seconds = time.perf_counter() - start
    os.write(parent, b"\x04")
    process.wait(10)
    os.close(parent)
    return seconds


def run_start(cairn, rounds):
    print("Start: medians")
    whole = []
    for _ in range(5 * rounds):
        start = time.perf_counter()
        measured([cairn, "-e", "1 + 1"])
        whole.append(time.perf_counter() - start)
    prompts = [until_prompt(cairn) for _ in range(5 * rounds)]
    table(["", "median", "least"],
          [[name, duration(statistics.median(found)), duration(min(found))]
           for name, found in (("to the prompt", prompts), ("cairn -e '1 + 1'", whole))])
