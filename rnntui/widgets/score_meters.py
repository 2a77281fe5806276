"""Paints the tracks of the Score that are level meters: gates and candidates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from bptt.notation import SCREEN
from rnntui.widgets.bars import BLOCKS, EIGHTHS, QUARTERS, bar_style, pair_stack, stack
from rnntui.widgets.ink import ink
from rnntui.widgets.lanes import largest_of, mean_of
from rnntui.widgets.palette import LEVELS, levels
from rnntui.widgets.score_layout import Band
from rnntui.widgets.score_sheet import DRAWN, HIDDEN, XRAYED, Sheet

Array = NDArray[np.floating]
_LENS = Style(bold=True, underline=True)


def paint_meter(sheet: Sheet, band: Band) -> None:
    """How open each unit of a gate is; of units that share a bar the mean."""
    name = band.track.name
    seen = sheet.seen(name)
    values = sheet.mean(name, seen)
    if _pairs(sheet, band):
        _Pairs(sheet, band, signed=False).paint(values)
        return
    _Meter(sheet, band, signed=False).paint(mean_of(values, sheet.layout.bars(band.track.units)))


def paint_candidate(sheet: Sheet, band: Band) -> None:
    """What each unit offers, with its sign: two rows are above and below zero; in one row tiles have the colours of
    values."""
    name = band.track.name
    seen = sheet.seen(name)
    values = sheet.largest(name, seen)
    signed = sheet.roles.ranges[name][0] < 0
    if not signed and _pairs(sheet, band):
        _Pairs(sheet, band, signed).paint(values)
        return
    kind = _Meter if not signed or band.track.rows == 2 else _Tiles
    kind(sheet, band, signed).paint(largest_of(values, sheet.layout.bars(band.track.units)))


def _pairs(sheet: Sheet, band: Band) -> bool:
    """Whether two units have to share a screen column and can: nothing stands for dots in ASCII."""
    units = band.track.units
    return sheet.columns.number < units <= 2 * sheet.columns.number and not sheet.palette.ascii


class _Meter:
    """A bar a unit, or a bar for neighbouring units where there are more of these than screen columns."""

    def __init__(self, sheet: Sheet, band: Band, signed: bool) -> None:
        self._sheet = sheet
        self._band = band
        self._seen = sheet.seen(band.track.name)
        self._signed = signed
        """Whether its two rows are above and below zero."""
        self._bottom = band.top + band.track.rows - 1
        self._width = sheet.layout.bar_width(band.track.units)
        self._panel = sheet.palette.colour("panel")

    def paint(self, values: Array) -> None:
        """`values`: (column, bar)."""
        sheet, name = self._sheet, self._band.track.name
        sheet.name(self._bottom, SCREEN.called(name), False, self._seen.written is not None)
        finite = np.isfinite(values)
        with np.errstate(all="ignore"):
            parts = np.clip(np.where(finite, values / sheet.scales.value(name), 1), -1, 1)
        self._measure(values, parts)
        for column, state in enumerate(self._seen.states):
            if state in DRAWN:
                self._column(column)
                used = self._width * len(sheet.layout.bars(self._band.track.units))
                for y in range(self._band.top, self._bottom + 1):
                    rest = " " * (sheet.columns.number - used)
                    sheet.canvas.put(sheet.columns.x(column) + used, y, rest, sheet.ground(column))
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

    def _measure(self, values: Array, parts: Array) -> None:
        """`parts`: of the largest size that any has, from −1 to 1."""
        rows = 1 if self._signed else self._band.track.rows
        self._heights = np.rint(parts * rows * EIGHTHS).astype(int).tolist()
        self._signs = np.where(np.isfinite(values), np.where(parts < 0, -1, 1), 0).tolist()

    def _column(self, column: int) -> None:
        sheet = self._sheet
        x = sheet.columns.x(column)
        for bar, (height, sign) in enumerate(zip(self._heights[column], self._signs[column], strict=True)):
            colour = self._colour(column, bar, sign)
            left = x + bar * self._width
            if self._signed:
                self._around_zero(left, height, colour)
                continue
            for row, glyph in enumerate(stack(height, self._band.track.rows)):
                sheet.canvas.put(left, self._band.top + row, glyph * self._width, bar_style(colour, self._panel))

    def _around_zero(self, x: int, height: int, colour: str) -> None:
        """Upwards in the upper row, or hanging from the top of the lower one: there the block is what is left out."""
        canvas, up = self._sheet.canvas, bar_style(colour, self._panel)
        canvas.put(x, self._band.top, BLOCKS[max(height, 0)] * self._width, up)
        if height < 0:
            hanging = bar_style(colour, self._panel, reverse=True)
            canvas.put(x, self._bottom, BLOCKS[EIGHTHS + height] * self._width, hanging)
        else:
            canvas.put(x, self._bottom, " " * self._width, up)

    def _colour(self, column: int, bar: int, sign: int) -> str:
        """`sign` is 0 for what is not finite."""
        palette = self._sheet.palette
        if self._seen.states[column] == XRAYED:
            return palette.colour("faint")
        if sign == 0:
            return palette.colour("trouble")
        if self._has_lens(column, bar):
            return palette.colour("lens")
        if self._seen.fades(column):
            return palette.colour("muted")
        if self._signed:
            return palette.level_colour("value", LEVELS - 1 if sign > 0 else 0)
        return palette.colour("forward")

    def _has_lens(self, column: int, bar: int) -> bool:
        first, end = self._sheet.layout.bars(self._band.track.units)[bar]
        return column == self._sheet.lens_column and first <= self._sheet.frame.lens.unit < end


class _Pairs(_Meter):
    """Two bars of dots in a screen column, so that none is averaged away; a unit that has a column of its own takes
    both."""

    def _measure(self, values: Array, parts: Array) -> None:
        self._heights = np.rint(parts * self._band.track.rows * QUARTERS).astype(int).tolist()
        self._signs = np.where(np.isfinite(values), 1, 0).tolist()

    def _column(self, column: int) -> None:
        sheet, heights, signs = self._sheet, self._heights[column], self._signs[column]
        for bar, (first, end) in enumerate(sheet.layout.bars(self._band.track.units)):
            style = bar_style(self._colour(column, bar, min(signs[first:end])), self._panel)
            glyphs = pair_stack(heights[first], heights[end - 1], self._band.track.rows)
            for row, glyph in enumerate(glyphs):
                sheet.canvas.put(sheet.columns.x(column) + bar, self._band.top + row, glyph, style)


class _Tiles(_Meter):
    """A tile in the place of a bar."""

    def _measure(self, values: Array, parts: Array) -> None:
        self._levels = levels(values, "value", self._sheet.scales.value(self._band.track.name)).tolist()

    def _column(self, column: int) -> None:
        sheet, palette, state = self._sheet, self._sheet.palette, self._seen.states[column]
        faded = self._seen.fades(column) or state == XRAYED
        for bar, level in enumerate(self._levels[column]):
            if palette.inked:
                glyph, style = ink(level, "value"), palette.signed("value", level, faded)
            else:
                glyph, style = "▀", palette.half("value", level, level, faded)  # both halves alike
            if self._has_lens(column, bar) and state != XRAYED:
                style = style + _LENS if palette.inked else _under(style, palette.colour("lens"))
                glyph = glyph if palette.inked else BLOCKS[1]
            x = sheet.columns.x(column) + bar * self._width
            sheet.canvas.put(x, self._band.top, glyph * self._width, style)


def _under(tile: Style, lens: str) -> Style:
    """The style of a line at the foot of a tile."""
    return Style(color=lens, bgcolor=tile.bgcolor)
