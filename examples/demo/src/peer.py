"""The Python side of the demo: the standard library alone. NumPy, if it is there, only looks at the result.

Frames on standard input and output, the same in both directions:

    u32        number of parts
    u64 * n    byte length of each part
    bytes * n  the parts
      part 0     a note in JSON: what to do, or what was found
      part 1     the pickle stream (absent where there is nothing to carry)
      part 2...  the out-of-band buffers, in the order of the stream

Integers are little-endian. Which buffers are readonly stands in the stream.
"""

import json
import pickle
import random
import struct
import sys
import time

FLIP = 0x5A  # TypeScript flips these bits in each byte of the writable buffer.


def read_exactly(stream, size):
    part = bytearray(size)
    view = memoryview(part)
    while view:
        got = stream.readinto(view)
        if not got:
            raise EOFError
        view = view[got:]
    return part


def read_frame(stream):
    (count,) = struct.unpack("<I", read_exactly(stream, 4))
    sizes = struct.unpack(f"<{count}Q", read_exactly(stream, 8 * count))
    return [read_exactly(stream, size) for size in sizes]


def write_frame(stream, note, *parts):
    parts = [json.dumps(note).encode(), *parts]
    stream.write(struct.pack(f"<I{len(parts)}Q", len(parts), *map(len, parts)))
    for part in parts:
        stream.write(part)
    stream.flush()


def make_bytes(size, seed):
    """Bytes that look random. One block again and again: 64 MB take no time."""
    block = random.Random(seed).randbytes(1 << 16)
    return (block * (size // len(block) + 1))[:size]


def make_graph(size, protocol):
    """A graph with a writable and a readonly buffer, a list that is there twice, and a cycle."""
    pixels, palette = bytearray(make_bytes(size, 1)), make_bytes(size // 4, 2)
    if protocol >= 5:  # Below protocol 5, pickling a PickleBuffer is an error.
        pixels, palette = pickle.PickleBuffer(pixels), pickle.PickleBuffer(palette)
    tags = ["scan", "côte d'Azur", "\N{GRINNING FACE}"]
    graph = {
        "name": "frame 7",
        "gain": 0.125,
        "serial": 2**70,
        "tags": tags,
        "same tags": tags,
        "pixels": pixels,
        "palette": palette,
        "camera": {"model": "M-1", "exposure": (1, 250)},
    }
    graph["camera"]["frame"] = graph
    return graph


def find_faults(graph, size):
    """What TypeScript changed must be as asked, and the rest as it was."""
    flipped = make_bytes(size, 1).translate(bytes(byte ^ FLIP for byte in range(256)))
    palette = make_bytes(size // 4, 2)
    exposure = graph["camera"]["exposure"]
    checks = {
        "the atoms": (graph["name"], graph["gain"], graph["serial"]) == ("frame 7", 0.125, 2**70),
        "the tuple": type(exposure) is tuple and exposure == (1, 250),
        "the added tag": graph["tags"] == ["scan", "côte d'Azur", "\N{GRINNING FACE}", "seen by TypeScript"],
        "the shared list": graph["same tags"] is graph["tags"],
        "the cycle": graph["camera"]["frame"] is graph,
        "the pixels": bytes(graph["pixels"]) == flipped,
        "the palette": bytes(graph["palette"]) == palette,
        "writable pixels": not memoryview(graph["pixels"]).readonly,
        "readonly palette": memoryview(graph["palette"]).readonly,
        "the sum": graph["sum"] == sum(flipped[:65536]),
    }
    return len(checks), [name for name, is_right in checks.items() if not is_right]


def is_shared(value, buffer):
    """Whether a write to the buffer that arrived is seen in the value that was loaded."""
    before = memoryview(value)[0]
    buffer[0] ^= 0xFF
    seen = memoryview(value)[0] == before ^ 0xFF
    buffer[0] ^= 0xFF
    return seen


def find_numpy_faults(graph, buffers):
    """NumPy, which knows nothing of this library either, sees the same bytes in the same memory."""
    try:
        import numpy
    except ImportError:
        return "no NumPy here", []
    array = numpy.frombuffer(graph["pixels"], numpy.uint8)
    is_right = int(array[:65536].sum()) == graph["sum"]
    if buffers:
        is_right &= numpy.shares_memory(array, numpy.frombuffer(buffers[0], numpy.uint8))
    return f"NumPy {numpy.__version__} agrees", [] if is_right else ["NumPy's view"]


def send(note, size, output):
    graph = make_graph(size, note["protocol"])
    buffers = []
    callback = buffers.append if note["outOfBand"] else None
    start = time.perf_counter()
    stream = pickle.dumps(graph, note["protocol"], buffer_callback=callback)
    seconds = time.perf_counter() - start
    write_frame(output, {"seconds": seconds}, stream, *(buffer.raw() for buffer in buffers))


def check(note, size, stream, buffers, output):
    start = time.perf_counter()
    graph = pickle.loads(stream, buffers=buffers)
    seconds = time.perf_counter() - start
    count, faults = find_faults(graph, size)
    if buffers:
        count += 1
        if not all(map(is_shared, (graph["pixels"], graph["palette"]), buffers)):
            faults.append("shared memory")
    numpy_says, numpy_faults = find_numpy_faults(graph, buffers)
    faults += numpy_faults
    verdict = f"WRONG: {', '.join(faults)}" if faults else f"all {count} checks hold, {numpy_says}"
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"CPython {version}, {note['form']}: {verdict}", file=sys.stderr, flush=True)
    write_frame(output, {"seconds": seconds, "faults": faults})


def main():
    output = sys.stdout.buffer
    while True:
        try:
            parts = read_frame(sys.stdin.buffer)
        except EOFError:
            return
        note = json.loads(parts[0])
        if note["do"] == "send":
            send(note, note["size"], output)
        else:
            check(note, note["size"], parts[1], parts[2:], output)


if __name__ == "__main__":
    main()
