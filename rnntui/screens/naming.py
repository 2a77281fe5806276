"""The dialog that asks for the name of a file to be written."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from rnntui.safe import InputError, check_output, clean
from rnntui.screens.leaving import Leaving


class NameDialog(Leaving, ModalScreen[Path | None]):
    """Gives a path that can be written to. A file that exists is replaced only where enter is pressed twice."""

    DEFAULT_CSS = """
    NameDialog {
        align: center middle; background: $background 60%;
        & Vertical { width: 72; max-width: 100%; height: auto; padding: 0 1; background: $surface;
                     border: round $accent; }
        & Input { border: none; background: $panel; height: 1; padding: 0 1; }
        & Input:focus { border: none; }
        & #name-words { color: $warning; height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)", "close")]

    def __init__(self, name: str) -> None:
        super().__init__()
        self._given = name
        self._agreed = ""
        """The name of a file that may be replaced."""

    def compose(self) -> ComposeResult:
        """A line to type in, and what stands in the way."""
        with Vertical():
            yield Static(Content("Save as"))
            yield Input(self._given)
            yield Static(id="name-words")

    def on_input_changed(self) -> None:
        """Another name is asked about again."""
        self._agreed = ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the name, or say why not."""
        event.stop()
        name = event.value.strip()
        file = Path(name).expanduser()
        try:
            check_output(file if name else "", force=True)
        except InputError as error:
            self._say(str(error))
            return
        if file.exists() and self._agreed != name:
            self._agreed = name
            self._say(f"{name} exists: enter replaces it, esc keeps it")
            return
        self.dismiss(file)

    def _say(self, words: str) -> None:
        self.query_one("#name-words", Static).update(Content(clean(words)))
