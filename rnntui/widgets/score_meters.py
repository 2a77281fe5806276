"""Paints the tracks of the Score that are level meters: gates and candidates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bptt.notation import SCREEN
from rnntui.widgets.bars import BLOCKS, EIGHTHS, bar_style, stack
from rnntui.widgets.lanes import largest_of, mean_of
from rnntui.widgets.palette import LEVELS
from rnntui.widgets.score_layout import Band
from rnntui.widgets.score_sheet import DRAWN, HIDDEN, XRAYED, Sheet

Array = NDArray[np.floating]


def paint_meter(sheet: Sheet, band: Band) -> None:
    """How open each unit of a gate is."""
    name = band.track.name
    seen = sheet.seen(name)
    values = sheet.mean(name, seen)
    _Meter(sheet, band, signed=False).paint(mean_of(values, sheet.layout.bars(band.track.units)))


def paint_candidate(sheet: Sheet, band: Band) -> None:
    """What each unit offers, with its sign: two rows are above and below zero, one row goes from −1 to 1."""
    name = band.track.name
    seen = sheet.seen(name)
    values = sheet.largest(name, seen)
    signed = sheet.roles.ranges[name][0] < 0
    _Meter(sheet, band, signed).paint(largest_of(values, sheet.layout.bars(band.track.units)))


class _Meter:
    """A bar a unit, or a bar for neighbouring units where there are more of these than screen columns."""

    def __init__(self, sheet: Sheet, band: Band, signed: bool) -> None:
        self._sheet = sheet
        self._band = band
        self._seen = sheet.seen(band.track.name)
        self._signed = signed
        self._split = signed and band.track.rows == 2
        """Whether the rows are above and below zero."""
        self._bottom = band.top + band.track.rows - 1
        self._panel = sheet.palette.colour("panel")

    def paint(self, values: Array) -> None:
        """`values`: (column, bar)."""
        sheet, name = self._sheet, self._band.track.name
        sheet.name(self._bottom, SCREEN.called(name), False, self._seen.written is not None)
        finite = np.isfinite(values)
        with np.errstate(all="ignore"):
            parts = np.clip(np.where(finite, values / sheet.scales.value(name), 1), -1, 1)
        places = (parts + 1) / 2 if self._signed and not self._split else parts
        rows = 1 if self._split else self._band.track.rows
        heights = np.rint(places * rows * EIGHTHS).astype(int).tolist()
        signs = np.where(finite, np.where(parts < 0, -1, 1), 0).tolist()
        for column, state in enumerate(self._seen.states):
            if state in DRAWN:
                self._column(column, heights[column], signs[column])
            else:
                self._unseen(column, state)
        sheet.marks(self._band, self._seen)
        sheet.edits(self._band)

    def _unseen(self, column: int, state: int) -> None:
        sheet, columns = self._sheet, self._sheet.columns
        for y in range(self._band.top, self._bottom + 1):
            if state == HIDDEN or y == self._bottom:
                sheet.unseen(column, y, state)
            else:
                sheet.canvas.put(columns.x(column), y, " " * columns.number, sheet.ground(column))

    def _column(self, column: int, heights: list[int], signs: list[int]) -> None:
        sheet = self._sheet
        x = sheet.columns.x(column)
        for bar, (height, sign) in enumerate(zip(heights, signs, strict=True)):
            colour = self._colour(column, bar, sign)
            if self._split:
                self._around_zero(x + bar, height, colour)
                continue
            for row, glyph in enumerate(stack(height, self._band.track.rows)):
                sheet.canvas.put(x + bar, self._band.top + row, glyph, bar_style(colour, self._panel))
        rest = sheet.columns.number - len(heights)
        for y in range(self._band.top, self._bottom + 1):
            sheet.canvas.put(x + len(heights), y, " " * rest, sheet.ground(column))

    def _around_zero(self, x: int, height: int, colour: str) -> None:
        """Upwards in the upper row, or hanging from the top of the lower one: there the block is what is left out."""
        canvas, up = self._sheet.canvas, bar_style(colour, self._panel)
        canvas.put(x, self._band.top, BLOCKS[max(height, 0)], up)
        if height < 0:
            canvas.put(x, self._bottom, BLOCKS[EIGHTHS + height], bar_style(colour, self._panel, reverse=True))
        else:
            canvas.put(x, self._bottom, " ", up)

    def _colour(self, column: int, bar: int, sign: int) -> str:
        """`sign` is 0 for what is not finite."""
        sheet, palette = self._sheet, self._sheet.palette
        first, end = sheet.layout.bars(self._band.track.units)[bar]
        if self._seen.states[column] == XRAYED:
            return palette.colour("faint")
        if sign == 0:
            return palette.colour("trouble")
        if column == sheet.lens_column and first <= sheet.frame.lens.unit < end:
            return palette.colour("lens")
        if self._seen.fades(column):
            return palette.colour("muted")
        if self._signed:
            return palette.level_colour("value", LEVELS - 1 if sign > 0 else 0)
        return palette.colour("forward")
