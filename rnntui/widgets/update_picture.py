"""Paints a line of an update: its equation, what it reads and makes as tiles, and one entry with its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

import numpy as np
from numpy.typing import NDArray

from bptt.numerals import cell_text, number
from bptt.update import UpdateStep
from rnntui.frame import Frame
from rnntui.reports.update_text import entry_line, moved, operands, place_in
from rnntui.safe import clean
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.ink import ink
from rnntui.widgets.next_line import paint_next
from rnntui.widgets.palette import Family, Palette, levels
from rnntui.widgets.scale import largest

Array = NDArray[np.floating]
LEFT = 1
GAP = 3
"""Columns between two tiles."""
AIRY = 12
"""Rows from which parts have a blank row between them."""
CELLS = (6, 5, 2, 1)
"""Columns that an entry can take: from 4 on it has its number."""


class UpdatePicture:
    """One line of an update in one room."""

    def __init__(self, frame: Frame, step: UpdateStep, palette: Palette, ahead: bool = True) -> None:
        """`ahead`: whether it says what comes next."""
        self._ahead = ahead
        self._frame = frame
        self._step = step
        self._palette = palette
        self._reads = operands(frame, step)
        self._parameters = frame.run.model.parameters

    def paint(self, canvas: Canvas) -> None:
        """Equation, tiles, numbers, the sentence of what it is for, what comes next; from the top as far as it goes."""
        palette, width = self._palette, canvas.width - LEFT
        equation = self._step.equation
        blank = 1 if canvas.height >= AIRY else 0
        rows = wrap(clean(equation.text), max(1, width), subsequent_indent="  ")
        comment = clean(equation.comment)
        beside = len(rows) == 1 and len(rows[0]) + len(comment) + 3 <= width
        y = 0
        for row in rows:
            end = canvas.put(LEFT, y, row, palette.style("violet", bold=True))
            y += 1
        if beside:
            canvas.put(end + 3, 0, comment, palette.style("muted", italic=True))
        elif comment:
            canvas.put(LEFT, y, comment[:width], palette.style("muted", italic=True))
            y += 1
        numbers = wrap(clean(entry_line(self._frame, self._step)), max(1, width), subsequent_indent="  ")
        room = canvas.height - y - len(numbers) - 1 - 3 * blank
        y = self._paint_operands(canvas, y + blank, room) if room > 1 else y
        y += blank
        for n, row in enumerate(numbers):
            canvas.put(LEFT, y + n, row, palette.style("text"))
        said = wrap(moved(self._frame, self._step), max(1, width)) if blank else []
        for n, row in enumerate(said, len(numbers)):
            canvas.put(LEFT, min(y + n, canvas.height - 2), row, palette.style("muted", italic=True))
        if self._ahead and y + len(numbers) < canvas.height:
            paint_next(canvas, LEFT, canvas.height - 1, self._frame, palette)

    def _paint_operands(self, canvas: Canvas, y: int, room: int) -> int:
        """Tiles where the line works entry by entry, bars of norms where it takes all gradients together; the row
        after them."""
        if not self._step.value.shape:
            shaped = {name: value for name, value in self._reads.items() if value.shape}
            return self._paint_norms(canvas, y, room, shaped) if shaped else y
        tiles = [(f"new {self._step.target}", self._step.target, self._step.value)]
        tiles += [(name, name, value) for name, value in self._reads.items() if value.shape]
        rows, columns = (*self._step.value.shape, 1)[:2]
        scalars = any(not value.shape for value in self._reads.values())
        whole = canvas.width - LEFT - 1
        each = (whole - GAP * (len(tiles) - 1)) // len(tiles)
        is_tall = (
            columns * CELLS[1] > each and columns * CELLS[1] <= whole and (rows + 1) * len(tiles) + scalars <= room
        )
        each = whole if is_tall else each
        cell = next((cell for cell in CELLS if columns * cell <= each), CELLS[-1])
        row, column = (*place_in(self._step.value, self._frame.entry), 0)[:2]
        down = list(_window(row, rows, rows if is_tall else room - 1 - scalars))
        across = list(_window(column, columns, max(1, each // cell)))
        x = LEFT + 1
        for place, (label, name, value) in enumerate(tiles):
            body = len(across) * cell
            wide = max(body, min(len(label), each))
            canvas.put(x, y, clean(label)[:wide].center(body).rstrip(), self._palette.style(self._hue(name), bold=True))
            self._paint_tile(canvas, x, y + 1, name, value, down, across, cell)
            canvas.put(LEFT, y + 1 + down.index(row), "▸", self._palette.style("lens", bold=True))
            if is_tall:
                y += 1 + len(down)
                continue
            if not place and len(tiles) > 1:
                canvas.put(x + wide + 1, y + 1 + len(down) // 2, "←", self._palette.style("text", bold=True))
            x += wide + GAP
        return self._paint_scalars(canvas, y if is_tall else y + 1 + len(down))

    def _paint_tile(
        self, canvas: Canvas, x: int, y: int, name: str, value: Array, down: list[int], across: list[int], cell: int
    ) -> None:
        palette, family = self._palette, self._family(name)
        matrix = value.reshape(len(value), -1)
        places = levels(matrix, family, largest((value,)))
        here = (*place_in(value, self._frame.entry), 0)[:2]
        for line, row in enumerate(down):
            for place, column in enumerate(across):
                level = int(places[row, column])
                style = palette.tile(family, level)
                if cell >= 4:
                    text = cell_text(float(matrix[row, column]), cell - 1).rjust(cell - 1)
                else:
                    text = (ink(level, family) if palette.inked else "!" if level < 0 else " ") * cell
                    style = palette.signed(family, level) if palette.inked else style
                if (row, column) == here:
                    style = palette.style("background", "lens", bold=True)
                canvas.put(x + place * cell, y + line, text, style)

    def _paint_scalars(self, canvas: Canvas, y: int) -> int:
        """The single numbers that it reads, in a row; the row after it."""
        scalars = [f"{name} = {number(float(value))}" for name, value in self._reads.items() if not value.shape]
        if not scalars:
            return y
        canvas.put(LEFT + 1, y, clean("   ".join(scalars)), self._palette.style("muted"))
        return y + 1

    def _paint_norms(self, canvas: Canvas, y: int, room: int, shaped: dict[str, Array]) -> int:
        sizes = {name: float(np.linalg.norm(value)) for name, value in shaped.items()}
        most = max((size for size in sizes.values() if size < float("inf")), default=0.0)
        shown = sorted(sizes, key=lambda name: -sizes[name])[: max(1, room)]
        wide = max(len(name) for name in shown) + 2
        for line, name in enumerate(shown):
            x = canvas.put(LEFT + 1, y + line, f"‖{clean(name)}‖".ljust(wide), self._palette.style("backward"))
            x = canvas.put(x, y + line, f" {number(sizes[name]):<9} ", self._palette.style("text"))
            length = round(sizes[name] / most * (canvas.width - x - 1)) if 0 < sizes[name] <= most else 0
            canvas.put(x, y + line, "█" * length, self._palette.style("backward"))
        return y + len(shown)

    def _family(self, name: str) -> Family:
        return "value" if name in self._parameters else "gradient"

    def _hue(self, name: str) -> str:
        return "forward" if name in self._parameters else "backward"


def _window(place: int, size: int, room: int) -> Iterator[int]:
    """Up to `room` neighbours with `place` among them."""
    room = min(size, max(1, room))
    first = min(max(0, place - room // 2), size - room)
    return iter(range(first, first + room))
