"""Paints the paired skyline of a duel: at each time how long the gradient is in A and in B, on one log axis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from bptt.numerals import positive_text
from rnntui.explain.scales import parts_of, scales_of
from rnntui.standing import Side, Standing
from rnntui.widgets.bars import BLOCKS, EIGHTHS, bar_style, decade_text, stack
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.columns import Columns
from rnntui.widgets.duel_view import SIDES
from rnntui.widgets.palette import Palette

Array = NDArray[np.floating]
PENDING, READY, HIDDEN = range(3)
SHADE = "▒"
"""What B's bars are made of where colours do not tell the two apart."""


class DuelBars:
    """The bars of one moment."""

    def __init__(self, standing: Standing, columns: Columns, canvas: Canvas, palette: Palette, hue: str) -> None:
        """`hue`: forward or backward, for the column at the cursor."""
        self._sides = (standing.a, standing.b)
        self._columns = columns
        self._canvas = canvas
        self._palette = palette
        self._hue = hue
        frame = standing.a.frame
        self._cursor = columns.of(frame.t) if frame.current else None
        self._states = [self._states_of(side) for side in self._sides]
        self._norms = [
            columns.largest(side.norms[:, None], side.times.start, side.times.stop)[:, 0] for side in self._sides
        ]
        ends = [scales_of(side.frame.run).decades(side.state) for side in self._sides]
        self._decades = min(low for low, _ in ends), max(high for _, high in ends)

    def _states_of(self, side: Side) -> list[int]:
        """PENDING, READY or HIDDEN for each column; of several times HIDDEN if one is, READY if one is."""
        columns, times = self._columns, side.times
        states = [
            READY if begin < times.stop and after > times.start else PENDING
            for begin, after in zip(columns.starts, columns.ends, strict=True)
        ]
        for t in side.secrets:
            column = columns.of(t)
            if column is not None:
                states[column] = HIDDEN
        return states

    def paint(self, top: int, rows: int) -> None:
        """The axis and the bars in `rows` rows from `top` on."""
        if rows < 1:
            return
        for row, text in decade_text(rows, *self._decades):
            end = self._columns.gutter - 1
            self._canvas.put(max(0, end - len(text)), top + row, text, self._palette.style("muted"))
        heights = [self._heights(norms, rows) for norms in self._norms]
        half = self._columns.number // 2
        for column in range(len(self._columns)):
            x = self._columns.x(column)
            for row in range(rows):
                self._canvas.put(x, top + row, " " * self._columns.number, self._ground(column))
            if half:
                for side in range(2):
                    self._bar(side, column, x + side * half, half, top, heights[side][column], rows)
            else:
                self._overlaid(column, x, top, heights[0][column], heights[1][column], rows)

    def numbers(self, top: int) -> None:
        """The norms in two rows, A's above B's, in columns wide enough for them."""
        for side, (norms, states) in enumerate(zip(self._norms, self._states, strict=True)):
            for column, (state, norm) in enumerate(zip(states, norms.tolist(), strict=True)):
                x, width = self._columns.x(column), self._columns.number
                if state == READY:
                    role = SIDES[side] if np.isfinite(norm) else "trouble"
                    style = self._palette.style(role, self._playhead(column), bold=column == self._cursor)
                    self._canvas.put(x, top + side, positive_text(norm, width), style)
                else:
                    self._unseen(column, x, width, top + side, state)
            room, own = self._columns.gutter - 1, self._sides[side]
            labels = (f"{own.letter} {own.label}", f"{own.letter} {own.gradient}", own.letter)
            label = next((label for label in labels if len(label) <= room), "")
            self._canvas.put(0, top + side, label, self._palette.style(SIDES[side]))

    def _heights(self, norms: Array, rows: int) -> list[int]:
        parts = parts_of(norms, self._decades)
        return [int(height) for height in np.rint(parts * rows * EIGHTHS)]

    def _bar(self, side: int, column: int, x: int, width: int, top: int, height: int, rows: int) -> None:
        state = self._states[side][column]
        if state != READY:
            self._unseen(column, x, width, top + rows - 1, state)
            return
        style = bar_style(self._colour(side, column), self._palette.colour(self._playhead(column)))
        for row, glyph in enumerate(stack(height, rows)):
            self._canvas.put(x, top + row, self._made_of(side, glyph) * width, style)

    def _overlaid(self, column: int, x: int, top: int, a: int, b: int, rows: int) -> None:
        """In a column for only one bar the shorter stands before the longer."""
        states = (self._states[0][column], self._states[1][column])
        if states != (READY, READY):
            ready = states.index(READY) if READY in states and HIDDEN not in states else None
            if ready is None:
                self._unseen(column, x, 1, top + rows - 1, max(states, key=lambda state: state == HIDDEN))
            else:
                self._bar(ready, column, x, 1, top, (a, b)[ready], rows)
            return
        front, behind = (0, 1) if a <= b else (1, 0)
        ground = self._palette.colour(self._playhead(column))
        colours = self._colour(front, column), self._colour(behind, column)
        glyphs = stack(min(a, b), rows), stack(max(a, b), rows)
        for row, (near, far) in enumerate(zip(*glyphs, strict=True)):
            if near == " ":
                glyph, style = self._made_of(behind, far), bar_style(colours[1], ground)
            elif far == BLOCKS[-1] and near != far and not self._palette.inked:
                glyph, style = near, bar_style(colours[0], colours[1])
            else:
                glyph, style = self._made_of(front, near), bar_style(colours[0], ground)
            self._canvas.put(x, top + row, glyph, style)

    def _made_of(self, side: int, glyph: str) -> str:
        """B is shaded where colours do not tell it from A."""
        if not side or not self._palette.inked:
            return glyph
        return SHADE if BLOCKS.index(glyph) >= EIGHTHS // 2 else " "

    def _colour(self, side: int, column: int) -> str:
        finite = np.isfinite(self._norms[side][column])
        return self._palette.colour(SIDES[side] if finite else "trouble")

    def _unseen(self, column: int, x: int, width: int, y: int, state: int) -> None:
        if state == HIDDEN:
            text, style = "?", self._palette.style("background", "loss", bold=True)
        else:
            text = "·" if self._columns.pitch > 1 or column % 2 == 0 else " "
            style = self._ground(column)
        self._canvas.put(x, y, text.center(width), style)

    def _playhead(self, column: int) -> str:
        return f"playhead {self._hue}" if column == self._cursor else "background"

    def _ground(self, column: int) -> Style:
        return self._palette.style("faint", self._playhead(column))
