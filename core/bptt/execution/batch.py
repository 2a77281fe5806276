"""The arguments of a run made ready for the fast path: in a few calls where they are good already."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.execution.workspace import Loaded
from bptt.model import Model
from bptt.normalisers import check_normalisers
from bptt.sequences import LONGEST, coerce, coerce_initial

MANY = 1 << 24
"""Components of targets above which all checks are made."""


def read(model: Model, x: ArrayLike, y: ArrayLike, initial: Mapping[str, ArrayLike] | None) -> Loaded:
    """Arguments as in `Run`; InputError where they do not fit the model. What is returned may be the caller's own."""
    batch = _ready(model, x, y) if not initial else None
    return batch if batch is not None else _checked(model, x, y, initial)


def _ready(model: Model, x: ArrayLike, y: ArrayLike) -> Loaded | None:
    """Arrays that need no more than a look; None for all others, good or not."""
    if type(x) is not np.ndarray or type(y) is not np.ndarray or x.dtype != model.dtype or not model.execution.plain:
        return None
    shape = x.shape if x.ndim == 3 else (len(x), 1, x.shape[-1]) if x.ndim == 2 else (0, 0, 0)
    T, B, D = shape
    fits = y.shape == (T, B) or (y.shape == (T,) and B == 1)
    if not fits or not T * B > 0 or T > LONGEST or T * B * model.outputs > MANY or model.inputs != D:
        return None
    flat = x.reshape(-1)
    # a NaN or an infinity anywhere in x shows in the sum of squares
    if y.dtype != np.int64 or not x.flags.c_contiguous or not flat.dot(flat) < np.inf:
        return None
    lowest = y.item(y.argmin())
    if lowest < -1 or y.item(y.argmax()) >= model.outputs:
        return None
    rows, classes = x.reshape(shape), y.reshape(T, B)
    if lowest >= 0:
        return rows, classes, {}, None, model.weight(T * B)
    present = classes >= 0
    return rows, classes, {}, ~present[..., None], model.weight(int(present.sum()))


def _checked(model: Model, x: ArrayLike, y: ArrayLike, initial: Mapping[str, ArrayLike] | None) -> Loaded:
    sequences = coerce(model, x, y)
    states = coerce_initial(model, initial, sequences.B)
    check_normalisers(model, sequences.B)
    absent: NDArray[np.bool_] = sequences.wanted.present == 0
    missing = int(absent.sum())
    given = {name: states[name] for name in initial or ()}
    weight = model.weight(absent.size - missing)
    return sequences.x, sequences.y, given, absent if missing else None, weight
