"""Paints the tiles of an equation: labels, numbers on colours, matrices, operators, the row under the lens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from rich.style import Style

from bptt.numerals import cell_text, unit_text
from rnntui.explain.marks import HIDDEN
from rnntui.explain.tile_plan import (
    MARGIN,
    THUMBNAIL_COLUMNS,
    THUMBNAIL_ROW,
    THUMBNAIL_ROWS,
    THUMBNAIL_VECTOR,
    Array,
    Column,
    Item,
    Line,
    Matrix,
    Operator,
    Row,
    TilePlan,
    gap,
)
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.ink import ink
from rnntui.widgets.palette import Palette, levels
from rnntui.widgets.scale import Scale

NUMBER_WIDTH = 4
"""Fewer screen cells than this for a number, and it is a colour only."""
_LENS = Style(bold=True)
_RESULT = Style(bold=True, underline=True)


class TilePainter:
    """Paints one plan."""

    def __init__(self, plan: TilePlan, palette: Palette, scale: Scale, unit: int | None) -> None:
        """`unit`: which row the lens is on; None for none."""
        self._plan = plan
        self._palette = palette
        self._scale = scale
        self._unit = unit

    def paint(self, canvas: Canvas, x: int, y: int) -> int:
        """Paint from (x, y) on; returns the row after the last."""
        for number, line in enumerate(self._plan.lines):
            rows = self._plan.tile_rows(line)
            self._line(canvas, x + MARGIN, y, line, rows, first=number == 0)
            if self._unit is not None and (number == 0 or self._has_lens_row(line)):
                self._lens(canvas, x, y + 1, line)
            y += 1 + rows
        return y

    def _line(self, canvas: Canvas, x: int, y: int, line: Line, rows: int, first: bool) -> None:
        middle = y + 1 + rows // 2
        text = self._palette.style("text")
        inside = list(_inside_operands(line))
        for place, item in enumerate(line):
            width = self._plan.item_width(item)
            if isinstance(item, Operator):
                canvas.put(x, middle, item.text, text)
            else:
                label = self._palette.style("backward" if item.family == "gradient" else "forward", bold=True)
                canvas.put(x + (width - len(item.label)) // 2, y, item.label, label)
                left = x + (width - self._plan.body_width(item)) // 2
                lens = None if inside[place] else _RESULT if first and place == 0 else _LENS
                self._tiles(canvas, left, y + 1, middle, item, lens)
            x += width + (gap(item, line[place + 1]) if place + 1 < len(line) else 0)

    def _lens(self, canvas: Canvas, x: int, y: int, line: Line) -> None:
        unit = self._unit or 0
        sizes = [len(item.values) for item in line if isinstance(item, Column | Matrix)]
        size = max(sizes, default=0)
        if unit < size:
            row = unit * 2 * THUMBNAIL_ROWS // max(size, 2 * THUMBNAIL_ROWS) // 2 if self._plan.thumbnails else unit
            canvas.put(x, y + row, "▸", self._palette.style("lens", bold=True))

    def _has_lens_row(self, line: Line) -> bool:
        return any(isinstance(item, Column | Matrix) for item in line)

    def _tiles(
        self, canvas: Canvas, x: int, y: int, middle: int, item: Column | Matrix | Row, lens: Style | None
    ) -> None:
        if self._plan.thumbnails:
            self._thumbnail(canvas, x, y, middle, item)
            return
        match item:
            case Column(values=values):
                grid, width = values[:, None], self._plan.vector_width
            case Matrix(values=values):
                grid, width = values, self._plan.matrix_width
            case Row(values=values):
                grid, width, y, lens = values[None, :], self._plan.vector_width, middle, None
        if item.mark is not None:
            self._marked(canvas, x, y, grid.shape, width, item.mark is HIDDEN)
            return
        onehot = not isinstance(item, Matrix) and _is_onehot(grid)
        shades = levels(grid, item.family, self._scale.of(item))
        write = _onehot_text if onehot else _unit_text if item.family == "unit" else cell_text
        for n, (numbers, row) in enumerate(zip(grid.tolist(), shades.tolist(), strict=True)):
            bold = lens if n == self._unit else None
            texts = row_texts(numbers, width, write)
            for m, (text, level) in enumerate(zip(texts, row, strict=True)):
                style = self._palette.tile(item.family, level)
                if width < NUMBER_WIDTH:
                    text = ("·" if bold else "").ljust(width)
                if self._palette.inked and width < NUMBER_WIDTH:
                    style, text = self._palette.signed(item.family, level), ink(level, item.family) * width
                canvas.put(x + m * width, y + n, text, style + bold if bold else style)

    def _marked(self, canvas: Canvas, x: int, y: int, shape: tuple[int, ...], width: int, hidden: bool) -> None:
        """Tiles without numbers: a question mark, or a dot for what is not computed yet."""
        style = self._palette.style("background", "loss", bold=True) if hidden else self._palette.style("faint")
        for n in range(shape[0]):
            canvas.put(x, y + n, ("?" if hidden else "·").center(width) * shape[1], style)

    def _thumbnail(self, canvas: Canvas, x: int, y: int, middle: int, item: Column | Matrix | Row) -> None:
        match item:
            case Column(values=values):
                grid, columns = values[:, None], THUMBNAIL_VECTOR
            case Matrix(values=values):
                grid, columns = values, THUMBNAIL_COLUMNS
            case Row(values=values):
                grid, columns, y = values[None, :], THUMBNAIL_ROW, middle
        rows = 1 if isinstance(item, Row) else THUMBNAIL_ROWS
        if item.mark is not None:
            self._marked(canvas, x, y, (rows, columns), 1, item.mark is HIDDEN)
            return
        halves = 1 if isinstance(item, Row) or self._palette.inked else 2
        small = shrunk(grid, halves * rows, columns)
        shades = levels(small, item.family, self._scale.of(item)).tolist()
        for n in range(rows):
            upper, lower = shades[n * halves], shades[n * halves + halves - 1]
            for m in range(columns):
                if self._palette.inked:
                    style = self._palette.signed(item.family, upper[m])
                    canvas.put(x + m, y + n, ink(upper[m], item.family), style)
                else:
                    canvas.put(x + m, y + n, "▀", self._palette.half(item.family, upper[m], lower[m]))


def row_texts(numbers: Sequence[float], width: int, write: Callable[[float, int], str] = cell_text) -> list[str]:
    """Numbers side by side, each in `width` cells, that can be told apart without their colours: one that has no room
    for its sign, or is a bare power of ten after another, does not touch the one before it."""
    texts: list[str] = []
    for number in numbers:
        text = write(number, width)
        before = texts[-1] if texts else ""
        if (
            before
            and len(text.strip()) == width
            and (text[0] not in "+-" or (width > NUMBER_WIDTH and text[1] == "e" and "e" in before))
        ):
            text = write(number, width - 1).rjust(width)
        texts.append(text)
    return texts


def shrunk(grid: Array, rows: int, columns: int) -> Array:
    """(rows, columns): each place holds the number of largest magnitude of its part of the grid; where the grid has
    fewer numbers than places, numbers repeat. NaN is the largest of all."""
    high, wide = _borders(grid.shape[0], rows), _borders(grid.shape[1], columns)
    small = np.zeros((rows, columns))
    for n, (top, bottom) in enumerate(high):
        for m, (left, right) in enumerate(wide):
            part = grid[top:bottom, left:right]
            small[n, m] = part.flat[np.abs(part).argmax()]
    return small


def _borders(size: int, count: int) -> list[tuple[int, int]]:
    return [(n * size // count, max(n * size // count + 1, (n + 1) * size // count)) for n in range(count)]


def _is_onehot(grid: Array) -> bool:
    return bool(grid.size > 1 and np.isin(grid, (0, 1)).all() and grid.sum() == 1)


def _onehot_text(value: float, width: int) -> str:
    return f"{value:.0f}".rjust(width)


def _unit_text(value: float, width: int) -> str:
    return "0".rjust(width) if value == 0 else unit_text(value, width)


def _inside_operands(line: Line) -> Iterator[bool]:
    """For each item, whether it is what a matrix multiplies: its rows are then not the rows of the result."""
    open_brackets: list[bool] = []
    previous: Item | None = None
    for item in line:
        if isinstance(item, Operator):
            for place, letter in enumerate(item.text):
                if letter == "(":
                    open_brackets.append(place == 0 and isinstance(previous, Matrix))
                elif letter == ")" and open_brackets:
                    open_brackets.pop()
            yield False
        else:
            yield any(open_brackets) or isinstance(previous, Matrix)
        previous = item
