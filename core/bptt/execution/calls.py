"""Expressions made into calls of NumPy that write into arrays given to them: a call is a function and its operands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.execution.layout import Group
from bptt.execution.series import Line, Series
from bptt.execution.stages import Affine, affine
from bptt.execution.storage import Constants, Storage
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
Clock = tuple[int, int]
"""(every, lag) of a Tick."""


@dataclass(frozen=True, slots=True)
class Each:
    """An operand of a loop that is another one at each time: the array's first axis is time."""

    array: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Invocation:
    """A function and its operands, the result's array among them."""

    function: Callable[..., Any]
    operands: tuple[Any, ...]
    masked: bool = False
    """Whether it is needed only where a target is missing."""
    when: tuple[tuple[Clock, bool], ...] = ()
    """In a loop: the clocks that must be on, or off, for it to be made."""


@dataclass(frozen=True)
class Given:
    """Arrays that are loaded with a batch."""

    absent: Array
    """(T, B, 1) bool, where there is no target; without the batch axis where B is 1."""
    picked: NDArray[np.intp]
    """(T, B): the class of each target, 0 where there is none."""
    places: NDArray[np.intp]
    """(T · B,): where that is in an array (T, B, K) laid flat."""
    clocks: dict[Clock, NDArray[np.bool_]]
    """(T, 1) or (T, 1, 1): on at each time."""


class Caller:
    """Writes the calls of one kind of stage: for all times at once, or for one time after another."""

    def __init__(
        self,
        storage: Storage,
        series: Series,
        size: Callable[[str], int],
        constants: Constants,
        given: Given,
        each: bool,
    ) -> None:
        """`size`: dim → units; `each`: for one time after another."""
        self._storage = storage
        self._size = size
        self._series = series
        self._constants = constants
        self._given = given
        self._each = each
        self._made: list[Invocation] = []
        self._when: tuple[tuple[Clock, bool], ...] = ()
        self._spare: dict[int, list[Array]] = {}
        self._taken: dict[int, Array] = {}

    def calls(self, groups: Iterable[Group]) -> list[Invocation]:
        """The calls of these groups, in order."""
        for group in groups:
            found = [affine(line.expression) for line in group]
            if found[0] is not None:
                self._affine(group, [lane for lane in found if lane is not None])
            elif len(group) > 1:
                names = [next(iter(line.reads)) for line in group]
                self._value(group[0].expression, self._view([line.name for line in group]), names)
            else:
                self._line(group[0])
        return self._made

    def _call(self, function: Callable[..., Any], *operands: Any, masked: bool = False) -> None:
        self._made.append(Invocation(function, operands, masked, self._when))

    def _line(self, line: Line) -> None:
        out = self._view([line.name])
        clocks = sorted({(n.every, n.lag) for n in walk(line.expression) if isinstance(n, Tick)}) if self._each else []
        for states in product((True, False), repeat=len(clocks)):
            self._when = tuple(zip(clocks, states, strict=True))
            self._value(_settled(line.expression, dict(self._when)), out)
        self._when = ()

    def _view(self, names: Sequence[str], lag: int = 0) -> Any:
        view = self._storage.view(names, lag)
        return Each(view) if self._each else view

    def _shape(self) -> tuple[int, ...]:
        batch = () if self._storage.B == 1 else (self._storage.B,)
        return batch if self._each else (self._storage.T, *batch)

    def _units(self, expression: Expression) -> int:
        return self._size(self._series.dim(expression))

    def _space(self, units: int) -> Array:
        spare = self._spare.get(units)
        array = spare.pop() if spare else np.empty((*self._shape(), units), self._storage.dtype)
        self._taken[id(array)] = array
        return array

    def _done(self, *operands: Any) -> None:
        """Let arrays in between be used again."""
        for operand in operands:
            if self._taken.pop(id(operand), None) is not None:
                self._spare.setdefault(operand.shape[-1], []).append(operand)

    def _value(self, expression: Expression, out: Any = None, lanes: Sequence[str] = ()) -> Any:
        """The operand that holds the expression: `out` where that is given. `lanes`: what a variable stands for where
        several lines are computed together."""
        match expression:
            case Var(name, lag):
                found = self._view(lanes or [name], lag)
            case Param(name):
                units = self._units(expression)
                found = self._constants.vector([[(1.0, name)]], units, self._shape())
            case Number(value):
                found = self._constants.number(value)
            case Tick(every, lag, negated):
                clock = self._given.clocks[every, lag]
                found = out if out is not None else self._space(1)
                self._call(np.not_equal if negated else np.equal, clock, True, found)
            case _:
                if out is None:
                    out = self._space(self._units(expression) * max(1, len(lanes)))
                self._compound(expression, out, lanes)
                return out
        if out is not None and found is not out:
            self._call(np.copyto, out, found)
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
                self._call(np.multiply, operand, operand, out)
                self._done(operand)
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
        self._call(function, *operands, out)
        self._done(*operands)

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
            self._call(np.negative, total, out)
            total = out
        for negative, part in rest:
            operand = self._value(part, None, lanes)
            self._call(np.subtract if negative else np.add, total, operand, out)
            self._done(*(each for each in (total, operand) if each is not out))
            total = out

    def _product(self, factors: Sequence[Expression], out: Any, lanes: Sequence[str]) -> None:
        clocks = [factor for factor in factors if isinstance(factor, Tick)]
        negative = MINUS_ONE in factors
        first, *rest = [f for f in factors if f not in clocks and f != MINUS_ONE] or [Number(1.0)]
        total = self._first(first, out, lanes)
        for part in rest:
            operand = self._value(part, None, lanes)
            self._call(np.multiply, total, operand, out)
            self._done(*(each for each in (total, operand) if each is not out))
            total = out
        if negative:
            self._call(np.negative, total, out)
        elif total is not out:
            self._call(np.copyto, out, total)
        for clock in clocks:
            # not a product with 0: a NaN of the branch that is not taken must not leak in
            self._call(_cleared, out, self._given.clocks[clock.every, clock.lag], clock.negated)

    def _function(self, function: str, argument: Expression, out: Any, lanes: Sequence[str]) -> None:
        zero, one = self._constants.number(0.0), self._constants.number(1.0)
        if function == "masked":
            self._value(argument, out, lanes)
            absent = Each(self._given.absent) if self._each else self._given.absent
            self._call(np.copyto, out, zero, "same_kind", absent, masked=True)
            return
        a = self._value(argument, None, lanes)
        match function:
            case "logistic" | "sigmoid":
                if function == "sigmoid":
                    self._call(np.negative, a, out)
                self._call(np.exp, a if function == "logistic" else out, out)
                self._call(np.add, out, one, out)
                self._call(np.reciprocal, out, out)
            case "relu":
                self._call(np.maximum, a, zero, out)
            case "softplus":
                self._call(np.logaddexp, zero, a, out)
            case "step":
                self._call(np.greater, a, zero, out)
            case "pick":
                self._pick(a, out)
            case _ if function in UFUNCS:
                self._call(UFUNCS[function], a, out)
            case _ if function in REDUCTIONS:
                self._call(REDUCTIONS[function].reduce, a, -1, None, out, True)
            case _:
                self._call(_stored(FUNCTIONS[function].value), a, out)
        self._done(a)

    def _pick(self, a: Any, out: Any) -> None:
        """The component of the target's class."""
        if not self._each and a.flags.c_contiguous and out.flags.c_contiguous:
            self._call(a.reshape(-1).take, self._given.places, None, out.reshape(-1), "clip")
        else:
            picked = self._given.picked
            picked = picked[:, 0] if self._storage.B == 1 else picked
            self._call(_taken, a, Each(picked[..., None]) if self._each else picked[..., None], out)

    def _affine(self, group: Group, lanes: Sequence[Affine]) -> None:
        storage, names = self._storage, [line.name for line in group]
        out = self._view(names)
        total: Any = None
        for vectors in self._runs(list(dict.fromkeys(vector for _, _, _, vector in lanes[0].products))):
            matrix = self._stacked(vectors, lanes, storage.sizes[names[0]])
            names_of, lag = [vector.name for vector in vectors], vectors[0].lag
            if total is None:
                target = self._multiplied(names_of, lag, matrix, names)
            else:
                target = self._multiplied(names_of, lag, matrix, None)
                self._call(np.add, total, target, out)
                self._done(total, target)
                target = out
            total = target
        others: list[Any] = []
        if any(lane.bias for lane in lanes):
            others.append(self._constants.vector([lane.bias for lane in lanes], storage.sizes[names[0]], self._shape()))
        if lanes[0].added is not None:
            added = [lane.added for lane in lanes if lane.added is not None]
            others.append(self._view([var.name for var in added], added[0].lag))
        for other in others:
            self._call(np.add, total, other, out)
            self._done(total)
            total = out
        if total is not out and not others and id(total) in self._taken:
            self._call(np.copyto, out, total)
            self._done(total)

    def _runs(self, vectors: Sequence[Var]) -> list[list[Var]]:
        """Operands that lie side by side together, else one by one."""
        by_name = {vector.name: vector for vector in vectors}
        names = self._storage.in_order(by_name)
        together = len({vector.lag for vector in vectors}) == 1 and len(by_name) == len(vectors)
        if together and self._storage.adjacent(names):
            return [[by_name[name] for name in names]]
        return [[vector] for vector in vectors]

    def _stacked(self, vectors: Sequence[Var], lanes: Sequence[Affine], units: int) -> Array:
        rows: dict[Var, int] = {}
        height = 0
        for vector in vectors:
            rows[vector] = height
            height += self._storage.sizes[vector.name]
        pieces = [
            (rows[vector], lane * units, constant, matrix, transposed)
            for lane, found in enumerate(lanes)
            for constant, matrix, transposed, vector in found.products
            if vector in rows
        ]
        return self._constants.matrix(pieces, height, len(lanes) * units)

    def _multiplied(self, names: Sequence[str], lag: int, matrix: Array, out: Sequence[str] | None) -> Any:
        """The product of these operands and a matrix, in the place of `out` where a product can be written there."""
        storage, width = self._storage, matrix.shape[1]
        if self._each:
            place = storage.view(out) if out else None
            target = Each(place) if place is not None and place[0].flags.c_contiguous else self._space(width)
            operand = Each(storage.view(names, lag))
            if storage.B == 1:
                self._call(matrix.T.dot, operand, target)
            else:
                self._call(np.dot, operand, matrix, target)
            return target
        flat = storage.flat(names, lag)
        if out is None:
            space = self._space(width)
            self._call(flat.dot, matrix, space.reshape(-1, width))
            return space
        target = storage.flat(out)
        self._call(*((flat.dot, matrix, target) if target.flags.c_contiguous else (np.matmul, flat, matrix, target)))
        return self._view(out)


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


def _taken(a: Array, picked: NDArray[np.intp], out: Array) -> None:
    out[...] = np.take_along_axis(a, picked, -1)


def _stored(function: Callable[..., Any] | None) -> Callable[..., None]:
    """A function of arrays that writes its result into its last operand."""
    assert function is not None

    def call(*operands: Array) -> None:
        operands[-1][...] = function(*operands[:-1])

    return call
