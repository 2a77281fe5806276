"""Breakpoints: where a run stops on its way, forwards and backwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import whole
from bptt.debugger.finder import Finder
from bptt.debugger.sweep import check_anywhere
from bptt.debugger.timesteps import chunks
from bptt.errors import InputError, near, quoted
from bptt.queries import Query
from bptt.run import Run
from bptt.schedule import Phase

MOST_SKIPPED = 1_000_000


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Stops after a step. With a name, after every step that computes it, in the phase, at the time and under the
    condition where these are given. Without one, where phase, time and condition begin to hold together."""

    name: str = ""
    """A variable or a parameter; in the backward phase its gradient."""
    phase: Phase | None = None
    t: int | None = None
    condition: Query | None = None
    number: int = 0
    """From 1; 0 before it is set."""
    enabled: bool = True
    temporary: bool = False
    """Whether it goes away once it has stopped a run."""
    hits: int = 0
    """How many times it was met on the way, those passed over counted."""
    skip: int = 0
    """How many times more it is passed over before it stops one."""

    def __str__(self) -> str:
        gradient = self.phase == "backward" and self.name
        where = ["" if gradient else self.phase or "", f"∇{self.name}" if gradient else self.name]
        where.append("" if self.t is None else f"t={self.t}")
        said = " ".join(part for part in where if part)
        return f"{said} if {self.condition}" if said and self.condition else said or str(self.condition)


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a run stops."""

    position: int
    """How many steps lie behind the cursor there."""
    breakpoints: tuple[Breakpoint, ...]
    """Those that stop it, the hit counted."""


class Breakpoints:
    """The breakpoints of one session, in the order of their numbers."""

    def __init__(self) -> None:
        self._set: dict[int, Breakpoint] = {}
        self._last = 0
        self._places: dict[int, tuple[Run, int, NDArray[np.intp]]] = {}
        """Number → the run and the sequence in which it was last looked for, and where it is met there."""

    def __iter__(self) -> Iterator[Breakpoint]:
        return iter(tuple(self._set.values()))

    def __len__(self) -> int:
        return len(self._set)

    def add(self, breakpoint: Breakpoint, run: Run) -> Breakpoint:
        """Set one, under the next number. Raises InputError for what the run can never reach, QueryError for a
        condition that does not fit it."""
        check(breakpoint, run)
        self._last += 1
        made = self._set[self._last] = replace(breakpoint, number=self._last, hits=0)
        return made

    def remove(self, number: int) -> Breakpoint:
        """Delete one. Raises InputError where there is none of this number."""
        found = self._find(number)
        del self._set[number]
        self._places.pop(number, None)
        return found

    def enable(self, number: int, enabled: bool = True) -> Breakpoint:
        """Let one act, or not. Raises InputError where there is none of this number."""
        found = self._set[number] = replace(self._find(number), enabled=enabled)
        return found

    def skip(self, number: int, count: int) -> Breakpoint:
        """Let one be passed over so many times, in either direction, before it stops a run. Raises InputError where
        there is none of this number, and for a count outside 0…1,000,000."""
        count = whole(count, "count", 0, MOST_SKIPPED)
        found = self._set[number] = replace(self._find(number), skip=count)
        return found

    def _find(self, number: int) -> Breakpoint:
        if number not in self._set:
            there = ", ".join(map(str, self._set)) or "none"
            raise InputError(f"no breakpoint has the number {number}: there are {there}", "breakpoint")
        return self._set[number]

    def places(self, number: int, run: Run, sequence: int = 0) -> NDArray[np.intp]:
        """All positions of a run, rising, at which one is met, whether it is enabled or not. Raises InputError where
        there is none of this number."""
        known = self._places.get(number)
        if known is None or known[0] is not run or known[1] != sequence:
            b = self._find(number)
            finder = Finder(run, b.name, b.phase, b.t, b.condition, sequence)
            hits = [finder.hits(blocks) for blocks in chunks(run, 0, forwards=True)]
            known = self._places[number] = run, sequence, np.concatenate([np.empty(0, np.intp), *hits])
        return known[2]

    def forwards(self, run: Run, position: int, sequence: int = 0, conditions: bool = True) -> Stop | None:
        """The first stop after `position`, its hits counted; None where there is none. `conditions`: whether those
        with a condition act."""
        return self._stop(run, position, sequence, conditions, forwards=True)

    def backwards(self, run: Run, position: int, sequence: int = 0, conditions: bool = True) -> Stop | None:
        """The same for the last stop before `position`."""
        return self._stop(run, position, sequence, conditions, forwards=False)

    def _stop(self, run: Run, position: int, sequence: int, conditions: bool, forwards: bool) -> Stop | None:
        acting = [b for b in self if b.enabled and (conditions or b.condition is None)]
        finders = {b.number: Finder(run, b.name, b.phase, b.t, b.condition, sequence) for b in acting}
        for blocks in chunks(run, position, forwards) if finders else ():
            met: dict[int, NDArray[np.intp]] = {}
            """In the order in which they are met."""
            found: dict[int, list[int]] = {}
            for number, finder in finders.items():
                hits = finder.hits(blocks)
                met[number] = hits[hits > position] if forwards else hits[hits < position][::-1]
                skip = self._set[number].skip
                if len(met[number]) > skip:
                    found.setdefault(int(met[number][skip]), []).append(number)
            place = (min(found) if forwards else max(found)) if found else None
            for number, hits in met.items():
                reached = hits if place is None else hits[hits <= place] if forwards else hits[hits >= place]
                self._pass(number, len(reached))
            if place is not None:
                return Stop(place, tuple(self._stopped(number) for number in found[place]))
        return None

    def _pass(self, number: int, count: int) -> None:
        """Note that a breakpoint was met so many times."""
        known = self._set[number]
        self._set[number] = replace(known, hits=known.hits + count, skip=max(0, known.skip - count))

    def _stopped(self, number: int) -> Breakpoint:
        stopped = self._set[number]
        return self.remove(number) if stopped.temporary else stopped


def check(breakpoint: Breakpoint, run: Run) -> None:
    """Raise InputError for a name, phase or time that no step of the run has; QueryError for a condition that does
    not fit it at any time."""
    t = breakpoint.t
    phases: tuple[Phase, ...] = (breakpoint.phase,) if breakpoint.phase else ("forward", "backward")
    if t is not None and not 1 <= t <= run.T:
        raise InputError(f"t={t} does not exist: this run has t=1…{run.T}", "breakpoint")
    name, schedule = breakpoint.name, run.schedule
    if name and all(schedule.index(phase, t or 1, name) is None for phase in phases):
        steps = [e.target for phase in phases for e in (schedule.forward if phase == "forward" else schedule.backward)]
        word = f"{phases[0]} step" if len(phases) == 1 else "step"
        raise InputError(f"no {word} computes {quoted(name)}; {near(name, dict.fromkeys(steps))}", "breakpoint")
    if breakpoint.condition is not None:
        if not breakpoint.condition.is_condition:
            raise InputError(f"{quoted(str(breakpoint.condition))} is not true or false: compare it", "breakpoint")
        check_anywhere(breakpoint.condition, run)
