"""Paints one number of every iteration as a curve over a logarithmic axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnntui.widgets.canvas import Canvas
from rnntui.widgets.iteration_columns import IterationColumns
from rnntui.widgets.line_chart import blocks, braille
from rnntui.widgets.log_axis import LogAxis
from rnntui.widgets.palette import Palette

Array = NDArray[np.floating]
GUTTER = 7
"""Columns left of a picture, for the numbers of its axis."""


class CurvePanel:
    """A curve, and single points beside it, over one axis."""

    def __init__(self, values: Array, points: Sequence[tuple[int, float]], hue: str) -> None:
        """`values`: of iterations 1…N; `points`: (iteration, number)."""
        self._values = values
        self._points = points
        self._hue = hue
        self._axis = LogAxis.around(np.concatenate([values, [value for _, value in points]]))

    def paint(
        self, canvas: Canvas, y: int, height: int, columns: IterationColumns, palette: Palette, iteration: int
    ) -> None:
        """Paint axis, curve, points and crosshair into rows y … y + height − 1."""
        rule, style = palette.style("rule"), palette.style(self._hue)
        for part, text in self._axis.ticks(max(2, height // 2)):
            canvas.put(0, y + round((1 - part) * (height - 1)), text.rjust(GUTTER - 1), palette.style("muted"))
        draw = blocks if palette.inked else braille
        drawn = draw(self._axis.parts(self._values), columns.total, columns.width, height)
        here = columns.of(iteration)
        lit = palette.style("lens", bold=True)
        for row, letters in enumerate(drawn):
            canvas.put(GUTTER - 1, y + row, "│", rule)
            canvas.put(GUTTER, y + row, letters, style)
            letter = letters[here]
            canvas.put(GUTTER + here, y + row, "│" if letter == " " else letter, rule if letter == " " else lit)
        self._paint_gaps(canvas, y + height - 1, columns, palette)
        if self._points:
            numbers = np.array([value for _, value in self._points])
            for (at, _), part in zip(self._points, self._axis.parts(numbers).tolist(), strict=True):
                if part == part:  # else it is not finite
                    row = y + round((1 - part) * (height - 1))
                    canvas.put(GUTTER + columns.of(at), row, "○", palette.style("input", bold=True))

    def _paint_gaps(self, canvas: Canvas, y: int, columns: IterationColumns, palette: Palette) -> None:
        """Where the number is not finite, at the foot."""
        bad = ~np.isfinite(self._values)
        if bad.any():
            every = columns.all
            for column in np.flatnonzero(every <= len(self._values)).tolist():
                if bad[every[column] - 1]:
                    canvas.put(GUTTER + column, y, "×", palette.style("trouble", bold=True))
