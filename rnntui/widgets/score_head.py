"""Paints what surrounds the numbers of the Score: the row of times, the inputs, the rule, the matrices between rows."""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len

from rnntui.widgets.score_layout import Band
from rnntui.widgets.score_sheet import Sheet
from rnntui.widgets.score_tiles import number_text

BEFORE_FIRST_STEP = " press → for the first equation "
BEFORE_BACKWARD = " gradients arrive here, right to left, in the backward pass "
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000)


def paint_times(sheet: Sheet) -> None:
    """The header: the cursor's column as a filled label with its direction, the lens in brackets off it."""
    columns, canvas, palette = sheet.columns, sheet.canvas, sheet.palette
    canvas.put(1, 0, columns.heading[: max(0, columns.gutter - 1)], palette.style("muted"))
    muted = palette.style("muted")
    for column, t in enumerate(columns.starts):
        if _is_labelled(sheet, column):
            text = str(t)
            centred = text.center(columns.number) if columns.written else text
            if columns.x(column) + len(centred) <= canvas.width:
                canvas.put(columns.x(column), 0, centred, muted)
    lens = sheet.frame.lens
    if not lens.following and sheet.lens_column is not None:
        _label(sheet, sheet.lens_column, (f"[{lens.slot.t}]", str(lens.slot.t)), "lens", "background")
    if sheet.cursor is not None:
        t, arrow = sheet.frame.t, "◂" if sheet.backward else "▸"
        shapes = (f"{arrow} {t} {arrow}", f"{arrow}{t}{arrow}", f"{arrow}{t}", str(t))
        _label(sheet, sheet.cursor, shapes, "background", sheet.hue)


def _label(sheet: Sheet, column: int, shapes: tuple[str, ...], ink: str, ground: str) -> None:
    """The first shape that fits into the column's tile; in narrow columns one that lies over its neighbours."""
    columns = sheet.columns
    room = columns.number if columns.written else 99
    text = next((shape for shape in shapes if len(shape) <= room), shapes[-1])
    if columns.written:
        text, x = text.center(room), columns.x(column)
    else:
        text = shapes[min(2, len(shapes) - 1)] if len(shapes) > 2 else shapes[0]
        x = columns.x(column)
        x = max(columns.gutter, min(x, sheet.canvas.width - len(text)))
        for place in (x - 1, x + len(text)):
            sheet.canvas.put(place, 0, " ", sheet.palette.style("muted"))
    sheet.canvas.put(x, 0, text, sheet.palette.style(ink, ground, bold=True))


def _is_labelled(sheet: Sheet, column: int) -> bool:
    """Whether a time is written in the header: as many round ones as there is room for, and the first."""
    columns = sheet.columns
    t = columns.starts[column]
    per = max(1.0, columns.T / len(columns)) if columns.joined else 1.0
    width = len(str(columns.T)) + 2
    apart = next((step for step in _STEPS if step / per * columns.pitch >= width), _STEPS[-1])
    if apart == 1:
        return True
    if t == 1:
        return True
    following = columns.ends[column]
    round_one = -(-t // apart) * apart
    return t <= round_one < following and (round_one - 1) / per * columns.pitch >= width


def paint_input(sheet: Sheet, band: Band) -> None:
    """What is read at each time: its letter, its class, or its number."""
    columns = sheet.columns
    seen = sheet.seen("x")
    sheet.name(band.top, "x", False, False)
    for column, t in enumerate(columns.starts):
        text = "" if columns.joined else _token(sheet, t, columns.number)
        space = (columns.number - cell_len(text)) // 2
        shown = " " * space + text
        shown += " " * (columns.number - cell_len(shown))
        sheet.canvas.put(columns.x(column), band.top, shown, sheet.ground(column, "text", bold=True))
    sheet.marks(band, seen)


def _token(sheet: Sheet, t: int, width: int) -> str:
    frame = sheet.frame
    source = frame.source
    codes = None if source is None else source.x
    if codes is not None and codes.dtype.kind in "iu":
        code = int(codes[t - 1] if codes.ndim == 1 else codes[t - 1, frame.sequence])
        letter = None
        if source is not None and source.vocabulary is not None:
            letter = source.vocabulary[code]
        if letter is None:
            return str(code) if len(str(code)) <= width else "·"
        quoted = repr(letter)
        bare = quoted[1:-1]
        return quoted if cell_len(quoted) <= width else bare if cell_len(bare) <= width else "·"
    values = sheet.values("x")[t - 1]
    if not columns_hold_numbers(width):
        return ""
    if len(values) == 1:
        return number_text(float(values[0]), width, "value").strip()
    hot = np.flatnonzero(values)
    if len(hot) == 1 and values[hot[0]] == 1:
        return str(hot[0])
    return f"({len(values)})"[:width]


def columns_hold_numbers(width: int) -> bool:
    """Whether a tile of this width can carry a number."""
    return width >= 3


def paint_rule(sheet: Sheet, band: Band) -> None:
    """The line between forward and backward, which says what is to come."""
    columns = sheet.columns
    end = min(columns.x(len(columns)) - columns.gap, sheet.canvas.width)
    sheet.canvas.put(columns.gutter, band.top, "─" * (end - columns.gutter), sheet.palette.style("rule"))
    if sheet.backward:
        return
    text = BEFORE_FIRST_STEP if sheet.frame.current is None else BEFORE_BACKWARD
    x = columns.gutter + 3
    if x + len(text) <= end:
        sheet.canvas.put(x, band.top, text, sheet.palette.style("faint"))
