"""Two runs on the same data, locked on the pass and the time: whatever moves one moves the other. Knows no screen.

Their cells have different numbers of equations, so a step of the duel is one equation in each run as long as both have
one left at this time; the shorter waits for the longer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bptt.errors import InputError
from bptt.run import Run
from rnntui.explain.roles import roles_of
from rnntui.frame import Frame, Slot
from rnntui.lockstep import Lockstep
from rnntui.places import PlaceError, parse_place, position_of
from rnntui.session import Session
from rnntui.standing import Side, Standing

LETTERS = ("A", "B")


@dataclass(frozen=True)
class DuelFrame:
    """All that can be seen of a duel at one moment."""

    a: Frame
    b: Frame
    compared: tuple[str, str]
    """The variable of A, and that of B, whose gradients are compared."""
    position: int
    total: int

    @property
    def standing(self) -> Standing:
        """The two gradients against each other."""
        a, b = self.compared
        return Standing(Side(LETTERS[0], self.a, a), Side(LETTERS[1], self.b, b))


class Duel:
    """Two sessions and one cursor. Every move tells the subscribers once, and only if something moved."""

    def __init__(self, a: Session, b: Session) -> None:
        """The duel begins where A stands. Raises bptt.InputError for runs that do not have the same times, sequences
        and passes."""
        _check(a.run, b.run)
        self.sides = (a, b)
        self._lockstep = Lockstep(a.run.schedule, b.run.schedule)
        self._states = tuple(states_of(session.run) for session in self.sides)
        self._compared = [states[0] for states in self._states]
        self._subscribers: list[Callable[[], None]] = []
        self._is_moving = False
        self._stand: tuple[int, ...] = ()
        """Where the two stood after the last move."""
        self._position = self._lockstep.common(0, a.position)
        b.show_sequence(a.sequence)
        self._place()
        a.subscribe(lambda: self._follow(0))
        b.subscribe(lambda: self._follow(1))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` after every change of either; returns what ends that, also called twice."""
        self._subscribers.append(changed)

        def end() -> None:
            with suppress(ValueError):
                self._subscribers.remove(changed)

        return end

    # -- the cursor

    @property
    def position(self) -> int:
        """How many steps of the duel lie behind the cursor."""
        return self._position

    @property
    def total(self) -> int:
        """How many steps it has."""
        return self._lockstep.total

    @property
    def at_end(self) -> bool:
        """Whether no step is ahead."""
        return self._position == self.total

    @property
    def phase(self) -> str:
        """forward, backward or cut; start before the first step."""
        return self.sides[0].phase

    @property
    def t(self) -> int:
        """The time at the cursor, 1 before the first step."""
        return self.sides[0].t

    def goto(self, position: int) -> bool:
        """Move the cursor, held within the duel; whether it moved."""
        position = min(max(0, position), self.total)
        if position == self._position:
            return False
        self._position = position
        self._place()
        self._changed()
        return True

    def step(self) -> bool:
        """One equation on, in each run that has one left at this time."""
        return self.goto(self._position + 1)

    def back(self) -> bool:
        """Exactly undoes `step`."""
        return self.goto(self._position - 1)

    def next_time(self) -> bool:
        """To the end of this timestep, or of the next where this one is done."""
        return self.goto(self._lockstep.next_time(self._position))

    def previous_time(self) -> bool:
        """To the start of this timestep, or of the one before."""
        return self.goto(self._lockstep.previous_time(self._position))

    def end_of_phase(self) -> bool:
        """To the end of this pass, or of the next where this one is done."""
        return self.goto(self._lockstep.end_of_phase(self._position))

    def start_of_phase(self) -> bool:
        """To the start of this pass, or of the one before."""
        return self.goto(self._lockstep.start_of_phase(self._position))

    def home(self) -> bool:
        """Before the first step."""
        return self.goto(0)

    def end(self) -> bool:
        """After the last step."""
        return self.goto(self.total)

    def goto_place(self, text: str) -> bool:
        """To a place as people write it; names are those of A's equations, or else of B's, and #60 is the duel's own
        step. Raises PlaceError."""
        if text.strip().startswith("#") and text.strip()[1:].isdecimal():
            number = int(text.strip()[1:][:18])
            if number > self.total:
                raise PlaceError(f"#{number} does not exist: the duel ends at #{self.total}")
            return self.goto(number)
        a, b = self.sides
        try:
            return self.seek(0, _position_of(a, text))
        except PlaceError:
            with suppress(PlaceError):
                return self.seek(1, _position_of(b, text))
            raise

    def seek(self, side: int, position: int) -> bool:
        """To where side 0 or 1, A or B, has so many steps behind it; whether it moved."""
        return self.goto(self._lockstep.common(side, position))

    # -- what is compared

    def states(self, side: int) -> tuple[str, ...]:
        """The variables of a side whose gradients can be compared, the one with the longest road back first."""
        return self._states[side]

    def compare(self, side: int, name: str) -> None:
        """Compare the gradient of this variable of a side. KeyError where it is not one of `states`."""
        if name not in self._states[side]:
            raise KeyError(name)
        if name != self._compared[side]:
            self._compared[side] = name
            self._changed()

    def compare_next(self, side: int) -> bool:
        """The next of a side's variables; whether there is another."""
        states = self._states[side]
        self.compare(side, states[(states.index(self._compared[side]) + 1) % len(states)])
        return len(states) > 1

    def show_sequence(self, number: int) -> None:
        """Show another sequence of the batch in both, held within it."""
        self._together(lambda session: session.show_sequence(number))

    def move_lens(self, times: int = 0, units: int = 0) -> None:
        """Move the lens of both."""
        self._together(lambda session: session.move_lens(times, units))

    def look_at(self, side: int, slot: Slot, unit: int) -> None:
        """Put the lens of a side on one unit of a slot; the other's goes to the same time."""
        self._together(lambda session: self._look(session, side, slot, unit))

    def _look(self, session: Session, side: int, slot: Slot, unit: int) -> None:
        if session is not self.sides[side]:
            name = self._compared[1 - side]
            slot = Slot(name, slot.t, slot.gradient)
        session.look_at(slot, unit)

    def release_lens(self) -> None:
        """Let the lens of both ride on the cursor again."""
        self._together(Session.release_lens)

    def take_place_of(self, other: Duel) -> None:
        """Stand where another duel of the same cells stands, look where it looks, compare what it compares."""
        self._compared = list(other._compared)
        for mine, theirs in zip(self.sides, other.sides, strict=True):
            mine.show_sequence(theirs.sequence)
        self.goto(other.position)
        for mine, theirs in zip(self.sides, other.sides, strict=True):
            if not theirs.lens.following:
                mine.look_at(theirs.lens.slot, theirs.lens.unit)

    @property
    def frame(self) -> DuelFrame:
        """All that can be seen now, as plain data."""
        a, b = self.sides
        return DuelFrame(a.frame(), b.frame(), (self._compared[0], self._compared[1]), self._position, self.total)

    @property
    def standing(self) -> Standing:
        """The two gradients against each other now."""
        return self.frame.standing

    # -- the lock

    def _place(self) -> None:
        """Put both where the cursor is."""
        self._is_moving = True
        try:
            for session, position in zip(self.sides, self._lockstep.apart(self._position), strict=True):
                session.goto(position)
        finally:
            self._is_moving = False
        self._stand = tuple(session.position for session in self.sides)

    def _follow(self, side: int) -> None:
        """One side changed by itself: where it moved the other goes along."""
        if self._is_moving:
            return
        position = self.sides[side].position
        if position != self._stand[side]:
            self._position = self._lockstep.common(side, position)
            self._place()
        self._changed()

    def _together(self, change: Callable[[Session], None]) -> None:
        self._is_moving = True
        try:
            for session in self.sides:
                change(session)
        finally:
            self._is_moving = False
        self._changed()

    def _changed(self) -> None:
        for changed in tuple(self._subscribers):
            changed()


def _position_of(session: Session, text: str) -> int:
    return position_of(session.run, parse_place(text), session.position)


def states_of(run: Run) -> tuple[str, ...]:
    """The variables whose gradients say how far a loss reaches back, the one with the longest road first: a belt, the
    state that the output reads where that is one; without a belt, that state. Then the other states and what is read by
    the output alone, in the order of their tracks. Never empty."""
    roles, schedule = roles_of(run.model.cell), run.schedule
    tracks = [name for name in roles.order if roles.kinds[name] in ("belt", "state", "out")]
    longest = roles.main if roles.main in roles.belts else next(iter(roles.belts), roles.main)
    names = dict.fromkeys([longest, roles.main, *tracks, *roles.order, roles.logits])
    with_gradient = [name for name in names if name and schedule.written(name, 1, True) >= 0]
    return tuple(name for name in with_gradient if name in (roles.main, *tracks)) or tuple(with_gradient[:1])


def _check(a: Run, b: Run) -> None:
    """Raise InputError for runs that cannot be locked."""
    for what, one, other in (
        ("times", a.T, b.T),
        ("sequences", a.B, b.B),
        ("times a window", a.schedule.window, b.schedule.window),
        ("times a stride", a.schedule.stride, b.schedule.stride),
    ):
        if one != other:
            raise InputError(f"A has {one} {what}, B has {other}: give both runs the same data and window", "duel")
