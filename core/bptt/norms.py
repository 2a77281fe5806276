"""Euclidean norms that neither overflow nor vanish on their way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def lengths(values: Array) -> Array:
    """The Euclidean norm along the last axis. Divided by the largest first: the squares of 1e±200 do not fit into a
    float."""
    with np.errstate(all="ignore"):
        size = np.abs(values).max(axis=-1, initial=0.0)
        scale = np.where((size > 0) & np.isfinite(size), size, 1.0)
        return np.asarray(scale * np.sqrt(np.square(values / scale[..., None]).sum(axis=-1)))
