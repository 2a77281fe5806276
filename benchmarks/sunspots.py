"""The trained net in which lesson `your-own-model` looks for the reason why a unit forgets.

    python -m benchmarks.sunspots [--seeds N]

writes lessons/data/sunspots_lstm.npz: an LSTM of four units that learned to say next year's number of sunspots from
this year's, in 45 windows of 25 years between 1700 and 1949. The forget gate of its last unit began shut. The later
years are what it is tested on. In lessons/data/sunspots.json stands in how many of other seeds that gate stays shut,
and in how many of those it matters.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
from pathlib import Path

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import numpy as np  # noqa: E402  # the number of threads is set before NumPy can be imported
from numpy.typing import NDArray  # noqa: E402  # the same

import bptt  # noqa: E402  # the same
from bptt.cells import find  # noqa: E402  # the same

DATA = Path(__file__).parent.parent / "lessons" / "data"
YEARS = DATA / "sunspots.csv"
NET = DATA / "sunspots_lstm.npz"
RESULTS = DATA / "sunspots.json"
KNOWN = 250
"""So many years are learned from."""
WINDOWS, LENGTH, EVERY = 45, 25, 5
HIDDEN, SEED = 4, 11
FORGET = [1.0, 1.0, 1.0, -4.0]
"""Where the biases of the forget gates begin."""
RATE, UPDATES = 0.02, 300

Array = NDArray[np.float64]


def hundreds() -> Array:
    """(years,): hundreds of sunspots a year, from 1700."""
    with YEARS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return np.array([float(row["sunspots"]) for row in rows]) / 100


def windows(years: Array) -> tuple[Array, Array]:
    """(LENGTH, WINDOWS, 1) each: this year's number, and the next one's."""
    x, y = (
        np.stack([years[at + shift :][:LENGTH] for at in range(0, WINDOWS * EVERY, EVERY)], axis=1)[..., None]
        for shift in (0, 1)
    )
    return x, y


def trained(seed: int) -> bptt.Model:
    """After its training."""
    model = bptt.Model.create(find("lstm", "linear"), 1, HIDDEN, 1, seed, init={"b_f": FORGET}, loss="mean")
    training = bptt.Training(
        model, windows(hundreds()), optimizer="adam", rate=RATE, clip={"norm": 1.0}, iterations=UPDATES
    )
    training.run()
    return training.model


def examined(model: bptt.Model) -> tuple[float, float]:
    """In which share of the years that it learned from the last unit's forget gate is below 0.1; and how many times the
    loss on them it makes to open that gate by a bias of 2."""
    years = hundreds()[:KNOWN, None, None]
    found = bptt.trace(model, years[:-1], years[1:])
    bias = model.parameters["b_f"].copy()
    bias[-1] = 2.0
    opened = bptt.trace(model.replaced({**model.parameters, "b_f": bias}), years[:-1], years[1:])
    return float((found.values["f"][:, 0, -1] < 0.1).mean()), float(opened.loss / found.loss)


def main() -> None:
    parser = argparse.ArgumentParser(description="An LSTM that says next year's sunspots, and others like it.")
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    np.savez(NET, **trained(SEED).parameters)
    shut = []
    for seed in range(seeds):
        share, times = examined(trained(seed))
        print(f"seed {seed:>2}: the gate is shut in {share:4.0%} of the years; opened it makes the loss × {times:.3g}")
        if share > 0.95:
            shut.append(times)
    about = {
        "made_by": "python -m benchmarks.sunspots",
        "of": seeds,
        "shut_is": "the forget gate of the last unit is below 0.1 in more than 95 % of the years 1700 to 1949",
        "shut": len(shut),
        "doubled_is": "of those, opening the gate by a bias of 2 at least doubles the loss on these years",
        "doubled": sum(times >= 2 for times in shut),
        "unchanged_is": "of those, it changes the loss by less than a half",
        "unchanged": sum(times < 1.5 for times in shut),
    }
    RESULTS.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
