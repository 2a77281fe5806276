"""The number at the end of a colour ramp, so that one colour means one size within a picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnntui.explain.tile_plan import Column, Family, Operator, TilePlan

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Scale:
    """The scales of one picture: values go to 1 where they stay within it, gradients share one, and a matrix of
    parameters has its own."""

    gradient: float

    def of(self, numbers: Array, family: Family, is_matrix: bool) -> float:
        """The scale of one vector or matrix."""
        if family == "unit":
            return 1.0
        if family == "gradient":
            return self.gradient
        size = largest((numbers,))
        return size if is_matrix or size > 1 else 1.0


def largest(arrays: Iterable[Array]) -> float:
    """The largest finite magnitude; 0 where there is none."""
    found = 0.0
    for array in arrays:
        size = np.abs(array)
        found = max(found, float(size.max(initial=0.0, where=np.isfinite(size))))
    return found


def scale_of(plan: TilePlan) -> Scale:
    """The scales of a plan: its gradients together."""
    items = [item for line in plan.lines for item in line if not isinstance(item, Operator)]
    return Scale(largest(item.values for item in items if item.family == "gradient" and isinstance(item, Column)))
