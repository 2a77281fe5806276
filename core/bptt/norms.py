"""How long arrays are, by norms that neither overflow nor vanish on their way, and how they lie to each other."""

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


def cosine(a: Array, b: Array) -> float:
    """The cosine of the angle between two arrays taken as vectors; 0 where one is 0."""
    scale = float(np.linalg.norm(a)) * float(np.linalg.norm(b))
    return float(np.sum(a * b)) / scale if scale else 0.0


def spectral_radius(matrix: Array) -> float:
    """The largest modulus of an eigenvalue; NaN where an entry is not finite, 0 of an empty matrix."""
    if not np.isfinite(matrix).all():
        return float("nan")
    return float(np.abs(np.linalg.eigvals(matrix)).max(initial=0.0))
