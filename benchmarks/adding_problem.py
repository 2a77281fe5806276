"""Learn the adding problem at T = 50 with an LSTM and with a plain recurrent network, on the same budget.

    python -m benchmarks.adding_problem [--seeds N] [--iterations N]

prints a line a training and writes benchmarks/results/adding_problem.json. A seed draws the parameters and the batches;
both nets of a seed read the same ones, fresh at each iteration. Learned is a mean squared error below 0.01 over a
thousand sequences of another seed; answering 1 always, the mean, scores 1/6.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

from bptt import TASKS, Model, Training  # noqa: E402  # the number of threads is set before NumPy can be imported
from bptt.cells import find  # noqa: E402  # the same

RESULTS = Path(__file__).parent / "results" / "adding_problem.json"
LENGTH, BATCH, HIDDEN = 50, 32, 16
OPTIMIZER, RATE, CLIP = "adam", 0.02, "norm:1"
STARTS = {"lstm": "glorot,b_f=2", "rnn": "glorot"}
"""Cell → how its parameters start."""
LEARNED = 0.01
HELD_OUT, HELD_OUT_SEED = 1000, 10**6


def learn(cell: str, seed: int, iterations: int) -> dict[str, object]:
    """One training; what came of it."""
    task = TASKS["adding"]
    model = Model.create(find(cell, "linear"), task.inputs, HIDDEN, task.outputs, seed, init=STARTS[cell], loss="mean")
    training = Training(
        model,
        task.stream(LENGTH, BATCH, seed),
        optimizer=OPTIMIZER,
        rate=RATE,
        clip=CLIP,
        iterations=iterations,
        holdout=task.make(LENGTH, HELD_OUT, HELD_OUT_SEED),
        every=50,
    )
    begun = time.process_time()
    training.run()
    # the engine's squared error is ½(z − y)²
    scores = {r.iteration: 2 * r.holdout.loss for r in training.records if r.holdout is not None}
    return {
        "cell": cell,
        "seed": seed,
        "error": round(scores[iterations], 6),
        "best": round(min(scores.values()), 6),
        "learned_at": next((n for n, error in scores.items() if error < LEARNED), None),
        "seconds": round(time.process_time() - begun, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="The adding problem at T = 50: lstm against rnn.")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=1500)
    given = parser.parse_args()
    found = []
    print("cell  seed  error    best     learned at  seconds")
    for cell in STARTS:
        for seed in range(given.seeds):
            row = learn(cell, seed, given.iterations)
            found.append(row)
            print(
                f"{cell:<4}  {seed:<4}  {row['error']:.5f}  {row['best']:.5f}  {row['learned_at'] or 'never':<10}  "
                f"{row['seconds']}",
                flush=True,
            )
    about = {
        "task": {"name": "adding", "length": LENGTH, "batch": BATCH},
        "hidden": HIDDEN,
        "optimizer": OPTIMIZER,
        "rate": RATE,
        "clip": CLIP,
        "init": STARTS,
        "iterations": given.iterations,
        "learned": f"mean squared error below {LEARNED} on {HELD_OUT} held-out sequences",
        "solved": {
            cell: sum(row["cell"] == cell and row["error"] < LEARNED for row in found)  # type: ignore[operator]
            for cell in STARTS
        },
        "of": given.seeds,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**about, "runs": found}, indent=1) + "\n")
    print(", ".join(f"{cell}: {count} of {given.seeds} learned" for cell, count in about["solved"].items()))  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
