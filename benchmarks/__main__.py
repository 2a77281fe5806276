"""The engine beside hand-written NumPy and beside its own stepping, in one run: `make bench`.

Prints a table of medians and ratios of CPU time a timestep, and the same as JSON with --json.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import numpy as np

import bptt
from benchmarks.handwritten import Gru, Lstm, Rnn

RIVALS = {"rnn": Rnn, "lstm": Lstm, "gru-reset-after": Gru}
SIZES = ((10, 1, 4, 4, 4), (25, 1, 32, 64, 32), (1000, 1, 64, 128, 64), (100, 32, 128, 256, 128))
"""T, B, D, H, K."""
ROUNDS = 5


def medians(runs: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Name → the median of CPU seconds a call, the rounds interleaved."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = time.process_time()
            for _ in range(repeats):
                run()
            seconds[name].append((time.process_time() - start) / repeats)
    return {name: sorted(found)[ROUNDS // 2] for name, found in seconds.items()}


def measure(cell: str, sizes: tuple[int, int, int, int, int]) -> dict[str, object]:
    """One row: µs a timestep of each, and the fast path's ratio to both."""
    T, B, D, H, K = sizes
    random = np.random.default_rng(0)
    x, y = random.integers(0, D, (T, B)), random.integers(0, K, (T, B))
    model = bptt.Model.create(cell, inputs=D, hidden=H, outputs=K, seed=0)
    rival = RIVALS[cell](model.parameters, T, B)
    rows = np.eye(D)[x]
    found = medians(
        {
            "fast": lambda: bptt.trace(model, x, y),
            "stepped": lambda: bptt.Run(model, x, y).finish(),
            "hand-written": lambda: rival(rows, y.ravel()),
        },
        repeats=max(1, 500 // (T * max(1, H * B // 64))),
    )
    micro = {name: round(value / T * 1e6, 1) for name, value in found.items()}
    ratios = {f"fast / {name}": round(found["fast"] / found[name], 2) for name in ("hand-written", "stepped")}
    return {"cell": cell, "T,B,D,H,K": ",".join(map(str, sizes)), **micro, **ratios}


def main() -> None:
    """Print every row."""
    rows = [measure(cell, sizes) for cell in RIVALS for sizes in SIZES]
    if "--json" in sys.argv:
        print(json.dumps(rows, indent=1))
        return
    widths = {key: max(len(key), *(len(str(row[key])) for row in rows)) for key in rows[0]}
    print("  ".join(f"{key:<{width}}" for key, width in widths.items()) + "   (µs a timestep)")
    for row in rows:
        print("  ".join(f"{row[key]!s:<{width}}" for key, width in widths.items()))


if __name__ == "__main__":
    main()
