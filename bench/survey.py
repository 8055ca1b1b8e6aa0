#!/usr/bin/env python3
"""Compares all strategies on random nets under budgets, with the release build, and prints a table.

usage: bench/survey.py [--nets 200] [--seed 1] [CAIRN]

Each net is a chain of layers of unequal widths, some of them residual, some with norms; in some, parameters outweigh
activations. Its budgets lie at 10, 25, 50 and 75 % between the least peak of the strategies without a budget and that of
`keep_all`. `exact` may hold 5,000 states. Of each strategy, whatever its number of slots or stages, the cheapest plan that
fits is taken. A strategy beats `optimal` where it replays fewer FLOPs and moves no bytes; that ends the survey with
status 1."""
import argparse, collections, json, pathlib, random, subprocess, sys

here = pathlib.Path(__file__).resolve().parent
options = argparse.ArgumentParser()
options.add_argument("--nets", type=int, default=200)
options.add_argument("--seed", type=int, default=1)
options.add_argument("cairn", nargs="?", default=str(here.parent / ".build/release/cairn"))
options = options.parse_args()

ACTIVATIONS = ["gelu", "tanh", "relu", "silu", "sigmoid"]
FREE = (
    ["keep_all", "marked"]
    + [f"{name}{cut}" for name in ("keep_none", "sqrt_n", "bisect") for cut in ("", "(stages: operations)")]
    + [f"every({k}{cut})" for k in range(1, 9) for cut in ("", ", stages: operations")]
    + [f"{name}(slots: {s}{cut})" for name in ("revolve", "mixed") for s in range(1, 9) for cut in ("", ", stages: operations")]
    + [f"knapsack(share: 0.{tenth})" for tenth in range(1, 10)]
    + ['save_only(ops: ["matmul"])', 'recompute_only(ops: ["gelu"])']
)
BUDGETED = ["dtr(budget: {})"] + [
    f"dtr(budget: {{}}, heuristic: {h})" for h in ("h_dtr_eq", "lru", "size", "msps")
] + ["moccasin(budget: {})", "twremat(budget: {})"] + ["optimal(budget: {})", "optimal(budget: {}, stages: operations)", "auto(budget: {})"]
EXACT = "exact(budget: {}, states: 5_000)"


def net(source):
    """A chain of three to twelve elements, as Cairn text, with the width it takes and the batch."""
    width = first = source.choice([4, 8, 16])
    elements = []
    for _ in range(source.randint(3, 12)):
        kind, act = source.random(), source.choice(ACTIVATIONS)
        if kind < 0.4:
            wide = source.choice([4, 8, 12, 16, 32, 64, 96])
            elements += [f"dense({width}, {wide})"] + ([act] if source.random() < 0.7 else [])
            width = wide
        elif kind < 0.6:
            wide = source.choice([8, 16, 64, 128])
            elements.append(f"chain(dense({width}, {wide}), {act}, dense({wide}, {width}))")
        elif kind < 0.9:
            inner = source.choice([
                f"dense({width}, {width}), {act}",
                f"layer_norm({width}), dense({width}, {2 * width}), gelu, dense({2 * width}, {width})",
            ])
            elements.append(f"residual(chain({inner}))")
        else:
            elements.append(f"layer_norm({width})")
    return f"chain({', '.join(elements)})", first, source.choice([2, 4, 16, 64, 256])


def is_proven(report):
    """Whether a plan's report says that no plan replays less."""
    return "proven optimal" in report and "not proven optimal" not in report


def plans(program, strategies):
    """What each strategy comes to: bytes at the peak, FLOPs replayed, and whether that is proven; None where it is refused."""
    lines = program.splitlines()
    places = []
    for strategy in strategies:
        lines += [f"let p = plan wrt net with {strategy} {{ sum(net(x) ** 2) }}", "p.peak", "p.replayed_flops", "p"]
        places.append(len(lines))
    output = subprocess.run(
        [options.cairn, "run", "--json", "--keep-going", "-"], input="\n".join(lines) + "\n", capture_output=True, text=True
    ).stdout
    records = {record["line"]: record for record in map(json.loads, output.splitlines())}
    found = []
    for place in places:
        planned = records.get(place - 3, {}).get("ok", False)
        found.append(
            (
                records[place - 2]["value"]["bytes"],
                records[place - 1]["value"],
                is_proven(json.dumps(records[place]["report"])),
            )
            if planned
            else None
        )
    return found


def survey():
    source = random.Random(options.seed)
    beaten, dearer, budgets = [], 0, 0
    wins, totals, fits = collections.Counter(), collections.Counter(), collections.Counter()
    proven, equal, sums = 0, 0, [0, 0]
    for number in range(options.nets):
        text, width, batch = net(source)
        program = f"seed {number}\nlet x = randn({batch}, {width})\nlet net = {text}\n"
        free = [(name, plan) for name, plan in zip(FREE, plans(program, FREE)) if plan]
        (most, _, _), least = free[0][1], min(plan[0] for _, plan in free)
        last = None
        for part in (0.1, 0.25, 0.5, 0.75):
            budget = int(least + part * (most - least))
            names = [name.format(budget) for name in BUDGETED + [EXACT]]
            asked = plans(program, names)
            optimal = asked[BUDGETED.index("optimal(budget: {})")]
            if not optimal:
                continue
            budgets += 1
            if last is not None and optimal[1] > last:
                dearer += 1
            last = optimal[1]
            best = {}
            for name, plan in free + list(zip(names, asked)):
                family = name.split("(")[0]
                if plan and plan[0] <= budget and family not in ("exact", "auto"):
                    best[family] = min(best.get(family, plan[1]), plan[1])
            for family, cost in best.items():
                fits[family] += 1
                totals[family] += cost - optimal[1]
                wins[family] += cost == optimal[1]
                if cost < optimal[1]:
                    beaten.append(f"net {number} at {budget}: {family} replays {cost} FLOPs, optimal {optimal[1]}")
            exact = asked[-1]
            if exact and exact[2]:
                proven += 1
                equal += exact[1] == optimal[1]
                sums[0] += exact[1]
                sums[1] += optimal[1]
    print(f"{options.nets} nets, {budgets} budgets")
    print(f"{'strategy':15}{'fits':>7}{'as cheap as optimal':>22}{'FLOPs more, mean':>20}")
    for family in sorted(fits, key=lambda family: -fits[family]):
        print(f"{family:15}{fits[family]:7}{wins[family]:22}{totals[family] / fits[family]:20.0f}")
    if proven:
        above = 100 * (sums[1] / max(1, sums[0]) - 1)
        print(f"exact proved {proven}; optimal equals it in {equal} and replays {above:.2f} % more over all")
    print(f"a higher budget was dearer {dearer} times; optimal was beaten {len(beaten)} times")
    for line in beaten:
        print(" ", line)
    return 1 if beaten else 0


if __name__ == "__main__":
    sys.exit(survey())
