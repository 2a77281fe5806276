"""The factors of a product in words: the blame of s, the slope 1−h₄², h₃."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bptt.cell import Cell
from bptt.expressions import Expression, Grad, MatVec, Number, Outer, Slope, walk
from rnntui.explain.backward_terms import called
from rnntui.explain.labels import Labels
from rnntui.explain.tile_items import Opener


def factor_in_words(cell: Cell, factor: Expression, t: int, labels: Labels, shown: Callable[[Expression], str]) -> str:
    """One factor with its number, by `shown`: `the blame of n back through W (+.77)`."""
    if isinstance(factor, Number):
        return f"{factor.value:g}".replace("-", "−")
    senders = list(dict.fromkeys(called(cell, node.name) for node in walk(factor) if isinstance(node, Grad)))
    blame = f"the blame of {' and '.join(senders)}"
    match factor:
        case Grad():
            words = blame
        case MatVec(matrix, _, True) if senders:
            words = f"{blame} back through {labels.matrix(matrix.name)}"
        case Slope():
            words = f"the slope {labels.of(factor, t)}"
        case _:
            words = labels.enclosed(factor, t)
    return f"{words} ({shown(factor)})"


@dataclass(frozen=True, slots=True)
class Share:
    """One number of what a timestep adds to a parameter's gradient."""

    row: int
    column: int
    """0 for a vector."""
    value: float
    words: str


def share_in_words(
    expression: Expression,
    t: int,
    labels: Labels,
    opener: Opener,
    unit: int,
    signed: Callable[[float], str],
) -> Share:
    """The share in the unit's row; of a matrix, in the column where what was read is largest."""
    if not isinstance(expression, Outer):
        values, _ = opener.read((expression,))
        row = min(unit, len(values) - 1)
        column = 0 if values.ndim < 2 else _largest(values[row])
        row_name = labels.unit_of(expression, row)
        value = float(values[row] if values.ndim < 2 else values[row, column])
        return Share(row, column, value, f"{labels.enclosed(expression, t)}[{row_name}]")
    left, _ = opener.read((expression.left,))
    right, _ = opener.read((expression.right,))
    row, column = min(unit, len(left) - 1), _largest(right)
    sent, read = float(left[row]), float(right[column])
    words = (
        f"{labels.enclosed(expression.left, t)}[{labels.unit_of(expression.left, row)}] ({signed(sent)}) × "
        f"{labels.enclosed(expression.right, t)}[{labels.unit_of(expression.right, column)}] ({signed(read)})"
    )
    return Share(row, column, sent * read, words)


def _largest(values: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> int:
    return int(np.argmax(np.nan_to_num(np.abs(values))))
