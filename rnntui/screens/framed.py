"""What the screens have in common that show runs beside the debugger: a card where there is no room, help
and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from rnntui.screens.footed import Footed
from rnntui.screens.help import Help
from rnntui.screens.keys import Key
from rnntui.screens.sizes import SMALLEST, needed
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp

R = TypeVar("R")


class Framed(Footed, Screen[R]):
    """A screen that yields a Static with the id small besides what it shows and what is at its foot."""

    DEFAULT_CSS = """
    Framed {
        layout: vertical; overflow: hidden; layers: default notice;
        & #small { display: none; width: 100%; height: 100%; content-align: center middle; }
        &.-tiny Rows { display: none; }
        &.-tiny #small { display: block; }
    }
    """
    AUTO_FOCUS = ""
    TITLE_OF: ClassVar[str]
    """In the help."""
    KEYS: ClassVar[tuple[Key, ...]]
    MARKS: ClassVar[tuple[tuple[str, str], ...]]

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette

    def draw(self) -> None:
        """Hand every widget what there is to see now, and the colours."""
        raise NotImplementedError

    def card(self, text: str) -> None:
        """Show a card with this text and nothing else."""
        self.query_one("#small", Static).update(Content(text))
        self.add_class("-tiny")

    def fit(self, width: int, height: int) -> None:
        """Below the smallest size there is only a card with the size needed."""
        if width < SMALLEST[0] or height < SMALLEST[1]:
            self.card(needed(width, height))
        else:
            self.remove_class("-tiny")

    def on_resize(self, event: events.Resize) -> None:
        """Look whether there is room."""
        self.fit(*event.size)

    def action_theme(self) -> None:
        """Dark or light."""
        self._palette = cast("DebuggerApp", self.app).toggle_theme()
        self.draw()

    def action_help(self) -> None:
        """The keys and marks of this screen."""
        self.app.push_screen(Help(self._palette, self.KEYS, self.TITLE_OF, self.MARKS))

    async def action_quit(self) -> None:
        """Leave rnntui, or ask first where something is not saved."""
        await self.app.action_quit()
