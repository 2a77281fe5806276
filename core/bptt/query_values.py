"""The value of a query's nodes on a run: when it is finished, as it stands at the cursor, or its shape alone."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from bptt.edits import variable_edits
from bptt.errors import InputError
from bptt.expressions import Grad, walk
from bptt.functions import FUNCTIONS, LOSSES
from bptt.gradcheck import STEP, numeric_gradient, relative_error
from bptt.gradients import exists, makes_loss
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
)
from bptt.run import Run
from bptt.single_loss import SingleLoss

Array = NDArray[np.floating]
_MOST_WORK = 500_000
"""Entries × times × equations of the largest parameter that `numeric` differentiates: some seconds."""
_MOST_KEPT = 8
"""Single losses whose gradients are kept for a run; each takes as much memory as the run's own."""


class Pending(Enum):
    """Stands for what the cursor has not reached; counts as false."""

    PENDING = "pending"

    def __bool__(self) -> bool:
        return False


PENDING = Pending.PENDING
Value = float | bool | Array
Found = Value | Pending


class QueryError(ValueError):
    """A query that this run cannot answer: a time or component that does not exist, vectors that do not fit; the
    message is one line."""


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def _cosine(a: Array, b: Array) -> float:
    """The cosine of the angle between two arrays taken as vectors; 0 where one is 0."""
    scale = float(np.linalg.norm(a)) * float(np.linalg.norm(b))
    return float(np.sum(a * b)) / scale if scale else 0.0


_PAIRS: dict[str, Callable[[Array, Array], float]] = {"rel_error": relative_error, "cosine": _cosine}


class Evaluation:
    """Works out nodes on one run for one sequence of its batch."""

    def __init__(self, run: Run, t: int, sequence: int = 0, position: int | None = None) -> None:
        """`t`: the cursor's time; `position`: how many steps lie behind it, None for the finished run."""
        self.run = run
        self.cell = run.model.cell
        self.t = t
        self.sequence = sequence
        self.position = position

    def value(self, node: Node) -> Found:
        """The value; PENDING where it needs what the cursor has not reached. Raises QueryError."""
        match node:
            case Constant(number):
                return number
            case Clock(name):
                return float(self.t if name == "t" else self.run.T)
            case TotalLoss():
                return self._loss()
            case Target(time):
                return self._target(self._time(time, "y", 1))
            case Reference():
                return self._reference(node)
            case Component(part, index, text):
                return self._component(self.value(part), self.value(index), text)
            case Operation():
                return self._operation(node)
            case Application():
                return self._application(node)
            case Comparison():
                return self._comparison(node)
            case Logic(operator, operands):
                return self._logic(operator, [self.value(operand) for operand in operands])
        raise QueryError("this can be asked only in a lesson")

    def time(self, node: Reference) -> int:
        """The time of a variable. Raises QueryError where the run does not keep it."""
        assert node.time is not None  # only a parameter has none
        return self._time(node.time, node.name, 1 - self.run.tape.before[node.name], node.gradient)

    def _time(self, time: Time, name: str, first: int, gradient: bool = False) -> int:
        t = time.at(self.t, self.run.T)
        if not first <= t <= self.run.T:
            shown = f"∇{name}[{t}]" if gradient else f"{name}[{t}]"
            raise QueryError(f"{shown} does not exist: this run has {name}[{first}] … {name}[{self.run.T}]")
        return t

    # -- what is read; the shape check replaces these

    def _reached(self, index: int) -> bool:
        return self.position is None or index < self.position

    def _loss(self) -> Found:
        if not self._reached(self.run.schedule.known - 1):
            return PENDING
        return self.run.loss

    def _target(self, t: int) -> Found:
        found = self.run.y[t - 1][self.sequence]
        return np.array(found, dtype=float) if np.ndim(found) else float(found)

    def _reference(self, node: Reference) -> Found:
        if node.time is None:
            return self._parameter(node)
        t = self.time(node)
        at = None if node.of is None else self._time(node.of, self.cell.loss, 1)
        if node.gradient and node.name == "x" and at is None:
            return self._input_gradient(t)
        if not self._reached(self._written(node, t)):
            return PENDING
        if at is not None:
            rows = single_loss(self.run, at).gradient(node.name, t)
        else:
            rows = self.run.read(node.name, t, node.gradient, self.position)
        if self.cell.dims.get(node.name) != "scalar":
            return np.array(rows[self.sequence])
        whole = node.name == self.cell.loss and not node.gradient
        return float(rows.sum() if whole else rows[self.sequence, 0])

    def _written(self, node: Reference, t: int) -> int:
        if node.name == "x" and node.gradient:
            return len(self.run) - 1
        return self.run.schedule.written(node.name, t, node.gradient, self.position)

    def _parameter(self, node: Reference) -> Found:
        if not node.gradient:
            return self.run.model.parameters[node.name]
        if self.position is not None and not self._reached(self._first_share(node.name)):
            return PENDING
        if node.of is not None:
            return single_loss(self.run, self._time(node.of, self.cell.loss, 1)).parameter(node.name)
        return self.run.sum_so_far(node.name, len(self.run) if self.position is None else self.position)

    def _first_share(self, parameter: str) -> int:
        """The index of the first step that adds to a parameter's gradient."""
        schedule = self.run.schedule
        places = (n for n, e in enumerate(schedule.backward) if e.kind == "parameter" and e.target == parameter)
        return schedule.turn + next(places, 0)

    def _input_gradient(self, t: int) -> Found:
        """∇x[t], which no step computes."""
        schedule, position = self.run.schedule, self.position
        within = schedule.pass_of(schedule.covering(t, position))
        for term in self.cell.terms["x"]:
            if exists(term.lag, makes_loss(term), t, within):
                for node in walk(term.expression):
                    if isinstance(node, Grad):
                        written = schedule.written(node.name, t - node.lag, True, position)
                        if not self._reached(written):
                            return PENDING
        return np.array(self.run.input_gradient(t, position)[self.sequence])

    def _numeric(self, node: Node, step: float, text: str) -> Found:
        assert isinstance(node, Reference)  # the reader lets nothing else through
        return numeric(self.run, node.name, step, text)

    # -- what is made of it

    def _component(self, part: Found, index: Found, text: str) -> Found:
        if isinstance(part, Pending) or isinstance(index, Pending):
            return PENDING
        array = np.asarray(part)
        if array.ndim == 0:
            raise QueryError(f"{text} is a single number and has no components: leave the brackets out")
        place = _single(index, f"the component of {text}")
        if not place.is_integer():
            raise QueryError(f"{text}[{place:g}] does not exist: components are counted in whole numbers")
        if not 0 <= place < len(array):
            what = "components" if array.ndim == 1 else "rows"
            raise QueryError(f"{text}[{place:.0f}] does not exist: {text} has {what} 0 … {len(array) - 1}")
        found = array[int(place)]
        return np.array(found) if np.ndim(found) else float(found)

    def _operation(self, node: Operation) -> Found:
        values = [self.value(operand) for operand in node.operands]
        if any(isinstance(value, Pending) for value in values):
            return PENDING
        arrays = [np.asarray(value) for value in values]
        if len(arrays) == 1:
            return _plain(-arrays[0])
        left, right = arrays
        with np.errstate(all="ignore"):
            if node.operator == "@":
                if left.ndim != 2 or right.ndim != 1 or left.shape[1] != len(right):
                    raise QueryError(f"{node.text}: got {_shape(left)} @ {_shape(right)}, expected matrix @ vector")
                return _plain(left @ right)
            if left.ndim and right.ndim and left.shape != right.shape:
                raise QueryError(f"{node.text}: {_shape(left)} and {_shape(right)} do not fit together")
            return _plain(_ARITHMETIC[node.operator](left, right))

    def _comparison(self, node: Comparison) -> Found:
        values = [self.value(operand) for operand in node.operands]
        if any(isinstance(value, Pending) for value in values):
            return PENDING
        numbers = [_single(value, node.text) for value in values if not isinstance(value, Pending)]
        pairs = zip(node.operators, numbers, numbers[1:], strict=False)
        return all(_COMPARISONS[operator](a, b) for operator, a, b in pairs)

    def _logic(self, operator: str, values: list[Found]) -> Found:
        """What holds whatever the pending parts turn out to be; PENDING where it hangs on them."""
        if operator == "not":
            return PENDING if isinstance(values[0], Pending) else not values[0]
        decisive = operator == "or"
        if any(value is decisive for value in values):
            return decisive
        return PENDING if any(isinstance(value, Pending) for value in values) else not decisive

    def _application(self, node: Application) -> Found:
        function, text = node.function, node.text
        if function == "total":
            return self._finished().value(node.arguments[0])
        if function == "numeric":
            step = next((part.value for part in node.arguments if isinstance(part, Constant)), STEP)
            return self._numeric(node.arguments[0], step, text)
        values = [self.value(argument) for argument in node.arguments]
        if any(isinstance(value, Pending) for value in values):
            return PENDING
        arrays = [np.asarray(value, dtype=float) for value in values]
        with np.errstate(all="ignore"):
            return self._applied(function, arrays, text)

    def _finished(self) -> Evaluation:
        self.run.fill(len(self.run))
        return Evaluation(self.run, self.t, self.sequence)

    def _applied(self, function: str, arrays: list[Array], text: str) -> Found:
        first = arrays[0]
        if function in _PAIRS:
            if first.shape != arrays[1].shape:
                raise QueryError(f"{text}: {_shape(first)} and {_shape(arrays[1])} do not fit together")
            return _PAIRS[function](*arrays)
        if function in LOSSES:
            return self._loss_of(function, first, arrays[1], text)
        match function:
            case "isnan":
                return bool(np.isnan(first).any())
            case "isfinite":
                return bool(np.isfinite(first).all())
            case "argmax":
                if first.ndim != 1:
                    raise QueryError(f"{text}: got {_shape(first)}, expected a vector")
                return float(first.argmax())
            case "onehot":
                return self._one_hot(_single(first, text), text)
        entry = FUNCTIONS[function]
        if entry.scalar:
            return float(entry.value(first.reshape(1, -1))[0, 0])
        if entry.slope is None and first.ndim != 1:
            raise QueryError(f"{text}: got {_shape(first)}, expected a vector")
        return _plain(entry.value(first.reshape(1, -1)).reshape(first.shape))

    def _one_hot(self, place: float, text: str) -> Array:
        K = self.run.model.outputs
        if not (place.is_integer() and 0 <= place < K):
            raise QueryError(f"{text}: got {place:g}, expected a class 0 … {K - 1}")
        return np.asarray(np.eye(K)[int(place)])

    def _loss_of(self, function: str, prediction: Array, target: Array, text: str) -> float:
        if np.isnan(target).any() or (LOSSES[function].classes and target.ndim == 0 and target == -1):
            return 0.0
        if LOSSES[function].classes:
            target = self._one_hot(_single(target, text), text)
        if prediction.shape != target.shape:
            raise QueryError(f"{text}: {_shape(prediction)} and {_shape(target)} do not fit together")
        return float(LOSSES[function].value(prediction.reshape(1, -1), target.reshape(1, -1))[0, 0])


class ShapeCheck(Evaluation):
    """Evaluates on zeros of the right shape: finds times, components and shapes that do not fit, and computes
    nothing of the run."""

    def _loss(self) -> Found:
        return 0.0

    def _reference(self, node: Reference) -> Found:
        if node.of is not None:
            self._time(node.of, self.cell.loss, 1)
        if node.time is None:
            return np.zeros_like(self.run.model.parameters[node.name])
        self.time(node)
        if self.cell.dims.get(node.name) == "scalar":
            return 0.0
        return np.zeros(self.run.read(node.name, 1).shape[-1])

    def _numeric(self, node: Node, step: float, text: str) -> Found:
        assert isinstance(node, Reference)  # the reader lets nothing else through
        _check_work(self.run, node.name, text)
        return np.zeros_like(self.run.model.parameters[node.name])

    def _finished(self) -> Evaluation:
        return self


_numeric_kept: WeakKeyDictionary[Run, dict[tuple[str, float], Array]] = WeakKeyDictionary()
_single_kept: WeakKeyDictionary[Run, dict[int, SingleLoss]] = WeakKeyDictionary()


def numeric(run: Run, parameter: str, step: float = STEP, text: str = "numeric") -> Array:
    """The total loss differentiated by central differences of a step, kept for the run. Raises QueryError where that
    would take too long."""
    kept = _numeric_kept.setdefault(run, {})
    if (parameter, step) not in kept:
        _check_work(run, parameter, text)
        states = {name: run.tape.initial(name) for name in run.model.cell.lags if name != "x"}
        initial = {name: rows[0] if len(rows) == 1 else rows for name, rows in states.items()}
        kept[parameter, step] = numeric_gradient(
            run.model, run.x, run.y, parameter, step, initial=initial, edits=variable_edits(run.edits, run.model)
        )
    return kept[parameter, step]


def _check_work(run: Run, parameter: str, text: str) -> None:
    work = run.model.parameters[parameter].size * run.T * len(run.schedule.forward)
    if work > _MOST_WORK:
        raise QueryError(f"{text} would take {2 * work:,} steps, and {2 * _MOST_WORK:,} are allowed: use fewer units")


def single_loss(run: Run, at: int) -> SingleLoss:
    """The gradients of L[at] alone; the latest are kept for the run."""
    kept = _single_kept.setdefault(run, {})
    if at not in kept:
        if len(kept) == (_MOST_KEPT if run.overview is None else 1):
            del kept[next(iter(kept))]
        try:
            kept[at] = SingleLoss(run, at)
        except InputError as error:
            raise QueryError(str(error)) from None
    return kept[at]


def _single(value: Value, text: str) -> float:
    array = np.asarray(value)
    if array.size != 1:
        hint = "compare one component, or a norm, max or mean of it"
        raise QueryError(f"{text}: got {_shape(array)}, expected a single number: {hint}")
    return float(array.reshape(()))


def _plain(array: Array) -> float | Array:
    return np.asarray(array) if np.ndim(array) else float(array)


def _shape(array: Array) -> str:
    match array.shape:
        case ():
            return "a number"
        case (length,):
            return f"a vector of {length}"
    return f"a matrix {' × '.join(map(str, array.shape))}"
