"""Expressions made into calls of NumPy that write into arrays given to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.execution.layout import Group
from bptt.execution.products import Products
from bptt.execution.series import Line, Series
from bptt.execution.stages import affine
from bptt.execution.storage import Constants, Storage
from bptt.execution.writer import Clock, Each, Given, Invocation, Writer
from bptt.expressions import (
    MINUS_ONE,
    Call,
    Expression,
    Number,
    Param,
    Power,
    Product,
    Pullback,
    Quotient,
    Slope,
    Sum,
    Tick,
    Var,
    add,
    multiply,
    rewrite,
    split_sign,
    walk,
)
from bptt.functions import FUNCTIONS

Array = NDArray[np.floating]
UFUNCS: dict[str, np.ufunc] = {
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "abs": np.absolute,
    "sqrt": np.sqrt,
    "sign": np.sign,
}
REDUCTIONS: dict[str, np.ufunc] = {"sum": np.add, "max": np.maximum, "min": np.minimum}


class Caller:
    """Writes the calls of one kind of stage: for all times at once, or for one time after another."""

    def __init__(
        self,
        storage: Storage,
        series: Series,
        sizes: Mapping[str, int],
        constants: Constants,
        given: Given,
        each: bool,
    ) -> None:
        """`sizes`: dim → units; `each`: for one time after another."""
        self._writer = Writer(storage, each)
        self._products = Products(self._writer, constants)
        self._series = series
        self._sizes = sizes
        self._constants = constants
        self._given = given

    def calls(self, groups: Iterable[Group]) -> list[Invocation]:
        """The calls of these groups, in order."""
        for group in groups:
            found = [affine(line.expression) for line in group]
            if found[0] is not None:
                self._products.write([line.name for line in group], [lane for lane in found if lane is not None])
            elif len(group) > 1:
                names = [next(iter(line.reads)) for line in group]
                self._value(group[0].expression, self._writer.view([line.name for line in group]), names)
            else:
                self._line(group[0])
        return self._writer.made

    def _line(self, line: Line) -> None:
        out = self._writer.view([line.name])
        clocks = (
            sorted({(n.every, n.lag) for n in walk(line.expression) if isinstance(n, Tick)})
            if self._writer.each
            else []
        )
        for states in product((True, False), repeat=len(clocks)):
            self._writer.when = tuple(zip(clocks, states, strict=True))
            self._value(_settled(line.expression, dict(self._writer.when)), out)
        self._writer.when = ()

    def _units(self, expression: Expression) -> int:
        return self._sizes[self._series.dim(expression)]

    def _value(self, expression: Expression, out: Any = None, lanes: Sequence[str] = ()) -> Any:
        """The operand that holds the expression: `out` where that is given. `lanes`: what a variable stands for where
        several lines are computed together."""
        match expression:
            case Var(name, lag):
                found = self._writer.view(lanes or [name], lag)
            case Param(name):
                units = self._units(expression)
                found = self._constants.vector([[(1.0, name)]], units, self._writer.shape)
            case Number(value):
                found = self._constants.number(value)
            case Tick(every, lag, negated):
                clock = self._given.clocks[every, lag]
                found = out if out is not None else self._writer.space(1)
                self._writer.call(np.not_equal if negated else np.equal, clock, True, found)
            case _:
                if out is None:
                    out = self._writer.space(self._units(expression) * max(1, len(lanes)))
                self._compound(expression, out, lanes)
                return out
        if out is not None and found is not out:
            self._writer.call(np.copyto, out, found)
        return found if out is None else out

    def _compound(self, expression: Expression, out: Any, lanes: Sequence[str]) -> None:
        match expression:
            case Sum(terms):
                self._sum(terms, out, lanes)
            case Product(factors):
                self._product(factors, out, lanes)
            case Quotient(top, bottom):
                self._apply(np.true_divide, (top, bottom), out, lanes)
            case Power(base, 2):
                operand = self._value(base, None, lanes)
                self._writer.call(np.multiply, operand, operand, out)
                self._writer.done(operand)
            case Power(base, exponent):
                self._apply(np.power, (base, Number(float(exponent))), out, lanes)
            case Call(function, argument):
                self._function(function, argument, out, lanes)
            case Slope(function, argument, output):
                self._apply(_stored(FUNCTIONS[function].slope), (argument, output), out, lanes)
            case Pullback(function, argument, output, passed):
                self._apply(_stored(FUNCTIONS[function].pullback), (argument, output, passed), out, lanes)
            case _:
                raise AssertionError(f"no calls for {expression}")

    def _apply(self, function: Callable[..., Any], parts: Sequence[Expression], out: Any, lanes: Sequence[str]) -> None:
        operands = [self._value(part, None, lanes) for part in parts]
        self._writer.call(function, *operands, out)
        self._writer.done(*operands)

    def _first(self, part: Expression, out: Any, lanes: Sequence[str]) -> Any:
        """The first operand of several, computed in `out` where it has that shape."""
        simple = isinstance(part, Var | Param | Number)
        width = (out.array if isinstance(out, Each) else out).shape[-1]
        fits = not simple and self._units(part) * max(1, len(lanes)) == width
        return self._value(part, out if fits else None, lanes)

    def _sum(self, terms: Sequence[Expression], out: Any, lanes: Sequence[str]) -> None:
        (negative, first), *rest = sorted(map(split_sign, terms), key=lambda signed: signed[0])
        total = self._first(first, out, lanes)
        if negative:
            self._writer.call(np.negative, total, out)
            total = out
        for negative, part in rest:
            operand = self._value(part, None, lanes)
            self._writer.call(np.subtract if negative else np.add, total, operand, out)
            self._writer.done(*(each for each in (total, operand) if each is not out))
            total = out

    def _product(self, factors: Sequence[Expression], out: Any, lanes: Sequence[str]) -> None:
        clocks = [factor for factor in factors if isinstance(factor, Tick)]
        negative = MINUS_ONE in factors
        first, *rest = [f for f in factors if f not in clocks and f != MINUS_ONE] or [Number(1.0)]
        total = self._first(first, out, lanes)
        for part in rest:
            operand = self._value(part, None, lanes)
            self._writer.call(np.multiply, total, operand, out)
            self._writer.done(*(each for each in (total, operand) if each is not out))
            total = out
        if negative:
            self._writer.call(np.negative, total, out)
        elif total is not out:
            self._writer.call(np.copyto, out, total)
        for clock in clocks:
            # not a product with 0: a NaN of the branch that is not taken must not leak in
            self._writer.call(_cleared, out, self._given.clocks[clock.every, clock.lag], clock.negated)

    def _function(self, function: str, argument: Expression, out: Any, lanes: Sequence[str]) -> None:
        zero, one = self._constants.number(0.0), self._constants.number(1.0)
        if function == "masked":
            self._value(argument, out, lanes)
            absent = self._writer.operand(self._given.absent)
            self._writer.call(np.copyto, out, zero, "same_kind", absent, masked=True)
            return
        a = self._value(argument, None, lanes)
        match function:
            case "logistic" | "sigmoid":
                if function == "sigmoid":
                    self._writer.call(np.negative, a, out)
                self._writer.call(np.exp, a if function == "logistic" else out, out)
                self._writer.call(np.add, out, one, out)
                self._writer.call(np.reciprocal, out, out)
            case "relu":
                self._writer.call(_larger, a, zero, out)
            case "softplus":
                self._writer.call(np.logaddexp, zero, a, out)
            case "step":
                self._writer.call(np.greater, a, zero, out)
            case "pick":
                self._pick(a, out)
            case _ if function in UFUNCS:
                self._writer.call(UFUNCS[function], a, out)
            case _ if function in REDUCTIONS:
                self._writer.call(REDUCTIONS[function].reduce, a, -1, None, out, True)
            case _:
                self._writer.call(_stored(FUNCTIONS[function].value), a, out)
        self._writer.done(a)

    def _pick(self, a: Any, out: Any) -> None:
        """The component of the target's class."""
        if not self._writer.each and a.flags.c_contiguous and out.flags.c_contiguous:
            self._writer.call(a.reshape(-1).take, self._given.places, None, out.reshape(-1), "clip")
        else:
            picked = self._given.picked
            picked = picked[:, 0] if self._writer.storage.B == 1 else picked
            self._writer.call(_taken, a, self._writer.operand(picked[..., None]), out)


def _settled(expression: Expression, clocks: dict[Clock, bool]) -> Expression:
    """The expression with its clocks as they stand; a product with one that is off is left out."""
    if not clocks:
        return expression
    match rewrite(expression, lambda part: _settled(part, clocks)):
        case Tick(every, lag, negated):
            return Number(float(clocks[every, lag] != negated))
        case Product(factors):
            return Number(0.0) if Number(0.0) in factors else multiply(*factors)
        case Sum(terms):
            return add(*terms)
        case other:
            return other


def _cleared(out: Array, on: NDArray[np.bool_], negated: bool) -> None:
    np.copyto(out, 0, where=on if negated else ~on)


def _larger(a: Array, b: Array, out: Array) -> None:
    np.maximum(a, b, out=out)


def _taken(a: Array, picked: NDArray[np.intp], out: Array) -> None:
    out[...] = np.take_along_axis(a, picked, -1)


def _stored(function: Callable[..., Any] | None) -> Callable[..., None]:
    """A function of arrays that writes its result into its last operand."""
    assert function is not None

    def call(*operands: Array) -> None:
        operands[-1][...] = function(*operands[:-1])

    return call
