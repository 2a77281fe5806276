"""What is wrong with a file that was to be opened, to be read and closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rnntui.safe import clean
from rnntui.screens.leaving import Leaving


class FaultCard(Leaving, ModalScreen[None]):
    """One line an error; any of its keys closes it, and everything is as it was."""

    DEFAULT_CSS = """
    FaultCard {
        align: center middle; background: $background 60%;
        & VerticalScroll { width: 90%; max-width: 100; height: auto; max-height: 80%; background: $surface;
                           border: round $error; padding: 0 1; }
        & Static { height: auto; }
        & #fault-keys { color: $quiet; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,enter", "dismiss", "close")]

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = tuple(lines)

    def compose(self) -> ComposeResult:
        """The errors, and how to close them."""
        with VerticalScroll():
            yield Static(Content("\n".join(clean(line) for line in self._lines)))
            yield Static(Content("esc closes"), id="fault-keys")
