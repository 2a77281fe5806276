"""The shapes of expressions that may not be read, so that what is hidden takes the room it will take."""

from __future__ import annotations

import numpy as np

from bptt.cell import Cell
from bptt.edited import MADE
from bptt.expressions import (
    Call,
    Expression,
    Grad,
    LossSlope,
    MatVec,
    Outer,
    Param,
    Power,
    Product,
    Quotient,
    Slope,
    Sum,
    Var,
)
from bptt.functions import FUNCTIONS
from rnntui.explain.marks import Mark, Read


class Shapes:
    """Of one cell at one time."""

    def __init__(self, cell: Cell, t: int, read: Read) -> None:
        self._cell = cell
        self._t = t
        self._read = read

    def of(self, expression: Expression) -> tuple[int, ...]:
        """The shape of an expression that may not be read."""
        match expression:
            case Outer(left, right):
                return (*self.of(left), *self.of(right))
            case Param(name):
                return tuple(self._size(dim) for dim in self._cell.parameters[name])
        return (self._size(self._dim(expression)),)

    def _size(self, dim: str) -> int:
        """How many units a dim has, from the parameters that may be read."""
        for name, dims in self._cell.parameters.items():
            if dim in dims:
                value = self._read(Param(name), self._t)
                if not isinstance(value, Mark):
                    return int(np.atleast_1d(value).shape[dims.index(dim)])
        return 1

    def _dim(self, expression: Expression) -> str:
        """inputs, hidden, outputs or scalar: which units an expression has."""
        match expression:
            case Var("x") | Grad("x"):
                return "inputs"
            case Var(name) | Grad(name):
                return self._cell.dims[name.removesuffix(MADE)]
            case Param(name):
                return self._cell.parameters[name][0]
            case MatVec(Param(name), _, transposed):
                return self._cell.parameters[name][1 if transposed else 0]
            case Sum(parts) | Product(parts):
                dims = [self._dim(part) for part in parts]
                return next((dim for dim in dims if dim != "scalar"), "scalar")
            case Quotient(top, bottom):
                return self._dim(Product((top, bottom)))
            case Power(base):
                return self._dim(base)
            case Call(function, argument):
                return "scalar" if FUNCTIONS[function].scalar else self._dim(argument)
            case Slope(argument=argument) | LossSlope(prediction=argument):
                return self._dim(argument)
        return "scalar"
