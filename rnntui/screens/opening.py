"""What stands on the screen while the engine is imported and the run is made."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static


class Opening(Screen[None]):
    """One line at the top, where the name will stay."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave", "give up")]
    DEFAULT_CSS = "Opening { background: $background; & Static { background: $panel; color: $quiet; } }"

    def __init__(self, leaves: bool = False) -> None:
        """`leaves`: there is a screen below it to go back to."""
        super().__init__()
        self._leaves = leaves

    def action_leave(self) -> None:
        """Back to where one was."""
        if self._leaves:
            self.dismiss(None)

    def compose(self) -> ComposeResult:
        """The name, and that there is more to come."""
        words = " opening … esc gives it up" if self._leaves else " opening …"
        yield Static(Content.assemble(Content.styled(" rnntui ", "bold $background on $foreground"), words))
