"""A place on a run, the moves from there to another, and the lens that rides on it. Knows no screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bptt.run import Run, Step
from rnntui.frame import Lens, Slot
from rnntui.places import parse_place, position_of


class Cursor:
    """Moves through the steps of a run, and through the lines of an update that may follow it. Every move tells the
    subscribers once, and only if something moved."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.later: Callable[[int], None] | None = None
        """Who is told of a move to what is not recorded yet, and goes there when it is; None records it at once."""
        self._position = 0
        self._updates = 0
        """How many lines of its update lie behind the cursor; 0 before the end of the run."""
        self._lens = Lens.on(run, 0)
        self._subscribers: list[Callable[[], None]] = []

    # -- who is told

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` after every change; returns what ends that."""
        self._subscribers.append(changed)
        return lambda: self._subscribers.remove(changed)

    def _changed(self) -> None:
        for changed in tuple(self._subscribers):
            changed()

    # -- the place

    @property
    def position(self) -> int:
        """How many steps of the run lie behind the cursor."""
        return self._position

    @property
    def updates(self) -> int:
        """How many lines of the iteration's update lie behind it; they come after the run."""
        return self._updates

    @property
    def at_end(self) -> bool:
        """Whether no step of the run, and none of the update, is ahead."""
        return self._position + self._updates == self._length

    @property
    def _length(self) -> int:
        """How many steps and lines there are to move through."""
        return self.total

    @property
    def total(self) -> int:
        """How many steps the run has."""
        return len(self.run)

    @property
    def current(self) -> Step | None:
        """The step that was computed last; None before the first."""
        return self.run.at(self._position - 1) if self._position else None

    @property
    def phase(self) -> str:
        """forward, backward or cut; start before the first step; update after the run of an iteration."""
        if self._updates:
            return "update"
        return self.run.schedule.place(self._position - 1).phase if self._position else "start"

    @property
    def t(self) -> int:
        """The time at the cursor, 1 before the first step."""
        return self.run.schedule.place(self._position - 1).t if self._position else 1

    def goto(self, position: int) -> bool:
        """Move the cursor, held within the run and the update that follows it; whether it moves, perhaps `later`."""
        position = min(max(0, position), self._length)
        if position == self._position + self._updates:
            return False
        if self.later is not None and min(position, self.total) > self.run.filled:
            self.later(position)
            return True
        self._put(position)
        self._follow()
        self._changed()
        return True

    def _put(self, position: int) -> None:
        self._position = min(position, self.total)
        self._updates = position - self._position
        self.run.fill(self._position)

    def _follow(self) -> None:
        """The lens rides along, where it does."""
        if self._lens.following:
            self._lens = Lens.on(self.run, self._position, self._lens.unit)

    def _turn(self, by: int) -> bool:
        """Beyond an end of the run, if there is anything; whether there was."""
        return False

    def step(self) -> bool:
        """One equation on; at the end of an iteration to the next."""
        return self.goto(self._position + self._updates + 1) or self._turn(1)

    def back(self) -> bool:
        """One equation back; at the start of an iteration to the end of the one before."""
        return self.goto(self._position + self._updates - 1) or self._turn(-1)

    def next_time(self) -> bool:
        """To the end of this timestep, or of the next where this one is done."""
        if self._position == self.total:
            return self.goto(self._length) or self._turn(1)
        return self.goto(self.run.schedule.timestep(self._position).stop)

    def previous_time(self) -> bool:
        """To the start of this timestep, or of the one before."""
        if self._position == 0 or self._updates:
            return self.goto(self._position) or self._turn(-1)
        return self.goto(self.run.schedule.timestep(self._position - 1).start)

    def end_of_phase(self) -> bool:
        """To the last step of this phase, or of the next where this one is done."""
        if self._position == self.total:
            return self.goto(self._length) or self._turn(1)
        return self.goto(self.run.schedule.stretch(self._position).stop)

    def start_of_phase(self) -> bool:
        """To the start of this phase, or of the one before."""
        if self._position == 0 or self._updates:
            return self.goto(self._position) or self._turn(-1)
        return self.goto(self.run.schedule.stretch(self._position - 1).start)

    def home(self) -> bool:
        """Before the first step."""
        return self.goto(0)

    def end(self) -> bool:
        """After the last step."""
        return self.goto(self._length)

    def goto_place(self, text: str) -> bool:
        """To a place as people write it. Raises PlaceError."""
        return self.goto(position_of(self.run, parse_place(text), self._position))

    # -- the lens

    @property
    def lens(self) -> Lens:
        """What is inspected."""
        return self._lens

    def move_lens(self, times: int = 0, units: int = 0) -> None:
        """Move along time and units; a move in time takes it off the cursor."""
        slot = self._lens.slot
        t = min(max(1, slot.t + times), self.run.T)
        unit = min(max(0, self._lens.unit + units), self._units(slot.name) - 1)
        self._set_lens(Lens(replace(slot, t=t), unit, self._lens.following and t == slot.t))

    def look_at(self, slot: Slot, unit: int) -> None:
        """Put the lens on one unit of a slot."""
        unit = min(max(0, unit), self._units(slot.name) - 1)
        self._set_lens(Lens(slot, unit, following=False))

    def release_lens(self) -> None:
        """Let the lens ride on the cursor again."""
        self._set_lens(Lens.on(self.run, self._position, self._lens.unit))

    def _set_lens(self, lens: Lens) -> None:
        if lens != self._lens:
            self._lens = lens
            self._changed()

    def _units(self, name: str) -> int:
        return int(self.run.read(name, 1).shape[-1])
