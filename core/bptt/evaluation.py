"""The interpreter: an expression becomes a closure that reads a tape at a time t and gives its array."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.equation import Term
from bptt.expressions import (
    Call,
    Expression,
    Grad,
    Loss,
    LossSlope,
    MatVec,
    Number,
    Outer,
    Param,
    Power,
    Product,
    Pullback,
    Quotient,
    Slope,
    Sum,
    Tick,
    Var,
)
from bptt.functions import FUNCTIONS, LOSSES
from bptt.tape import Tape
from bptt.targets import Targets

Array = NDArray[np.floating]
Evaluator = Callable[[int], Any]
"""t → (batch, unit), a (rows, columns) matrix for an outer product, or a Python float that stands for every unit."""


class Interpreter:
    """Compiles expressions against one tape, one set of parameters and one set of targets."""

    def __init__(self, tape: Tape, parameters: Mapping[str, Array], targets: Targets, weight: float = 1.0) -> None:
        """`weight`: ∇loss[t]."""
        self._tape = tape
        self._parameters = {name: array if array.ndim == 2 else array[None] for name, array in parameters.items()}
        self._targets = targets
        self._weight = weight
        self._compiled: dict[Expression, Evaluator] = {}

    def compile(self, expression: Expression) -> Evaluator:
        """The closure of an expression; made once, kept."""
        made = self._compiled.get(expression)
        if made is None:
            made = self._compiled[expression] = self._build(expression)
        return made

    def release(self) -> None:
        """Drop what was compiled. It holds the interpreter and its tape, which would stay until Python looks for
        cycles."""
        self._compiled.clear()

    def definition(self, name: str, expression: Expression) -> Evaluator:
        """The closure that fills the slots of the variable `name`."""
        return self.compile(expression)

    def term(self, term: Term) -> Evaluator:
        """The closure of a summand of a gradient."""
        return self.compile(term.expression)

    def _build(self, expression: Expression) -> Evaluator:
        match expression:
            case Var(name, lag):
                return _reader(self._tape.values[name], self._tape.before[name] - 1 - lag)
            case Grad(name, lag):
                return _reader(self._tape.gradients[name], self._tape.before[name] - 1 - lag)
            case Param(name):
                array = self._parameters[name]
                return lambda t: array
            case Number(value):
                return lambda t: value
            case Tick():
                return lambda t: float(expression.on(t))
            case Sum(terms):
                return self._sum(terms)
            case Product(factors):
                return self._product(factors)
            case Quotient(numerator, denominator):
                top, bottom = self.compile(numerator), self.compile(denominator)
                return lambda t: np.divide(top(t), bottom(t))
            case Power(base, exponent):
                powered = self.compile(base)
                return lambda t: powered(t) ** exponent
            case MatVec(matrix, vector, transposed):
                return self._matrix_product(matrix, vector, transposed)
            case Call(function, argument):
                return self._call(FUNCTIONS[function].value, argument)
            case Slope(function, argument, output):
                slope, of, out = FUNCTIONS[function].slope, self.compile(argument), self.compile(output)
                assert slope is not None  # only elementwise functions have a Slope
                rows = self._rows
                return lambda t: slope(rows(of(t)), rows(out(t)))
            case Pullback(function, argument, output, gradient):
                pullback = FUNCTIONS[function].pullback
                assert pullback is not None  # only functions that mix units have a Pullback
                of, out, g = self.compile(argument), self.compile(output), self.compile(gradient)
                rows = self._rows
                return lambda t: pullback(rows(of(t)), rows(out(t)), rows(g(t)))
            case Outer(left, right):
                return self._outer(left, right)
            case Loss(function, prediction, lag):
                return self._loss(LOSSES[function].value, prediction, lag, 1.0)
            case LossSlope(function, prediction, _, lag, weighted):
                return self._loss(LOSSES[function].slope, prediction, lag, self._weight if weighted else 1.0)

    def _sum(self, terms: tuple[Expression, ...]) -> Evaluator:
        first, second, *others = (self.compile(term) for term in terms)
        if not others:
            return lambda t: first(t) + second(t)

        def total(t: int) -> Any:
            result = first(t) + second(t)
            for term in others:
                result = result + term(t)
            return result

        return total

    def _product(self, factors: tuple[Expression, ...]) -> Evaluator:
        clocks = [self.compile(factor) for factor in factors if isinstance(factor, Tick)]
        first, *others = [self.compile(factor) for factor in factors if not isinstance(factor, Tick)] or [lambda t: 1.0]

        def product(t: int) -> Any:
            for clock in clocks:
                if not clock(t):
                    return 0.0  # the branch not taken is not computed, so that its NaN cannot leak in
            result = first(t)
            for factor in others:
                result = result * factor(t)
            return result

        return product

    def _matrix_product(self, matrix: Param, vector: Expression, transposed: bool) -> Evaluator:
        W = self._parameters[matrix.name]
        by = W if transposed else W.T
        of = self.compile(vector)

        def product(t: int) -> Any:
            v = of(t)
            return 0.0 if isinstance(v, float) else np.dot(v, by)

        return product

    def _call(self, compute: Callable[[Array], Array], argument: Expression) -> Evaluator:
        of = self.compile(argument)
        if isinstance(argument, (Var, Grad)):
            return lambda t: compute(of(t))
        rows = self._rows
        return lambda t: compute(rows(of(t)))

    def _outer(self, left: Expression, right: Expression) -> Evaluator:
        """Σ over the batch of left · rightᵀ: (rows, columns); the float 0 where the left is off."""
        a, b = self.compile(left), self.compile(right)

        def product(t: int) -> Any:
            column, row = a(t), b(t)
            if isinstance(column, float):
                return 0.0
            if len(row) == len(column):
                return column.T @ row
            # a parameter on the right stands for every sequence of the batch
            return column.T.sum(axis=1, keepdims=True) * row

        return product

    def pass_over(self, lo: int, hi: int) -> None:
        """Times lo…hi were computed without it."""

    def _rows(self, value: Any) -> Array:
        """A constant as (1, 1); what is an array already stays."""
        return value if isinstance(value, np.ndarray) else np.full((1, 1), value, self._targets.dtype)

    def _loss(
        self, compute: Callable[[Array, Array], Array], prediction: Expression, lag: int, weight: float
    ) -> Evaluator:
        of, targets, present, rows = self.compile(prediction), self._targets.rows, self._targets.present, self._rows

        def masked(t: int) -> Any:
            here = present[t - lag - 1]
            result = compute(rows(of(t)), targets[t - lag - 1])
            # where(), not a product: 0 · NaN would carry a NaN into a time that has no target
            return np.where(here > 0, result if weight == 1.0 else result * weight, 0)

        return masked


def _reader(array: Array, offset: int) -> Evaluator:
    return lambda t: array[t + offset]
