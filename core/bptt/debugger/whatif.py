"""What-ifs: a run, the edits made to it one after another, and how the edited run differs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.edits import Edit
from bptt.errors import InputError
from bptt.gradcheck import relative_error
from bptt.run import Run
from bptt.schedule import Phase

Array = NDArray[np.floating]
_AT_ONCE = 4096
"""Times that are compared together."""


class WhatIf:
    """The edits of one session. Every change makes a new run; nothing that exists is changed."""

    def __init__(self, run: Run) -> None:
        """`run`: what edits are compared with; its own edits, if it has any, stay in it and are not listed."""
        self.original = run
        self.run = run
        """The run with the listed edits."""
        self.edits: tuple[Edit, ...] = ()
        """In the order in which they were made; a later one wins over an earlier one of the same component."""

    def make(self, *edits: Edit) -> Run:
        """Add edits; the new run, computed as far as the last one was. Raises InputError where one does not fit."""
        return self._rerun((*self.edits, *edits))

    def remove(self, number: int | None = None) -> Edit:
        """Take back the edit of a number, counted from 1; the latest where none is given. Raises InputError where there
        is no such edit."""
        if not self.edits:
            raise InputError("nothing is edited", "edit")
        number = len(self.edits) if number is None else number
        if not 1 <= number <= len(self.edits):
            raise InputError(f"no edit has the number {number}: there are 1…{len(self.edits)}", "edit")
        removed = self.edits[number - 1]
        self._rerun(self.edits[: number - 1] + self.edits[number:])
        return removed

    def clear(self) -> None:
        """Take back every edit."""
        self._rerun(())

    def _rerun(self, edits: tuple[Edit, ...]) -> Run:
        reached = self.run.position
        run = self.original.edited((*self.original.edits, *edits)) if edits else self.original
        run.goto(reached)
        self.run, self.edits = run, edits
        return run

    def compare(self) -> Comparison:
        """The run with the edits beside the one without, both to their ends."""
        return compare(self.original, self.run)


@dataclass(frozen=True, slots=True)
class Difference:
    """How one array of the edited run differs from the original's."""

    name: str
    gradient: bool
    relative: float
    """‖a − b‖ / (‖a‖ + ‖b‖): 0 where they are equal, at most 1."""
    largest: float
    """The largest difference of a component; NaN where one of the two is not finite."""
    phase: Phase | None
    t: int | None
    """Where it begins, as the run goes; None for a parameter, whose gradient is a sum over time."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs of the same length."""

    loss: tuple[float, float]
    """(original, edited)."""
    differences: tuple[Difference, ...]
    """Variables in the order of the equations, then gradients, then those of parameters; equal ones are left out."""


def compare(original: Run, edited: Run) -> Comparison:
    """What an edit has changed, and where each change begins. Both runs are computed to their ends."""
    before, after = original.trace(), edited.trace()
    found: list[Difference] = []
    for gradient in (False, True):
        for name in original.model.cell.definitions:
            difference = _over_time(original, edited, name, gradient)
            if difference is not None:
                found.append(difference)
    for name in original.model.parameters:
        a, b = before.grads[name], after.grads[name]
        if _unequal(a, b).any():
            found.append(Difference(name, True, *_sizes(a, b), None, None))
    return Comparison((before.loss, after.loss), tuple(found))


def _over_time(original: Run, edited: Run, name: str, gradient: bool) -> Difference | None:
    """A variable's difference, or its gradient's, over all times; None where they are equal."""
    begins, largest = 0, 0.0
    norms = np.zeros(3)
    for first in range(1, original.T + 1, _AT_ONCE):
        last = min(first + _AT_ONCE - 1, original.T)
        a, b = (run.block(name, first, last, gradient) for run in (original, edited))
        differs = np.flatnonzero(_unequal(a, b).any(axis=(1, 2))) + first
        if len(differs) and (gradient or not begins):
            begins = int(differs[-1 if gradient else 0])
        with np.errstate(all="ignore"):
            norms = np.hypot(norms, [np.linalg.norm(part) for part in (a - b, a, b)])
            largest = float(np.maximum(largest, np.abs(b - a).max()))
    if not begins:
        return None
    size = float(norms[1] + norms[2])
    relative = float(norms[0]) / size if size else 0.0
    return Difference(name, gradient, relative, largest, "backward" if gradient else "forward", begins)


def _unequal(a: Array, b: Array) -> NDArray[np.bool_]:
    return np.asarray((a != b) & ~(np.isnan(a) & np.isnan(b)))


def _sizes(a: Array, b: Array) -> tuple[float, float]:
    with np.errstate(all="ignore"):
        return relative_error(a, b), float(np.abs(b - a).max())
