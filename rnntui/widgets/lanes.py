"""Several units drawn as one: what stands for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Lanes = Sequence[tuple[int, int]]
"""(first unit, unit after the last) of each lane, side by side from unit 0 on."""


def largest_of(values: Array, lanes: Lanes) -> Array:
    """(column, lane): of values (column, unit) the one of largest magnitude among each lane's units, with its sign."""
    starts = [first for first, _ in lanes]
    high, low = np.maximum.reduceat(values, starts, axis=1), np.minimum.reduceat(values, starts, axis=1)
    return np.where(-low > high, low, high)


def mean_of(values: Array, lanes: Lanes) -> Array:
    """(column, lane): the mean of each lane's units."""
    with np.errstate(all="ignore"):
        sums = np.add.reduceat(values, [first for first, _ in lanes], axis=1)
        return np.asarray(sums / [end - first for first, end in lanes])
