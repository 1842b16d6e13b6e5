"""Writes fixtures/demo: the demo's graph as CPython pickles it, for machines without Python.

Run it with `npm run fixtures`. It uses the standard library alone, and a fixed seed: the same files come out again.
"""

import pickle
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples" / "demo" / "src"))
sys.dont_write_bytecode = True

from peer import make_graph  # noqa: E402

SIZE = 1 << 14


def main():
    folder = ROOT / "fixtures" / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "protocol-4.pkl").write_bytes(pickle.dumps(make_graph(SIZE, 4), 4))
    (folder / "protocol-5-in-band.pkl").write_bytes(pickle.dumps(make_graph(SIZE, 5), 5))
    buffers = []
    stream = pickle.dumps(make_graph(SIZE, 5), 5, buffer_callback=buffers.append)
    (folder / "protocol-5-out-of-band.pkl").write_bytes(stream)
    for name, buffer in zip(("pixels.buf", "palette.buf"), buffers):
        (folder / name).write_bytes(buffer.raw())


if __name__ == "__main__":
    main()
