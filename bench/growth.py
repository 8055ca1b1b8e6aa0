"""How times and bytes grow: with the layers of a chain, and with the commands of a session."""
import math

from measure import *

# Chains of so many blocks of dense(4) and relu; a step takes some microseconds a block.
LENGTHS = (10, 30, 100, 300, 1000, 3000, 10_000)
TRAIN = "train net for a, b in batches(data, size: 2, steps: {}) using sgd(lr: 0.001) with {} {{ loss(a, b) }};"
CLOSED = ("keep_all", "every(8)", "sqrt_n", "bisect", "revolve(slots: 10)")


def chain(session, layers):
    session.run(
        f"let net = chain(repeat {layers} {{ chain(dense(4, 4), relu) }})\n"
        "let x = ones(2, 4)\nlet data = dataset(x, ones(2, 4))\n"
        "fn loss(a, b) { mse(net(a), b) }")


def least(session, text, times=3):
    return min(session.say(text)["seconds"] for _ in range(times))


def times(session, layers):
    """Seconds of each thing that is done with a chain, by name."""
    plan = "plan wrt net with {} {{ loss(x, x) }};"
    found = {"apply without tracing": least(session, "loss(x, x);")}
    # Nothing of the chain is differentiated here.
    found["trace"] = least(session, "plan wrt x with keep_all { sum(x) + stop_gradient(loss(x, x)) };")
    for strategy in CLOSED:
        found[f"plan {strategy}"] = least(session, plan.format(strategy))
    first = least(session, TRAIN.format(1, "keep_all"))
    steps = max(2, 30_000 // layers)
    found["first step"] = first
    found["step"] = max(least(session, TRAIN.format(1 + steps, "keep_all"), 2) - first, 0) / steps
    return found


def beside(session, strategy):
    """The most bytes of a training step beside what is live before it."""
    memory = session.say(TRAIN.format(1, strategy))["memory"]
    return memory["peak"]["total"] - memory["live"]["total"]


def run(cairn):
    run_chains(cairn)
    run_session(cairn)


def run_chains(cairn, lengths=LENGTHS):
    print("Chains of dense(4) and relu: seconds, and how often more for ten times the layers (10 is linear)")
    found, kept = {}, {}
    for layers in lengths:
        session = Session(cairn, "--threads", "1")
        session.run("account off")
        chain(session, layers)
        found[layers] = times(session, layers)
        kept[layers] = {strategy: beside(session, strategy) for strategy in ("keep_all", "sqrt_n", "bisect")}
        session.close()
    names = list(found[lengths[0]])
    rows = []
    for name in names:
        values = [found[layers][name] for layers in lengths]
        slope = slope_of(lengths[len(lengths) // 2:], values[len(lengths) // 2:])
        rows.append([name] + [duration(value) for value in values] + [f"{10 ** slope:.1f}"])
    table(["layers"] + [f"{layers:,}" for layers in lengths] + ["×"], rows)
    print("Peak of a training step beside what is live, bytes; sqrt_n over √n and bisect over log₂ n should stay as they are")
    rows = [[strategy] + [f"{kept[layers][strategy]:,}" for layers in lengths] for strategy in kept[lengths[0]]]
    rows.append(["sqrt_n / √n"] + [f"{kept[layers]['sqrt_n'] / math.sqrt(layers):.0f}" for layers in lengths])
    rows.append(["bisect / log₂ n"] + [f"{kept[layers]['bisect'] / math.log2(layers):.0f}" for layers in lengths])
    table(["layers"] + [f"{layers:,}" for layers in lengths], rows)


def slope_of(sizes, values):
    """The exponent of growth: least squares through the logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(max(value, 1e-9)) for value in values]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys)) / sum((a - x) ** 2 for a in xs)


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS:"))


COMMANDS = [
    "let a{0} = {0} * 2", "let x = randn(4, 4)", "sum(x @ x)", "fn f(n) {{ n + {0} }}", "f(3)",
    "gradient wrt x {{ sum(x * x) }}", "let l = [x, {0}, \"text\"]", "for i in 0..<3 {{ f(i) }}",
    "let net = chain(dense(2, 2), relu)", "net(ones(1, 2))",
]


def run_session(cairn, commands=100_000):
    print(f"A session of {commands:,} commands: bytes of the process and processor seconds, at each tenth")
    session = Session(cairn)
    rows = []
    tenth = commands // 10
    for part in range(10):
        start = own_seconds(session.pid)
        for number in range(tenth):
            session.say(COMMANDS[number % len(COMMANDS)].format(number % 100))
        rows.append([f"{(part + 1) * tenth:,}", megabytes(resident(session.pid)),
                     f"{own_seconds(session.pid) - start:.2f}"])
    session.close()
    table(["commands", "MB", "s of these"], rows)
