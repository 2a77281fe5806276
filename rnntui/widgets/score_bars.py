"""Paints the tracks of the Score that are bars: gates and candidates as level meters, losses, the skyline of norms."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from bptt.notation import SCREEN, SUPERSCRIPTS
from bptt.numerals import cell_text
from rnntui.widgets.palette import LEVELS
from rnntui.widgets.score_layout import Band
from rnntui.widgets.score_sheet import READY, Sheet

Array = NDArray[np.floating]

_BLOCKS = " ▁▂▃▄▅▆▇█"
_EIGHTHS = 8
_DECADE_ROWS = 1.5
"""Screen rows at least between two powers of ten that are written."""


def paint_meter(sheet: Sheet, band: Band) -> None:
    """How open each unit of a gate is."""
    seen = sheet.seen(band.track.name)
    values = sheet.columns.mean(sheet.values(band.track.name), seen.first, seen.end)
    bars = sheet.layout.bars(band.track.units)
    grouped = _mean_of_bars(values, bars) / sheet.scales.value(band.track.name)
    _paint_bars(sheet, band, grouped, around_zero=False)


def paint_candidate(sheet: Sheet, band: Band) -> None:
    """What each unit offers, with its sign: two rows are above and below zero, one row goes from −1 to 1."""
    seen = sheet.seen(band.track.name)
    values = sheet.columns.largest(sheet.values(band.track.name), seen.first, seen.end)
    bars = sheet.layout.bars(band.track.units)
    starts = [first for first, _ in bars]
    high, low = np.maximum.reduceat(values, starts, axis=1), np.minimum.reduceat(values, starts, axis=1)
    grouped = np.where(-low > high, low, high) / sheet.scales.value(band.track.name)
    _paint_bars(sheet, band, grouped, around_zero=sheet.roles.ranges[band.track.name][0] < 0)


def _paint_bars(sheet: Sheet, band: Band, parts: Array, around_zero: bool) -> None:
    """`parts`: (column, bar) of the scale, −1…1 around zero, else 0…1."""
    track, columns, palette = band.track, sheet.columns, sheet.palette
    seen = sheet.seen(track.name)
    bottom = band.top + track.rows - 1
    sheet.name(bottom, SCREEN.called(track.name), False, seen.written is not None)
    split = around_zero and track.rows == 2
    finite = np.isfinite(parts)
    parts = np.clip(np.where(finite, parts, 1), -1, 1)
    heights = np.rint(
        (parts if split or not around_zero else (parts + 1) / 2) * _EIGHTHS * (1 if split else track.rows)
    )
    signs = np.where(finite, np.where(parts < 0, -1, 1), 0)
    lens = sheet.frame.lens.unit
    lens_bar = next((n for n, (a, b) in enumerate(sheet.layout.bars(track.units)) if a <= lens < b), -1)
    eighths = heights.astype(int).tolist()
    for column, state in enumerate(seen.states):
        if state != READY:
            for y in range(band.top, band.top + track.rows):
                if state != 0 or y == bottom:
                    sheet.unseen(column, y, state)
                else:
                    sheet.canvas.put(columns.x(column), y, " " * columns.number, sheet.ground(column))
            continue
        faded = seen.fades(column)
        for bar, (height, sign) in enumerate(zip(eighths[column], signs[column].tolist(), strict=True)):
            if sign == 0:
                colour = palette.colour("trouble")
            elif bar == lens_bar and column == sheet.lens_column:
                colour = palette.colour("lens")
            elif faded:
                colour = palette.colour("muted")
            elif around_zero:
                colour = palette.level_colour("value", LEVELS - 1 if sign > 0 else 0)
            else:
                colour = palette.colour("forward")
            x = columns.x(column) + bar
            if split:
                up = _bar_style(colour, palette.colour("panel"))
                # hangs from above: the block is what is left out
                down = _bar_style(colour, palette.colour("panel"), reverse=True)
                sheet.canvas.put(x, band.top, _BLOCKS[max(height, 0)], up)
                if height < 0:
                    sheet.canvas.put(x, bottom, _BLOCKS[_EIGHTHS + height], down)
                else:
                    sheet.canvas.put(x, bottom, " ", up)
            else:
                for row, glyph in enumerate(stack(height, track.rows)):
                    sheet.canvas.put(x, band.top + row, glyph, _bar_style(colour, palette.colour("panel")))
        rest = columns.number - len(eighths[column])
        if rest:
            for y in range(band.top, bottom + 1):
                sheet.canvas.put(columns.x(column) + columns.number - rest, y, " " * rest, sheet.ground(column))
    sheet.marks(band, seen)


def paint_loss(sheet: Sheet, band: Band) -> None:
    """The loss at each time: its number, or where there is no room for that a bar."""
    name, columns = band.track.name, sheet.columns
    seen = sheet.seen(name)
    sheet.name(band.top, SCREEN.called(name), False, seen.written is not None)
    values = columns.largest(sheet.values(name), seen.first, seen.end)[:, 0]
    heights = np.rint(np.clip(np.nan_to_num(values / sheet.scales.value(name), nan=1), 0, 1) * _EIGHTHS).astype(int)
    for column, (state, value) in enumerate(zip(seen.states, values.tolist(), strict=True)):
        x = columns.x(column)
        if state != READY:
            sheet.unseen(column, band.top, state)
        elif columns.written:
            trouble = not np.isfinite(value)
            style = sheet.ground(column, "trouble" if trouble else "text", bold=trouble or column == seen.written)
            sheet.canvas.put(x, band.top, positive_text(value, columns.number), style)
        else:
            role = "forward" if np.isfinite(value) else "trouble"
            glyph = stack(int(heights[column]), 1)[0]
            sheet.canvas.put(x, band.top, glyph * columns.number, sheet.ground(column, role))
    sheet.marks(band, seen)


def paint_skyline(sheet: Sheet, band: Band) -> None:
    """The norm of a gradient at each time on a log axis, with the numbers in the last row."""
    name, columns = band.track.name, sheet.columns
    seen = sheet.seen(name, True)
    norms = columns.largest(sheet.scales.norms(name)[:, [sheet.frame.sequence]], seen.first, seen.end)[:, 0]
    bottom = band.top + band.track.rows - 1
    rows = band.track.rows - 1
    low, high = sheet.scales.decades(name)
    if rows:
        _decades(sheet, band.top, rows, low, high)
    with np.errstate(all="ignore"):
        parts = (np.log10(np.maximum(np.nan_to_num(norms, nan=np.inf), 1e-300)) - low) / (high - low)
    parts = np.clip(parts, 0, 1)
    heights = np.rint(parts * rows * _EIGHTHS).astype(int).tolist()
    middle = (LEVELS - 1) / 2
    shades = np.where(np.isfinite(norms), np.rint(middle + middle * (0.25 + 0.75 * parts)), -1).astype(int).tolist()
    for column, state in enumerate(seen.states):
        x = columns.x(column)
        for row in range(rows):
            sheet.canvas.put(x, band.top + row, " " * columns.number, sheet.ground(column))
        if state != READY:
            for y in range(max(band.top, bottom - 1), bottom + 1):
                sheet.unseen(column, y, state)
            continue
        ground = sheet.palette.colour(f"playhead {sheet.hue}" if column == sheet.cursor else "background")
        style = _bar_style(sheet.palette.level_colour("gradient", shades[column]), ground)
        for row, glyph in enumerate(stack(heights[column], rows)):
            sheet.canvas.put(x, band.top + row, glyph * columns.number, style)
    _norms(sheet, bottom, norms, seen.states)
    sheet.name(bottom, f"‖∇{SCREEN.called(name)}‖", True, False)


def _norms(sheet: Sheet, y: int, norms: Array, states: tuple[int, ...]) -> None:
    """The numbers; in narrow columns only the one at the cursor."""
    columns = sheet.columns
    for column, (state, norm) in enumerate(zip(states, norms.tolist(), strict=True)):
        if state != READY:
            continue
        role = "backward" if np.isfinite(norm) else "trouble"
        style = sheet.ground(column, role, bold=column == sheet.cursor)
        if columns.written:
            sheet.canvas.put(columns.x(column), y, positive_text(norm, columns.number), style)
    if not columns.written and sheet.cursor is not None:
        state, norm = states[sheet.cursor], float(norms[sheet.cursor])
        if state == READY:
            text = positive_text(norm, 5).strip()
            end = columns.x(len(columns))
            x = max(columns.gutter, min(columns.x(sheet.cursor), end - len(text)))
            role = "backward" if np.isfinite(norm) else "trouble"
            sheet.canvas.put(x, y, text, sheet.palette.style(role, bold=True))


def _decades(sheet: Sheet, top: int, rows: int, low: float, high: float) -> None:
    """Powers of ten beside the rows that they fall into, the highest first."""
    a_row = (high - low) / rows
    apart = next((step for step in (1, 2, 5, 10, 20, 50, 100) if step >= a_row * _DECADE_ROWS), 200)
    for exponent in range(math.floor(high), math.ceil(low) - 1, -apart):
        row = min(rows - 1, int((high - exponent) / a_row))
        text = "10" + str(exponent).translate(SUPERSCRIPTS)
        end = sheet.columns.gutter - 1
        sheet.canvas.put(max(0, end - len(text)), top + row, text, sheet.palette.style("muted"))


def positive_text(value: float, width: int) -> str:
    """A number that is never negative, without a sign, at the right of its width."""
    text = f"{value:.2f}"
    if not 0.005 <= value < 1e4 or len(text) > width:
        text = cell_text(value, min(width, 6)).strip().lstrip("+")
    return text[:width].rjust(width)


def stack(height: int, rows: int) -> list[str]:
    """The blocks of a bar of `height` eighths of a row, top to bottom; a bar of nothing keeps its foot."""
    filled = [min(max(height - (rows - 1 - row) * _EIGHTHS, 0), _EIGHTHS) for row in range(rows)]
    glyphs = [_BLOCKS[eighths] for eighths in filled]
    if rows and not filled[-1]:
        glyphs[-1] = "▁"
    return glyphs


@cache
def _bar_style(colour: str, background: str, reverse: bool = False) -> Style:
    return Style(color=colour, bgcolor=background, reverse=reverse or None)


def _mean_of_bars(values: Array, bars: tuple[tuple[int, int], ...]) -> Array:
    """(column, bar): the mean of each bar's units."""
    starts = [first for first, _ in bars]
    sizes = np.array([end - first for first, end in bars])
    with np.errstate(all="ignore"):
        return np.asarray(np.add.reduceat(values, starts, axis=1) / sizes)
