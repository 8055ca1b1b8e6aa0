#!/usr/bin/env python3
"""Times the release build: training steps, plain scripting, kernels, planner, parser, evaluator, start.

usage: bench/run.py [--only NAME] [--peers PYTHON] [--base COMMIT] [--rounds 6] [CAIRN]

NAME is a part (models, scripting, kernels, planner, parser, evaluator, start), one of those that take minutes (growth,
products, onednn, beside), or a script of bench/models. With `--peers`, a Python that has PyTorch, and JAX if it likes, trains the same
models beside Cairn. With `--base`, that commit is built in .build-base and measured against this one, in pairs of windows."""
import argparse, pathlib, subprocess, sys

import growth, micro, onednn, scripting, stepping
from measure import HERE, Refusal, models

PARTS = ["models", "start", "scripting", "evaluator", "parser", "planner", "kernels"]
LONG = ["growth", "products", "onednn", "beside"]


def options():
    names = PARTS + LONG + [model.name for model in models()]
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--base", metavar="COMMIT")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("cairn", nargs="?", default=str(HERE.parent / ".build/release/cairn"))
    return parser.parse_args()


def built(commit):
    """The release build of a commit, in a working tree of its own that the next call uses again."""
    root, folder = HERE.parent, HERE.parent / ".build-base"
    tree = folder / "tree"
    git = ["git", "-C", str(root)]
    name = subprocess.run([*git, "rev-parse", "--verify", commit + "^{commit}"], check=True, capture_output=True, text=True)
    if tree.exists():
        subprocess.run(["git", "-C", str(tree), "checkout", "-q", "--detach", name.stdout.strip()], check=True)
    else:
        subprocess.run([*git, "worktree", "prune"], check=True)
        subprocess.run([*git, "worktree", "add", "-q", "--detach", str(tree), name.stdout.strip()], check=True)
    build = folder / "build"
    subprocess.run(
        ["swift", "build", "-c", "release", "--product", "cairn", "--package-path", str(tree), "--scratch-path", str(build)],
        check=True)
    return str(build / "release/cairn")


def compare(base, chosen):
    old, only = built(base), chosen.only
    print(f"{base} and this build, in {chosen.rounds} pairs of windows")
    if only in (None, "scripting"):
        scripting.compare(old, chosen.cairn, chosen.rounds)
    if only in (None, "models") or only in [model.name for model in models()]:
        stepping.compare(old, chosen.cairn, None if only == "models" else only, chosen.rounds)
    elif only != "scripting":
        sys.exit(f"two builds are compared in models and scripting, not in {only}")


def main():
    chosen = options()
    cairn, only = str(pathlib.Path(chosen.cairn).resolve()), chosen.only
    if chosen.base:
        return compare(chosen.base, chosen)
    parts = {
        "models": lambda: stepping.run(cairn, None if only in (None, "models") else only, chosen.peers, chosen.rounds),
        "start": lambda: micro.run_start(cairn, chosen.rounds),
        "scripting": lambda: scripting.run(cairn, chosen.rounds),
        "evaluator": lambda: micro.run_evaluator(cairn),
        "parser": lambda: micro.run_parser(cairn),
        "planner": lambda: micro.run_planner(cairn),
        "kernels": lambda: micro.run_kernels(cairn),
        "growth": lambda: growth.run(cairn),
        "products": lambda: subprocess.run([sys.executable, str(HERE / "products.py")], check=True),
        "onednn": lambda: onednn.run(cairn),
        "beside": lambda: subprocess.run([sys.executable, str(HERE / "beside.py"), cairn], check=True),
    }
    for name in PARTS if only is None else [only if only in parts else "models"]:
        parts[name]()
        print()


if __name__ == "__main__":
    try:
        main()
    except Refusal as refusal:
        sys.exit(f"bench: {refusal}")
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
