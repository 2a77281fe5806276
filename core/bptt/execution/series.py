"""The series of a cell: every variable, gradient and subexpression that has a value at each time, under one name.

Here ∇v is a variable like any other, called "∇v", so that forward and backward equations are alike; subexpressions
that get a name of their own are called "·1", "·2", …, which no author can write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bptt.expressions import Call, Expression, MatVec, Number, Param, Tick, Var, children, walk
from bptt.functions import FUNCTIONS

SCALAR = "scalar"
SCALAR_CALLS = {"pick"}
"""Functions that occur only here and give one number a sequence."""
TARGETS = "y"
"""The series of the targets as rows: one-hot or values, 0 where there is none."""
WEIGHT = "weight"
"""∇loss[t], a scalar series: only for a mean loss."""


def gradient(name: str) -> str:
    """The name of ∇name."""
    return f"∇{name}"


@dataclass(frozen=True, slots=True)
class Line:
    """One equation: a series and what it is at time t."""

    name: str
    expression: Expression

    @property
    def present(self) -> frozenset[str]:
        """The series that it reads at the same time."""
        return frozenset(node.name for node in walk(self.expression) if isinstance(node, Var) and not node.lag)

    @property
    def reads(self) -> frozenset[str]:
        """The series that it reads at any time."""
        return frozenset(node.name for node in walk(self.expression) if isinstance(node, Var))


class Series:
    """Which series there are, their dims, and what each of the unnamed ones stands for."""

    def __init__(self, dims: Mapping[str, str], parameters: Mapping[str, tuple[str, ...]]) -> None:
        """`dims`: variable → dim; `parameters`: parameter → its dims."""
        self.dims = {**dims, "x": "inputs", TARGETS: "outputs", WEIGHT: SCALAR}
        self._parameters = parameters
        self._names: dict[Expression, str] = {}
        self._count = 0

    def record(self, name: str, expression: Expression, dim: str | None = None) -> Line:
        """A line of this name; later the expression is known by it."""
        self.dims[name] = dim or self.dim(expression)
        if not isinstance(expression, Var | Number):
            self._names.setdefault(expression, name)
        return Line(name, expression)

    def named(self, expression: Expression, lines: list[Line]) -> Var:
        """The series that stands for an expression; where there is none, a new one, its line put at the end of
        `lines`."""
        if isinstance(expression, Var) and not expression.lag:
            return expression
        known = self._names.get(expression)
        if known is None:
            self._count += 1
            known = f"·{self._count}"
            lines.append(self.record(known, expression))
        return Var(known)

    def forget(self, expression: Expression) -> None:
        """No series stands for it any more."""
        self._names.pop(expression, None)

    def dim(self, expression: Expression) -> str:
        """inputs, hidden, outputs, or scalar."""
        match expression:
            case Var(name):
                return self.dims[name]
            case Param(name):
                return self._parameters[name][0]
            case MatVec(matrix, _, transposed):
                return self._parameters[matrix.name][1 if transposed else 0]
            case Number() | Tick():
                return SCALAR
            case Call(function) if function in SCALAR_CALLS or (function in FUNCTIONS and FUNCTIONS[function].scalar):
                return SCALAR
        return next((dim for part in children(expression) if (dim := self.dim(part)) != SCALAR), SCALAR)
