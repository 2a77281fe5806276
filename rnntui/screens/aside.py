"""What the screens have in common that look at a run from aside: one pane between the place of the debugger and the
keys, and the way back."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from rnntui.screens.bindings import hints
from rnntui.screens.framed import Framed
from rnntui.session import Session
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.key_bar import KeyBar
from rnntui.widgets.notice import Notice
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View


class Aside(Framed[None]):
    """Shows a session's run as it is; of the session it moves only the cursor, when it is left by enter."""

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(palette)
        self._session = session

    def pane(self) -> Rows:
        """What is between the place and the keys."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Where the debugger stands, the pane, the keys."""
        yield Crumb(id="crumb")
        yield self.pane()
        yield KeyBar(id="keys")
        yield Static(id="small")
        yield Notice(id="notice")

    def draw(self) -> None:
        """Hand every widget the run and the colours."""
        view = View(self._session.frame(), self._palette)
        for widget in self.query(Rows):
            widget.view = view
        self.query_one(KeyBar).hints = hints(self.KEYS)

    def go_back_to(self, name: str, t: int, position: int | None = None) -> None:
        """Put the debugger where ∇name(t) is computed, in the pass at `position`, and leave."""
        index = self._session.run.schedule.index("backward", t, name, position)
        if index is not None:
            self._session.goto(index + 1)
            self._session.release_lens()
        self.dismiss()

    def action_leave(self) -> None:
        """Back to the debugger."""
        self.dismiss()
