"""Paints the times above or below columns, and the labels that lie over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.style import Style

from rnntui.widgets.canvas import Canvas
from rnntui.widgets.columns import Columns

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000)
_BETWEEN = 1
"""Blank screen columns at least between two times."""


@dataclass(frozen=True)
class Label:
    """A mark at one column."""

    column: int
    shapes: tuple[str, ...]
    """What it may say, the widest first; the last but one, or the only one, is that of a narrow column."""
    style: Style


def paint_axis(canvas: Canvas, columns: Columns, y: int, style: Style, labels: Sequence[Label] = ()) -> None:
    """Times in row `y`, then the labels. In wide columns a label fills its tile; in narrow ones it lies over its
    neighbours, and a time that it would cover in part is left out."""
    placed = [(*_place(canvas, columns, label), label.style) for label in labels]
    for column, t in labelled(columns):
        text = str(t).center(columns.number) if columns.written else str(t)
        x = columns.x(column)
        free = all(x + len(text) < left or x > left + len(shape) for left, shape, _ in placed)
        if (free or columns.written) and x + len(text) <= canvas.width:
            canvas.put(x, y, text, style)
    for x, text, own in placed:
        canvas.put(x, y, text, own)


def _place(canvas: Canvas, columns: Columns, label: Label) -> tuple[int, str]:
    """(screen column, text) of a label."""
    x = columns.x(label.column)
    if columns.written:
        text = next((shape for shape in label.shapes if len(shape) <= columns.number), label.shapes[-1])
        return x, text.center(columns.number)
    text = label.shapes[-2:][0]
    return max(columns.gutter, min(x, canvas.width - len(text))), text


def labelled(columns: Columns) -> Iterator[tuple[int, int]]:
    """(column, time) of the times that are written: the first and as many round ones as there is room for."""
    per = columns.T / len(columns) if columns.joined else 1.0
    width = len(str(columns.T)) + _BETWEEN
    apart = next((step for step in _STEPS if step / per * columns.pitch >= width), _STEPS[-1])
    # where the heading fills the gutter, a time right beside it would look like a part of it
    last = -width if len(columns.heading) < columns.gutter - 1 else columns.x(0) - width + 1
    for column, (first, end) in enumerate(zip(columns.starts, columns.ends, strict=True)):
        t = first if column == 0 and first == 1 else -(-first // apart) * apart
        if t < end and columns.x(column) - last >= width:
            yield column, t
            last = columns.x(column)
