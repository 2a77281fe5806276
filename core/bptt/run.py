"""The steppable run: a model on sequences, forward and back through time, one equation at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.equation import Equation
from bptt.errors import InputError
from bptt.evaluation import Evaluator, Interpreter
from bptt.expressions import Expression, walk
from bptt.model import Model
from bptt.schedule import Phase, Schedule
from bptt.sequences import coerce, coerce_initial
from bptt.tape import Tape

if TYPE_CHECKING:
    from bptt.trace import Trace

Array = NDArray[np.floating]
_KEPT_EVERY = 32
"""Times between the running sums that are kept of a parameter's gradient."""


@dataclass(frozen=True, slots=True)
class Step:
    """One equation, computed."""

    index: int
    """Counted from 0."""
    phase: Phase
    t: int
    target: str
    """The variable computed; in the backward phase the variable or parameter whose gradient is."""
    equation: Equation
    value: Array
    """(B, unit); (B,) for the loss; for a parameter's gradient its sum from T down to t, in its own shape."""
    reads: tuple[str, ...]
    """What was read, with its times: `h[3]`, `∇a[5]`, `W`."""


class Run:
    """Backpropagation through time as a cursor on a tape that only grows.

    Nothing is computed on creation. A step fills its slot the first time; from then on every move is a move of the
    cursor. Iterating goes on from the cursor to the end. Safe to fill from another thread.
    """

    def __init__(
        self, model: Model, x: ArrayLike, y: ArrayLike, initial: Mapping[str, ArrayLike] | None = None
    ) -> None:
        """`x`: (T, D) or (T, B, D) floats, or (T,) or (T, B) integers meaning one-hot rows; `y`: (T,) or (T, B)
        integers, −1 for no target, or (T, K) or (T, B, K) floats, a row of NaN for no target; `initial`: state →
        (H,) or (B, H), or (k, B, H) for a state read at lags up to k, oldest first.

        Raises InputError where these do not fit the model."""
        sequences = coerce(model, x, y)
        states = coerce_initial(model, initial, sequences.B)
        cell = model.cell
        _check_normalisers(model, sequences.B)
        self.model = model
        self.x = sequences.x
        self.y = sequences.y
        self.T = sequences.T
        self.B = sequences.B
        self.schedule = Schedule(cell, self.T)
        sizes = {name: model.size(dim) for name, dim in cell.dims.items()} | {"x": model.inputs}
        self.tape = Tape(self.T, self.B, sizes, cell.lags, model.dtype)
        self.tape.values["x"][self.tape.before["x"] :] = sequences.x
        for name, rows in states.items():
            self.tape.values[name][: len(rows)] = rows
        targets = sequences.targets
        count = int((~np.isnan(targets).any(axis=-1)).sum())
        self.weight = 1.0 if model.loss == "sum" else 1.0 / count if count else 0.0
        """∇L[t]: 1, or one over the number of targets for a mean loss."""
        self._interpreter = Interpreter(self.tape, model.parameters, targets, self.weight)
        self._parts = self._forward_parts()
        self._sums: dict[str, list[Array]] = {}
        self._position = 0
        self._filled = 0
        self._lock = RLock()

    def _forward_parts(self) -> list[list[tuple[str, Evaluator]]]:
        """For each forward equation: its named arguments and then itself, each with its closure."""
        parts: dict[str, list[tuple[str, Evaluator]]] = {e.target: [] for e in self.model.cell.equations}
        arguments = self.model.cell.arguments
        for name, definition in self.model.cell.definitions.items():
            parts[arguments.get(name, name)].append((name, self._interpreter.compile(definition)))
        return list(parts.values())

    def __len__(self) -> int:
        return len(self.schedule)

    @property
    def position(self) -> int:
        """How many steps lie behind the cursor: 0…len."""
        return self._position

    @property
    def filled(self) -> int:
        """How many steps have been computed; never less than the position."""
        return self._filled

    def __iter__(self) -> Iterator[Step]:
        while (step := self.step()) is not None:
            yield step

    def step(self) -> Step | None:
        """Compute or pass the next equation; None at the end."""
        if self._position == len(self):
            return None
        self.fill(self._position + 1)
        self._position += 1
        return self.at(self._position - 1)

    def back(self) -> Step | None:
        """Go back over one equation, exactly undoing `step`; returns the step undone, None at the start."""
        if self._position == 0:
            return None
        self._position -= 1
        return self.at(self._position)

    def goto(self, index: int) -> Step | None:
        """Put the cursor where `index` steps lie behind it; returns the last of them, None at the start.

        Raises IndexError outside 0…len."""
        if not 0 <= index <= len(self):
            raise IndexError(f"position {index} does not exist: the run has positions 0…{len(self)}")
        self.fill(index)
        self._position = index
        return self.at(index - 1) if index else None

    def finish(self) -> Trace:
        """Go to the end; returns what was recorded."""
        self.goto(len(self))
        return self.trace()

    def trace(self) -> Trace:
        """What the finished run records; the cursor stays where it is."""
        from bptt.trace import Trace

        self.fill(len(self))
        return Trace(self)

    def at(self, index: int) -> Step:
        """The step at `index`, computed if it is not yet; the cursor stays. IndexError outside 0…len−1."""
        self.fill(index + 1)
        place = self.schedule.place(index)
        target, t, cell = place.equation.target, place.t, self.model.cell
        if place.equation.kind == "parameter":
            value = self.sum_so_far(target, index + 1)
        else:
            value = self.tape.read(target, t, place.phase == "backward")
            if target == cell.loss and place.phase == "forward":
                value = value[:, 0]
        equation = self.equation_at(place.equation, t)
        return Step(index, place.phase, t, target, equation, value, _timed(equation, t))

    def equation_at(self, equation: Equation, t: int) -> Equation:
        """The equation with only the terms that exist at t: near T a gradient has no future."""
        terms = tuple(term for term in equation.terms if t + term.lag <= self.T)
        if equation.kind != "gradient" or terms == equation.terms:
            return equation
        return self.model.cell.shortened(equation, terms)

    def fill(self, count: int) -> None:
        """Compute the steps before `count` that are not on the tape yet; the cursor stays."""
        if count <= self._filled:
            return
        with self._lock, np.errstate(all="ignore"):
            while self._filled < count:
                self._compute(self._filled)
                self._filled += 1

    def _compute(self, index: int) -> None:
        schedule, tape = self.schedule, self.tape
        if index < schedule.turn:
            t, n = divmod(index, len(schedule.forward))
            for name, evaluate in self._parts[n]:
                tape.values[name][t + tape.before[name]] = evaluate(t + 1)
            return
        steps, n = divmod(index - schedule.turn, len(schedule.backward))
        equation, t = schedule.backward[n], self.T - steps
        if equation.kind == "gradient":
            tape.gradients[equation.target][tape.row(equation.target, t)] = self._gradient(equation, t)
        if index + 1 == len(self):
            self._fill_initial_gradients()

    def _gradient(self, equation: Equation, t: int) -> Any:
        total: Any = self.weight if equation.target == self.model.cell.loss else 0.0
        for term in equation.terms:
            if 1 <= t + term.lag <= self.T:
                total = total + self._interpreter.compile(term.expression)(t)
        return total

    def _fill_initial_gradients(self) -> None:
        for equation in self.schedule.backward:
            if equation.kind == "gradient":
                for t in range(1 - self.tape.before[equation.target], 1):
                    row = self.tape.row(equation.target, t)
                    self.tape.gradients[equation.target][row] = self._gradient(equation, t)

    def read(self, name: str, t: int, gradient: bool = False) -> Array:
        """(B, unit): the slot of a variable at time t, read-only; zeros where it is not filled yet."""
        return self.tape.read(name, t, gradient)

    def first_nonfinite(self) -> int | None:
        """The index of the first step that made a NaN or an infinity; None where every value is finite."""
        self.fill(len(self))
        found: list[int] = []
        for gradient in (False, True):
            for name in self.model.cell.definitions:
                bad = ~np.isfinite(self.tape.times(name, gradient)).all(axis=(1, 2))
                times = np.flatnonzero(bad) + 1
                if len(times):
                    found.append(self.schedule.written(name, int(times[-1 if gradient else 0]), gradient))
        return min((index for index in found if index >= 0), default=None)

    def evaluate(self, expression: Expression, t: int) -> Array:
        """Any expression on the tape at time t: (B, unit), or a matrix for an outer product."""
        with np.errstate(all="ignore"):
            value = np.asarray(self._interpreter.compile(expression)(t))
        return value if value.ndim else np.full((self.B, 1), float(value))

    def contribution(self, parameter: str, t: int) -> Array:
        """The term of timestep t in ∇parameter, in the parameter's shape."""
        total = np.zeros_like(self.model.parameters[parameter])
        for term in self.model.cell.parameter_terms.get(parameter, ()):
            total += self._term(term.expression, t, total.shape)
        return total

    def _term(self, expression: Expression, t: int, shape: tuple[int, ...]) -> Array:
        value = self.evaluate(expression, t)
        if len(shape) == 2:
            return value if value.shape == shape else np.zeros(shape, value.dtype)
        return np.asarray(np.broadcast_to(value, (self.B, *shape)).sum(axis=0))

    def sum_so_far(self, parameter: str, position: int) -> Array:
        """∇parameter after `position` steps: the contributions from T down to where the cursor stands."""
        self.fill(position)
        shape = self.model.parameters[parameter].shape
        steps, done = divmod(max(0, position - self.schedule.turn), len(self.schedule.backward))
        total = self._sum_of_times(parameter, steps)
        t = self.T - steps
        for n, equation in enumerate(self.schedule.backward):
            if n < done and equation.kind == "parameter" and equation.target == parameter:
                for term in equation.terms:
                    total = total + self._term(term.expression, t, shape)
        return total

    def _sum_of_times(self, parameter: str, count: int) -> Array:
        """The contributions of the last `count` times, always added in the same order: from T down."""
        with self._lock:
            kept = self._sums.setdefault(parameter, [np.zeros_like(self.model.parameters[parameter])])
            while (len(kept) - 1) * _KEPT_EVERY + _KEPT_EVERY <= count:
                kept.append(self._add_times(parameter, kept[-1], (len(kept) - 1) * _KEPT_EVERY, _KEPT_EVERY))
            whole = count // _KEPT_EVERY
            return self._add_times(parameter, kept[whole], whole * _KEPT_EVERY, count - whole * _KEPT_EVERY)

    def _add_times(self, parameter: str, start: Array, after: int, count: int) -> Array:
        total = start.copy()
        for t in range(self.T - after, self.T - after - count, -1):
            for term in self.model.cell.parameter_terms.get(parameter, ()):
                total += self._term(term.expression, t, total.shape)
        return total


def _timed(equation: Equation, t: int) -> tuple[str, ...]:
    """The equation's reads with t in numbers."""
    return tuple(_at_time(read, t) for read in equation.reads)


def _at_time(read: str, t: int) -> str:
    name, bracket, rest = read.partition("[")
    if not bracket:
        return name
    return f"{name}[{t + int(rest[1:-1] or 0)}]"


def _check_normalisers(model: Model, B: int) -> None:
    """Raise InputError where a normaliser would have nothing to normalise over."""
    if "batch_norm" in model.cell.functions and B < 2:
        raise InputError("batch_norm needs a batch of at least 2: --batch 8", argument="x")
    for definition in model.cell.definitions.values():
        for node in walk(definition):
            match node:
                case _ if getattr(node, "function", "") == "layer_norm":
                    argument = getattr(node, "argument", None)
                    name = getattr(argument, "name", "")
                    if name in model.cell.dims and model.size(model.cell.dims[name]) < 2:
                        raise InputError("layer_norm needs at least 2 units: --hidden 4", argument="hidden")
