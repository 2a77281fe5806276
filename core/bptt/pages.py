"""Segments of a tape: each an array of its own, computed when it is looked at and then dropped again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.expressions import Grad, Var, walk
from bptt.segments import Segment
from bptt.tape import Tape

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Reach:
    """How many times before and after its own the equations of a time read."""

    before: Mapping[str, int]
    """Variable → earlier values."""
    values: Mapping[str, int]
    """Variable → later values: the slopes that a gradient meets on its way back."""
    gradients: Mapping[str, int]
    """Variable → later gradients."""

    @classmethod
    def of(cls, cell: Cell) -> Reach:
        """Of all equations of a cell."""
        values: dict[str, int] = {}
        gradients: dict[str, int] = {}
        for terms in cell.terms.values():
            for term in terms:
                for node in walk(term.expression):
                    if isinstance(node, Var | Grad) and node.lag < 0:
                        found = gradients if isinstance(node, Grad) else values
                        found[node.name] = max(found.get(node.name, 0), -node.lag)
                # an edit puts v° in the place of v, see `edited.passed`
                gradients[term.consumer] = max(gradients.get(term.consumer, 0), term.lag)
        return cls(cell.lags, values, {name: lag for name, lag in gradients.items() if lag})


class Page(Tape):
    """Times lo…hi of a tape, with the rows around them that their equations read."""

    def __init__(
        self, segment: Segment, B: int, sizes: Mapping[str, int], reach: Reach, dtype: np.dtype[np.floating]
    ) -> None:
        """`sizes`: variable → units."""
        self.segment = segment
        self.has_gradients = False
        self.B = B
        lo, hi = segment.lo, segment.hi
        self.T = hi
        earlier = {name: reach.before.get(name, 0) for name in sizes}
        self.before = {name: rows + 1 - lo for name, rows in earlier.items()}
        rows = {name: earlier[name] + hi - lo + 1 for name in sizes}
        self.values = {n: np.zeros((rows[n] + reach.values.get(n, 0), B, size), dtype) for n, size in sizes.items()}
        self.gradients = {
            n: np.zeros((rows[n] + reach.gradients.get(n, 0), B, size), dtype) for n, size in sizes.items()
        }

    def holds(self, name: str, t: int, gradient: bool) -> bool:
        """Whether it can be read here; what stands after its times is only for its own equations."""
        if gradient:
            first = 1 - self.before[name] if self.segment.lo == 1 else self.segment.lo
            return self.has_gradients and first <= t <= self.segment.hi
        return 1 - self.before[name] <= t <= self.segment.hi


class Writer(Protocol):
    """What computes a page."""

    def values(self, page: Page) -> None:
        """Its values, from those before it."""

    def gradients(self, page: Page) -> None:
        """Its gradients, from its values and from what stands after it."""
