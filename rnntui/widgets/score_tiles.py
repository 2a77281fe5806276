"""Paints the tracks of the Score made of colour tiles, and the edges from tile to tile."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from bptt.notation import SCREEN, SUPERSCRIPTS
from bptt.numerals import cell_text, unit_text
from rnntui.explain.ranges import within_one
from rnntui.explain.roads import Road
from rnntui.widgets.ink import ink
from rnntui.widgets.lanes import largest_of
from rnntui.widgets.palette import LEVELS, Family, levels
from rnntui.widgets.score_layout import Band
from rnntui.widgets.score_sheet import DRAWN, PENDING, READY, XRAYED, Seen, Sheet

Array = NDArray[np.floating]

_BOLD = Style(bold=True)
_LENS = Style(bold=True, underline=True)
LONG = 7
"""A tile this wide shows four digits."""


def paint_tiles(sheet: Sheet, band: Band) -> None:
    """One variable: a row a unit, or where there are fewer rows two lanes a row."""
    _Tiles(sheet, band).paint()


class _Tiles:
    """The tiles of one band."""

    def __init__(self, sheet: Sheet, band: Band) -> None:
        self._sheet = sheet
        self._band = band
        self._columns = sheet.columns
        self._name = band.track.name
        self._seen = sheet.seen(self._name, band.gradient)
        self._family: Family = "gradient" if band.gradient else "value"
        if not band.gradient and within_one(sheet.roles.ranges[self._name]):
            self._family = "unit"
        lens = sheet.frame.lens
        slot = lens.slot
        ghost = sheet.ghosts.get(self._name, "")
        self._has_lens = slot.gradient == band.gradient and slot.name in (self._name, ghost or self._name)
        self._ghost = None if band.gradient or not ghost else sheet.seen(ghost)

    def paint(self) -> None:
        """Gutter, tiles, marks and edges."""
        sheet, band, seen = self._sheet, self._band, self._seen
        self._gutter()
        values = sheet.largest(self._name, seen, band.gradient)
        scale = sheet.scales.gradient(self._name) if band.gradient else sheet.scales.value(self._name)
        if not band.full:
            values = largest_of(values, band.lanes)
        shades = levels(values, self._family, scale).tolist()
        numbers = values.tolist() if band.full and self._columns.written else None
        for column, state in enumerate(seen.states):
            if state not in DRAWN:
                self._unseen(column, state)
            elif state == XRAYED and numbers is not None:
                self._ahead(column, numbers[column])
            elif band.full:
                self._full(column, shades[column], numbers[column] if numbers else None)
            else:
                self._halves(column, shades[column])
        sheet.marks(band, seen)
        self._edges()
        if not band.gradient:
            sheet.edits(band)
        self._lens_mark()

    def _gutter(self) -> None:
        sheet, band = self._sheet, self._band
        shown = ("∇" if band.gradient else "") + SCREEN.called(self._name)
        sheet.name(band.top, shown, band.gradient, self._seen.written is not None, beside=band.track.units > 1)
        if band.track.units > 1:
            for row in range(band.track.rows):
                lanes = band.lanes_of_row(row)
                if lanes:
                    sheet.number(band.top + row, self._unit(lanes[0][0]), lens=False)

    def _unit(self, unit: int) -> str:
        outputs = self._sheet.cell.dims[self._name] == "outputs"
        return self._sheet.named_class(unit) if outputs else str(unit)

    def _lens_row(self) -> int | None:
        if not self._has_lens:
            return None
        unit = self._sheet.frame.lens.unit
        for row in range(self._band.track.rows):
            if any(first <= unit < end for first, end in self._band.lanes_of_row(row)):
                return row
        return None

    def _lens_mark(self) -> None:
        row = self._lens_row()
        if row is not None:
            unit = self._sheet.frame.lens.unit
            self._sheet.number(self._band.top + row, self._unit(unit), lens=True)

    def _unseen(self, column: int, state: int) -> None:
        sheet, band = self._sheet, self._band
        for row in range(band.track.rows):
            if band.lanes_of_row(row):
                sheet.unseen(column, band.top + row, state)
        if state == PENDING and self._ghost is not None and band.full and self._columns.written:
            self._before_function(column, self._ghost)

    def _before_function(self, column: int, ghost: Seen) -> None:
        """What the function will be applied to, in italics."""
        sheet, band = self._sheet, self._band
        state = ghost.states[column]
        if state == PENDING:
            return
        t = self._columns.starts[column]
        values = sheet.values(sheet.ghosts[self._name], t, t)[0].tolist()
        style = sheet.palette.style("forward", "panel", italic=True, bold=True)
        for row, value in enumerate(values):
            if state == READY:
                text = number_text(value, self._columns.number, "value")
                sheet.canvas.put(self._columns.x(column), band.top + row, text, style)
            else:
                sheet.unseen(column, band.top + row, state)

    def _ahead(self, column: int, numbers: list[float]) -> None:
        """What is not computed yet, without colour."""
        sheet, width = self._sheet, self._columns.number
        for row, value in enumerate(numbers):
            text = number_text(value, width, self._family)
            sheet.canvas.put(self._columns.x(column), self._band.top + row, text, sheet.xrayed(column))

    def _fades(self, column: int) -> bool:
        return self._seen.fades(column) or self._seen.states[column] == XRAYED

    def _full(self, column: int, shades: list[int], numbers: list[float] | None) -> None:
        sheet, band, width = self._sheet, self._band, self._columns.number
        faded = self._fades(column)
        x = self._columns.x(column)
        written = column == self._seen.written
        lens = self._sheet.frame.lens
        lens_row = lens.unit if self._has_lens and column == sheet.lens_column else -1
        for row, level in enumerate(shades):
            bare = numbers is None and sheet.palette.inked
            style = (sheet.palette.signed if bare else sheet.palette.tile)(self._family, level, faded)
            if numbers is None and not bare:
                style = sheet.palette.half(self._family, level, level, faded)
            if row == lens_row:
                style = style + _LENS if lens.following else sheet.palette.style("background", "lens", bold=True)
            elif written:
                style = style + _BOLD
            if numbers is not None:
                text = number_text(numbers[row], width, self._family)
            elif bare:
                text = ink(level, self._family) * width
            else:
                text = " " * width
            sheet.canvas.put(x, band.top + row, text, style)

    def _halves(self, column: int, shades: list[int]) -> None:
        sheet, band, width = self._sheet, self._band, self._columns.number
        palette, faded = sheet.palette, self._fades(column)
        x = self._columns.x(column)
        for row in range((len(shades) + 1) // 2):
            pair = shades[2 * row : 2 * row + 2]
            if palette.inked:
                # one sign a cell: of the two lanes the one that is further from zero
                level = max(pair, key=lambda level: LEVELS if level < 0 else abs(level - LEVELS // 2))
                style = palette.signed(self._family, level, faded)
                sheet.canvas.put(x, band.top + row, ink(level, self._family) * width, style)
            elif len(pair) == 2:
                sheet.canvas.put(x, band.top + row, "▀" * width, palette.half(self._family, pair[0], pair[1], faded))
            else:
                style = _upper(sheet, self._family, pair[0], faded, column)
                sheet.canvas.put(x, band.top + row, "▀" * width, style)

    def _edges(self) -> None:
        """The road of a state from one column to the next, in the gaps of the middle row; lit where the step takes
        it. Gradients have none at a cut."""
        sheet, band, gap = self._sheet, self._band, self._columns.gap
        road = sheet.roles.roads.get(self._name)
        if road is None or gap < 2:
            return
        y = band.top + (len(band.lanes if band.full else band.lanes[::2]) - 1) // 2
        text = _edge_text(road, band.gradient, gap)
        for column in range(1, len(self._columns)):
            if not (band.gradient and column in sheet.cuts):
                sheet.canvas.put(self._columns.x(column) - gap, y, text, self._edge_style(column, road))

    def _edge_style(self, column: int, road: Road) -> Style:
        sheet, seen, gradient = self._sheet, self._seen, self._band.gradient
        head = column - 1 if gradient else column
        if seen.written == head and gradient == sheet.backward and self._taken(road):
            return sheet.palette.style("background", sheet.hue, bold=True)
        if seen.states[head] in (PENDING, XRAYED):
            return sheet.palette.style("faint")
        if seen.faded:
            return sheet.faded_ink("forward")
        return sheet.palette.style("backward" if gradient else "forward")

    def _taken(self, road: Road) -> bool:
        """Whether the current step came by the road: it then reads something where the road comes from."""
        t = self._sheet.frame.t
        if self._band.gradient:
            return any(slot.gradient and slot.t == t + road.lag for slot in self._sheet.reads)
        return any(slot.name == self._name and slot.t == t - road.lag for slot in self._sheet.reads)


def number_text(value: float, width: int, family: Family) -> str:
    """A number in a tile of at least 3 screen columns."""
    if width >= LONG and 1e-3 <= abs(value) < 100:
        return f"{value:+.4f}"[:width].rjust(width) if family != "unit" else f"{value:.4f}"[:width].rjust(width)
    if family == "unit":
        return unit_text(value, min(width, 4)).rjust(width)
    return cell_text(value, width)


def _edge_text(road: Road, gradient: bool, width: int) -> str:
    text = road.backward(width) if gradient else road.forward(width)
    if road.lag > 1 and width >= 3:
        from_far = road.label[: width - 2] + str(road.lag).translate(SUPERSCRIPTS)
        text = f"←{from_far}".ljust(width, "─") if gradient else f"{from_far}→".rjust(width, "─")
    return text[:width]


def _upper(sheet: Sheet, family: Family, level: int, faded: bool, column: int) -> Style:
    """The style of `▀` whose lower half is no tile."""
    return Style(color=sheet.palette.level_colour(family, level, faded), bgcolor=sheet.ground(column).bgcolor)
