"""The keys that lead from the debugger to another screen."""

from __future__ import annotations

from textual.screen import Screen

from rnntui.screens.help import Help
from rnntui.session import Session
from rnntui.widgets.palette import Palette


class Elsewhere(Screen[int]):
    """The part of the debugger that opens other screens; they give the keys back when they are left."""

    _session: Session
    _palette: Palette

    def action_help(self) -> None:
        self.app.push_screen(Help(self._palette))
