"""Paints the curve of a function with each unit at its place on it: in braille, or in half rows where dots
cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bptt.numerals import cell_text
from rnntui.explain.curve import Curve
from rnntui.explain.tile_plan import Array
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.line_chart import braille
from rnntui.widgets.palette import Palette

MOST_WIDTH, MOST_ROWS = 48, 8
"""Screen rows of the curve, its heading not counted."""
ASIDE = 3
"""Columns that a unit's number goes aside at most, where another stands in its place."""
DIGITS = 10
"""More units than this are dots without a number."""


class CurvePainter:
    """Paints one curve."""

    def __init__(self, curve: Curve, palette: Palette, hue: str, unit: int) -> None:
        """`hue`: the role of the step; `unit`: the one under the lens."""
        self._curve = curve
        self._palette = palette
        self._hue = hue
        self._unit = min(unit, len(curve.arguments) - 1)

    def paint(self, canvas: Canvas, x: int, y: int, width: int, rows: int) -> None:
        """Paint a heading and the curve from (x, y) on, into at most `width` by 1 + `rows` cells."""
        palette = self._palette
        width, rows = min(width, MOST_WIDTH), min(rows, MOST_ROWS)
        heading = f"where each unit sits on {self._curve.name}"
        heading = heading if len(heading) <= width else f"on {self._curve.name}"
        end = canvas.put(x, y, heading, palette.style("text", bold=True))
        for note in self._notes():
            if end + len(note) <= x + width:
                canvas.put(end, y, note, palette.style("muted"))
                break
        y += 1
        reach = self._curve.reach
        heights = self._curve.at(np.linspace(-reach, reach, width))
        there = np.isfinite(heights)
        low, high = (float(heights[there].min()), float(heights[there].max())) if there.any() else (0.0, 0.0)
        level = self._levels(np.where(there, heights, low), low, high, rows)
        self._axes(canvas, x, y, width, rows, low, high)
        if palette.inked:
            style = palette.style("muted")
            for column in np.flatnonzero(there).tolist():
                canvas.put(x + column, y + level[column] // 2, "▄" if level[column] % 2 else "▀", style)
        else:
            self._dots(canvas, x, y, width, rows, low, high)
        arguments = np.nan_to_num(self._curve.arguments, nan=0, posinf=reach, neginf=-reach)
        columns = np.rint((np.clip(arguments, -reach, reach) + reach) / (2 * reach) * (width - 1)).astype(int)
        for unit, column in self._apart(columns, width).items():
            if np.isnan(self._curve.arguments[unit]) or not there[column]:
                continue
            chip = palette.style("background", "lens" if unit == self._unit else self._hue, bold=True)
            canvas.put(x + column, y + level[column] // 2, self._name(unit), chip)

    def _notes(self) -> Iterator[str]:
        """What else the heading says, the longest first: of a step about slopes the one under the lens."""
        slope = self._curve.slope(self._unit)
        if self._curve.backward and np.isfinite(slope):
            said = f"slope {cell_text(slope, 4).strip().lstrip('+')}"
            yield f"  unit {self._unit}: {said}"
            yield f"  {said}"
        yield "  flat = no slope"

    def _apart(self, columns: NDArray[np.int64], width: int) -> dict[int, int]:
        """Unit → the column of its number. The one under the lens, which comes last, keeps its place; others go aside
        from it and from each other, in the order of their arguments; dots lie over each other."""
        order = self._order()
        own = {unit: int(columns[unit]) for unit in order}
        if len(order) > DIGITS:
            return own
        ranked = sorted(order, key=lambda unit: (own[unit], float(self._curve.arguments[unit]), unit))
        at = ranked.index(self._unit)
        places = dict(own)
        for units, way in ((ranked[at + 1 :], 1), (ranked[:at][::-1], -1)):
            last = own[self._unit]
            for unit in units:
                place = max(own[unit] * way, last * way + 1) * way
                if 0 <= place < width and abs(place - own[unit]) <= ASIDE:
                    places[unit] = last = place
        return {unit: places[unit] for unit in order}

    def _dots(self, canvas: Canvas, x: int, y: int, width: int, rows: int, low: float, high: float) -> None:
        """The curve, two places a column."""
        reach = self._curve.reach
        heights = self._curve.at(np.linspace(-reach, reach, 2 * width))
        parts = np.where(np.isfinite(heights), (heights - low) / ((high - low) or 1.0), np.nan)
        style = self._palette.style(self._hue)
        for row, letters in enumerate(braille(np.clip(parts, 0, 1), 2 * width, width, rows)):
            for column, letter in enumerate(letters):
                if letter != " ":
                    canvas.put(x + column, y + row, letter, style)

    def _levels(self, heights: Array, low: float, high: float, rows: int) -> list[int]:
        """The half row of each height, 0 at the top."""
        part = (high - heights) / ((high - low) or 1.0)
        return [int(half) for half in np.clip(np.rint(part * (2 * rows - 1)), 0, 2 * rows - 1)]

    def _axes(self, canvas: Canvas, x: int, y: int, width: int, rows: int, low: float, high: float) -> None:
        style = self._palette.style("rule")
        if low < 0 < high:
            (half,) = self._levels(np.zeros(1), low, high, rows)
            canvas.put(x, y + half // 2, "─" * width, style)
        for row in range(rows):
            canvas.put(x + width // 2, y + row, "│", style)

    def _order(self) -> list[int]:
        """The unit under the lens comes last, over the others."""
        units = [unit for unit in range(len(self._curve.arguments)) if unit != self._unit]
        return [*units, self._unit]

    def _name(self, unit: int) -> str:
        return str(unit) if len(self._curve.arguments) <= DIGITS else "●"
