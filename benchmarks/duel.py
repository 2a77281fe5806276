"""A plain net, LSTMs and GRUs on one task, over many seeds: what lesson `duel` shows as recorded.

    python -m benchmarks.duel [--seeds N]

prints a line a cell and writes lessons/data/duel.json. The task is that of the lesson: the sum of two marked numbers
among 30, where always answering 1 has the loss 1/12 = 0.083. A seed draws the parameters and the batches. Solved is a
mean loss below 0.02 over the last twenty updates; `updates` is the median of the first update with a loss below 0.02.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np  # noqa: E402  # the number of threads is set before NumPy can be imported

import bptt  # noqa: E402  # the same
from bptt.cells import find  # noqa: E402  # the same

RESULTS = Path(__file__).parent.parent / "lessons" / "data" / "duel.json"
LENGTH, BATCH, HIDDEN = 30, 32, 8
RATE, UPDATES = 0.02, 500
SOLVED = 0.02
LINE = "{label:<14} loss {loss:<8} solved {solved:>2}/{of}  below {limit} after {updates}"


@dataclass(frozen=True, slots=True)
class Fighter:
    """One row."""

    key: str
    label: str
    cell: str
    init: Mapping[str, float] = field(default_factory=dict)
    """Parameter → the number at which it starts; the others are drawn."""


FIGHTERS = (
    Fighter("rnn", "plain net", "rnn"),
    Fighter("lstm_0", "LSTM, bf = 0", "lstm", {"b_f": 0}),
    Fighter("lstm_2", "LSTM, bf = 2", "lstm", {"b_f": 2}),
    Fighter("gru_0", "GRU, bi = 0", "gru", {"b_i": 0}),
    Fighter("gru_1", "GRU, bi = -1", "gru", {"b_i": -1}),
    Fighter("gru_3", "GRU, bi = -3", "gru", {"b_i": -3}),
)


def losses(fighter: Fighter, seed: int) -> list[float]:
    """Of each update of one training."""
    task = bptt.TASKS["adding"]
    cell = find(fighter.cell, "linear")
    model = bptt.Model.create(cell, task.inputs, HIDDEN, task.outputs, seed, init=dict(fighter.init), loss="mean")
    training = bptt.Training(
        model,
        task.stream(LENGTH, BATCH, seed),
        optimizer="adam",
        rate=RATE,
        clip={"norm": 1.0},
        iterations=UPDATES,
    )
    training.run()
    return [float(record.loss) for record in training.records]


def measured(fighter: Fighter, seeds: int) -> dict[str, Any]:
    """A row: medians over the seeds, and how many of them solved the task."""
    found = [losses(fighter, seed) for seed in range(seeds)]
    ends = [float(np.mean(one[-20:])) for one in found]
    firsts = [next((n for n, loss in enumerate(one, 1) if loss < SOLVED), None) for one in found]
    reached = [first for first in firsts if first is not None]
    return {
        "label": fighter.label,
        "loss": float(f"{median(ends):.2g}"),
        "solved": sum(end < SOLVED for end in ends),
        "of": seeds,
        "updates": round(median(reached)) if 2 * len(reached) > seeds else -1,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="A plain net, LSTMs and GRUs on one task.")
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    rows = {}
    for fighter in FIGHTERS:
        rows[fighter.key] = measured(fighter, seeds)
        print(LINE.format(**rows[fighter.key], limit=SOLVED), flush=True)
    about = {
        "made_by": "python -m benchmarks.duel",
        "task": f"adding over {LENGTH} steps, {HIDDEN} units, batches of {BATCH}, {UPDATES} updates, adam {RATE}",
        "updates_is": f"the median of the first update with a loss below {SOLVED}; -1 where half of the seeds had none",
    }
    RESULTS.write_text(json.dumps({**about, "rows": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
