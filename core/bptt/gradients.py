"""The gradients of a run: what each backward step writes, and what is read of it after so many steps."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.equation import Term
from bptt.evaluation import Evaluator, Interpreter
from bptt.expressions import Expression, Grad, LossSlope, walk
from bptt.passes import Pass
from bptt.schedule import Place, Schedule
from bptt.tape import Tape

Array = NDArray[np.floating]
MakeInterpreter = Callable[[Tape, float], Interpreter]
_KEPT = 16
"""Passes whose gradients are held; another's are computed again when they are asked for."""


def makes_loss(term: Term) -> bool:
    """Whether ∇loss[t] is folded into a term, as in p − onehot(y): it exists only where that loss counts."""
    return any(isinstance(node, LossSlope) and node.weighted for node in walk(term.expression))


def exists(lag: int, loss: bool, t: int, within: Pass) -> bool:
    """Whether a term that comes to time t from `lag` times later belongs to a pass."""
    return max(within.lo, within.losses_from if loss else 0) <= t + lag <= within.hi


@dataclass(frozen=True, slots=True)
class _Gradient:
    """A gradient's slots and the terms that fill them."""

    slots: Array
    row: int
    """The row of t = 0."""
    first: float
    """What the terms are added to where the loss of that time counts: ∇L[t] for the loss, else 0."""
    terms: tuple[tuple[int, bool, Evaluator], ...]
    """(how much later the term's gradient stands, whether ∇L is folded into it, its closure)."""

    def store(self, t: int, within: Pass) -> None:
        """Fill the slot of time t from the terms that exist there."""
        total: Any = self.first if t >= within.losses_from else 0.0
        for lag, loss, evaluate in self.terms:
            if exists(lag, loss, t, within):
                total = total + evaluate(t)
        self.slots[self.row + t] = total


class Gradients:
    """Of a run whose passes do not overlap: every slot is written once, and the sum over the passes is what is in
    it."""

    def __init__(self, cell: Cell, schedule: Schedule, tape: Tape, interpreter: MakeInterpreter, weight: float) -> None:
        """`interpreter`: makes one for a tape and a weight; `weight`: ∇L[t]."""
        self._cell = cell
        self._schedule = schedule
        self._tape = tape
        self._interpreter = interpreter(tape, weight)
        self._parts = {
            equation.target: self._part(equation.target, weight if equation.target == cell.loss else 0.0)
            for equation in schedule.backward
            if equation.kind == "gradient"
        }
        self._pass = schedule.pass_of(1)

    def _part(self, name: str, first: float) -> _Gradient:
        tape = self._tape
        terms = tuple((term.lag, makes_loss(term), self._interpreter.term(term)) for term in self._cell.terms[name])
        return _Gradient(tape.gradients[name], tape.before[name] - 1, first, terms)

    def compute(self, place: Place) -> bool:
        """Write what the backward step at `place` writes, the one before it being done; whether it ends its pass."""
        if place.number != self._pass.number:
            self._pass = self._schedule.pass_of(place.number)
        within = self._pass
        if place.equation.kind == "gradient":
            self._parts[place.equation.target].store(place.t, within)
        ends = place.t == within.lo and place.equation is self._schedule.backward[-1]
        if ends and within.lo == 1:
            self._store_initial(within)
        return ends

    def through(self, lo: int, hi: int) -> None:
        """Write all gradients of times hi…lo, one after another; those of the passes' later times are there."""
        for t in range(hi, lo - 1, -1):
            within = self._schedule.pass_of_loss(t)
            for part in self._parts.values():
                part.store(t, within)

    def start(self) -> None:
        """Write the gradients of the initial states, where all others of the only pass are there."""
        self._store_initial(self._schedule.pass_of(1))

    def _store_initial(self, within: Pass) -> None:
        for part in self._parts.values():
            for t in range(-part.row, 1):
                part.store(t, within)

    def read(self, name: str, t: int, position: int | None = None) -> Array:
        """(B, unit): a gradient as it is seen after `position` steps, in the pass that `Schedule.covering` names;
        without position the sum over the passes. Read-only; zeros where it is not computed yet."""
        return self._tape.read(name, t, gradient=True)

    def times(self, name: str, position: int | None = None) -> Array:
        """(T, B, unit): the same for times 1…T."""
        return self._tape.times(name, gradient=True)

    def initial(self, name: str) -> Array:
        """(k, B, unit): for times 1−k…0, the sum over the passes that reach the start."""
        return self._tape.initial(name, gradient=True)

    def inputs(self, t: int, position: int | None = None) -> Array:
        """(B, D): ∇x[t], which no step computes, as `read` gives the others."""
        within = self._schedule.pass_covering(t, position)
        total: Array = np.zeros_like(self._tape.values["x"][0])
        for term in self._cell.terms["x"]:
            if exists(term.lag, makes_loss(term), t, within):
                total += self._interpreter.term(term)(t)
        return total

    def value(self, expression: Expression, t: int, position: int | None = None) -> Any:
        """An expression at time t, its gradients in the pass that `Schedule.covering` names."""
        return self._interpreter.compile(expression)(t)

    def share(self, term: Term, t: int, position: int | None = None) -> Any:
        """A summand of a parameter's gradient at time t, its gradients as in `read`."""
        return self._interpreter.term(term)(t)

    def shares(self, term: Term) -> Evaluator:
        """The same as a closure of a backward timestep, counted as in `Schedule.moment`, in its own pass."""
        evaluate, schedule, T = self._interpreter.term(term), self._schedule, self._schedule.T
        if schedule.truncated:
            return lambda times: evaluate(schedule.moment(times)[1])
        return lambda times: evaluate(T - times)

    def first_nonfinite(self, name: str) -> int | None:
        """The index of the first step that made a gradient of `name` that is not finite, of those computed."""
        bad = np.flatnonzero(~np.isfinite(self._tape.times(name, gradient=True)).all(axis=(1, 2))) + 1
        return min((self._schedule.written(name, int(t), True) for t in bad), default=None)


class OverlappingGradients(Gradients):
    """Of a run whose passes overlap: a time has other gradients in each pass that covers it. The latest passes are
    held, any other is computed again on a tape of its own; the sum over the passes, and what the last one to cover
    a time made of it, stay. Safe to ask from several threads."""

    def __init__(self, cell: Cell, schedule: Schedule, tape: Tape, interpreter: MakeInterpreter, weight: float) -> None:
        super().__init__(cell, schedule, _with_gradients(tape), interpreter, weight)
        self._parts["x"] = self._part("x", 0.0)
        self._last = tape
        self._sums = _with_gradients(tape)
        self._over_sums = interpreter(self._sums, weight)
        self._loaded = 0
        self._held: OrderedDict[int, dict[str, Array]] = OrderedDict()
        self._bad: int | None = None
        self._lock = RLock()

    def compute(self, place: Place) -> bool:
        within = self._schedule.pass_of(place.number)
        if place.t != within.lo or place.equation is not self._schedule.backward[-1]:
            return False
        with self._lock:
            for name, rows in self._of(within).items():
                slots = self._slots(name, within)
                self._sums.gradients[name][slots] += rows
                self._last.gradients[name][slots] = rows
                if self._bad is None and not np.isfinite(rows).all():
                    self._bad = within.number
        return True

    def _slots(self, name: str, within: Pass) -> slice:
        """The rows of a pass; where it reaches the start, also those before."""
        row = self._tape.before[name] - 1
        return slice(0 if within.lo == 1 else within.lo + row, within.hi + row + 1)

    def _of(self, within: Pass) -> dict[str, Array]:
        """Name → the rows of a pass."""
        with self._lock:
            if within.number not in self._held:
                self._load(within)
                self._held[within.number] = {
                    name: self._tape.gradients[name][self._slots(name, within)].copy() for name in self._parts
                }
                if len(self._held) > _KEPT:
                    self._held.popitem(last=False)
            self._held.move_to_end(within.number)
            return self._held[within.number]

    def _load(self, within: Pass) -> None:
        """Have the gradients of one pass on the tape that expressions read."""
        if self._loaded == within.number:
            return
        self._loaded = within.number
        if within.number in self._held:
            for name, rows in self._held[within.number].items():
                self._tape.gradients[name][self._slots(name, within)] = rows
            return
        with np.errstate(all="ignore"):
            for t in range(within.hi, within.lo - 1, -1):
                for part in self._parts.values():
                    part.store(t, within)
            if within.lo == 1:
                self._store_initial(within)

    def _seen(self, t: int, position: int | None) -> Pass:
        return self._schedule.pass_covering(t, position)

    def read(self, name: str, t: int, position: int | None = None) -> Array:
        if position is None:
            return self._sums.read(name, t, gradient=True)
        within = self._seen(t, position)
        row = self._last.row(name, t)
        if name not in self._parts or within.number < self._schedule.number(position):
            return self._last.read(name, t, gradient=True)
        view: Array = self._of(within)[name][row - self._slots(name, within).start]
        view.flags.writeable = False
        return view

    def times(self, name: str, position: int | None = None) -> Array:
        if position is None:
            return self._sums.times(name, gradient=True)
        within = self._schedule.pass_at(position)
        rows = self._last.times(name, gradient=True).copy()
        if name in self._parts:
            rows[within.lo - 1 : within.hi] = self._of(within)[name][-(within.hi - within.lo + 1) :]
        return rows

    def initial(self, name: str) -> Array:
        return self._sums.initial(name, gradient=True)

    def inputs(self, t: int, position: int | None = None) -> Array:
        return self.read("x", t, position)

    def value(self, expression: Expression, t: int, position: int | None = None) -> Any:
        if not any(isinstance(node, Grad) for node in walk(expression)):
            return super().value(expression, t)
        with self._lock:
            self._load(self._seen(t, position))
            return super().value(expression, t)

    def share(self, term: Term, t: int, position: int | None = None) -> Any:
        if position is None:
            return self._over_sums.term(term)(t)
        with self._lock:
            self._load(self._seen(t, position))
            return self._interpreter.term(term)(t)

    def shares(self, term: Term) -> Evaluator:
        evaluate, schedule = self._interpreter.term(term), self._schedule

        def value(times: int) -> Any:
            number, t = schedule.moment(times)
            with self._lock:
                self._load(schedule.pass_of(number))
                return evaluate(t)

        return value

    def first_nonfinite(self, name: str) -> int | None:
        if self._bad is None or name not in self._parts or name == "x":
            return None
        within = self._schedule.pass_of(self._bad)
        rows = self._of(within)[name][-(within.hi - within.lo + 1) :]
        bad = np.flatnonzero(~np.isfinite(rows).all(axis=(1, 2))) + within.lo
        end = self._schedule.end(within.number)
        return self._schedule.written(name, int(bad[-1]), True, end) if len(bad) else None


def _with_gradients(tape: Tape) -> Tape:
    """The same values, other gradients."""
    other = copy(tape)
    other.gradients = {name: np.zeros_like(array) for name, array in tape.values.items()}
    return other
