"""The place of every cell of the blame matrix: which times stand in which rows and columns of the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnntui.widgets.columns import Columns, columns_of
from rnntui.widgets.lanes import largest_of

Array = NDArray[np.floating]
TALLEST = 3
"""Screen rows that one time gets at most."""
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True)
class Grid:
    """Times k from left to right, times t of losses from top to bottom; where T is large a cell is several of both."""

    columns: Columns
    lanes: tuple[tuple[int, int], ...]
    """(first, after the last) row of the matrix, from 0, of each lane."""
    halves: bool
    """Whether a screen row is two lanes."""
    tall: int
    """Screen rows of a lane where it is not half a one."""

    @property
    def height(self) -> int:
        """Screen rows of the matrix."""
        return -(-len(self.lanes) // 2) if self.halves else len(self.lanes) * self.tall

    @property
    def numbered(self) -> bool:
        """Whether cells carry numbers."""
        return self.columns.written and not self.halves and not self.columns.joined

    def lanes_of(self, row: int) -> tuple[int, ...]:
        """The lanes in a screen row."""
        if not self.halves:
            return (row // self.tall,)
        return tuple(lane for lane in (2 * row, 2 * row + 1) if lane < len(self.lanes))

    def row_of(self, t: int) -> int:
        """The first screen row of a loss."""
        lane = self.lane_of(t)
        return lane // 2 if self.halves else lane * self.tall

    def lane_of(self, t: int) -> int:
        """The lane of a loss."""
        return next(lane for lane, (_, end) in enumerate(self.lanes) if t <= end)

    def pooled(self, norms: Array) -> Array:
        """(lane, column): the largest of the norms (T, T) in each cell."""
        T = len(norms)
        return largest_of(self.columns.largest(norms.T, 1, T + 1), self.lanes).T

    def inside(self) -> NDArray[np.bool_]:
        """(lane, column): which cells have a pair with k ≤ t."""
        last = np.array([end for _, end in self.lanes])
        return np.asarray(np.array(self.columns.starts)[None, :] <= last[:, None])

    def kept(self, reach: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(lane, column): which cells have a pair that is not cut, where the loss of t is carried back to
        reach[t − 1]."""
        first, last = (np.array(ends)[:, None] for ends in zip(*self.lanes, strict=True))
        # reach never falls: the earliest loss of a cell reaches farthest
        t = np.maximum(first + 1, np.array(self.columns.starts)[None, :])
        return np.asarray((t <= last) & (reach[np.minimum(t, last) - 1] < np.array(self.columns.ends)[None, :]))

    def labelled(self) -> Iterator[tuple[int, int]]:
        """(screen row, time) of the losses that are written beside their row: all, or round ones a row apart."""
        times = len(self.lanes) and self.lanes[-1][1]
        per = times / max(1, self.height) * self.tall
        apart = next((step for step in _STEPS if step >= per * (1 if per <= 1 else 2)), _STEPS[-1])
        last = -2
        for row in range(self.height):
            lanes = self.lanes_of(row)
            first, end = self.lanes[lanes[0]][0] + 1, self.lanes[lanes[-1]][1]
            t = 1 if row == 0 else -(-first // apart) * apart
            if t <= end and (row - last > 1 or apart == 1) and row == self.row_of(t):
                yield row, t
                last = row


def grid_of(T: int, width: int, height: int, gutter: int, inked: bool) -> Grid:
    """The largest grid that fits. `inked`: there are no half blocks."""
    columns = columns_of(T, width, gutter, 0, 1)
    height = max(1, height)
    if height >= T:
        return Grid(columns, tuple((t, t + 1) for t in range(T)), False, min(TALLEST, height // T))
    count = min(T, height if inked else 2 * height)
    lanes = tuple((n * T // count, (n + 1) * T // count) for n in range(count))
    return Grid(columns, lanes, not inked, 1)
