"""The dialog that asks for a place."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from rnntui.places import EXAMPLES, PlaceError
from rnntui.safe import clean


class GoDialog(ModalScreen[None]):
    """Asks until the place exists or the dialog is left."""

    DEFAULT_CSS = """
    GoDialog {
        align: center middle; background: $background 60%;
        & Vertical { width: 62; max-width: 100%; height: auto; padding: 0 1; }
        & Vertical { background: $surface; border: round $accent; }
        & Input { border: none; background: $panel; height: 1; padding: 0 1; }
        & Input:focus { border: none; }
        & #go-error { color: $error; height: auto; }
        & #go-examples { color: $quiet; height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "close")]

    def __init__(self, go: Callable[[str], bool]) -> None:
        """`go` moves to a place; PlaceError where there is none."""
        super().__init__()
        self._go = go

    def compose(self) -> ComposeResult:
        """A line to type in, examples, and what was wrong."""
        with Vertical():
            yield Static(Content("Go to"))
            yield Input()
            yield Static(Content(EXAMPLES), id="go-examples")
            yield Static(id="go-error")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go, or say why not."""
        try:
            self._go(event.value)
        except PlaceError as error:
            self.query_one("#go-error", Static).update(Content(clean(str(error))))
        else:
            self.dismiss(None)
