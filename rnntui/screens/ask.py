"""The dialog that asks for a line: a place, an expression; it stays until the line can be acted on."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from rnntui.places import PlaceError
from rnntui.plain.command import CommandError
from rnntui.plain.conversation import LONGEST_LINE
from rnntui.safe import clean
from rnntui.screens.leaving import Leaving

Act = Callable[[str], object]
"""Does what a line says. Raises PlaceError or CommandError where it cannot."""


class Ask(Leaving, ModalScreen[bool]):
    """Left with True once it is done, with nothing where it is given up."""

    DEFAULT_CSS = """
    Ask {
        align: center middle; background: $background 60%;
        & Vertical { width: 62; max-width: 100%; height: auto; padding: 0 1; }
        & Vertical { background: $surface; border: round $accent; }
        & Input { border: none; background: $panel; height: 1; padding: 0 1; }
        & Input:focus { border: none; }
        & #wrong { color: $error; height: auto; }
        & #examples { color: $quiet; height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "close")]

    def __init__(self, title: str, examples: str, act: Act, text: str = "", check: Act | None = None) -> None:
        """`text`: what stands there at first, taken by enter and replaced by typing; `check`: what is asked of every
        line as it is typed, raising CommandError."""
        super().__init__()
        self._title = title
        self._examples = examples
        self._act = act
        self._text = text
        self._check = check

    def compose(self) -> ComposeResult:
        """A line to type in, examples, and what was wrong."""
        with Vertical():
            yield Static(Content(self._title))
            yield Input(self._text, max_length=LONGEST_LINE)
            yield Static(Content(self._examples), id="examples")
            yield Static(id="wrong")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong with it."""
        wrong = ""
        if self._check is not None and event.value.strip():
            try:
                self._check(event.value)
            except CommandError as error:
                wrong = str(error)
        self.query_one("#wrong", Static).update(Content(clean(wrong)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do it, or say why not."""
        try:
            self._act(event.value)
        except (PlaceError, CommandError) as error:
            self.query_one("#wrong", Static).update(Content(clean(str(error))))
        else:
            self.dismiss(True)
