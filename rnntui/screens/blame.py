"""The blame matrix: which loss reaches which time, with a truncation window that can be tried out."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from textual import work
from textual.binding import BindingType
from textual.worker import get_current_worker

from rnntui.explain.blame import Blame, Window, blaming, concealed, main_of, states_of, telling
from rnntui.reports.step_text import token_text
from rnntui.screens.aside import Aside
from rnntui.screens.bindings import bindings
from rnntui.screens.other_keys import BLAME_KEYS, BLAME_MARKS
from rnntui.session import Session
from rnntui.widgets.blame import BlamePane
from rnntui.widgets.blame_picture import Picture
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows

AT_ONCE = 0.15
"""Seconds that may pass before the matrix is computed beside the event loop."""
TURNS = 40
"""So many presses of a key take the window from nothing to the whole of a long run."""


class BlameScreen(Aside):
    """The matrix, its lens and its window."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(BLAME_KEYS)
    TITLE_OF = "The blame matrix"
    KEYS = BLAME_KEYS
    MARKS = BLAME_MARKS

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(session, palette)
        run, slot = session.run, session.lens.slot
        self._states = states_of(run)
        self._state = slot.name if slot.name in self._states else main_of(run)
        self._own = own_window(session)
        self._chunks = self._own.stride >= self._own.window
        read, predicted = (
            tuple(token_text(run, session.source, name, t, session.sequence) for t in range(1, run.T + 1))
            for name in ("x", "y")
        )
        self._picture = Picture(
            None,
            self._own,
            self._own.reach(run),
            t=run.T,
            k=min(max(1, slot.t), run.T),
            reads=read if all(read) else (),
            predicts=predicted if all(predicted) else (),
            done=0.0,
            hidden=self._telling(),
        )

    def pane(self) -> Rows:
        """The matrix."""
        return BlamePane(id="blame")

    def on_mount(self) -> None:
        """Compute and show."""
        self._begin()

    # -- what is computed

    def _begin(self) -> None:
        """Compute the matrix of the state that is chosen, beside the event loop where that takes long."""
        end = perf_counter() + AT_ONCE
        parts = blaming(self._session.run, self._state, self._session.sequence)
        for part in parts:
            if isinstance(part, Blame):
                self._take(part)
                return
            if perf_counter() > end:
                break
        self._show(blame=None, done=0.0)
        self._compute(self._state)

    @work(thread=True, exclusive=True)
    def _compute(self, name: str) -> None:
        worker, told = get_current_worker(), 0.0
        for part in blaming(self._session.run, name, self._session.sequence):
            if worker.is_cancelled:
                return
            if isinstance(part, Blame):
                self.app.call_from_thread(self._take, part)
            elif perf_counter() - told > AT_ONCE:
                told = perf_counter()
                self.app.call_from_thread(self._tell, part)

    def _take(self, blame: Blame) -> None:
        if blame.name == self._state:
            hidden = self._picture.hidden
            self._show(blame=blame if hidden is None else concealed(blame, hidden), done=1.0)

    def _telling(self) -> NDArray[np.bool_] | None:
        """What would tell what a question hides."""
        hidden = self._session.hidden
        if not hidden:
            return None
        values, gradients = ([slot.t for slot in hidden if slot.gradient is kind] for kind in (False, True))
        return telling(self._session.run.T, values, gradients)

    def _tell(self, done: float) -> None:
        self._show(done=done)

    def _show(self, **changes: object) -> None:
        if not self.is_attached:
            return  # the screen was left while this was computed
        self._picture = replace(self._picture, **changes)  # type: ignore[arg-type]  # the fields of a picture
        self.query_one(BlamePane).picture = self._picture
        self.draw()

    # -- the lens

    def action_loss_later(self) -> None:
        self._look(self._picture.t + self._lane, self._picture.k)

    def action_loss_earlier(self) -> None:
        self._look(self._picture.t - self._lane, self._picture.k)

    def action_time_later(self) -> None:
        self._look(self._picture.t, self._picture.k + self._column)

    def action_time_earlier(self) -> None:
        self._look(self._picture.t, self._picture.k - self._column)

    def on_blame_pane_cell_wanted(self, event: BlamePane.CellWanted) -> None:
        """A cell was clicked."""
        self._look(event.t, event.k)

    def _look(self, t: int, k: int) -> None:
        t = min(max(1, t), self._session.run.T)
        self._show(t=t, k=min(max(1, k), t))

    @property
    def _lane(self) -> int:
        grid = self.query_one(BlamePane).grid
        return -(-self._session.run.T // len(grid.lanes)) if grid else 1

    @property
    def _column(self) -> int:
        grid = self.query_one(BlamePane).grid
        return -(-self._session.run.T // len(grid.columns)) if grid else 1

    # -- the window

    def action_window_wider(self) -> None:
        self._resize(self._turn)

    def action_window_narrower(self) -> None:
        self._resize(-self._turn)

    def action_window_own(self) -> None:
        """What the run itself does."""
        self._chunks = self._own.stride >= self._own.window
        self._truncate(self._own)

    def action_window_form(self) -> None:
        """One loss after the other, or chunks."""
        size = self._picture.window.window
        own = self._own.stride if 1 < self._own.stride < size else 1
        self._chunks = not self._chunks
        self._truncate(Window(size, size if self._chunks else own))

    @property
    def _turn(self) -> int:
        return max(1, self._session.run.T // TURNS)

    def _resize(self, by: int) -> None:
        window = self._picture.window
        size = min(max(1, window.window + by), self._session.run.T)
        self._truncate(Window(size, size if self._chunks else window.stride))

    def _truncate(self, window: Window) -> None:
        self._show(window=window, reach=window.reach(self._session.run))

    # -- the rest

    def action_next_state(self) -> None:
        """The blame of another state."""
        if len(self._states) == 1:
            self.notify(f"{self._state} is the only state", timeout=2, markup=False)
            return
        self._state = self._states[(self._states.index(self._state) + 1) % len(self._states)]
        self._begin()

    def action_confirm(self) -> None:
        """Put the debugger where the gradient of that time is computed, and leave."""
        picture, schedule = self._picture, self._session.run.schedule
        within = schedule.pass_of_loss(picture.t)
        if picture.k < within.lo:
            said = f"this run cuts the loss at t={picture.t} before t={within.lo}: there is no such gradient"
            self.notify(said, timeout=4, markup=False)
            return
        self.go_back_to(self._state, picture.k, schedule.end(within.number))


def own_window(session: Session) -> Window:
    """The truncation of a session's run; a full one is one chunk, as a window without a stride means chunks."""
    schedule = session.run.schedule
    return Window(schedule.window, schedule.stride)
