"""Paints the tracks of the Score that are a bar a time: losses, and the skyline of norms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bptt.notation import SCREEN
from bptt.numerals import positive_text
from rnntui.explain.scales import parts_of
from rnntui.widgets.bars import EIGHTHS, bar_style, decade_text, stack
from rnntui.widgets.palette import LEVELS
from rnntui.widgets.score_layout import Band
from rnntui.widgets.score_sheet import DRAWN, READY, XRAYED, Seen, Sheet

Array = NDArray[np.floating]


def paint_loss(sheet: Sheet, band: Band) -> None:
    """The loss at each time: its number, or where there is no room for that a bar."""
    name, columns = band.track.name, sheet.columns
    seen = sheet.seen(name)
    sheet.name(band.top, SCREEN.called(name), False, seen.written is not None)
    values = sheet.largest(name, seen)[:, 0]
    heights = np.rint(np.clip(np.nan_to_num(values / sheet.scales.value(name), nan=1), 0, 1) * EIGHTHS).astype(int)
    for column, (state, value) in enumerate(zip(seen.states, values.tolist(), strict=True)):
        x = columns.x(column)
        if state not in DRAWN:
            sheet.unseen(column, band.top, state)
        elif state == XRAYED and columns.written:
            sheet.canvas.put(x, band.top, positive_text(value, columns.number), sheet.xrayed(column))
        elif columns.written:
            trouble = not np.isfinite(value)
            style = sheet.ground(column, "trouble" if trouble else "text", bold=trouble or column == seen.written)
            sheet.canvas.put(x, band.top, positive_text(value, columns.number), style)
        else:
            role = "faint" if state == XRAYED else "forward" if np.isfinite(value) else "trouble"
            glyph = stack(int(heights[column]), 1)[0]
            sheet.canvas.put(x, band.top, glyph * columns.number, sheet.ground(column, role))
    sheet.marks(band, seen)


def paint_skyline(sheet: Sheet, band: Band) -> None:
    """The norm of a gradient at each time."""
    name = band.track.name
    by_time = sheet.norms(name)
    _skyline(sheet, band, sheet.seen(name, True), by_time, f"‖∇{SCREEN.called(name)}‖")


def paint_shares(sheet: Sheet, band: Band) -> None:
    """The norm of each time's share of a parameter's gradient."""
    name = band.track.name
    shown = SCREEN.called(name)
    long = f"‖∇{shown}⁽ᵗ⁾‖"
    label = long if len(long) <= sheet.columns.gutter - 2 else f"‖∇{shown}‖"
    _skyline(sheet, band, sheet.seen_shares(name), sheet.shares(name), label)


def _skyline(sheet: Sheet, band: Band, seen: Seen, by_time: Array, label: str) -> None:
    """Norms (T, 1) on a log axis, with the numbers in the last row."""
    columns = sheet.columns
    norms = columns.largest(by_time, seen.first, seen.end)[:, 0]
    bottom = band.top + band.track.rows - 1
    rows = band.track.rows - 1
    decades = sheet.scales.decades(band.track.name)
    if rows:
        _decades(sheet, band.top, rows, decades)
    parts = parts_of(norms, decades)
    heights = np.rint(parts * rows * EIGHTHS).astype(int).tolist()
    middle = (LEVELS - 1) / 2
    shades = np.where(np.isfinite(norms), np.rint(middle + middle * (0.25 + 0.75 * parts)), -1).astype(int).tolist()
    for column, state in enumerate(seen.states):
        x = columns.x(column)
        for row in range(rows):
            sheet.canvas.put(x, band.top + row, " " * columns.number, sheet.ground(column))
        if state not in DRAWN:
            for y in range(max(band.top, bottom - 1), bottom + 1):
                sheet.unseen(column, y, state)
            continue
        ground = sheet.palette.colour(f"playhead {sheet.hue}" if column == sheet.cursor else "background")
        style = bar_style(sheet.palette.level_colour("gradient", shades[column], state == XRAYED), ground)
        for row, glyph in enumerate(stack(heights[column], rows)):
            sheet.canvas.put(x, band.top + row, glyph * columns.number, style)
    _norms(sheet, bottom, norms, seen, float(by_time[sheet.frame.t - 1, 0]))
    sheet.name(bottom, label, True, False)


def _norms(sheet: Sheet, y: int, norms: Array, seen: Seen, alone: float) -> None:
    """The numbers by column; in narrow columns only `alone`, the one at the cursor."""
    columns = sheet.columns
    if columns.written:
        for column, (state, norm) in enumerate(zip(seen.states, norms.tolist(), strict=True)):
            if state == XRAYED:
                sheet.canvas.put(columns.x(column), y, positive_text(norm, columns.number), sheet.xrayed(column))
            elif state == READY:
                role = "backward" if np.isfinite(norm) else "trouble"
                style = sheet.ground(column, role, bold=column == sheet.cursor)
                sheet.canvas.put(columns.x(column), y, positive_text(norm, columns.number), style)
    elif sheet.cursor is not None and seen.states[sheet.cursor] == READY and seen.first <= sheet.frame.t < seen.end:
        text = positive_text(alone, 5).strip()
        x = max(columns.gutter, min(columns.x(sheet.cursor), columns.x(len(columns)) - len(text)))
        role = "backward" if np.isfinite(alone) else "trouble"
        sheet.canvas.put(x, y, text, sheet.palette.style(role, bold=True))


def _decades(sheet: Sheet, top: int, rows: int, decades: tuple[float, float]) -> None:
    """Powers of ten beside the rows that they fall into."""
    end = sheet.columns.gutter - 1
    for row, text in decade_text(rows, *decades):
        sheet.canvas.put(max(0, end - len(text)), top + row, text, sheet.palette.style("muted"))
