"""Nets trained with a wrong gradient, over many seeds: what lesson `bug-lab` shows as recorded.

    python -m benchmarks.faults [--seeds N]

prints a line a fault and writes lessons/data/faults.json. Each fault is planted into one backward line of the plain
recurrent network, which then learns a text by heart (`hello hello`: the median of its last losses), and delayed recall
over 12 steps (how many seeds end below a mean loss of 0.1). A seed draws parameters and batches. How far off a fault is
shows before the text is learned: the error ‖∇W wrong − ∇W‖ / ‖∇W‖ and the cosine of the two, medians and the worst, and
in how many seeds a step against all that the wrong gradients say would still go downhill.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np  # noqa: E402  # the number of threads is set before NumPy can be imported

import bptt  # noqa: E402  # the same
from bptt.faults import FAULTS, faulty  # noqa: E402  # the same

RESULTS = Path(__file__).parent.parent / "lessons" / "data" / "faults.json"
TEXT = "hello hello"
PLANTED = {
    "missing-future": "no future",
    "transpose": "W for Wᵀ",
    "square": "(1 − h)²",
    "order": "Wᵀ first",
    "index": "hₜ for hₜ₋₁",
    "no-slope": "no slope",
}
"""Fault → how tables call it. `overwrite` is not among them: what it makes of a loop, a sum over all times at once has
no room for."""
LENGTH, BATCH = 12, 16
SOLVED = 0.1
LINE = "{about:<48} off {error:<6} cosine {cosine:<6} downhill {downhill:>2} text {text:<8} recall {solved:>2}/{of}"


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a wrong gradient is from the true one."""

    error: float
    """‖∇W wrong − ∇W‖ / ‖∇W‖."""
    cosine: float
    """Of the angle between the two ∇W."""
    downhill: bool
    """Whether a small step against the wrong gradients of all parameters lowers the loss."""


def learner(cell: bptt.Cell, seed: int) -> tuple[bptt.Model, list[int], list[int]]:
    """A net of 8 units, what it reads of the text, and what it has to predict."""
    letters = sorted(set(TEXT))
    codes = [letters.index(letter) for letter in TEXT]
    model = bptt.Model.create(cell, len(letters), 8, len(letters), seed, loss="mean")
    return model, codes[:-1], codes[1:]


def distance(cell: bptt.Cell, seed: int) -> Distance:
    """Of the gradients of a cell with a fault from the true ones, where the learning of the text begins."""
    wrong, true = (bptt.trace(*learner(each, seed)).grads for each in (cell, bptt.CELLS["rnn"]))
    off, W = wrong["W"], true["W"]
    names = bptt.CELLS["rnn"].parameters
    return Distance(
        float(np.linalg.norm(off - W) / np.linalg.norm(W)),
        float((off * W).sum() / (np.linalg.norm(off) * np.linalg.norm(W))),
        bool(sum((wrong[name] * true[name]).sum() for name in names) > 0),
    )


def text_loss(cell: bptt.Cell, seed: int) -> float:
    """The mean loss of a text after 200 updates."""
    model, x, y = learner(cell, seed)
    training = bptt.Training(model, (x, y), optimizer="adam", rate=0.02, iterations=200)
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
    """A row: how far the gradient is off, the median loss of the text, and how many seeds solved the recall."""
    cell = bptt.CELLS["rnn"]
    if fault is not None:
        cell = faulty(cell, fault)
    off = [distance(cell, seed) for seed in range(seeds)]
    texts = [text_loss(cell, seed) for seed in range(seeds)]
    recalls = [recall_loss(cell, seed) for seed in range(seeds)]
    return {
        "label": PLANTED[fault] if fault is not None else "right",
        "about": FAULTS[fault].about if fault is not None else "nothing is wrong",
        "error": _short(median(one.error for one in off)),
        "error_most": _short(max(one.error for one in off)),
        "cosine": _short(median(one.cosine for one in off)),
        "cosine_least": _short(min(one.cosine for one in off)),
        "downhill": sum(one.downhill for one in off),
        "text": _short(median(texts)),
        "solved": sum(loss < SOLVED for loss in recalls),
        "of": seeds,
    }


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Nets trained with a wrong gradient.")
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    rows = {}
    for fault in (None, *PLANTED):
        name = fault.replace("-", "_") if fault is not None else "right"
        rows[name] = measured(fault, seeds)
        print(LINE.format(**rows[name]), flush=True)
    about = {
        "made_by": "python -m benchmarks.faults",
        "error_is": f"‖∇W wrong − ∇W‖ / ‖∇W‖ for {TEXT!r} before the training, median over the seeds",
        "text_is": f"median loss of {TEXT!r} after 200 updates, adam 0.02, 8 units",
        "solved_is": f"recall over {LENGTH} steps below {SOLVED} after 300 updates, adam 0.01, 6 units, W orthogonal",
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**about, **rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
