"""Paints what stands below the blame matrix: sums, the colour scale, and the row of the lens as bars."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bptt.notation import SCREEN
from bptt.numerals import positive_text
from rnntui.explain.blame import Blame, cut_cells
from rnntui.explain.scales import decades_of, parts_of
from rnntui.widgets.bars import BLOCKS, EIGHTHS, decade_text, power_of_ten, stack
from rnntui.widgets.blame_grid import Grid
from rnntui.widgets.blame_picture import Picture
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.ink import ink
from rnntui.widgets.palette import LEVELS, Palette

Array = NDArray[np.floating]
LEAST_PROFILE, MOST_PROFILE = 4, 10
"""Rows of the bars of one loss."""


class Foot:
    """Draws below the matrix of one picture."""

    def __init__(
        self,
        picture: Picture,
        blame: Blame,
        palette: Palette,
        canvas: Canvas,
        grid: Grid,
        decades: tuple[float, float],
    ) -> None:
        self._picture = picture
        self._blame = blame
        self._palette = palette
        self._canvas = canvas
        self._grid = grid
        self._decades = decades
        self._name = SCREEN.called(blame.name)

    def sums(self, y: int) -> None:
        """What is kept of each column, and the length of the gradient that it adds up to."""
        norms, columns = self._blame.norms, self._grid.columns
        kept = np.where(cut_cells(self._picture.reach), 0, norms).sum(axis=0)
        self._line(y, "Σ", columns.largest(kept[:, None], 1, self._blame.T + 1)[:, 0])
        totals = self._blame.totals(self._picture.reach)
        self._line(y + 1, f"‖∇{self._name}‖", columns.largest(totals[:, None], 1, self._blame.T + 1)[:, 0])

    def _line(self, y: int, label: str, values: Array) -> None:
        palette, columns = self._palette, self._grid.columns
        self._canvas.put(1, y, label[: columns.gutter - 1], palette.style("backward", bold=True))
        parts = parts_of(values, decades_of(values)).tolist()
        hidden = self._hidden(slice(None))
        for column, value in enumerate(values.tolist()):
            style = palette.style("backward" if np.isfinite(value) else "trouble")
            if hidden[column]:
                text, style = "?".center(columns.number), palette.style("background", "loss", bold=True)
            elif columns.written:
                text = positive_text(value, columns.number)
            elif not np.isfinite(value):
                text = BLOCKS[-1] * columns.number
            else:
                text = BLOCKS[max(1, round(parts[column] * EIGHTHS))] * columns.number
            self._canvas.put(columns.x(column), y, text, style)

    def _hidden(self, rows: slice) -> list[bool]:
        """By column: whether one of these rows has something there that is hidden."""
        hidden, columns = self._picture.hidden, self._grid.columns
        if hidden is None:
            return [False] * len(columns)
        found = hidden[rows].any(axis=0).astype(float)
        return (columns.largest(found[:, None], 1, self._blame.T + 1)[:, 0] > 0).tolist()  # type: ignore[no-any-return]  # NumPy's tolist

    def profile(self, y: int) -> None:
        """Where there are rows left: the row of the lens as bars, one loss on its way back."""
        rows = min(self._canvas.height - y - 1, MOST_PROFILE)
        if rows < LEAST_PROFILE:
            return
        t, columns, palette = self._picture.t, self._grid.columns, self._palette
        norms = self._blame.norms[t - 1]
        self._canvas.put(1, y, f"the loss at t={t} on its way back", palette.style("backward", bold=True))
        for row, text in decade_text(rows, *self._decades):
            self._canvas.put(max(0, columns.gutter - 1 - len(text)), y + 1 + row, text, palette.style("muted"))
        first = int(self._picture.reach[t - 1])
        at = columns.of(self._picture.k)
        values = columns.largest(norms[:, None], 1, t + 1)[:, 0]
        parts = parts_of(values, self._decades).tolist()
        hidden = self._hidden(slice(t - 1, t))
        for column in range((columns.of(t) or 0) + 1):
            if hidden[column]:
                style = palette.style("background", "loss", bold=True)
                self._canvas.put(columns.x(column), y + rows, "?".center(columns.number), style)
                continue
            finite = np.isfinite(values[column])
            height = round(parts[column] * rows * EIGHTHS)
            cut = columns.ends[column] <= first
            role = "lens" if column == at else "trouble" if not finite else "faint" if cut else "backward"
            for row, glyph in enumerate(stack(height, rows)):
                self._canvas.put(columns.x(column), y + 1 + row, glyph * columns.number, palette.style(role))

    def scale(self, y: int) -> None:
        """The colour scale, a logarithm, and the marks."""
        canvas, palette = self._canvas, self._palette
        muted = palette.style("muted")
        x = canvas.put(1, y, _power(self._decades[0]), muted) + 1
        for level in range((LEVELS + 1) // 2, LEVELS):
            text = ink(level, "gradient") if palette.inked else " "
            x = canvas.put(x, y, text, (palette.signed if palette.inked else palette.tile)("gradient", level))
        x = canvas.put(x + 1, y, f"{_power(self._decades[1])} log scale", muted)
        x = canvas.put(x + 3, y, "▐", palette.style("loss", bold=True))
        x = canvas.put(x, y, " edge of the window", muted)
        x = canvas.put(x + 3, y, "×", palette.style("text", bold=True))
        canvas.put(x, y, " cut", muted)


def _power(exponent: float) -> str:
    if exponent == int(exponent):
        return power_of_ten(int(exponent))
    return f"{10**exponent:.0e}".replace("e-0", "e-").replace("e+0", "e+").replace("e+", "e")
