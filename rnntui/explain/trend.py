"""Whether a gradient that goes back has vanished or exploded on its way, as far as it has come."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
FAR = 1e3
"""A norm so many times smaller or larger than one before it has vanished or exploded."""


@dataclass(frozen=True, slots=True)
class Trend:
    """How a norm has changed."""

    exponent: int
    """The power of ten by which it has changed."""
    steps: int
    """Over how many times."""


def trend_of(norms: Array) -> Trend | None:
    """`norms`: (times,) in the order of time; the gradient goes back from the last to the first. None where it has
    neither vanished nor exploded, or is 0 or not finite."""
    if len(norms) < 2 or not np.isfinite(norms).all() or norms[0] <= 0:
        return None
    now, before = float(norms[0]), np.where(norms[1:] > 0, norms[1:], np.nan)
    if np.isnan(before).all():
        return None
    largest, least = int(np.nanargmax(before)), int(np.nanargmin(before))
    for place, is_far in ((largest, now * FAR <= before[largest]), (least, now >= FAR * before[least])):
        if is_far:
            return Trend(round(math.log10(now) - math.log10(float(before[place]))), place + 1)
    return None
