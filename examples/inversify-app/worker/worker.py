"""Does the open jobs of each queue under a folder: python3 worker.py FOLDER. The standard library alone."""

import pathlib
import pickle
import statistics
import sys

from billing import Invoice
from jobs import Job
from weather import Reading


def do(job: Job):
    payload = job.payload
    if job.task == "send" and isinstance(payload, Invoice):
        return f"invoice {payload.number} over {payload.cents / 100:.2f} sent"
    if job.task == "mean" and isinstance(payload, Reading):
        return statistics.mean(payload.degrees)
    raise ValueError(f"job {job.id} is none of ours: {job.task}")


def main(folder: pathlib.Path) -> None:
    for file in sorted(folder.glob("*/open/*.pickle")):
        job = pickle.loads(file.read_bytes())
        assert type(job) is Job, job
        job.result = do(job)
        # In the protocol that this Python prefers.
        done = file.parent.parent / "done" / file.name
        done.write_bytes(pickle.dumps(job))
        file.unlink()
        print(f"python: job {job.id} of {file.parent.parent.name} done", flush=True)


main(pathlib.Path(sys.argv[1]))
