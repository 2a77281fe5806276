"""The number at the end of each tile's colour ramp: the same as in the Score, so that one number has one colour."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from rnntui.explain.scales import Scales
from rnntui.explain.tile_plan import Column, Matrix, Row, TilePlan

Array = NDArray[np.floating]


class Scale:
    """The scales of one plan's tiles. A variable has that of the whole run; what is computed from several has that
    of the left-hand side; matrices of one kind share their own."""

    def __init__(self, plan: TilePlan, scales: Scales, target: str) -> None:
        """`target`: the variable on the left-hand side; empty for a parameter's gradient."""
        self._scales = scales
        self._target = target
        matrices = [item for line in plan.lines for item in line if isinstance(item, Matrix)]
        self._shares = largest(item.values for item in matrices if item.family == "gradient")

    def of(self, item: Column | Matrix | Row) -> float:
        """The scale of one item."""
        if item.family == "unit":
            return 1.0
        if isinstance(item, Matrix):
            return self._shares if item.family == "gradient" else largest((item.values,))
        name = item.name if isinstance(item, Column) else ""
        if item.family == "gradient" and (name or self._target):
            return self._scales.gradient(name or self._target)
        if name:
            return self._scales.value(name)
        size = largest((item.values,))
        return size if item.family == "gradient" else max(size, 1.0)


def largest(arrays: Iterable[Array]) -> float:
    """The largest finite magnitude; 0 where there is none."""
    found = 0.0
    for array in arrays:
        size = np.abs(array)
        found = max(found, float(size.max(initial=0.0, where=np.isfinite(size))))
    return found
