"""Paints the curve of a function with each unit at its place on it, in half rows."""

from __future__ import annotations

import numpy as np

from rnntui.explain.curve import Curve
from rnntui.explain.tile_plan import Array
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.palette import Palette

LEAST_WIDTH, MOST_WIDTH = 24, 48
LEAST_ROWS, MOST_ROWS = 4, 8
"""Screen rows of the curve, its heading not counted."""
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
        note = "  flat = no slope"
        if end + len(note) <= x + width:
            canvas.put(end, y, note, palette.style("muted"))
        y += 1
        reach = self._curve.reach
        places = np.linspace(-reach, reach, width)
        heights = self._curve.at(places)
        there = np.isfinite(heights)
        low, high = (float(heights[there].min()), float(heights[there].max())) if there.any() else (0.0, 0.0)
        level = self._levels(np.where(there, heights, low), low, high, rows)
        self._axes(canvas, x, y, width, rows, low, high)
        style = palette.style("muted")
        for column, half in enumerate(level):
            if not there[column]:
                continue
            canvas.put(x + column, y + half // 2, "▄" if half % 2 else "▀", style)
        arguments = np.nan_to_num(self._curve.arguments, nan=0, posinf=reach, neginf=-reach)
        columns = np.rint((np.clip(arguments, -reach, reach) + reach) / (2 * reach) * (width - 1)).astype(int)
        for unit in self._order():
            column = int(columns[unit])
            if np.isnan(self._curve.arguments[unit]) or not there[column]:
                continue
            chip = palette.style("background", "lens" if unit == self._unit else self._hue, bold=True)
            canvas.put(x + column, y + level[column] // 2, self._name(unit), chip)

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
