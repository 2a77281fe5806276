"""What stands on the screen while the engine is imported and the run is made."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static


class Opening(Screen[None]):
    """One line at the top, where the name will stay."""

    DEFAULT_CSS = "Opening { background: $background; & Static { background: $panel; color: $quiet; } }"

    def compose(self) -> ComposeResult:
        """The name, and that there is more to come."""
        yield Static(Content.assemble(Content.styled(" rnntui ", "bold $background on $foreground"), " opening …"))
