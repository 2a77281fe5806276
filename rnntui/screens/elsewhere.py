"""The keys that lead from the debugger to another screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from rnntui.screens.help import Help
from rnntui.session import Session
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp


class Elsewhere(Screen[int]):
    """The part of the debugger that opens other screens; they give the keys back when they are left."""

    _session: Session
    _palette: Palette

    def action_library(self) -> None:
        """What else there is to open."""
        from rnntui.library.library import read_library
        from rnntui.screens.library import LibraryScreen

        self.app.push_screen(LibraryScreen(read_library(cast("DebuggerApp", self.app).store), self._palette))

    def action_help(self) -> None:
        self.app.push_screen(Help(self._palette))
