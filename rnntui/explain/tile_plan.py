"""The picture of an equation as plain data: columns, matrices, rows and operators in lines, and what room they take."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnntui.explain.marks import Mark

Array = NDArray[np.floating]
Family = Literal["value", "gradient", "unit"]
"""Which colours a number takes: a value, a gradient, or a value between 0 and 1."""

LARGEST_OPEN = 12
"""More units than this are drawn as thumbnails."""
THUMBNAIL_ROWS = 4
THUMBNAIL_COLUMNS = 8
THUMBNAIL_VECTOR = 2
THUMBNAIL_ROW = 16
MARGIN = 1
"""The cell left of a line, for the lens mark."""


@dataclass(frozen=True, eq=False)
class Column:
    """A vector, drawn from top to bottom."""

    label: str
    values: Array
    """(unit,); zeros where there is a mark."""
    family: Family
    mark: Mark | None = None
    """Why no number is shown; None where numbers are."""
    name: str = ""
    """The variable whose numbers these are; empty for what is computed from several."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix, rows from top to bottom."""

    label: str
    values: Array
    """(row, column); zeros where there is a mark."""
    family: Family
    mark: Mark | None = None


@dataclass(frozen=True, eq=False)
class Row:
    """A vector lying on its side: the right factor of an outer product."""

    label: str
    values: Array
    """(unit,); zeros where there is a mark."""
    family: Family
    mark: Mark | None = None


@dataclass(frozen=True)
class Operator:
    """What stands between tiles: =, +, ⊙, brackets, the name of a function."""

    text: str


Item = Column | Matrix | Row | Operator
Line = tuple[Item, ...]


@dataclass(frozen=True, eq=False)
class TilePlan:
    """What to draw. No lines: there is no room for tiles, and the equation's text must do."""

    lines: tuple[Line, ...]
    """The first item of the first line is the left-hand side, or `∇W +=` for a parameter's gradient."""
    matrix_width: int
    """Screen cells for a number of a matrix; below 4 a colour only."""
    vector_width: int
    """Screen cells for a number of a vector."""
    thumbnails: bool
    """Every vector and matrix shrunk to 8 half rows, by its largest magnitudes."""
    note: str
    """What was done to make it fit, in a few words; empty where everything is open on one line."""
    inlined: bool
    """Which form of the equation is drawn; its text must take the same."""

    @property
    def height(self) -> int:
        """Screen rows, the labels included."""
        return sum(1 + self.tile_rows(line) for line in self.lines)

    @property
    def width(self) -> int:
        """Screen columns, the margin included."""
        return MARGIN + max((self.line_width(line) for line in self.lines), default=0)

    def item_width(self, item: Item) -> int:
        """Screen columns of one item, its label included."""
        return max(self.body_width(item), 0 if isinstance(item, Operator) else len(item.label))

    def body_width(self, item: Item) -> int:
        """Screen columns of one item's tiles, or of an operator's text."""
        match item:
            case Operator(text):
                return len(text)
            case Column():
                return THUMBNAIL_VECTOR if self.thumbnails else self.vector_width
            case Row(values=values):
                return THUMBNAIL_ROW if self.thumbnails else self.vector_width * len(values)
            case Matrix(values=values):
                return THUMBNAIL_COLUMNS if self.thumbnails else self.matrix_width * values.shape[1]

    def line_width(self, line: Line) -> int:
        """Screen columns of one line, without the margin."""
        gaps = sum(gap(left, right) for left, right in pairwise(line))
        return gaps + sum(self.item_width(item) for item in line)

    def tile_rows(self, line: Line) -> int:
        """Screen rows of one line under its labels."""
        if self.thumbnails:
            return THUMBNAIL_ROWS
        return max((len(item.values) for item in line if isinstance(item, Column | Matrix)), default=1)


def gap(left: Item, right: Item) -> int:
    """Blank columns between two neighbours: brackets hug what they enclose."""
    if isinstance(right, Operator) and not isinstance(left, Operator) and right.text[:1] in "()":
        return 0
    if isinstance(left, Operator) and left.text.endswith("("):
        return 0
    return 1


def merged(items: Line) -> Line:
    """The items with neighbouring operators joined: `)` and `+` become `)+`."""
    result: list[Item] = []
    for item in items:
        last = result[-1] if result else None
        if isinstance(item, Operator) and isinstance(last, Operator) and last.text.strip():
            result[-1] = Operator(last.text + item.text)
        else:
            result.append(item)
    return tuple(result)


def longest(lines: tuple[Line, ...]) -> int:
    """The most units any vector or matrix side of the lines has."""
    return max((max(i.values.shape) for line in lines for i in line if not isinstance(i, Operator)), default=0)
