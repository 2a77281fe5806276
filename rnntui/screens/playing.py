"""Moving without stepping by hand: the run plays, or runs to what the lens is on."""

from __future__ import annotations

from textual.screen import Screen
from textual.timer import Timer

from rnntui.session import Session
from rnntui.widgets.crumb import Crumb

SPEED = 6.0
"""Equations a second."""


class Playing(Screen[int]):
    """The part of the debugger that owns the clock. Nothing on the screen tells whether it runs."""

    _session: Session

    def __init__(self) -> None:
        super().__init__()
        self._clock: Timer | None = None

    @property
    def is_playing(self) -> bool:
        """Whether the run steps by itself."""
        return self._clock is not None

    def action_play(self) -> None:
        """Step by itself until the end, or stop."""
        if self.is_playing:
            self.pause()
        elif not self._session.at_end:
            self._clock = self.set_interval(1 / SPEED, self._tick)
            self._session.step()

    def pause(self) -> None:
        """Stop playing."""
        if self._clock is not None:
            self._clock.stop()
            self._clock = None

    def _tick(self) -> None:
        session = self._session
        if self.app.screen is not self or not session.step() or session.position in session.stops:
            self.pause()

    def action_run_to_first(self) -> None:
        """To the step that computes what the lens is on."""
        self._run_to(last=False)

    def action_run_to_last(self) -> None:
        """To the last step that writes what the lens is on: of a value its gradient."""
        self._run_to(last=True)

    def on_crumb_scope_wanted(self, event: Crumb.ScopeWanted) -> None:
        """To the first step of this pass, or of this timestep."""
        session = self._session
        if not session.position:
            return
        schedule = session.run.schedule
        here = schedule.place(session.position - 1)
        t = here.t
        if event.scope == "phase":
            within = schedule.pass_of(here.number)
            t = within.hi if here.phase == "backward" else within.losses_from
        index = schedule.index(here.phase, t, position=session.position)
        if index is not None:
            session.goto(index + 1)

    def _run_to(self, last: bool) -> None:
        session = self._session
        slot, schedule = session.lens.slot, session.run.schedule
        at = len(session.run) if last else 0
        written = schedule.written(slot.name, slot.t, slot.gradient or last, at)
        if written < 0:
            self.notify("no equation computes what the lens is on", timeout=2, markup=False)
            return
        session.goto(written + 1)
        session.release_lens()
