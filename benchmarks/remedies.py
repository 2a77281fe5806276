"""Every remedy of the course on one task and one budget, over many seeds: what lesson `remedies` shows as recorded.

    python -m benchmarks.remedies [--seeds N]

prints a line a remedy and writes lessons/data/remedies.json. The task is delayed recall over 24 steps, where guessing
scores ln 2 = 0.693; a seed draws the parameters and the batches. Reach is ‖∇h[1]‖ / ‖∇h[T]‖ over a batch: how much of
the gradient at the end arrives at the beginning. Solved is a mean loss below 0.1 over the last ten iterations. Cost is
parameters × iterations, as a multiple of the untreated net's: an iteration uses each parameter equally often. No clock
is read, so that the file comes out the same each time.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np  # noqa: E402  # the number of threads is set before NumPy can be imported

import bptt  # noqa: E402  # the same

RESULTS = Path(__file__).parent.parent / "lessons" / "data" / "remedies.json"
LENGTH, BATCH, HIDDEN = 24, 32, 4
RATE, ITERATIONS = 0.01, 300
SOLVED = 0.1
SHRINKING = {"W": {"orthogonal": 0.5}}
"""A matrix that halves what it is given: the fault that the remedies are for."""

LINE = "{label:<18} {reach_start:>8.2g} → {reach_end:<8.2g} loss {loss:<7} {solved:>2}/{of}"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One row."""

    key: str
    """How expressions name it."""
    label: str
    """How tables call it."""
    cell: str = "rnn"
    init: object = None
    """As `Model.create` takes it; the shrinking matrix where it is None."""
    hidden: int = HIDDEN
    iterations: int = ITERATIONS
    clip: float = 1.0
    l2: float = 0.0


REMEDIES = (
    Remedy("none", "nothing done"),
    Remedy("residual", "residual", "rnn-residual"),
    Remedy("hierarchy", "hierarchy", "rnn-hierarchy", {"W": {"orthogonal": 0.5}, "W_s": {"orthogonal": 0.5}}),
    Remedy("lstm_1", "LSTM, bf = 1", "lstm", {"b_f": 1}),
    Remedy("lstm_3", "LSTM, bf = 3", "lstm", {"b_f": 3}),
    Remedy("hardware", "hardware, × 10", iterations=10 * ITERATIONS),
    Remedy("relu", "ReLU", "rnn-relu"),
    Remedy("norm", "batch norm", "rnn-batch-norm"),
    Remedy("clip", "clipping, 0.1", clip=0.1),
    Remedy("penalty", "L2 penalty", l2=1e-3),
    Remedy("smaller", "only 2 units", hidden=2),
    Remedy("wider", "16 units", hidden=16),
    Remedy("start", "W orthogonal", init={"W": {"orthogonal": 1.0}}),
    Remedy("skip", "time skip of 4", "rnn-skip", {"W": {"orthogonal": 0.5}, "S": {"orthogonal": 0.5}}),
    Remedy("gru", "GRU, bi = -2", "gru", {"b_i": -2}),
    Remedy("identity", "ReLU, identity", "rnn-relu", {"W": "identity"}),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one training."""

    start: float
    end: float
    loss: float


def reach(model: bptt.Model, seed: int) -> float:
    """‖∇h[1]‖ / ‖∇h[T]‖ over one batch; 0 where nothing arrives at T, as with dead units."""
    gradients = bptt.trace(model, *bptt.TASKS["recall"].make(LENGTH, BATCH, seed)).grads["h"]
    last = np.linalg.norm(gradients[-1])
    return float(np.linalg.norm(gradients[0]) / last) if last else 0.0


def net(remedy: Remedy, seed: int) -> bptt.Model:
    """Before its training."""
    task = bptt.TASKS["recall"]
    init = remedy.init if remedy.init is not None else SHRINKING
    return bptt.Model.create(remedy.cell, task.inputs, remedy.hidden, task.outputs, seed, init=init, loss="mean")


def train(remedy: Remedy, seed: int) -> tuple[Outcome, int]:
    """One training of a remedy, and how many numbers it learned."""
    model = net(remedy, seed)
    training = bptt.Training(
        model,
        bptt.TASKS["recall"].stream(LENGTH, BATCH, seed),
        optimizer="adam",
        rate=RATE,
        clip={"norm": remedy.clip},
        l2=remedy.l2,
        iterations=remedy.iterations,
    )
    training.run()
    loss = float(np.mean([record.loss for record in training.records[-10:]]))
    outcome = Outcome(reach(model, seed), reach(training.model, seed), loss)
    return outcome, sum(array.size for array in model.parameters.values())


def measured(remedy: Remedy, seeds: int) -> dict[str, Any]:
    """A row: medians over the seeds, and how many of them solved the task."""
    found = [train(remedy, seed) for seed in range(seeds)]
    outcomes = [outcome for outcome, _ in found]
    return {
        "label": remedy.label,
        "parameters": found[0][1],
        "iterations": remedy.iterations,
        "reach_start": float(f"{median(one.start for one in outcomes):.2g}"),
        "reach_end": float(f"{median(one.end for one in outcomes):.2g}"),
        "loss": float(f"{median(one.loss for one in outcomes):.3g}"),
        "solved": sum(one.loss < SOLVED for one in outcomes),
        "of": seeds,
    }


def _work(row: dict[str, Any]) -> int:
    return int(row["parameters"] * row["iterations"])


def main() -> None:
    parser = argparse.ArgumentParser(description="The remedies of the course, over many seeds.")
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    rows: dict[str, dict[str, Any]] = {}
    for remedy in REMEDIES:
        row = rows[remedy.key] = measured(remedy, seeds)
        row["cost"] = round(_work(row) / _work(rows["none"]), 2)
        print(LINE.format(**row), flush=True)
    about = {
        "made_by": "python -m benchmarks.remedies",
        "task": {"name": "recall", "length": LENGTH, "batch": BATCH},
        "hidden": HIDDEN,
        "optimizer": f"adam {RATE}",
        "solved": f"mean loss below {SOLVED} over the last ten iterations",
        "cost": "parameters × iterations, as a multiple of those with nothing done",
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**about, "rows": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
