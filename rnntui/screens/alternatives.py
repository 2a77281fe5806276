"""A question with a few answers, each by its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rnntui.safe import clean
from rnntui.screens.leaving import Leaving
from rnntui.widgets.palette import Palette


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer."""

    key: str
    """As Textual calls it."""
    answer: str
    label: str


class Alternatives(Leaving, ModalScreen[str | None]):
    """Waits for one of the keys; any other changes nothing."""

    DEFAULT_CSS = """
    Alternatives {
        align: center middle; background: $background 60%;
        & Vertical { width: auto; max-width: 100%; height: auto; background: $surface; border: round $accent;
                     padding: 0 1; }
        & Static { width: auto; height: auto; }
    }
    """

    def __init__(self, question: str, choices: Sequence[Choice], palette: Palette) -> None:
        super().__init__()
        self._question = question
        self._choices = {choice.key: choice for choice in choices}
        self._palette = palette

    def compose(self) -> ComposeResult:
        """The question, and the answers below it."""
        key, word = f"bold {self._palette.colour('violet')}", self._palette.colour("muted")
        parts: list[Content | str] = [clean(self._question), "\n"]
        for choice in self._choices.values():
            shown = "esc" if choice.key == "escape" else choice.key
            parts += [Content.styled(shown, key), Content.styled(f" {choice.label}   ", word)]
        with Vertical():
            yield Static(Content.assemble(*parts))

    def on_key(self, event: events.Key) -> None:
        """An answer."""
        event.stop()
        if event.key in self._choices:
            self.dismiss(self._choices[event.key].answer)
