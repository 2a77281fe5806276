"""A query at many positions of a run at once: its nodes worked out on arrays with one row a position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.functions import FUNCTIONS
from bptt.queries import Query
from bptt.query_nodes import (
    Application,
    Clock,
    Comparison,
    Component,
    Constant,
    Logic,
    Node,
    Operation,
    Reference,
    Target,
    Time,
    TotalLoss,
    walk,
)
from bptt.query_values import PENDING, Evaluation, Found, QueryError
from bptt.run import Run

Array = NDArray[Any]
_ARITHMETIC = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power}
_COMPARISONS = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
_COLUMNS = frozenset(name for name, entry in FUNCTIONS.items() if entry.slope is not None or entry.scalar)
_TESTS = {"isnan": lambda rows: np.isnan(rows).any(axis=1), "isfinite": lambda rows: np.isfinite(rows).all(axis=1)}


@dataclass(frozen=True, slots=True)
class _Rows:
    """A node's value at each position."""

    values: Array
    """(positions, …); or one row that stands for all."""
    known: NDArray[np.bool_]
    """(positions,), or one for all: whether the cursor has reached what it needs."""


class _NoSuchTimeError(QueryError):
    pass


class LenientEvaluation(Evaluation):
    """A time that the run does not have counts as one that the cursor has not reached."""

    def value(self, node: Node) -> Found:
        try:
            return super().value(node)
        except _NoSuchTimeError:
            if isinstance(node, Reference | Target):
                return PENDING
            raise

    def _time(self, time: Time, name: str, first: int, gradient: bool = False) -> int:
        try:
            return super()._time(time, name, first, gradient)
        except QueryError as error:
            raise _NoSuchTimeError(str(error)) from None


def check_anywhere(query: Query, run: Run) -> None:
    """Raise QueryError for a query that fits the run neither at its ends nor in its middle; a time that it does not
    have at one of them is no fault."""
    times = (run.T, 1, (run.T + 1) // 2)
    for t in times:
        try:
            return query.check(run, t)
        except QueryError:
            if t == times[-1]:
                raise


def can_sweep(node: Node, run: Run) -> bool:
    """Whether a `Sweep` works the query out: it holds no sums of contributions and nothing that is rarely asked for,
    and the passes of the run do not take turns."""
    return not run.schedule.truncated and all(map(_can_sweep, walk(node)))


def _can_sweep(node: Node) -> bool:
    match node:
        case Reference(name, time, gradient, of):
            return of is None and not (gradient and (time is None or name == "x"))
        case Component(_, index):
            return isinstance(index, Constant)
        case Application(function):
            return function in _COLUMNS or function in _TESTS
    return isinstance(node, Constant | Clock | TotalLoss | Operation | Comparison | Logic)


class Sweep:
    """Evaluates a query at positions of one run, for one sequence."""

    def __init__(self, run: Run, sequence: int, positions: Array, times: Array) -> None:
        """`positions`: (n,) numbers of steps behind the cursor; `times`: (n,) the cursor's time at each. The run is
        filled as far as needed."""
        run.fill(int(positions.max(initial=0)))
        self._run = run
        self._sequence = sequence
        self._positions = positions
        self._times = times

    def holds(self, node: Node) -> NDArray[np.bool_]:
        """(n,): where a condition is true."""
        with np.errstate(all="ignore"):
            found = self._rows(node)
        return np.broadcast_to(found.values.astype(bool) & found.known, self._positions.shape)

    def values(self, node: Node) -> NDArray[np.floating]:
        """(n, …): its value at each position, NaN where it is pending; 1 and 0 for true and false."""
        with np.errstate(all="ignore"):
            found = self._rows(node)
        values = np.broadcast_to(found.values, (len(self._positions), *found.values.shape[1:])).astype(float)
        values[~np.broadcast_to(found.known, self._positions.shape)] = np.nan
        return values

    def _rows(self, node: Node) -> _Rows:
        match node:
            case Constant(number):
                return _Rows(np.array([number]), np.array([True]))
            case Clock(name):
                return _Rows(self._times if name == "t" else np.array([self._run.T]), np.array([True]))
            case TotalLoss():
                return self._loss()
            case Reference(name, None):
                return _Rows(self._run.model.parameters[name][None], np.array([True]))
            case Reference():
                return self._reference(node)
            case Component(part, Constant(index)):
                found = self._rows(part)
                return _Rows(found.values[:, int(index)], found.known)
            case Operation(operator, operands):
                return self._operation(operator, [self._rows(operand) for operand in operands])
            case Application(function, (argument,)):
                return self._application(function, self._rows(argument))
            case Comparison(operators, operands):
                parts = [self._rows(operand) for operand in operands]
                numbers = [part.values.reshape(len(part.values)) for part in parts]
                pairs = zip(operators, numbers, numbers[1:], strict=False)
                return _Rows(_all(_COMPARISONS[o](a, b) for o, a, b in pairs), _all(part.known for part in parts))
            case Logic(operator, operands):
                return _logic(operator, [self._rows(operand) for operand in operands])
        raise AssertionError(node)  # can_sweep lets nothing else through

    def _loss(self) -> _Rows:
        turn = self._run.schedule.turn
        known = self._positions >= turn
        total = 0.0
        if known.any():
            total = self._run.loss
        return _Rows(np.array([total]), known)

    def _reference(self, node: Reference) -> _Rows:
        run, name = self._run, node.name
        assert node.time is not None  # only a parameter has none
        times = np.broadcast_to(node.time.at(self._times, run.T), self._times.shape)  # type: ignore[arg-type]  # whole arrays
        exists = (times >= 1 - run.tape.before[name]) & (times <= run.T)
        within = np.where(exists, times, run.T)
        known = exists & (self._written(name, within, node.gradient) < self._positions)
        arrays = run.tape.gradients if node.gradient else run.tape.values
        rows = arrays[name][within + run.tape.before[name] - 1]
        if run.model.cell.dims.get(name) != "scalar":
            return _Rows(rows[:, self._sequence], known)
        whole = name == run.model.cell.loss and not node.gradient
        return _Rows(rows[:, :, 0].sum(axis=1) if whole else rows[:, self._sequence, 0], known)

    def _written(self, name: str, times: Array, gradient: bool) -> Array:
        """`Schedule.written` of a run of one pass, for many times."""
        schedule = self._run.schedule
        first = schedule.written(name, self._run.T if gradient else 1, gradient)
        if first < 0:
            return np.full(times.shape, -1)
        if gradient:
            written = first + (self._run.T - times) * len(schedule.backward)
            return np.where(times < 1, len(schedule) - 1, written)
        return np.where(times < 1, -1, first + (times - 1) * len(schedule.forward))

    def _operation(self, operator: str, parts: list[_Rows]) -> _Rows:
        known = _all(part.known for part in parts)
        if len(parts) == 1:
            return _Rows(-parts[0].values, known)
        left, right = (part.values for part in parts)
        if operator == "@":
            return _Rows(np.matmul(left, right[..., None])[..., 0], known)
        rank = max(left.ndim, right.ndim)
        left, right = (array.reshape(*array.shape, *[1] * (rank - array.ndim)) for array in (left, right))
        return _Rows(_ARITHMETIC[operator](left, right), known)

    def _application(self, function: str, part: _Rows) -> _Rows:
        values = part.values.astype(float, copy=False)
        rows = values.reshape(len(values), -1)
        if function in _TESTS:
            return _Rows(_TESTS[function](rows), part.known)
        entry = FUNCTIONS[function]
        return _Rows(entry.value(rows)[:, 0] if entry.scalar else entry.value(values), part.known)


def _all(parts: Any) -> Array:
    first, *others = parts
    for other in others:
        first = first & other
    return np.asarray(first)


def _logic(operator: str, parts: list[_Rows]) -> _Rows:
    """What holds whatever the unknown parts turn out to be is known."""
    if operator == "not":
        return _Rows(~parts[0].values.astype(bool), parts[0].known)
    if operator == "or":
        denied = _logic("and", [_Rows(~part.values.astype(bool), part.known) for part in parts])
        return _Rows(~denied.values, denied.known)
    refuted = ~_all(part.values.astype(bool) | ~part.known for part in parts)
    values = _all(part.values.astype(bool) for part in parts)
    return _Rows(values & ~refuted, _all(part.known for part in parts) | refuted)
