"""The time axis of the Score: which times stand in which columns of the screen."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

LADDER = (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
"""Screen columns a time; the first that fits is taken."""
NUMBERS = {1: 1, 2: 2, 3: 2, 4: 3, 5: 4, 6: 4, 7: 5, 8: 5, 9: 5, 10: 6}
"""Screen columns a time → those of its tile; the rest is the gap, for edges and marks."""
WRITTEN_FROM = 3
"""A tile this wide carries its number."""


@dataclass(frozen=True)
class Columns:
    """Where times stand. A column is one time, or in a run that does not fit several that are drawn as one."""

    gutter: int
    """Screen columns for the names."""
    pitch: int
    """From one column to the next."""
    number: int
    """Of these, the tile's."""
    starts: tuple[int, ...]
    """The first time of each column that is visible."""
    end: int
    """The time after the last that is visible."""
    T: int

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def gap(self) -> int:
        """Screen columns between two tiles."""
        return self.pitch - self.number

    @property
    def written(self) -> bool:
        """Whether tiles carry numbers."""
        return self.number >= WRITTEN_FROM

    @property
    def heading(self) -> str:
        """`t`, or `t/16` where 16 times are one column."""
        per = self.T / len(self) if self.joined else 1
        return "t" if per == 1 else f"t/{per:.0f}" if per >= 10 or per == int(per) else f"t/{per:.1f}"

    @cached_property
    def joined(self) -> bool:
        """Whether a column is more than one time."""
        return self.end - self.starts[0] > len(self)

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """The time after the last of each column."""
        return (*self.starts[1:], self.end)

    def x(self, column: int) -> int:
        """The screen column where a column's tile begins."""
        return self.gutter + column * self.pitch

    def of(self, t: int) -> int | None:
        """The column of a time; None where it is not visible."""
        return bisect_right(self.starts, t) - 1 if self.starts[0] <= t < self.end else None

    def under(self, x: int) -> int | None:
        """The column nearest to a screen column; None left and right of them all."""
        column = (x - self.gutter + self.gap // 2) // self.pitch
        inside = self.gutter - self.gap // 2 <= x and 0 <= column < len(self)
        return column if inside else None

    def largest(self, values: Array, first: int, end: int) -> Array:
        """(column, unit): of values (T, unit) the one of largest magnitude among a column's times first ≤ t < end; 0
        where there is no such time."""
        if not self.joined:
            return values[self.starts[0] - 1 : self.end - 1]
        found, part, rows = self._parts(values, first, end)
        if len(rows):
            high = np.maximum.reduceat(values[: end - 1], rows)
            low = np.minimum.reduceat(values[: end - 1], rows)
            found[part] = np.where(-low > high, low, high)
        return found

    def edges(self, first: int, end: int) -> tuple[slice, tuple[int, ...]]:
        """(the columns with times first ≤ t < end, the times between which these lie: one more)."""
        inside = [n for n, (a, b) in enumerate(zip(self.starts, self.ends, strict=True)) if a < end and b > first < end]
        if not inside:
            return slice(0, 0), ()
        part = slice(inside[0], inside[-1] + 1)
        return part, (max(first, self.starts[part.start]), *self.starts[part][1:], min(end, self.ends[part.stop - 1]))

    def mean(self, values: Array, first: int, end: int) -> Array:
        """The same with the mean."""
        if not self.joined:
            return values[self.starts[0] - 1 : self.end - 1]
        found, part, rows = self._parts(values, first, end)
        if len(rows):
            with np.errstate(all="ignore"):
                counts = np.diff(np.append(rows, end - 1))[:, None]
                found[part] = np.add.reduceat(values[: end - 1], rows) / counts
        return found

    def _parts(self, values: Array, first: int, end: int) -> tuple[Array, slice, NDArray[np.intp]]:
        """(zeros for each column, the columns with times first ≤ t < end, the row where each of these begins)."""
        begins, ends = np.asarray(self.starts), np.asarray(self.ends)
        inside = np.flatnonzero((begins < end) & (ends > first)) if first < end else np.empty(0, int)
        part = slice(int(inside[0]), int(inside[-1]) + 1) if len(inside) else slice(0, 0)
        return np.zeros((len(self), values.shape[1])), part, np.maximum(begins[part], first) - 1


def columns_of(
    T: int, width: int, gutter: int, zoom: int, t: int, first: int | None = None, stretches: tuple[int, ...] = ()
) -> Columns:
    """The columns for T times in `width` screen columns. `zoom`: how many of these a time gets, 0 for what shows the
    whole run; where not all are visible, `t`: the time that must be, or `first`: the one to begin with; `stretches`:
    the times at which a column of several may begin, any where it is empty."""
    gutter = min(gutter, max(0, width - 1))
    room = max(1, width - gutter)
    pitch = min(zoom, room) or next((p for p in LADDER if _length(T, p) <= room), 0)
    if not pitch:
        starts = tuple(1 + column * T // room for column in range(room))
        if stretches:
            starts = tuple(dict.fromkeys(stretches[bisect_right(stretches, t) - 1] for t in starts))
        return Columns(gutter, 1, 1, starts, T + 1, T)
    number = NUMBERS.get(pitch, min(8, pitch - 4))
    count = next((n for n in range(min(T, room // pitch + 1), 1, -1) if _length(n, pitch) <= room), 1)
    first = _first(T, count, t) if first is None else min(max(1, first), T - count + 1)
    return Columns(gutter, pitch, number, tuple(range(first, first + count)), first + count, T)


def widest(T: int, gutter: int, zoom: int = 0) -> int:
    """The screen columns in which T times are as wide as they ever are, or as wide as `zoom` asks for."""
    return gutter + _length(T, max(zoom, LADDER[0]))


def _length(count: int, pitch: int) -> int:
    """Screen columns of `count` tiles, the mark beside the last one included."""
    gap = pitch - NUMBERS.get(pitch, min(8, pitch - 4))
    return count * pitch - gap + min(gap, 1)


def _first(T: int, count: int, t: int) -> int:
    """The first time of a window of `count`: it moves on by half its length, so that it stands still while one steps
    and t has neighbours on both sides."""
    half = max(1, count // 2)
    return min(max(1, (t - 1) // half * half - count // 4 + 1), max(1, T - count + 1))
