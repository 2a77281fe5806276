"""Finite differences: the derived gradients against central differences of the loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.edits import Edit
from bptt.model import Model
from bptt.run import Run

Array = NDArray[np.floating]


STEP = 1e-6
"""How far a number is moved to either side."""


def numeric_gradient(
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    parameter: str,
    step: float = STEP,
    initial: Mapping[str, ArrayLike] | None = None,
    edits: Sequence[Edit] = (),
    forward: bool = False,
) -> Array:
    """∂loss/∂parameter by central differences (L(w + step) − L(w − step)) / 2 step, or by those from w `forward`, one
    entry at a time; `edits`: of variables, made in every run."""
    numeric = np.zeros_like(model.parameters[parameter])
    for place in np.ndindex(numeric.shape):
        losses = []
        for sign in (1, 0 if forward else -1):
            moved = {name: array.copy() for name, array in model.parameters.items()}
            moved[parameter][place] += sign * step
            losses.append(_loss(model.replaced(moved), x, y, initial, edits))
        numeric[place] = (losses[0] - losses[1]) / (step if forward else 2 * step)
    return numeric


def gradcheck(
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    step: float = STEP,
    initial: Mapping[str, ArrayLike] | None = None,
) -> dict[str, float]:
    """Parameter → ‖analytic − numeric‖ / (‖analytic‖ + ‖numeric‖), 0 where both are 0.

    Raises InputError where x, y or initial do not fit the model."""
    trace = Run(model, x, y, initial).trace()
    return {
        name: relative_error(trace.grads[name], numeric_gradient(model, x, y, name, step, initial))
        for name in model.parameters
    }


def relative_error(a: Array, b: Array) -> float:
    """‖a − b‖ / (‖a‖ + ‖b‖), 0 where both are 0."""
    with np.errstate(all="ignore"):
        scale = float(np.linalg.norm(a) + np.linalg.norm(b))
        return float(np.linalg.norm(np.asarray(a) - b)) / scale if scale else 0.0


def _loss(
    model: Model, x: ArrayLike, y: ArrayLike, initial: Mapping[str, ArrayLike] | None, edits: Sequence[Edit]
) -> float:
    run = Run(model, x, y, initial, edits=edits)
    run.fill(run.schedule.known)
    return run.loss
