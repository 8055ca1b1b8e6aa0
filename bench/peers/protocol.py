"""What every peer does the same way: bytes of its process, and seconds of its steps on request.

A peer is started with a model's name, its sizes as JSON, the sizes of a tiny twin, a mode (`keep` or `checkpoint`) and
options of its own. It warms up on the twin, takes the base of its memory, makes the model and steps; prints a JSON line with
`base`, `peak` (bytes) and `first` (seconds of the first step); then, for each line SECONDS on its standard input, it
steps for so long and prints `steps` and `seconds`."""
import ctypes, gc, json, sys, time


def arguments():
    """The model's name, its sizes, those of the twin, whether segments are checkpointed, and what else was given."""
    name, sizes, tiny, mode, *rest = sys.argv[1:]
    return name, json.loads(sizes), json.loads(tiny), mode == "checkpoint", rest


def memory(key):
    """VmRSS or VmHWM of this process, in bytes."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(key + ":"))


def serve(make, sizes, tiny):
    """`make` gives a step, a function that returns when it is done, for a model of some sizes."""
    step = make(tiny)
    for _ in range(3):
        step()
    del step
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    base = memory("VmRSS")
    step = make(sizes)
    start = time.perf_counter()
    step()
    first = time.perf_counter() - start
    with open("/proc/self/clear_refs", "w") as clear:
        clear.write("5")
    for _ in range(3):
        step()
    print(json.dumps({"base": base, "peak": memory("VmHWM"), "first": first}), flush=True)
    for line in sys.stdin:
        steps, start, end = 0, time.perf_counter(), time.perf_counter() + float(line)
        while steps == 0 or time.perf_counter() < end:
            step()
            steps += 1
        print(json.dumps({"steps": steps, "seconds": time.perf_counter() - start}), flush=True)


def segments(count, parts):
    """So many layers in runs, as ranges."""
    length = -(-count // parts)
    return [range(start, min(start + length, count)) for start in range(0, count, length)]
