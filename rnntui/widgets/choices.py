"""The answers to choose from: arrows and enter, or the letter in front."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

LETTERS = "abcdefgh"


class Choices(OptionList):
    """A list of answers with letters."""

    DEFAULT_CSS = """
    Choices {
        height: auto; max-height: 8; padding: 0; border: none; background: $surface;
        &:focus { border: none; background: $surface; }
        & > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
        &:focus > .option-list--option-highlighted { background: $accent; color: $background; text-style: bold; }
    }
    """

    class Chosen(Message):
        """An answer was chosen."""

        def __init__(self, answer: str) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._answers: tuple[str, ...] = ()

    def offer(self, answers: tuple[str, ...]) -> None:
        """Show these answers; the same ones again keep the place."""
        if answers == self._answers:
            return
        self._answers = answers
        self.clear_options()
        self.add_options([Option(Content(f"{letter}) {text}")) for letter, text in zip(LETTERS, answers, strict=False)])
        self.highlighted = 0 if answers else None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        event.stop()
        self.post_message(self.Chosen(self._answers[event.option_index]))

    def on_key(self, event: events.Key) -> None:
        """A letter or a digit chooses at once."""
        key = event.character or ""
        place = LETTERS.find(key) if key else -1
        if key.isdigit():
            place = int(key) - 1
        if key and 0 <= place < len(self._answers):
            event.stop()
            event.prevent_default()
            self.highlighted = place
            self.post_message(self.Chosen(self._answers[place]))
