"""How well a model does on sequences: the mean loss a target, and the share of targets that it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.functions import LOSSES
from bptt.model import Model
from bptt.sequences import coerce
from bptt.trace import trace


@dataclass(frozen=True, slots=True)
class Score:
    """What `score` found."""

    loss: float
    """L a target, whatever the model's own loss sums; NaN where there is no target."""
    accuracy: float | None
    """Of classes, the share of targets whose class has the largest score; of σ outputs, the share of units on the
    right side of ½; None for other values."""
    targets: int
    """How many there were."""


def score(model: Model, x: ArrayLike, y: ArrayLike, initial: Mapping[str, ArrayLike] | None = None) -> Score:
    """Run the model over sequences it was perhaps not trained on; arguments as in `bptt.trace`."""
    found = trace(model, x, y, initial)
    sequences = coerce(model, x, y)
    present = ~np.isnan(sequences.targets).any(axis=-1)
    count = int(present.sum())
    with np.errstate(all="ignore"):
        loss = float(found.values[model.cell.loss].sum()) / count if count else float("nan")
        right = _right(model, found.values[model.cell.prediction][present], sequences.targets[present])
    return Score(loss, float(right.mean()) if right is not None and count else None, count)


def _right(model: Model, predicted: NDArray[np.floating], targets: NDArray[np.floating]) -> NDArray[np.bool_] | None:
    """Whether each target, or each of its units, was met; (N, K) both."""
    function = LOSSES[model.cell.loss_functions[-1]]
    if function.classes:
        return np.asarray(predicted.argmax(axis=-1) == targets.argmax(axis=-1))
    return np.asarray((predicted > 0) == (targets > 0.5)) if function.output == "sigmoid" else None
