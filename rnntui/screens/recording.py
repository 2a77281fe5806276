"""Recording the run while the screen is alive: what is recorded can be looked at, a move beyond it waits."""

from __future__ import annotations

from asyncio import sleep
from time import perf_counter
from typing import TYPE_CHECKING

from textual import work
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from bptt.run import Run
from rnntui.screens.recorder import Recorder
from rnntui.session import Session

if TYPE_CHECKING:
    from rnntui.walk import Walk

AT_FIRST = 0.2
"""Seconds that are spent on the run before anything is shown: most are recorded then."""
SLICE, PAUSE = 0.03, 0.002
"""Seconds of recording, and seconds for everything else in between."""
PROGRESS = 0.1
"""Seconds from one look at the progress to the next."""


class Recording(Screen[int]):
    """The part of the debugger that has the run recorded. A run with checkpoints is shown at once; the scrub bar tells
    how far it is."""

    _session: Session
    _walk: Walk | None
    _recording: Run | None = None
    """The run that is being recorded."""
    _wanted: int | None = None
    """The position to go to when it is recorded."""

    def _show(self) -> None:
        raise NotImplementedError

    def _recorded(self) -> None:
        raise NotImplementedError

    def _set_small(self, width: int, height: int) -> None:
        raise NotImplementedError

    @property
    def _is_recorded(self) -> bool:
        run = self._session.run
        return run.filled == len(run)

    @property
    def _can_show(self) -> bool:
        """Whether there is enough of the run for a screen."""
        session = self._session
        early = session.run.overview is not None and self._walk is None
        return self._is_recorded or (early and 0 < session.run.filled >= session.position)

    @property
    def _part(self) -> float:
        """How much of the run is recorded, 0…1."""
        return self._session.run.filled / max(1, len(self._session.run))

    def _record_run(self) -> None:
        """Record the run that there is now: the first, or another after an edit."""
        if self._recording is self._session.run:
            return
        self._recording = self._session.run
        recorder = Recorder(self._session.run)
        if recorder.run_for(AT_FIRST):
            self._done()
            return
        if self._can_show:
            self._session.later = self._wait_for
            self._set_small(self.size.width, self.size.height)
            self._show()
        self._tell_progress(recorder)
        self._record(recorder)

    @work(exclusive=True)
    async def _record(self, recorder: Recorder) -> None:
        """In slices between which keys are answered. A thread would be as slow, and Python's memory for one more costs
        a tenth of what a long run may take."""
        told = perf_counter()
        while not recorder.run_for(SLICE):
            if perf_counter() - told > PROGRESS:
                told = perf_counter()
                self._tell_progress(recorder)
            await sleep(PAUSE)
        self._done()

    def _tell_progress(self, recorder: Recorder) -> None:
        if not self._can_show:
            self.query_one("#small", Static).update(Content(f"recording the run … {recorder.part:.0%}"))
            self.add_class("-tiny")
        elif self._wanted is not None and self._wanted <= self._session.run.filled:
            self._go_to_wanted()
        else:
            self._show_progress(recorder.part)

    def _show_progress(self, part: float) -> None:
        raise NotImplementedError

    def _wait_for(self, position: int) -> None:
        """Go to a position as soon as it is recorded."""
        self._wanted = position
        text = f"recording the run, {self._part:.0%} are done: there in a moment"
        self.notify(text, timeout=3, markup=False)

    def _go_to_wanted(self) -> None:
        position, self._wanted = self._wanted, None
        if position is not None:
            self._session.goto(position)

    def _done(self) -> None:
        self._recording = self._session.later = None
        self._recorded()
        self._go_to_wanted()
