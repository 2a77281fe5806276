"""How fast a run is stepped, and how soon it is anywhere: `python -m benchmarks.stepping [--json FILE]`.

CPU time; the best of several rounds, since others use the machine too. First: every equation is computed as it is
stepped to. Again: the tape is filled, and the cursor moves over it. A jump is a `goto` to a random place of that run.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import numpy as np  # noqa: E402  # the number of threads is set before NumPy can be imported

import bptt  # noqa: E402  # the same

SIZE = 8
"""Inputs, hidden units and outputs."""
TIMES, ROUNDS, JUMPS = 300, 7, 1000
CELLS = ("rnn", "lstm", "gru-reset-after")


def measure(cell: str) -> dict[str, float]:
    """first, again: equations a second; jump, longest_jump: seconds, the median and the longest."""
    random = np.random.default_rng(0)
    model = bptt.Model.create(cell, SIZE, SIZE, SIZE)
    x, y = random.normal(size=(TIMES, SIZE)), random.integers(0, SIZE, TIMES)
    first, again = [], []
    for _ in range(ROUNDS):
        run = bptt.Run(model, x, y)
        for rates in (first, again):
            run.goto(0)
            start = time.process_time()
            while run.step() is not None:
                pass
            rates.append(len(run) / (time.process_time() - start))
    jumps = []
    for place in random.integers(0, len(run) + 1, JUMPS).tolist():
        start = time.process_time()
        run.goto(place)
        jumps.append(time.process_time() - start)
    return {"first": max(first), "again": max(again), "jump": float(np.median(jumps)), "longest_jump": max(jumps)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stepping", description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="also write all numbers there")
    given = parser.parse_args()
    print(f"{'cell':<16}{'equations/s, first':>20}{'again':>12}{'goto, median':>16}{'longest':>12}")
    found = {cell: measure(cell) for cell in CELLS}
    for cell, of in found.items():
        jumps = f"{of['jump'] * 1e3:>13.3f} ms{of['longest_jump'] * 1e3:>9.2f} ms"
        print(f"{cell:<16}{of['first']:>20,.0f}{of['again']:>12,.0f}{jumps}")
    if given.json:
        given.json.write_text(json.dumps({"size": SIZE, "times": TIMES, "cells": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
