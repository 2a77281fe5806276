"""What fills the tape of a run: steps one by one, in a long run stretches of times by the fast path, in a run with
checkpoints segments."""

from __future__ import annotations

from functools import cached_property
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.checkpoints import Checkpoints
from bptt.execution.filling import Filling
from bptt.forward import Forward
from bptt.gradients import Gradients, OverlappingGradients
from bptt.interpreters import Interpreters
from bptt.model import Model
from bptt.schedule import Place, Schedule
from bptt.segment_sums import SegmentSums
from bptt.sums import Sums
from bptt.tape import Tape

_AT_ONCE = 64
"""Steps that one thread fills before it lets another look."""
_LONG = 4000
"""Steps of a run that is worth the fast path. Shorter ones are stepped, and are the same to the last bit however one
gets anywhere in them."""
_PATIENCE = 0.002
"""Seconds that a thread waits for another to fill before it looks whether that one has come far enough."""


def fast_path(model: Model, schedule: Schedule, y: NDArray[Any], weight: float) -> Filling | None:
    """What fills stretches of times at once; None for a run that is over soon, and where each step is not that of the
    bare equations. `y`, `weight`: see `Filling`."""
    if len(schedule) < _LONG or schedule.overlapping:
        return None
    widest = max(model.inputs, *(model.size(dim) for dim in model.cell.dims.values()))
    return Filling(model.cell, model.execution, model.parameters, y, weight, widest)


class Filler:
    """Computes the steps of a schedule on a tape, each once and in their order, up to where they are asked for. Safe
    to use from several threads."""

    def __init__(
        self,
        model: Model,
        schedule: Schedule,
        tape: Tape,
        interpreters: Interpreters,
        weight: float,
        y: NDArray[Any],
    ) -> None:
        """`weight`: ∇L[t]; `y`: the targets, see `Filling`."""
        self.filled = 0
        """How many steps have been computed."""
        self._model = model
        self._schedule = schedule
        self._total = len(schedule)
        self.tape = tape
        self._interpreters = interpreters
        self._interpreter = interpreters(tape, weight)
        self._weight = weight
        self._y = y
        self._lock = RLock()

    @cached_property
    def gradients(self) -> Gradients:
        """What writes and reads the gradients on the tape."""
        made = OverlappingGradients if self._schedule.overlapping else Gradients
        return made(self._model.cell, self._schedule, self.tape, self._interpreters, self._weight)

    @cached_property
    def sums(self) -> Sums:
        """The gradients of the parameters as they grow."""
        return Sums(self._model, self._schedule, self.gradients)

    @cached_property
    def filling(self) -> Filling | None:
        """The fast path, where it is used."""
        return fast_path(self._model, self._schedule, self._y, self._weight)

    @cached_property
    def _forward(self) -> Forward:
        return Forward(self._model.cell, self.tape, self._interpreter)

    def fill(self, count: int) -> None:
        """Compute the steps before `count` that are not on the tape yet, perhaps some beyond it."""
        count = min(count, self._total)
        while self.filled < count:
            if self._lock.acquire(timeout=_PATIENCE):
                try:
                    self._advance(count)
                finally:
                    self._lock.release()

    def fill_next(self, place: Place) -> bool:
        """Compute the step at `place` on the shortest way, if it is the first that is not; whether that was done."""
        if place.index != self.filled or not self._lock.acquire(blocking=False):
            return False
        try:
            if place.index != self.filled:
                return False
            # a parameter's sum is added up when it is looked at; what ends a pass may have more to do
            if place.equation.kind != "parameter" or place.equation is self._schedule.backward[-1]:
                with np.errstate(all="ignore"):
                    self._compute(place)
            self.filled += 1
        finally:
            self._lock.release()
        return True

    def _advance(self, count: int) -> None:
        """Fill a part of what is missing before `count`."""
        few = min(count, self.filled + _AT_ONCE)
        if self.filling is None or count - self.filled < _AT_ONCE:
            self._step_to(few)
            return
        place, schedule = self._schedule.place(self.filled), self._schedule
        lines = schedule.forward if place.phase == "forward" else schedule.backward
        if place.phase == "cut" or place.equation is not lines[0]:
            self._step_to(self.filled + 1)
            return
        within = schedule.pass_of(place.number)
        left = within.hi - place.t + 1 if place.phase == "forward" else place.t - within.lo + 1
        left = min(left, self._interpreters.constants.bare(place.t, place.phase == "backward"))
        if left < 1:
            self._step_to(self.filled + len(lines))
            return
        length = self.filling.stretch(-(-(count - self.filled) // len(lines)), left)
        with np.errstate(all="ignore"):
            if place.phase == "forward":
                lo, hi = place.t, place.t + length - 1
                self.filling.forward(self.tape, lo, hi)
                self._interpreter.pass_over(lo, hi)
            else:
                lo, hi = place.t - length + 1, place.t
                self.filling.backward(self.tape, lo, hi, within, self._interpreter.term)
                if lo == 1:
                    self.gradients.start()
        self.filled += (hi - lo + 1) * len(lines)

    def _step_to(self, count: int) -> None:
        with np.errstate(all="ignore"):
            while self.filled < count:
                self._compute(self._schedule.place(self.filled))
                self.filled += 1

    def _compute(self, place: Place) -> None:
        if place.phase == "forward":
            self._forward.compute(place.equation.target, place.t)
        elif place.phase == "backward" and self.gradients.compute(place) and self._schedule.overlapping:
            for parameter in self._model.parameters:
                self.sums.after(parameter, *self._schedule.moments(place.index + 1))


class SegmentFiller(Filler):
    """Fills a run with checkpoints, a whole segment at once."""

    def __init__(
        self,
        model: Model,
        schedule: Schedule,
        tape: Tape,
        interpreters: Interpreters,
        weight: float,
        y: NDArray[Any],
        checkpoints: Checkpoints,
        fast: bool,
    ) -> None:
        """`fast`: whether the segments take the fast path."""
        super().__init__(model, schedule, tape, interpreters, weight, y)
        self._checkpoints = checkpoints
        self._fast = fast and not interpreters.constants

    @cached_property
    def sums(self) -> Sums:
        """The gradients of the parameters as they grow, kept at the ends of some segments."""
        kept = self._checkpoints, self._interpreters.targets, self._weight, self._fast
        return SegmentSums(self._model, self._schedule, self.gradients, *kept)

    def fill_next(self, place: Place) -> bool:
        """No step is computed alone."""
        return False

    def _advance(self, count: int) -> None:
        """Record the next segment."""
        self.filled = self._checkpoints.advance()
        self.sums.reach(self._checkpoints.done)
