"""What one component of an expression was made of: the components that it reads, and how much each brings."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.edited import MADE
from bptt.expressions import (
    Call,
    Expression,
    Grad,
    Loss,
    LossSlope,
    MatVec,
    Outer,
    Param,
    Product,
    Pullback,
    Slope,
    Sum,
    Var,
    children,
)
from bptt.functions import FUNCTIONS
from bptt.run import Run

Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Spot:
    """One component of a variable at a time, of a parameter, or of the gradient of one."""

    name: str
    t: int | None
    """None for a parameter."""
    component: tuple[int, ...]
    """A unit, or row and column; empty for a variable that is one number, such as the loss."""
    gradient: bool = False

    @property
    def unit(self) -> int:
        """The first of the component's numbers, 0 where there is none."""
        return self.component[0] if self.component else 0

    def __str__(self) -> str:
        time = "" if self.t is None else f"[{self.t}]"
        return f"{'∇' if self.gradient else ''}{self.name}{time}{''.join(f'[{n}]' for n in self.component)}"


@dataclass(frozen=True, slots=True)
class Cause:
    """A component that was read."""

    spot: Spot
    value: float
    product: float
    """What it is a factor of, as it stands in the term: of W @ h the products W[1][j] · h[j]."""
    weight: Spot | None = None
    """The entry of a matrix by which it was multiplied, if it was."""
    by: float = 1.0
    """The value of that entry."""

    @property
    def size(self) -> float:
        """|product|; what is not finite comes before everything else."""
        return abs(self.product) if math.isfinite(self.product) else math.inf


class Reading:
    """Reads expressions of one run at one time, for one sequence."""

    def __init__(self, run: Run, t: int, sequence: int, position: int | None = None) -> None:
        """`position`: as in `Run.read`."""
        self._run = run
        self._t = t
        self._sequence = sequence
        self._position = position

    def vector(self, expression: Expression) -> Array:
        """(unit,): an expression's value, one number where it stands for every unit."""
        value = self._run.evaluate(expression, self._t, self._position)
        return np.asarray(value[self._sequence if len(value) > 1 else 0])

    def value(self, expression: Expression, unit: int) -> float:
        """One component of an expression."""
        found = self.vector(expression)
        return float(found[unit if len(found) > 1 else 0])

    def causes(self, expression: Expression, unit: int) -> list[Cause]:
        """What component `unit` of an expression reads, the largest product first."""
        return sorted(self._causes(expression, unit, None), key=lambda cause: -cause.size)

    def _causes(self, node: Expression, unit: int, product: float | None) -> Iterator[Cause]:
        """`product`: of what the node is a factor; None for itself."""
        match node:
            case Var(name, lag):
                spot = Spot(name, self._t - lag, self._place(name, unit))
                yield self._cause(spot, self.value(node, unit), product)
            case Grad(name, lag):
                spot = Spot(name, self._t - lag, self._place(name, unit), gradient=True)
                yield self._cause(spot, self.value(node, unit), product)
            case Param(name):
                yield self._cause(Spot(name, None, (unit,)), self.value(node, unit), product)
            case Sum(terms):
                for term in terms:
                    yield from self._causes(term, unit, product if len(terms) == 1 else None)
            case Product(factors):
                whole = self.value(node, unit) if product is None else product
                for factor in factors:
                    yield from self._causes(factor, unit, whole)
            case MatVec(matrix, vector, transposed):
                yield from self._products(matrix, vector, transposed, unit)
            case Slope(output=Var() as output):
                yield from self._causes(output, unit, product)
            case Slope(argument=argument):
                yield from self._causes(argument, unit, product)
            case LossSlope(prediction=prediction):
                yield from self._causes(prediction, unit, self.value(node, unit) if product is None else product)
            case Call(function, argument) if FUNCTIONS[function].slope is None:
                yield from self._all(argument)
            case Pullback(gradient=gradient):
                yield from self._all(gradient)
            case Loss(prediction=prediction):
                yield from self._all(prediction)
            case Outer():
                return  # a parameter's: see `reasons`
            case _:
                for part in children(node):
                    yield from self._causes(part, unit, product)

    def _place(self, name: str, unit: int) -> tuple[int, ...]:
        return () if self._run.model.cell.dims.get(name.removesuffix(MADE)) == "scalar" else (unit,)

    def _all(self, node: Expression) -> Iterator[Cause]:
        for unit in range(len(self.vector(node))):
            yield from self._causes(node, unit, None)

    def _products(self, matrix: Param, vector: Expression, transposed: bool, unit: int) -> Iterator[Cause]:
        W, v = self._run.model.parameters[matrix.name], self.vector(vector)
        row = W[:, unit] if transposed else W[unit]
        with np.errstate(all="ignore"):
            products = row * v
        for other, (weight, product) in enumerate(zip(row.tolist(), products.tolist(), strict=True)):
            entry = Spot(matrix.name, None, (other, unit) if transposed else (unit, other))
            for cause in self._causes(vector, other, product):
                yield Cause(cause.spot, cause.value, product, entry, weight)

    @staticmethod
    def _cause(spot: Spot, value: float, product: float | None) -> Cause:
        return Cause(spot, value, value if product is None else product)
