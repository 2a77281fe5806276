"""What is pinned to a run: watches, breakpoints and edits, as they stand at one moment, for whoever draws them.

All of it follows from the run and the cursor: of a breakpoint it tells how many of its stops lie behind the cursor, not
how often it has stopped anyone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bptt.debugger.breakpoints import Breakpoint
from bptt.debugger.watches import Watch
from bptt.edits import Edit
from bptt.errors import InputError
from bptt.queries import PENDING as NOT_REACHED
from bptt.queries import QueryError, parse_query
from bptt.query_nodes import Reference, TotalLoss, walk
from bptt.query_values import Found
from bptt.run import Run
from rnntui.explain.marks import HIDDEN, PENDING, Mark
from rnntui.frame import Frame, Lens, Slot
from rnntui.plain.asking import asked, is_hidden, reads_hidden
from rnntui.plain.breaking import text_of
from rnntui.safe import clean
from rnntui.session import Session

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class WatchPin:
    """A watch."""

    number: int
    text: str
    value: Found | Mark | None
    """At the lens's time; None where the run has no such value there."""
    gradient: bool
    """Whether it reads a gradient."""
    history: Array | None
    """(T,): over t, NaN where it is not computed yet; None where it is no number, the same at every t, or hidden."""
    ends: tuple[float, float]
    """The lowest and highest of its numbers, in the whole run where nothing is hidden; 0, 0 where there are none."""


@dataclass(frozen=True, slots=True)
class BreakPin:
    """A breakpoint."""

    number: int
    text: str
    enabled: bool
    resting: bool
    """Whether it does not act because of an open question."""
    behind: int
    """How many of its stops lie behind the cursor, the one at the cursor included; 0 while it rests."""
    total: int | None
    """How many it has; None where they are not looked for, in a run with checkpoints."""
    here: bool
    """Whether it stops at the cursor."""
    note: str
    """once, passed over 3 more; empty mostly."""

    @property
    def passed(self) -> str:
        """How many of its stops lie behind, in words; empty where that is not known."""
        if self.resting or self.total is None:
            return "rests while a question is open" * self.resting
        return f"{self.behind} of {self.total} passed" if self.total else "never met"


@dataclass(frozen=True, slots=True)
class EditPin:
    """An edit."""

    number: int
    text: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class Changed:
    """A number of the original run, and of the edited one."""

    name: str
    before: float | Mark
    after: float | Mark


@dataclass(frozen=True, eq=False)
class Pins:
    """Everything that is pinned. What must be computed is computed when it is first looked at."""

    frame: Frame
    original: Run
    watched: tuple[Watch, ...] = ()
    set: tuple[Breakpoint, ...] = ()
    places: tuple[NDArray[np.intp], ...] = ()
    """Where each breakpoint is met."""
    edited: tuple[Edit, ...] = ()

    def __len__(self) -> int:
        return len(self.watched) + len(self.set) + len(self.edited)

    @cached_property
    def stops(self) -> NDArray[np.intp]:
        """All positions at which a breakpoint that acts is met, rising."""
        acting = [places for b, places in zip(self.set, self.places, strict=True) if b.enabled]
        return np.unique(np.concatenate(acting)) if acting else np.empty(0, np.intp)

    @cached_property
    def watches(self) -> tuple[WatchPin, ...]:
        """In the order of their numbers."""
        return tuple(self._watch(watch) for watch in self.watched)

    @cached_property
    def breakpoints(self) -> tuple[BreakPin, ...]:
        """In the order of their numbers."""
        return tuple(self._break(b, places) for b, places in zip(self.set, self.places, strict=True))

    @cached_property
    def edits(self) -> tuple[EditPin, ...]:
        """In the order in which they were made."""
        return tuple(
            EditPin(number, clean(edit.written(self.frame.run.model.cell)), edit)
            for number, edit in enumerate(self.edited, 1)
        )

    @cached_property
    def changes(self) -> tuple[Changed, ...]:
        """What the edits change: the loss, and what the lens is on."""
        return tuple(self._changes()) if self.edited else ()

    def _rests(self, breakpoint: Breakpoint) -> bool:
        return bool(self.frame.hidden) and breakpoint.condition is not None

    def _break(self, breakpoint: Breakpoint, places: NDArray[np.intp]) -> BreakPin:
        resting, position = self._rests(breakpoint), self.frame.position
        behind = int(np.searchsorted(places, position, "right"))
        here = behind > 0 and int(places[behind - 1]) == position
        notes = ["once"] * breakpoint.temporary + [f"passed over {breakpoint.skip} more"] * bool(breakpoint.skip)
        return BreakPin(
            breakpoint.number,
            text_of(breakpoint),
            breakpoint.enabled,
            resting,
            behind,
            None if breakpoint.condition is not None and self.frame.run.policy == "checkpoints" else len(places),
            here,
            ", ".join(notes),
        )

    def _watch(self, watch: Watch) -> WatchPin:
        nodes = list(walk(watch.query.root))
        gradient = any(isinstance(node, Reference) and node.gradient for node in nodes)
        history, ends = self._history(watch)
        text = clean(str(watch))
        return WatchPin(watch.number, text, self._value(watch), gradient, history, ends)

    def _value(self, watch: Watch) -> Found | Mark | None:
        frame = self.frame
        t = lens_time(frame)
        try:
            watch.query.check(frame.run, t)
            if is_hidden(frame, watch.query, t):
                return HIDDEN
            found = watch.value(frame.run, frame.position, frame.sequence, t)
        except (QueryError, InputError):
            return None
        return PENDING if found is NOT_REACHED else found

    def _history(self, watch: Watch) -> tuple[Array | None, tuple[float, float]]:
        frame = self.frame
        secret = bool(frame.hidden) and (
            reads_hidden(frame, [watch.query]) or any(isinstance(node, TotalLoss) for node in walk(watch.query.root))
        )
        if secret or frame.run.policy == "checkpoints":  # there it would be computed again at every step
            return None, (0.0, 0.0)
        try:
            history = watch.history(frame.run, frame.position, frame.sequence)
            whole = history if frame.hidden else watch.history(frame.run, len(frame.run), frame.sequence)
        except (QueryError, InputError):
            return None, (0.0, 0.0)
        history, whole = np.asarray(history, float), np.asarray(whole, float)
        if history.ndim != 1 or not len(whole) or np.array_equal(whole[1:], whole[:-1], equal_nan=True):
            return None, (0.0, 0.0)
        known = whole[np.isfinite(whole)]
        return history, (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)

    def _changes(self) -> Iterator[Changed]:
        """Of each run what its own frame shows."""
        frame = self.frame
        self.original.fill(frame.position)
        frames = (replace(frame, run=self.original), frame)
        if frame.position >= frame.run.schedule.known:
            loss = parse_query("loss", frame.run.model.cell)
            yield Changed("loss", *(_number(asked(each, loss)) for each in frames))
        slot, unit = frame.lens.slot, frame.lens.unit
        before, after = (each.vector(slot) for each in frames)
        name = slot_text(slot, unit, frame)
        yield Changed(name, *(v if isinstance(v, Mark) else float(v[min(unit, len(v) - 1)]) for v in (before, after)))


def _number(found: Found | Mark) -> float | Mark:
    return found if isinstance(found, Mark) else float(np.asarray(found))


def lens_time(frame: Frame) -> int:
    """The time that is looked at: the lens's, held within the run."""
    return min(max(1, frame.lens.slot.t), frame.run.T)


def slot_text(slot: Slot, unit: int, frame: Frame) -> str:
    """`∇h[5][2]`: what the lens is on, as it is written in expressions."""
    component = f"[{unit}]" if frame.run.model.cell.dims.get(slot.name) != "scalar" else ""
    return f"{'∇' if slot.gradient else ''}{slot.name}[{slot.t}]{component}"


def lens_expression(lens: Lens, frame: Frame) -> str:
    """What the lens is on, at whatever time it is: `∇h[t][2]`."""
    return slot_text(lens.slot, lens.unit, frame).replace(f"[{lens.slot.t}]", "[t]", 1)


def pins_of(session: Session) -> Pins:
    """What is pinned to a session now."""
    found = tuple(session.breakpoints)
    return Pins(
        session.frame(),
        session.whatif.original,
        tuple(session.watches),
        found,
        tuple(session.places(b) for b in found),
        session.whatif.edits,
    )
