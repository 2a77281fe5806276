"""Paints a strip: iterations from left to right, times or parameters from top to bottom, sizes as colour or ink."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rnntui.explain.scales import parts_of
from rnntui.safe import clean, cut
from rnntui.training.progress import Strip
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.ink import ink
from rnntui.widgets.iteration_columns import IterationColumns
from rnntui.widgets.log_axis import tick_text
from rnntui.widgets.palette import LEVELS, Family, Palette

Array = NDArray[np.floating]
DECADES = 8
"""What is smaller than the largest by more than these is as dark as nothing."""
_MIDDLE = LEVELS // 2
_SCALE = 8
"""Columns of the scale in the heading."""


class StripPainter:
    """One strip in so many rows and columns."""

    def __init__(self, strip: Strip, palette: Palette, columns: IterationColumns, rows: int, done: int) -> None:
        self._strip = strip
        self._palette = palette
        self._columns = columns
        self._family: Family = "gradient" if strip.gradient else "unit"
        self._done = done
        self._room = rows

    @property
    def height(self) -> int:
        """Rows that it takes, its heading not counted."""
        count = len(self._strip.labels)
        return min(self._room, -(-count // 2) if self._halves else count)

    @property
    def _halves(self) -> bool:
        """Whether a row of the screen is two rows of the strip."""
        return len(self._strip.labels) > self._room and not self._palette.inked

    @cached_property
    def _edges(self) -> NDArray[np.int64]:
        """(n + 1,): where each row, or half row, of the picture begins and the last ends."""
        count = len(self._strip.labels)
        shown = min(count, self.height * (2 if self._halves else 1))
        return np.rint(np.linspace(0, count, shown + 1)).astype(np.int64)

    def row_at(self, y: int) -> int:
        """The strip's row that is shown in the y-th row, held within it."""
        place = min(max(0, y), self.height - 1) * (2 if self._halves else 1)
        return int(self._edges[min(place, len(self._edges) - 2)])

    @cached_property
    def _range(self) -> tuple[float, float]:
        """The sizes at the two ends of the ramp."""
        found = self._strip.rows[np.isfinite(self._strip.rows) & (self._strip.rows > 0)]
        if not len(found):
            return 0.1, 1.0
        high = float(found.max())
        if not self._strip.gradient:
            return 0.0, high
        return max(float(found.min()), high / 10.0**DECADES), high

    def _levels(self) -> NDArray[np.int8]:
        """(row, column) of the ramp; −1 where it is not finite."""
        at = np.searchsorted(self._strip.iterations, self._columns.all, side="right") - 1
        shown = self._strip.rows[np.maximum(at, 0)].T
        with np.errstate(all="ignore"):
            shown = np.maximum.reduceat(shown, self._edges[:-1], axis=0)
            low, high = self._range
            if self._strip.gradient:
                parts = parts_of(shown, (np.log10(low), np.log10(high)))
                found = _MIDDLE + np.rint(np.where(shown > 0, 0.1 + 0.9 * parts, 0) * (LEVELS - 1 - _MIDDLE))
            else:
                found = np.rint(np.clip(shown / (high or 1.0), 0, 1) * (LEVELS - 1))
        return np.where(np.isfinite(shown), np.nan_to_num(found), -1).astype(np.int8)

    def paint(self, canvas: Canvas, x: int, y: int, looked_at: tuple[int, int]) -> None:
        """Paint heading and strip, the picture from column x on, its labels left of it. `looked_at`: iteration and
        row."""
        self._heading(canvas, x, y)
        if not self._strip.labels or not len(self._strip.iterations):
            return
        iteration, row = looked_at
        levels = self._levels()
        here = self._columns.of(iteration)
        # the last column that an iteration which is computed falls on
        last = self._columns.of(self._done)
        for line in range(self.height):
            self._label(canvas, x, y + 1 + line, line, row)
            for column in range(last + 1):
                if self._halves:
                    upper = int(levels[min(2 * line, len(levels) - 1), column])
                    lower = int(levels[min(2 * line + 1, len(levels) - 1), column])
                    canvas.put(x + column, y + 1 + line, "▀", self._palette.half(self._family, upper, lower))
                else:
                    self._tile(canvas, x + column, y + 1 + line, int(levels[line, column]))
            if here <= last:
                chosen = self._is_at(line, row)
                style = self._palette.style("background" if chosen else "lens", "lens" if chosen else "background")
                canvas.put(x + here, y + 1 + line, "◂" if chosen else "│", style)

    def _tile(self, canvas: Canvas, x: int, y: int, level: int) -> None:
        if self._palette.inked:
            canvas.put(x, y, ink(level, self._family), self._palette.signed(self._family, level))
        else:
            canvas.put(x, y, "!" if level < 0 else " ", self._palette.tile(self._family, level))

    def _is_at(self, line: int, row: int) -> bool:
        """Whether the strip's row lies in this row of the picture."""
        step = 2 if self._halves else 1
        first, last = self._edges[line * step], self._edges[min((line + 1) * step, len(self._edges) - 1)]
        return bool(first <= row < last)

    def _label(self, canvas: Canvas, x: int, y: int, line: int, row: int) -> None:
        chosen = self._is_at(line, row)
        label = self._strip.labels[row if chosen else self.row_at(line)]
        text = cut(clean(label), x - 2).rjust(x - 1)
        canvas.put(0, y, text, self._palette.style("lens" if chosen else "faint", bold=chosen))
        if chosen:
            canvas.put(x - 1, y, "▸", self._palette.style("lens", bold=True))

    def _heading(self, canvas: Canvas, x: int, y: int) -> None:
        """What it shows, and the scale of its colours at the right end."""
        palette = self._palette
        end = canvas.put(1, y, clean(self._strip.title), palette.style(self._hue, bold=True))
        low, high = self._range
        left, right = tick_text(low) if low else "0", tick_text(high)
        start = x + self._columns.width - _SCALE - len(left) - len(right) - 2
        if start <= end + 2:
            return
        at = canvas.put(start, y, f"{left} ", palette.style("muted"))
        first = _MIDDLE if self._strip.gradient else 0
        for level in np.rint(np.linspace(first, LEVELS - 1, _SCALE)).astype(int):
            self._tile(canvas, at, y, int(level))
            at += 1
        canvas.put(at, y, f" {right}", palette.style("muted"))

    @property
    def _hue(self) -> str:
        return "backward" if self._strip.gradient else "forward"
