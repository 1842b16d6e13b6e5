"""Halves a signal. Stock Python: nothing is installed, and no class of TypeScript's is known here."""

import pickle
import sys

signal = pickle.load(sys.stdin.buffer)
samples = memoryview(signal.samples).cast("B").cast("d")
print(f"  Python has {type(signal)}: {sorted(vars(signal))}, {len(samples)} samples", file=sys.stderr, flush=True)
for i in range(len(samples)):
    samples[i] /= 2
pickle.dump(signal, sys.stdout.buffer, protocol=5)
