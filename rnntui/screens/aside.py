"""What the screens have in common that look at a run from aside: one pane between the place of the debugger and the
keys, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from rnntui.screens.help import Help
from rnntui.screens.keys import Key
from rnntui.screens.other_keys import hints
from rnntui.screens.sizes import SMALLEST, needed
from rnntui.session import Session
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.key_bar import Hint, KeyBar
from rnntui.widgets.notice import Notice
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp


class Aside(Screen[None]):
    """Shows a session's run as it is; of the session it moves only the cursor, when it is left by enter."""

    DEFAULT_CSS = """
    Aside {
        layout: vertical; overflow: hidden; layers: default notice;
        & #aside-small { display: none; width: 100%; height: 100%; content-align: center middle; }
        &.-tiny Rows { display: none; }
        &.-tiny #aside-small { display: block; }
    }
    """
    AUTO_FOCUS = ""
    TITLE_OF: ClassVar[str]
    """In the help."""
    KEYS: ClassVar[tuple[Key, ...]]
    MARKS: ClassVar[tuple[tuple[str, str], ...]]

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__()
        self._session = session
        self._palette = palette

    def pane(self) -> Rows:
        """What is between the place and the keys."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Where the debugger stands, the pane, the keys."""
        yield Crumb(id="crumb")
        yield self.pane()
        yield KeyBar(id="keys")
        yield Static(id="aside-small")
        yield Notice(id="notice")

    def notify(self, message: str, *, timeout: float | None = None, severity: str = "information", **_: object) -> None:
        """Say something for a moment, as typed."""
        self.query_one(Notice).say(message, timeout or 3, severity)

    def draw(self) -> None:
        """Hand every widget the run and the colours."""
        view = View(self._session.frame(), self._palette)
        for widget in self.query(Rows):
            widget.view = view
        shown: Sequence[tuple[str, str, str]] = tuple(hints(self.KEYS))
        self.query_one(KeyBar).hints = tuple(Hint(*one) for one in shown)

    def on_resize(self, event: events.Resize) -> None:
        """Below the smallest size there is only a card with the size needed."""
        width, height = event.size
        self.query_one("#aside-small", Static).update(Content(needed(width, height)))
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-tiny")
        self.query_one(Notice).hush()

    async def on_key_bar_action_wanted(self, event: KeyBar.ActionWanted) -> None:
        """A hint of the key bar was clicked."""
        await self.run_action(event.action)

    def go_back_to(self, name: str, t: int, position: int | None = None) -> None:
        """Put the debugger where ∇name(t) is computed, in the pass at `position`, and leave."""
        index = self._session.run.schedule.index("backward", t, name, position)
        if index is not None:
            self._session.goto(index + 1)
            self._session.release_lens()
        self.dismiss()

    def action_theme(self) -> None:
        """Dark or light."""
        self._palette = cast("DebuggerApp", self.app).toggle_theme()
        self.draw()

    def action_help(self) -> None:
        """The keys and marks of this screen."""
        self.app.push_screen(Help(self._palette, self.KEYS, self.TITLE_OF, self.MARKS))

    def action_leave(self) -> None:
        """Back to the debugger."""
        self.dismiss()

    def action_quit(self) -> None:
        """Leave rnntui."""
        self.app.exit(0)
