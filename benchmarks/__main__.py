"""The engine side by side with what it competes with, in one process: `make bench`.

CPU time a call, rounds interleaved, medians; a ratio is the median over the rounds of what a rival took by what the
engine took in the same round. PyTorch and its rows are left out where it is not installed.

    python -m benchmarks [--json FILE] [--rounds N] [--cell NAME] [--size T,B,D,H,K] [--float32]
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import numpy as np

import bptt
from benchmarks import blas, handwritten, naive

try:
    from benchmarks import torch_rivals
except ImportError:
    torch_rivals = None  # type: ignore[assignment]  # as if it were not there

Size = tuple[int, int, int, int, int]
SIZES: tuple[Size, ...] = ((10, 1, 4, 4, 4), (25, 1, 32, 64, 32), (1000, 1, 64, 128, 64), (100, 32, 128, 256, 128))
"""T, B, D, H, K."""
GOALS = {
    SIZES[0]: {"eager": 13, "fused": 7, "hand": 1 / 1.3},
    SIZES[1]: {"eager": 12, "fused": 5, "hand": 1 / 1.2},
    SIZES[2]: {"eager": 10, "fused": 4, "hand": 1 / 1.15, "blas": 1 / 2.8},
    SIZES[3]: {"eager": 1.2, "fused": 0.9, "hand": 1 / 1.1, "blas": 1 / 2.1},
}
"""How many times as long each rival should take."""
EASIER = {("lstm", SIZES[2]): {"eager": 9, "fused": 3.5}}
ROUND = 0.05
"""Seconds that one competitor should take in one round."""


def competitors(cell: str, size: Size, dtype: str) -> dict[str, Callable[[], object]]:
    """Name → a call; "bptt" is the engine."""
    T, B, D, H, K = size
    random = np.random.default_rng(0)
    x, y = random.normal(size=(T, B, D)).astype(dtype), random.integers(0, K, (T, B))
    model = bptt.Model.create(cell, inputs=D, hidden=H, outputs=K, seed=0, dtype=dtype)
    p = model.parameters
    found: dict[str, Callable[[], object]] = {"bptt": lambda: bptt.trace(model, x, y)}
    if dtype == "float64":
        by_hand, flat = handwritten.CELLS[cell](p, T, B), y.ravel()
        found["hand"] = lambda: by_hand(x, flat)
        found["blas"] = blas.products(cell, *size)
    if B == 1 and cell in naive.CELLS:
        found["naive"] = naive.CELLS[cell](p, x[:, 0], y[:, 0])
    if torch_rivals is not None:
        found["eager"] = torch_rivals.eager(cell, p, x, y)
        found["fused"] = torch_rivals.fused(cell, p, x, y)
    return found


@dataclass(frozen=True)
class Row:
    """What was measured of one cell at one size."""

    cell: str
    size: Size
    dtype: str
    microseconds: dict[str, float]
    """Competitor → the median of CPU time a call."""
    ratios: dict[str, float]
    """Rival → how many times as long as the engine it takes."""
    goals: dict[str, float]
    """Rival → how many times as long it should take at least."""


def measure(cell: str, size: Size, rounds: int, dtype: str) -> Row:
    """Every competitor, round by round."""
    runs = competitors(cell, size, dtype)
    repeats = {}
    with np.errstate(all="ignore"):
        for name, run in runs.items():
            run()
            start = time.process_time()
            run()
            repeats[name] = max(1, int(ROUND / max(1e-6, time.process_time() - start)))
        taken: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(rounds):
            for name, run in runs.items():
                start = time.process_time()
                for _ in range(repeats[name]):
                    run()
                taken[name].append((time.process_time() - start) / repeats[name])
    micro = {name: float(np.median(times)) * 1e6 for name, times in taken.items()}
    own = np.array(taken.pop("bptt"))
    ratios = {name: float(np.median(np.array(times) / own)) for name, times in taken.items()}
    goals = GOALS.get(size, {}) | EASIER.get((cell, size), {}) if dtype == "float64" else {}
    return Row(cell, size, dtype, micro, ratios, goals)


RIVALS = ("hand", "blas", "naive", "eager", "fused")
HEAD = f"{'cell':<16}{'T,B,D,H,K':<20}{'µs/step':>9}" + "".join(f"{name:>16}" for name in RIVALS)


def line(row: Row) -> str:
    """The engine's time a timestep, then how many times as long each rival takes, and the goal."""
    text = f"{row.cell:<16}{','.join(map(str, row.size)):<20}{row.microseconds['bptt'] / row.size[0]:>9.2f}"
    for name in RIVALS:
        ratio, goal = row.ratios.get(name), row.goals.get(name)
        cell = "–" if ratio is None else f"{ratio:.2f}×"
        if ratio is not None and goal is not None:
            cell += f" {'✓' if ratio >= goal else '✗'} {goal:.2f}"
        text += f"{cell:>16}"
    return text


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="also write all numbers there")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cell", choices=[*handwritten.CELLS], action="append")
    parser.add_argument("--size", type=lambda text: tuple(map(int, text.split(","))), action="append")
    parser.add_argument("--float32", action="store_true")
    given = parser.parse_args()
    print(HEAD)
    rows = []
    for cell in given.cell or handwritten.CELLS:
        for size in given.size or SIZES:
            rows.append(measure(cell, size, given.rounds, "float32" if given.float32 else "float64"))
            print(line(rows[-1]), flush=True)
    if torch_rivals is None:
        print("(PyTorch is not installed: its columns are empty)")
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
