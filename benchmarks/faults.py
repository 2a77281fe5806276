"""Nets trained with a wrong gradient, over many seeds: what lesson `bug-lab` shows as recorded.

    python -m benchmarks.faults [--seeds N]

prints a line a fault and writes lessons/data/faults.json. Each fault is planted into one backward line of the plain
recurrent network, which then learns a text by heart (`hello hello`: the median of its last losses), and delayed recall
over 12 steps (how many seeds end below a mean loss of 0.1). A seed draws parameters and batches.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from statistics import median

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np  # noqa: E402  # the number of threads is set before NumPy can be imported

import bptt  # noqa: E402  # the same
from bptt.faults import FAULTS, faulty  # noqa: E402  # the same

RESULTS = Path(__file__).parent.parent / "lessons" / "data" / "faults.json"
TEXT = "hello hello"
PLANTED = ("missing-future", "order", "transpose", "square", "no-slope", "index")
"""`overwrite` is not among them: what it makes of a loop, a sum over all times at once has no room for."""
LENGTH, BATCH = 12, 16
SOLVED = 0.1


def text_loss(cell: bptt.Cell, seed: int) -> float:
    """The mean loss of a text after 200 updates."""
    letters = sorted(set(TEXT))
    codes = [letters.index(letter) for letter in TEXT]
    model = bptt.Model.create(cell, len(letters), 8, len(letters), seed, loss="mean")
    training = bptt.Training(model, (codes[:-1], codes[1:]), optimizer="adam", rate=0.02, iterations=200)
    training.run()
    return float(training.records[-1].loss)


def recall_loss(cell: bptt.Cell, seed: int) -> float:
    """The mean loss of the last ten of 300 updates on delayed recall."""
    task = bptt.TASKS["recall"]
    init = {"W": {"orthogonal": 1.0}}
    model = bptt.Model.create(cell, task.inputs, 6, task.outputs, seed, init=init, loss="mean")
    data = task.stream(LENGTH, BATCH, seed)
    training = bptt.Training(model, data, optimizer="adam", rate=0.01, iterations=300)
    training.run()
    return float(np.mean([record.loss for record in training.records[-10:]]))


def measured(fault: str | None, seeds: int) -> dict[str, object]:
    """A row: the median loss of the text, and how many seeds solved the recall."""
    cell = bptt.CELLS["rnn"]
    if fault is not None:
        cell = faulty(cell, fault)
    texts = [text_loss(cell, seed) for seed in range(seeds)]
    recalls = [recall_loss(cell, seed) for seed in range(seeds)]
    return {
        "about": FAULTS[fault].about if fault is not None else "nothing is wrong",
        "text": float(f"{median(texts):.3g}"),
        "solved": sum(loss < SOLVED for loss in recalls),
        "of": seeds,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Nets trained with a wrong gradient.")
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    rows = {}
    for fault in (None, *PLANTED):
        name = fault.replace("-", "_") if fault is not None else "right"
        rows[name] = measured(fault, seeds)
        print("{about:<48} text {text:<8} recall {solved:>2}/{of}".format(**rows[name]), flush=True)
    about = {
        "made_by": "python -m benchmarks.faults",
        "text_is": f"median loss of {TEXT!r} after 200 updates, adam 0.02, 8 units",
        "solved_is": f"recall over {LENGTH} steps below {SOLVED} after 300 updates, adam 0.01, 6 units, W orthogonal",
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**about, **rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
