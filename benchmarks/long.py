"""A long run: how fast it is recorded, how fast any place of it is reached, and how much memory the process takes.

CPU time, since others use the machine too.

python -m benchmarks.long [--times T] [--hidden H] [--cell NAME] [--policy full|checkpoints] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
from pathlib import Path
from time import process_time

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import numpy as np  # noqa: E402  # the number of threads is set before NumPy can be imported

import bptt  # noqa: E402  # the same

LETTERS = 30
KINDS = ("forward", "gradient", "parameter")


def megabytes() -> float:
    """The most that this process has held."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux; there getrusage also counts what the program had that started this one
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def measure(cell: str, T: int, H: int, policy: str | None, places: int) -> dict[str, object]:
    """Seconds, milliseconds and megabytes, by name."""
    found: dict[str, object] = {"cell": cell, "times": T, "hidden": H, "imported": megabytes()}
    random = np.random.default_rng(0)
    codes = random.integers(0, LETTERS, T + 1)
    model = bptt.Model.create(cell, inputs=LETTERS, hidden=H, outputs=LETTERS, seed=0)
    run = bptt.Run(model, codes[:-1], codes[1:], policy=policy)
    found["policy"] = run.policy
    for name, end in (("forward", run.schedule.known), ("backward", len(run))):
        start = process_time()
        run.fill(end)
        found[f"{name} s"] = process_time() - start
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for position in random.integers(1, len(run) + 1, places):
        start = process_time()
        step = run.goto(int(position))
        taken = process_time() - start
        if step is not None:
            times[step.equation.kind].append(1e3 * taken)
    for kind, taken_ms in times.items():
        if taken_ms:
            found[f"goto {kind} ms"] = float(np.median(taken_ms))
            found[f"goto {kind} worst ms"] = max(taken_ms)
    found["peak"] = megabytes()
    return found


def main() -> None:
    """Measure, and print a line a number."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100_000)
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--cell", default="lstm")
    parser.add_argument("--policy", choices=("full", "checkpoints"))
    parser.add_argument("--places", type=int, default=200)
    parser.add_argument("--json", metavar="FILE", help="- for standard output")
    given = parser.parse_args()
    found = measure(given.cell, given.times, given.hidden, given.policy, given.places)
    if given.json == "-":
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:24} {value:>14,.1f}" if isinstance(value, float) else f"{name:24} {value!s:>14}")
    if given.json:
        Path(given.json).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
