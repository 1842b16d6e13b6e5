"""One fresh CPython process: measures its C pickle on one row, and prints a line of JSON.

    python3 -I cpython.py '{"pickle": PATH, "op": "dumps", "mode": "value", ...}'

The loop is that of lib/measure.mjs: change both. The garbage collector is on, as users run it.
The loop costs about 10 ns a call; nothing is taken off for it.
"""
import gc
import json
import pickle
import sys
import tracemalloc
from itertools import repeat
from pathlib import Path
from time import perf_counter_ns

import _pickle

# For the class in tree.py: `-I` leaves the script's folder out.
sys.path.insert(0, str(Path(__file__).parent))

assert pickle.dumps is _pickle.dumps and pickle.loads is _pickle.loads, "no C pickle here"


def measure(run, warm_ms, measure_ms, setup=None):
    def time_of(count):
        argument = setup() if setup else None
        start = perf_counter_ns()
        run(count, argument)
        return perf_counter_ns() - start

    batch = 1
    warm_end = perf_counter_ns() + warm_ms * 1e6
    i = 0
    while i < 3 or perf_counter_ns() < warm_end:
        ns = time_of(batch)
        i += 1
        if setup is None and ns < 2e6:
            batch = min(batch * 2, int(batch * 2.2e6 / max(ns, 1)) + 1)

    before = spin()
    samples, total = [], 0
    end = perf_counter_ns() + measure_ms * 1e6
    while len(samples) < 9 or perf_counter_ns() < end:
        ns = time_of(batch)
        samples.append(ns / batch)
        total += ns
    disturbance = max(before, spin())
    samples.sort()
    calls = len(samples) * batch
    median = samples[len(samples) // 2]
    return {"median": median, "least": samples[0], "mean": total / calls, "calls": calls, "spin": disturbance}


def spin():
    """The time of a fixed piece of work, in ns: see lib/measure.mjs."""
    least = 1 << 62
    for _ in range(6):
        start = perf_counter_ns()
        number = 1
        for i in range(10000):
            number = (number * 31 + i) & 0xFFFFFF
        least = min(least, perf_counter_ns() - start)
    return least


def loader(data, buffers):
    def run(count, _, loads=pickle.loads):
        if buffers is None:
            for _ in repeat(None, count):
                loads(data)
        else:
            for _ in repeat(None, count):
                loads(data, buffers=buffers)

    return run


def dumper(value, out_of_band):
    def run(count, fresh, dumps=pickle.dumps):
        it = value if fresh is None else fresh
        if out_of_band:
            for _ in repeat(None, count):
                buffers = []
                dumps(it, 5, buffer_callback=buffers.append)
        else:
            for _ in repeat(None, count):
                dumps(it, 5)

    return run


def kept(data, times):
    """Bytes that the loaded values hold, counted by tracemalloc."""
    pickle.loads(data)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    values = [pickle.loads(data) for _ in range(times)]
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    assert len(values) == times
    return {"kept": (after - before) / times}


def main(spec):
    with open(spec["pickle"], "rb") as file:
        data = file.read()
    if spec["op"] == "kept":
        return kept(data, spec["times"])
    out_of_band = spec.get("mode") == "buffer"
    buffers = [bytearray(bytes(range(256)) * (spec["size"] // 256))] if out_of_band else None
    if spec["op"] == "loads":
        return measure(loader(data, buffers), spec["warmMs"], spec["measureMs"])
    value = pickle.loads(data, buffers=buffers)
    if out_of_band:
        value["data"] = pickle.PickleBuffer(value["data"])
    written = pickle.dumps(value, 5, buffer_callback=(lambda b: None) if out_of_band else None)
    setup = (lambda: pickle.loads(data)) if spec.get("mode") == "fresh" else None
    out = measure(dumper(value, out_of_band), spec["warmMs"], spec["measureMs"], setup)
    if not spec.get("anyOrder"):
        out["check"] = "same" if written == data else "different"
    return out


print(json.dumps(main(json.loads(sys.argv[1]))))
