"""The short labels of a picture: names at their times, slopes, indices and tokens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from unicodedata import category, east_asian_width

import numpy as np

from bptt.cell import Cell
from bptt.edited import MADE
from bptt.expressions import (
    Call,
    Expression,
    Grad,
    Loss,
    MatVec,
    Param,
    Product,
    Quotient,
    Slope,
    Sum,
    Var,
    children,
)
from bptt.notation import SCREEN, SUPERSCRIPTS, render
from rnntui.explain.marks import Mark
from rnntui.explain.tile_plan import Array

LONGEST_SLOPE = 6
"""Letters of a slope that is written with its times; a longer one is written without."""
LONGEST_TOKEN = 8
_NO_TIMES = dict.fromkeys(map(ord, "₀₁₂₃₄₅₆₇₈₉₊₋"))


class Labels:
    """Writes labels for one cell and one source of tokens."""

    def __init__(
        self, cell: Cell, tokens: Sequence[str] | None = None, vocabulary: Sequence[str] | None = None
    ) -> None:
        """`tokens`: the input at t = 1, 2, …; `vocabulary`: the name of each class."""
        self._cell = cell
        self._tokens = tokens
        self._vocabulary = vocabulary

    def of(self, expression: Expression, t: int) -> str:
        """An expression above a column: `h₃`, `1−h₆²`, `r₄⊙h₃`."""
        return _of(expression, t, self._cell)

    def timeless(self, expression: Expression) -> str:
        """An expression without its times: `∇h`, `tanh(s)`."""
        return _of(expression, 0, self._cell).translate(_NO_TIMES)

    def enclosed(self, expression: Expression, t: int) -> str:
        """An expression that an index can follow: `h₃`, `(r₄⊙h₃)`."""
        text = self.of(expression, t)
        return f"({text})" if isinstance(expression, Sum | Product | Quotient | MatVec) else text

    def index(self, values: Array, expression: Expression, unit: int) -> str:
        """`[1]`, `['l']` where units are classes; empty where there is one unit only."""
        return f"[{self.unit_of(expression, min(unit, len(values) - 1))}]" if len(values) > 1 else ""

    def matrix(self, name: str, transposed: bool = False) -> str:
        """A parameter: `W`, `Wfᵀ`."""
        return SCREEN.called(name) + ("ᵀ" if transposed else "")

    def function(self, name: str) -> str:
        """A function in front of its bracket."""
        return render(Call(name, Var("v")), SCREEN, 0).split("(")[0] if name == "sigmoid" else name

    def superscript(self, exponent: int) -> str:
        """A raised exponent."""
        return str(exponent).translate(SUPERSCRIPTS)

    def truth(self, lag: int, t: int) -> str:
        """The target of a loss."""
        return SCREEN.at("y", lag, t)

    def probability_of_target(self, loss: Loss, t: int, slope: tuple[Array, Mark | None]) -> str:
        """`p₄['l']`: the target is where the slope p − onehot(y) is lowest."""
        name = self._cell.probability if isinstance(loss.prediction, Var) else None
        shown = SCREEN.at(SCREEN.called(name), loss.lag, t) if name else "p"
        values, mark = slope
        return shown if mark else f"{shown}[{self.named(int(np.argmin(values)))}]"

    def token(self, number: int, t: int) -> str:
        """What a one-hot input stands for, in quotes; its number where it has no name that fits into cells."""
        if self._tokens is not None and 1 <= t <= len(self._tokens):
            shown = _quoted(self._tokens[t - 1])
            if shown:
                return shown
        return self.named(number) if self._dims_of_x() else f":,{number}"

    def named(self, number: int) -> str:
        """A class by its name in quotes, or by its number."""
        if self._vocabulary is not None and number < len(self._vocabulary):
            return _quoted(self._vocabulary[number]) or str(number)
        return str(number)

    def place(self, parameter: str, row: int, column: int) -> str:
        """`[1,2]`, or `['e',2]` where a side of the matrix counts classes."""
        dims = self._cell.parameters[parameter]
        return "[" + ",".join(self._unit(dim, n) for dim, n in zip(dims, (row, column), strict=False)) + "]"

    def unit_of(self, expression: Expression, unit: int) -> str:
        """The index of a unit of a vector, by its name where it is a class."""
        match expression:
            case Var("x") | Grad("x"):
                return self._unit("inputs", unit)
            case Var(name) | Grad(name):
                return self._unit(self._cell.dims[name.removesuffix(MADE)], unit)
            case Param(name):
                return self._unit(self._cell.parameters[name][0], unit)
        return str(unit)

    def _unit(self, dim: str, unit: int) -> str:
        return str(unit) if dim in ("hidden", "scalar") else self.named(unit)

    def _dims_of_x(self) -> bool:
        return self._vocabulary is not None


@lru_cache(4096)
def _of(expression: Expression, t: int, cell: Cell) -> str:
    text = render(expression, SCREEN, t, cell.arguments)
    if isinstance(expression, Slope):
        text = text.replace(" ⊙ (", "(")
        if len(text) > LONGEST_SLOPE:
            text = text.translate(_NO_TIMES)
        if isinstance(expression.output, Call) and expression.function == "tanh":
            text = "1−tanh²"
    elif children(expression):
        text = text.replace(" − ", "−").replace(" ⊙ ", "⊙").replace(" + ", "+").replace(" / ", "/")
    return text


def _quoted(token: str) -> str:
    """The token in quotes; empty where it is too long or not one screen cell a letter."""
    shown = repr(token)
    narrow = all(east_asian_width(letter) not in "WF" and not category(letter).startswith("M") for letter in shown)
    return shown if narrow and len(shown) <= LONGEST_TOKEN + 2 else ""
