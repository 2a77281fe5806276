"""Whether truncated backpropagation generalises better, over many seeds: what lesson `truncated` shows as recorded.

    python -m benchmarks.truncation [--seeds N]

prints a line a window and writes lessons/data/truncation.json. Two tasks are learned with full backpropagation through
time and with windows, one update a pass, everything else alike; a seed draws parameters and batches:

- `text`: most of a short text (lessons/data/village.txt, written for this) is learned by heart, its last third is held
  out. Medians of the mean loss a letter: on what was learned, on what was held out, and the lowest of that on the way.
  The `wins` count the seeds in which it is lower than with full backpropagation from the same start; `stopped_wins`
  those in which the lowest on the way with full backpropagation is below the window's at the end.
- `recall`: a letter is to be named 11 steps after it was shown, in sequences that are new at each update, so that
  nothing can be learned by heart. Solved is a mean loss below 0.1 over the last ten updates.
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
from numpy.typing import NDArray  # noqa: E402  # the same

import bptt  # noqa: E402  # the same

DATA = Path(__file__).parent.parent / "lessons" / "data"
RESULTS = DATA / "truncation.json"
TEXT = DATA / "village.txt"
LENGTH, HIDDEN = 60, 16
"""Letters of one sequence: each begins in h[0] = 0, so that full backpropagation reaches 60 letters back."""
RATE, UPDATES, EVERY = 0.02, 150, 5
WINDOWS = (None, 20, 10, 5, 2)
RECALL, RECALL_HIDDEN, RECALL_BATCH, RECALL_RATE, RECALL_UPDATES = 12, 8, 32, 0.01, 300
RECALL_WINDOWS = (None, 6, 4, 2, 1)
SOLVED = 0.1

Pair = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one training on the text: losses a letter."""

    known: float
    later: float
    best: float
    """The lowest that `later` was on the way."""
    updates: int
    """After how many updates that was."""


def sequences(letters: str, text: str) -> Pair:
    """(LENGTH, sequences): the letters of a text as whole numbers, and the letter after each; an incomplete last
    sequence is left out."""
    codes = np.array([letters.index(letter) for letter in text])
    count = (len(codes) - 1) // LENGTH
    x, y = (codes[shift : shift + count * LENGTH].reshape(count, LENGTH).T for shift in (0, 1))
    return x, y


def parts() -> tuple[str, Pair, Pair]:
    """The letters there are; the lines that are learned; the last third, held out."""
    text = TEXT.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    letters = "".join(sorted(set(text)))
    third = len(lines) // 3
    return letters, sequences(letters, "".join(lines[:-third])), sequences(letters, "".join(lines[-third:]))


def learn_text(window: int | None, seed: int) -> Outcome:
    """One training on the text."""
    letters, known, later = parts()
    model = bptt.Model.create("rnn", len(letters), HIDDEN, len(letters), seed, loss="mean")
    training = bptt.Training(
        model,
        known,
        optimizer="adam",
        rate=RATE,
        clip={"norm": 1.0},
        iterations=UPDATES,
        window=window,
        holdout=later,
        every=EVERY,
    )
    training.run()
    scores = [(record.holdout.loss, record.iteration) for record in training.records if record.holdout]
    best, updates = min(scores)
    return Outcome(float(training.records[-1].loss), scores[-1][0], best, updates)


def learn_recall(window: int | None, seed: int) -> float:
    """The mean loss of the last ten updates of one training on delayed recall."""
    task = bptt.TASKS["recall"]
    init = {"W": {"orthogonal": 1.0}}
    model = bptt.Model.create("rnn", task.inputs, RECALL_HIDDEN, task.outputs, seed, init=init, loss="mean")
    training = bptt.Training(
        model,
        task.stream(RECALL, RECALL_BATCH, seed),
        optimizer="adam",
        rate=RECALL_RATE,
        clip={"norm": 1.0},
        iterations=RECALL_UPDATES,
        window=window,
    )
    training.run()
    return float(np.mean([record.loss for record in training.records[-10:]]))


def texts(seeds: int) -> dict[str, dict[str, object]]:
    """A row for each window: medians over the seeds, and in how many it did better than full backpropagation."""
    rows: dict[str, dict[str, object]] = {}
    full: list[Outcome] = []
    for window in WINDOWS:
        found = [learn_text(window, seed) for seed in range(seeds)]
        full = full or found
        pairs = list(zip(found, full, strict=True))
        rows[_name(window)] = {
            "label": _label(window),
            "known": _short([one.known for one in found]),
            "later": _short([one.later for one in found]),
            "best": _short([one.best for one in found]),
            "updates": median(one.updates for one in found),
            "later_wins": sum(one.later < other.later for one, other in pairs),
            "best_wins": sum(one.best < other.best for one, other in pairs),
            "known_wins": sum(one.known < other.known for one, other in pairs),
            "stopped_wins": sum(other.best < one.later for one, other in pairs),
        }
        print(
            "text   {label:<10} known {known:<6} later {later:<6} best {best:<6}".format(**rows[_name(window)]), end=""
        )
        print(" lower in {later_wins}, {best_wins}".format(**rows[_name(window)]), flush=True)
    return rows


def recalls(seeds: int) -> dict[str, dict[str, object]]:
    """A row for each window: how many seeds solved it."""
    rows: dict[str, dict[str, object]] = {}
    for window in RECALL_WINDOWS:
        losses = [learn_recall(window, seed) for seed in range(seeds)]
        rows[_name(window)] = {
            "label": _label(window),
            "loss": _short(losses),
            "solved": sum(loss < SOLVED for loss in losses),
        }
        print("recall {label:<10} solved {solved:>2}  loss {loss}".format(**rows[_name(window)]), flush=True)
    return rows


def _name(window: int | None) -> str:
    return "full" if window is None else f"w{window}"


def _label(window: int | None) -> str:
    return "all of it" if window is None else f"window {window}"


def _short(values: list[float]) -> float:
    return float(f"{median(values):.3g}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Truncated against full backpropagation through time.")
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    about = {
        "made_by": "python -m benchmarks.truncation",
        "of": seeds,
        "text_is": f"rnn of {HIDDEN} units, {UPDATES} updates, adam {RATE}, clip norm 1, sequences of {LENGTH} letters",
        "recall_is": f"recall over {RECALL} steps, rnn of {RECALL_HIDDEN} units, W orthogonal, "
        f"{RECALL_UPDATES} updates, adam {RECALL_RATE}",
        "solved_is": f"mean loss below {SOLVED} over the last ten updates",
    }
    found = {**about, "text": texts(seeds), "recall": recalls(seeds)}
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
