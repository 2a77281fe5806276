"""Lists a cell's equations with the author's comments beside them: what the pane shows before the first step."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from bptt.cell import Cell
from bptt.notation import TEXT, render, render_target
from rnntui.safe import clean, cut
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.palette import Palette

_GAP = 3
_INDENT = 2


@dataclass(frozen=True)
class _Row:
    """One row of the listing."""

    target: str
    side: str
    comment: str = ""
    indent: int = 0


class CellListing:
    """The equations of one cell. A comment stands beside its equation where all of them fit there, else beneath it
    where there are rows for that; an equation that is too long goes on in the next row."""

    def __init__(self, cell: Cell, palette: Palette, width: int, rows: int) -> None:
        self._palette = palette
        self._width = width
        lines = [
            (
                render_target(equation, TEXT, arguments=cell.arguments),
                render(equation.expression, TEXT, arguments=cell.arguments),
                clean(equation.comment),
            )
            for equation in cell.equations
        ]
        longest = max(len(target) + 3 + len(side) for target, side, _ in lines)
        widest = max(cell_len(comment) for *_, comment in lines)
        self._column = longest + _GAP if longest + _GAP + widest <= width else 0
        beside = bool(self._column)
        spacious = [row for line in lines for row in self._laid_out(line, beside, beneath=True)]
        tight = [row for line in lines for row in self._laid_out(line, beside, beneath=False)]
        found = spacious if len(spacious) <= rows else tight
        if len(found) > rows:
            found = found[: max(0, rows - 1)]
            left = len(lines) - sum(bool(row.target) for row in found)
            found.append(_Row("", "", cut(f"and {left} more" if left else "…", width)))
        self._rows = found[: max(0, rows)]

    @property
    def height(self) -> int:
        """The rows it takes."""
        return len(self._rows)

    def paint(self, canvas: Canvas, x: int, y: int) -> None:
        """Paint from (x, y) on."""
        for n, row in enumerate(self._rows):
            end = canvas.put(x + row.indent, y + n, row.target, self._palette.style("forward", bold=True))
            canvas.put(end, y + n, row.side, self._palette.style("text"))
            column = self._column if row.target else row.indent
            canvas.put(x + column, y + n, row.comment, self._palette.style("muted", italic=True))

    def _laid_out(self, line: tuple[str, str, str], beside: bool, beneath: bool) -> list[_Row]:
        target, side, comment = line
        first, *more = self._wrapped(f" = {side}", self._width - len(target))
        rows = [_Row(target, first, comment if beside else "")]
        rows += [_Row("", text, "", _INDENT) for text in more]
        if comment and beneath and not beside and cell_len(comment) + _INDENT <= self._width:
            rows.append(_Row("", "", comment, _INDENT))
        return rows

    def _wrapped(self, text: str, room: int) -> list[str]:
        """The text in rows, the first of `room` letters: broken at blanks, before a sign where that can be."""
        found: list[str] = []
        while len(text) > room:
            place = _break(text, room)
            found.append(text[:place])
            text = text[place:].lstrip()
            room = max(1, self._width - _INDENT)
        return [*found, text]


def _break(text: str, room: int) -> int:
    """Where to break a text that is longer than `room`: before a sign as far outside of brackets as can be, at a
    blank, or anywhere."""
    depth = 0
    best: tuple[int, bool] | None = None
    chosen = 0
    for place in range(min(room, len(text) - 2) + 1):
        depth += (text[place] in "([") - (text[place] in ")]")
        if place > 3 and text[place] == " " and text[place + 1] in "+−⊙":
            rank = depth, text[place + 1] == "⊙"
            if best is None or rank <= best:
                best, chosen = rank, place
    if best is not None:
        return chosen
    return max((place for place in range(4, room + 1) if text[place] == " "), default=max(1, room))
