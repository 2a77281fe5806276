"""Paints what surrounds the numbers of the Score: the row of times, the inputs, the rule, the matrices between rows."""

from __future__ import annotations

from rich.cells import cell_len

from bptt.expressions import MatVec, walk
from bptt.notation import SCREEN
from rnntui.widgets.columns import WRITTEN_FROM
from rnntui.widgets.score_cuts import LINE, paint_ticks
from rnntui.widgets.score_layout import Band
from rnntui.widgets.score_sheet import Sheet
from rnntui.widgets.score_tiles import number_text
from rnntui.widgets.time_axis import Label, paint_axis

BEFORE_FIRST_STEP = " press → for the first equation "
BEFORE_BACKWARD = " gradients arrive here, right to left, in the backward pass "
AT_CUTS = " gradients go right to left, none across a cut │ "
NO_ROOM = "…"
_ALONE = 5
"""Screen columns for the input at the cursor where its column is narrow."""


def paint_times(sheet: Sheet) -> None:
    """The header: the cursor's column as a filled label with its direction, the lens in brackets off it."""
    columns, canvas, palette = sheet.columns, sheet.canvas, sheet.palette
    canvas.put(1, 0, columns.heading[: max(0, columns.gutter - 1)], palette.style("muted"))
    labels = []
    lens = sheet.frame.lens
    if not lens.following and sheet.lens_column is not None:
        shapes: tuple[str, ...] = (f"[{lens.slot.t}]", str(lens.slot.t))
        labels.append(Label(sheet.lens_column, shapes, palette.style("lens", "background", bold=True)))
    if sheet.cursor is not None:
        t, arrow = sheet.frame.t, "◂" if sheet.backward else "▸"
        shapes = (f"{arrow} {t} {arrow}", f"{arrow}{t}{arrow}", f"{arrow}{t}", str(t))
        labels.append(Label(sheet.cursor, shapes, palette.style("background", sheet.hue, bold=True)))
    paint_axis(canvas, columns, 0, palette.style("muted"), labels)


def paint_input(sheet: Sheet, band: Band) -> None:
    """What is read at each time: its letter, its class, or its number; where these have no room only the cursor's."""
    columns = sheet.columns
    sheet.name(band.top, "x", False, False)
    width = columns.number
    alone = columns.joined
    for column, t in enumerate(columns.starts):
        text = "" if columns.joined else _token(sheet, t, width)
        left = (width - cell_len(text)) // 2
        shown = " " * left + text + " " * (width - left - cell_len(text))
        sheet.canvas.put(columns.x(column), band.top, shown, sheet.ground(column, "text", bold=True))
        alone = alone or (text == NO_ROOM and column == sheet.cursor)
    if alone and sheet.cursor is not None:
        text = _token(sheet, sheet.frame.t, _ALONE)
        x = min(columns.x(sheet.cursor), columns.x(len(columns)) - cell_len(text))
        sheet.canvas.put(max(columns.gutter, x), band.top, text, sheet.palette.style("text", bold=True))
    sheet.marks(band, sheet.seen("x"))


def _token(sheet: Sheet, t: int, width: int) -> str:
    """What stands for an input, in at most `width` screen columns; … where nothing has room."""
    source = sheet.frame.source
    values = sheet.values("x", t, t)[0]
    if source is not None and source.x.dtype.kind in "iu":
        code = int(values.argmax())
        if source.vocabulary is not None:
            quoted = repr(source.vocabulary[code])
            return next((text for text in (quoted, quoted[1:-1]) if cell_len(text) <= width), NO_ROOM)
        return str(code) if len(str(code)) <= width else NO_ROOM
    if len(values) > 1 or width < WRITTEN_FROM:
        text = f"×{len(values)}"
        return text if len(values) > 1 and len(text) <= width else NO_ROOM
    return number_text(float(values[0]), width, "value").strip()


def paint_rule(sheet: Sheet, band: Band) -> None:
    """The line between forward and backward, which says what is to come."""
    columns = sheet.columns
    end = min(columns.x(len(columns)) - columns.gap, sheet.canvas.width)
    sheet.canvas.put(columns.gutter, band.top, "─" * (end - columns.gutter), sheet.palette.style("rule"))
    truncated = sheet.frame.run.schedule.truncated
    if sheet.backward and not truncated:
        return
    if truncated and not columns.gap:
        paint_ticks(sheet, band.top)
        return
    text = BEFORE_FIRST_STEP if sheet.frame.position == 0 else AT_CUTS if truncated else BEFORE_BACKWARD
    text = sheet.palette.keys(text)
    spare = end - columns.gutter - len(text)
    if spare >= 0:
        x = columns.gutter + min(3, spare // 2)
        sheet.canvas.put(x, band.top, text, sheet.palette.style("faint"))
        if LINE in text:
            sheet.canvas.put(x + text.index(LINE), band.top, LINE, sheet.palette.style("loss"))


def paint_edge(sheet: Sheet, band: Band) -> None:
    """The matrix on the way from the row below to the row above; lit, and turned round, where the step takes it."""
    columns = sheet.columns
    if not columns.written:
        return
    name = SCREEN.called(band.track.name)
    taken = _directions(sheet, band.track.name)
    for column in range(len(columns)):
        lit = taken and column == sheet.cursor
        text = f"↓{name}ᵀ" if lit and True in taken else f"↑{name}"
        style = sheet.ground(column, "muted")
        if lit:
            style = sheet.palette.style("background", sheet.hue, bold=True)
        sheet.canvas.put(columns.x(column), band.top, text[: columns.number].center(columns.number), style)


def _directions(sheet: Sheet, matrix: str) -> set[bool]:
    """For each time that the current step multiplies by a matrix, whether it is transposed."""
    step = sheet.frame.current
    if step is None:
        return set()
    expression = step.equation.expanded or step.equation.expression
    return {node.transposed for node in walk(expression) if isinstance(node, MatVec) and node.matrix.name == matrix}
