"""Paints the equation line: each term in the colour of where it comes from, underbraced in words."""

from __future__ import annotations

from collections.abc import Sequence

from rnntui.explain.line import EquationLine, LineRow
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.palette import Palette


def forms(line: EquationLine) -> list[tuple[LineRow, ...]]:
    """The line with braces and the names beneath them, with braces only, and bare; the richest first."""
    found = [line.rows, tuple(row for row in line.rows if row.kind != "names"), line.without_names()]
    return [rows for place, rows in enumerate(found) if place == 0 or len(rows) < len(found[place - 1])]


def paint_line(canvas: Canvas, x: int, y: int, rows: Sequence[LineRow], room: int, hue: str, palette: Palette) -> None:
    """Paint the rows from (x, y) on into `room` rows; `hue`: the role of the left-hand side. Where the equation has
    more rows than there is room for, the last one ends in an ellipsis."""
    shown = rows[:room]
    for n, row in enumerate(shown):
        for place, piece in enumerate(row.pieces):
            is_target = n == 0 and place == 0
            style = palette.style(hue if is_target else piece.colour, bold=is_target)
            canvas.put(x + piece.column, y + n, piece.text, style)
    if len(shown) < len(rows) and shown:
        end = max((piece.end for piece in shown[-1].pieces), default=0)
        canvas.put(min(x + end + 1, canvas.width - 1), y + len(shown) - 1, "…", palette.style("muted"))
