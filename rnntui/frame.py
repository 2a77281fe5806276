"""What can be seen at one moment: the frozen data that every way of showing a run is drawn from."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bptt.expressions import Expression, Grad, Outer, Param, Var, walk
from bptt.iteration import Iteration
from bptt.run import Run, Step
from bptt.update import UpdateStep
from rnntui.explain.marks import HIDDEN, PENDING, Mark
from rnntui.sources import Source

Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Slot:
    """One variable's value or gradient at one time."""

    name: str
    t: int
    gradient: bool = False


@dataclass(frozen=True, slots=True)
class Lens:
    """What is inspected: one unit of one slot."""

    slot: Slot
    unit: int = 0
    following: bool = True
    """Whether it rides on the cursor."""

    @classmethod
    def on(cls, run: Run, position: int, unit: int = 0) -> Lens:
        """Riding on a cursor that has so many steps of a run behind it."""
        cell = run.model.cell
        if not position:
            return cls(Slot(cell.equations[0].target, 1), unit)
        place = run.schedule.place(position - 1)
        name = place.equation.target
        if place.equation.kind == "parameter":
            name = place.equation.terms[0].consumer
        elif place.equation.kind == "cut":
            name = next((state for state in cell.lags if state != "x"), cell.equations[0].target)
        return cls(Slot(name, place.t, place.phase == "backward"), unit)


@dataclass(frozen=True)
class Frame:
    """A run seen from one position. The run only grows, so a frame never changes."""

    run: Run
    source: Source | None
    title: str
    position: int
    """How many steps lie behind the cursor."""
    lens: Lens
    hidden: frozenset[Slot] = frozenset()
    """What a question hides."""
    sequence: int = 0
    """Which sequence of the batch is shown, from 0."""
    iteration: Iteration | None = None
    """The iteration of a training whose run this is."""
    iterations: int = 0
    """How many of that training are computed."""
    updates: int = 0
    """How many lines of the iteration's update lie behind the cursor, which then stands after the run."""
    update_lines: int = 0
    """How many there are."""
    entry: tuple[int, int] = (0, 0)
    """Row and column of the parameter's entry that is looked at in an update."""

    @cached_property
    def current(self) -> Step | None:
        """The step of the run that was computed last; None before the first, and in an update."""
        return self.run.at(self.position - 1) if self.position and not self.updates else None

    @cached_property
    def update(self) -> UpdateStep | None:
        """The line of the update that was computed last; None in the run."""
        return self._update_line(self.updates - 1) if self.updates else None

    @cached_property
    def next_update(self) -> UpdateStep | None:
        """The line of the update that comes next; None where the run goes on, or nothing is left."""
        ahead = self.position == len(self.run) and self.updates < self.update_lines
        return self._update_line(self.updates) if ahead else None

    def _update_line(self, number: int) -> UpdateStep:
        assert self.iteration is not None  # else there is no update
        step = self.iteration.at(len(self.run) + number)
        assert isinstance(step, UpdateStep)  # they come after the run
        return step

    @cached_property
    def inspected(self) -> Step | None:
        """The step that is explained: the cursor's, or the one that writes what the lens is on; None where no
        step does."""
        if self.lens.following:
            return self.current
        slot = self.lens.slot
        index = self.run.schedule.written(slot.name, slot.t, slot.gradient, self.position)
        return self.run.at(index) if index >= 0 else None

    @property
    def phase(self) -> str:
        """forward, backward or cut; start before the first step; update after the run of an iteration."""
        if self.updates:
            return "update"
        return self.current.phase if self.current else "start"

    @property
    def t(self) -> int:
        """The time at the cursor, 1 before the first step."""
        return self.current.t if self.current else 1

    @cached_property
    def written(self) -> Slot | None:
        """The slot that the current step filled; None for a parameter's share and for a cut."""
        step = self.current
        if step is None or step.equation.kind in ("parameter", "cut"):
            return None
        return Slot(step.target, step.t, step.phase == "backward")

    @cached_property
    def reads(self) -> frozenset[Slot]:
        """The slots that the current step read, as its line shows them."""
        step = self.current
        if step is None:
            return frozenset()
        equation = step.equation
        expression = equation.expanded if equation.expanded is not None else equation.expression
        return frozenset(
            Slot(node.name, step.t - node.lag, isinstance(node, Grad))
            for node in walk(expression)
            if isinstance(node, (Var, Grad))
        )

    def mark(self, slot: Slot) -> Mark | None:
        """Why a slot may not be shown; None where it may."""
        return self._mark(slot, self.position)

    def _mark(self, slot: Slot, position: int) -> Mark | None:
        if slot in self.hidden:
            return HIDDEN
        if self.run.schedule.written(slot.name, slot.t, slot.gradient, position) >= position:
            return PENDING
        return None

    def computed(self, name: str, gradient: bool = False) -> tuple[int, int]:
        """(first, end): the times first ≤ t < end of a variable are computed; of a gradient those of the pass at the
        cursor."""
        schedule, position = self.run.schedule, self.position
        if gradient:
            within = schedule.pass_at(position)
            times = range(within.lo, within.hi + 1)
            done = bisect_left(times, True, key=lambda t: schedule.written(name, t, True, position) < position)
            return within.lo + done, within.hi + 1
        return 1, bisect_left(range(1, self.run.T + 1), True, key=lambda t: schedule.written(name, t) >= position) + 1

    def vector(self, slot: Slot) -> Array | Mark:
        """(unit,): a slot of the shown sequence, or why there is none to show."""
        return self.mark(slot) or self.run.read(slot.name, slot.t, slot.gradient, self.position)[self.sequence]

    def evaluate(self, expression: Expression, t: int) -> Array | Mark:
        """Any expression at time t for the shown sequence: (unit,), a parameter's own shape, or a matrix for an outer
        product; a mark where it reads something hidden or not computed yet."""
        if isinstance(expression, Param):
            return self.run.model.parameters[expression.name]
        position = self.position
        if self.run.schedule.overlapping and self.inspected is not None:
            # the gradients that a step of an earlier pass read are those of its own pass
            position = min(position, self.inspected.index + 1)
        marks = {
            self._mark(self._slot(node, t), position) for node in walk(expression) if isinstance(node, (Var, Grad))
        }
        for mark in (HIDDEN, PENDING):
            if mark in marks:
                return mark
        value = self.run.evaluate(expression, t, position)
        if any(isinstance(node, Outer) for node in walk(expression)):
            return value
        return np.asarray(value[self.sequence if len(value) > 1 else 0])

    @staticmethod
    def _slot(node: Var | Grad, t: int) -> Slot:
        return Slot(node.name, t - node.lag, isinstance(node, Grad))

    def parameter_gradient(self, name: str) -> Array:
        """∇parameter as far as it has been summed at the cursor, over the whole batch, in its own shape."""
        return self.run.sum_so_far(name, self.position)
