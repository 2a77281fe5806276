"""Expressions evaluated for a stretch of times at once: arrays (times, batch, unit) in place of (batch, unit)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


class Whole:
    """Reads one tape. Every rule is that of `evaluation.Interpreter`, with an axis of times in front."""

    def __init__(self, tape: Tape, parameters: Mapping[str, Array], targets: Targets, weight: float) -> None:
        """`weight`: ∇loss[t]."""
        self._tape = tape
        self._parameters = {name: array if array.ndim == 2 else array[None] for name, array in parameters.items()}
        self._targets = targets
        self._weight = weight

    def value(self, expression: Expression, lo: int, hi: int) -> Any:
        """(times, B, unit) for t = lo…hi, or what broadcasts to it: (1, unit), a Python float."""
        match expression:
            case Var(name, lag):
                return self._rows(self._tape.values[name], name, lag, lo, hi)
            case Grad(name, lag):
                return self._rows(self._tape.gradients[name], name, lag, lo, hi)
            case Param(name):
                return self._parameters[name]
            case Number(value):
                return value
            case Tick():
                return np.array([[[float(expression.on(t))]] for t in range(lo, hi + 1)], self._targets.dtype)
            case Sum(terms):
                total = self.value(terms[0], lo, hi)
                for term in terms[1:]:
                    total = total + self.value(term, lo, hi)
                return total
            case Product(factors):
                return self._product(factors, lo, hi)
            case Quotient(numerator, denominator):
                return np.divide(self.value(numerator, lo, hi), self.value(denominator, lo, hi))
            case Power(base, exponent):
                return self.value(base, lo, hi) ** exponent
            case MatVec(matrix, vector, transposed):
                v = self.value(vector, lo, hi)
                W = self._parameters[matrix.name]
                return 0.0 if isinstance(v, float) else self.times(v, W if transposed else W.T)
            case Call(function, argument):
                return FUNCTIONS[function].value(self._array(argument, lo, hi))
            case Slope(function, argument, output):
                slope = FUNCTIONS[function].slope
                assert slope is not None  # only elementwise functions have a Slope
                return slope(self._array(argument, lo, hi), self._array(output, lo, hi))
            case Pullback(function, argument, output, gradient):
                pullback = FUNCTIONS[function].pullback
                assert pullback is not None  # only functions that mix units have a Pullback
                parts = (self._array(part, lo, hi) for part in (argument, output, gradient))
                return pullback(*parts)
            case Loss(function, prediction, lag):
                return self._loss(LOSSES[function].value, prediction, lag, 1.0, lo, hi)
            case LossSlope(function, prediction, _, lag, weighted):
                return self._loss(LOSSES[function].slope, prediction, lag, self._weight if weighted else 1.0, lo, hi)
            case Outer():
                raise AssertionError("an outer product is summed over time, see `total`")

    def at(self, expression: Expression, t: int) -> Any:
        """(batch, unit) at one time, or what broadcasts to it."""
        value = self.value(expression, t, t)
        return value[0] if np.ndim(value) == 3 else value

    @staticmethod
    def times(vectors: Array, matrix: Array) -> Array:
        """(…, columns) · (columns, rows): one matrix product for all leading axes."""
        flat = vectors.reshape(-1, vectors.shape[-1]) @ matrix
        return flat.reshape(*vectors.shape[:-1], matrix.shape[1])

    def add(self, rows: Array, expression: Expression, lag: int) -> None:
        """Add the expression at t = 1…T − lag to rows that end with time T."""
        T = self._tape.T
        if lag < T:
            rows[len(rows) - T : len(rows) - lag] += self.value(expression, 1, T - lag)

    def total(self, expression: Expression, lo: int, hi: int, like: Array) -> Array:
        """The sum over t = lo…hi and the batch of a parameter's contributions, in the shape of `like`."""
        match expression:
            case Sum(terms):
                total = np.zeros_like(like)
                for term in terms:
                    total += self.total(term, lo, hi, like)
                return total
            case Outer(left, right):
                return self._outer(self.value(left, lo, hi), self.value(right, lo, hi), hi - lo + 1, like)
            case Product((*factors, Outer(left, right))):
                left = Product((*factors, left))
                return self.total(Outer(left, right), lo, hi, like)
        value = self.value(expression, lo, hi)
        shape = (hi - lo + 1, self._tape.B, *like.shape)  # a vector: no matrix comes without its outer product
        return np.asarray(np.broadcast_to(value, shape).sum(axis=(0, 1)), like.dtype)

    def _outer(self, left: Any, right: Any, count: int, like: Array) -> Array:
        rows, columns = like.shape
        batch = self._tape.B
        left = np.broadcast_to(left, (count, batch, rows)).reshape(-1, rows)
        right = np.broadcast_to(right, (count, batch, columns)).reshape(-1, columns)
        return np.asarray(left.T @ right)

    def _rows(self, array: Array, name: str, lag: int, lo: int, hi: int) -> Array:
        start = self._tape.before[name] - 1 - lag + lo
        return array[start : start + hi - lo + 1]

    def _array(self, expression: Expression, lo: int, hi: int) -> Array:
        value = self.value(expression, lo, hi)
        return value if isinstance(value, np.ndarray) else np.full((1, 1), value, self._targets.dtype)

    def _product(self, factors: tuple[Expression, ...], lo: int, hi: int) -> Any:
        result: Any = 1.0
        clocks = [factor for factor in factors if isinstance(factor, Tick)]
        for factor in factors:
            if not isinstance(factor, Tick):
                result = result * self.value(factor, lo, hi)
        for clock in clocks:
            # where(), not a product: the NaN of a branch that is not taken does not leak in
            result = np.where(self.value(clock, lo, hi) > 0, result, 0)
        return result

    def _loss(self, compute: Any, prediction: Expression, lag: int, weight: float, lo: int, hi: int) -> Array:
        times = slice(lo - lag - 1, hi - lag)
        result = compute(self._array(prediction, lo, hi), self._targets.rows[times])
        return np.where(self._targets.present[times] > 0, result if weight == 1.0 else result * weight, 0)
