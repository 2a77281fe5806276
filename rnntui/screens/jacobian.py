"""The Jacobian lens: the map from one state to the next at a time, beside the shortcut of the matrix alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from bptt.errors import InputError
from rnntui.explain.state_maps import StateMaps, product_sentence, sentence_of, state_maps
from rnntui.screens.bindings import bindings
from rnntui.screens.help import Help
from rnntui.screens.other_keys import JACOBIAN_KEYS, JACOBIAN_MARKS, hints
from rnntui.session import Session
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.jacobian import JacobianPane
from rnntui.widgets.jacobian_painter import Lens
from rnntui.widgets.key_bar import Hint, KeyBar
from rnntui.widgets.notice import Notice
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp

SMALL = 2_000_000
"""Entries of all Jacobians, times their size, below which they are computed at once."""


class JacobianScreen(Screen[None]):
    """Shows a session's run as it is; of the session it moves only the cursor, when it is left by enter."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(JACOBIAN_KEYS)
    AUTO_FOCUS = ""

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__()
        self._session = session
        self._palette = palette
        self._lens = Lens(None, min(max(1, session.lens.slot.t), session.run.T), (), bool(session.hidden))

    def compose(self) -> ComposeResult:
        """Where the debugger stands, the lens, the keys."""
        yield Crumb(id="crumb")
        yield JacobianPane(id="jacobian")
        yield KeyBar(id="keys")
        yield Notice(id="notice")

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
            self._lens = replace(self._lens, maps=found)
        self._look(self._lens.t)

    def notify(self, message: str, *, timeout: float | None = None, severity: str = "information", **_: object) -> None:
        """Say something for a moment, as typed."""
        self.query_one(Notice).say(message, timeout or 3, severity)

    def _look(self, t: int) -> None:
        session, maps = self._session, self._lens.maps
        t = min(max(1, t), session.run.T)
        said: tuple[str, ...] = ()
        if maps is not None:
            said = sentence_of(maps, session.run, t, session.sequence), product_sentence(maps, t)
        self._lens = replace(self._lens, t=t, sentences=said)
        self._show()

    def _show(self) -> None:
        view = View(self._session.frame(), self._palette)
        self.query_one(JacobianPane).lens = self._lens
        for widget in self.query(Rows):
            widget.view = view
        self.query_one(KeyBar).hints = tuple(Hint(*shown) for shown in hints(JACOBIAN_KEYS))

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
        session = self._session
        states = [name for name in session.cell.lags if name != "x"]
        t = max(1, self._lens.t - 1)
        index = session.run.schedule.index("backward", t, states[0]) if states else None
        if index is not None:
            session.goto(index + 1)
            session.release_lens()
        self.dismiss()

    def action_theme(self) -> None:
        self._palette = cast("DebuggerApp", self.app).toggle_theme()
        self._show()

    def action_help(self) -> None:
        self.app.push_screen(Help(self._palette, JACOBIAN_KEYS, "The Jacobian lens", JACOBIAN_MARKS))

    def action_leave(self) -> None:
        self.dismiss()

    def action_quit(self) -> None:
        self.app.exit(0)
