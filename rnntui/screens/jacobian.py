"""The Jacobian lens: the map from one state to the next at a time, beside the shortcut of the matrix alone."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.binding import BindingType

from bptt.errors import InputError
from rnntui.explain.state_maps import StateMaps, concealed, product_sentence, sentence_of, state_maps
from rnntui.screens.aside import Aside
from rnntui.screens.bindings import bindings
from rnntui.screens.other_keys import JACOBIAN_KEYS, JACOBIAN_MARKS
from rnntui.session import Session
from rnntui.widgets.jacobian import JacobianPane
from rnntui.widgets.jacobian_painter import HIDDEN, Lens
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows

SMALL = 2_000_000
"""Entries of all Jacobians, times their size, below which they are computed at once."""


class JacobianScreen(Aside):
    """The map at one time, and the time."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(JACOBIAN_KEYS)
    TITLE_OF = "The Jacobian lens"
    KEYS = JACOBIAN_KEYS
    MARKS = JACOBIAN_MARKS

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(session, palette)
        self._lens = Lens(None, min(max(1, session.lens.slot.t), session.run.T), (), self._first_hidden())

    def _first_hidden(self) -> int | None:
        """The earliest time whose values a question hides. A gradient that is hidden takes no part in the maps."""
        times = [max(1, slot.t) for slot in self._session.hidden if not slot.gradient]
        return min(times, default=None)

    def pane(self) -> Rows:
        """The lens."""
        return JacobianPane(id="jacobian")

    def on_mount(self) -> None:
        """Compute, beside the event loop where that takes long."""
        run = self._session.run
        cell = run.model.cell
        size = sum(lag * run.model.size(cell.dims[name]) for name, lag in cell.lags.items() if name != "x")
        if run.T * size**3 <= SMALL:
            self._take(self._computed())
        else:
            self._show()
            self._compute()

    @work(thread=True, exclusive=True)
    def _compute(self) -> None:
        self.app.call_from_thread(self._take, self._computed())

    def _computed(self) -> StateMaps | InputError:
        try:
            return state_maps(self._session.run, self._session.sequence)
        except InputError as error:
            return error

    def _take(self, found: StateMaps | InputError) -> None:
        if isinstance(found, InputError):
            self._lens = replace(self._lens, failure=found.reason)
        else:
            first = self._lens.first_hidden
            self._lens = replace(self._lens, maps=found if first is None else concealed(found, first))
        self._look(self._lens.t)

    def _look(self, t: int) -> None:
        session, maps = self._session, self._lens.maps
        t = min(max(1, t), session.run.T)
        said: tuple[str, ...] = ()
        if maps is not None:
            first = self._lens.first_hidden
            step = HIDDEN if first is not None and t >= first else sentence_of(maps, session.run, t, session.sequence)
            said = tuple(dict.fromkeys((step, product_sentence(maps, t) if first is None else HIDDEN)))
        self._lens = replace(self._lens, t=t, sentences=said)
        self._show()

    def _show(self) -> None:
        if not self.is_attached:
            return  # the screen was left while this was computed
        self.query_one(JacobianPane).lens = self._lens
        self.draw()

    def on_jacobian_pane_time_wanted(self, event: JacobianPane.TimeWanted) -> None:
        """A time of the curve was clicked."""
        self._look(event.t)

    def action_time_later(self) -> None:
        self._look(self._lens.t + 1)

    def action_time_earlier(self) -> None:
        self._look(self._lens.t - 1)

    def action_first_time(self) -> None:
        self._look(1)

    def action_last_time(self) -> None:
        self._look(self._session.run.T)

    def action_confirm(self) -> None:
        """Put the debugger where the gradient passes through this map, and leave."""
        states = [name for name in self._session.cell.lags if name != "x"]
        if states:
            self.go_back_to(states[0], max(1, self._lens.t - 1))
        else:
            self.dismiss()
