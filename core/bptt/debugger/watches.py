"""Watches: expressions that are looked at again and again, with how they go over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.debugger.sweep import LenientEvaluation, Sweep, can_sweep, check_anywhere
from bptt.errors import InputError
from bptt.queries import Query
from bptt.query_values import PENDING, Found, Value
from bptt.run import Run

Array = NDArray[np.floating]
_AT_ONCE = 4096
"""Times of a history that are worked out together."""


@dataclass(frozen=True, slots=True)
class Watch:
    """An expression under a number."""

    number: int
    """From 1."""
    query: Query

    def __str__(self) -> str:
        return str(self.query)

    def value(self, run: Run, position: int, sequence: int = 0, t: int | None = None) -> Found:
        """As it stands after `position` steps, at time t in place of the cursor's where it is given; PENDING where the
        cursor has not reached what it reads, or where the run has no such time. Raises QueryError for a component or
        shape that does not exist."""
        run.fill(position)
        if t is None:
            t = run.schedule.place(position - 1).t if position else 1
        return LenientEvaluation(run, t, sequence, position).value(self.query.root)

    def history(self, run: Run, position: int, sequence: int = 0) -> Array:
        """(T,) or (T, …): what it would be at each t = 1…T in place of the cursor's, as far as the run has come after
        `position` steps; NaN where it is pending, 1 and 0 for true and false. Raises QueryError as `value` does."""
        run.fill(position)
        root = self.query.root
        if can_sweep(root, run):
            parts = [np.arange(first, min(first + _AT_ONCE, run.T + 1)) for first in range(1, run.T + 1, _AT_ONCE)]
            sweeps = (Sweep(run, sequence, np.full(len(times), position), times) for times in parts)
            return np.concatenate([sweep.values(root) for sweep in sweeps])
        found = [LenientEvaluation(run, t, sequence, position).value(root) for t in range(1, run.T + 1)]
        return _stacked(found)


class Watches:
    """The watches of one session, in the order of their numbers."""

    def __init__(self) -> None:
        self._set: dict[int, Watch] = {}
        self._last = 0

    def __iter__(self) -> Iterator[Watch]:
        return iter(tuple(self._set.values()))

    def __len__(self) -> int:
        return len(self._set)

    def add(self, query: Query, run: Run) -> Watch:
        """Set one, under the next number. Raises QueryError for a query that fits the run at no time."""
        check_anywhere(query, run)
        self._last += 1
        made = self._set[self._last] = Watch(self._last, query)
        return made

    def remove(self, number: int) -> Watch:
        """Delete one. Raises InputError where there is none of this number."""
        if number not in self._set:
            there = ", ".join(map(str, self._set)) or "none"
            raise InputError(f"no watch has the number {number}: there are {there}", "watch")
        return self._set.pop(number)


def _stacked(found: list[Found]) -> Array:
    known: list[Value] = [value for value in found if value is not PENDING]
    shape = np.shape(known[0]) if known else ()
    return np.stack([np.full(shape, np.nan) if value is PENDING else np.asarray(value, float) for value in found])
