"""The answers to choose from: arrows and enter, the letter in front, or the word itself."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from rnntui.widgets.line_list import LineList, stands

LETTERS = "abcdefgh"
SIGNS = {"+": "plus", "-": "minus", "−": "minus", "0": "zero"}
"""Keys that stand for a word."""
CALLED = {"plus": ("plus", "positive")}
"""Other words for one. Not `negative`: its first letter goes on in time, and `minus` is on the screen."""


class Choices(LineList):
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
        self._words = False
        self._typed = ""

    def offer(self, answers: tuple[str, ...], words: bool = False) -> None:
        """Show these answers; the same ones again keep the place. `words`: they are words that can be typed."""
        if answers == self._answers:
            return
        self._answers, self._words, self._typed = answers, words, ""
        self.clear_options()
        self.add_options([Option(Content(f"{letter}) {text}")) for letter, text in zip(LETTERS, answers, strict=False)])
        self.highlighted = 0 if answers else None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        event.stop()
        if stands(event):
            self.post_message(self.Chosen(self._answers[event.option_index]))

    def on_key(self, event: events.Key) -> None:
        """A letter, a digit or a sign chooses at once; a word that is typed is marked, for enter to choose."""
        key = event.character or ""
        if self._words and self._type(key.casefold()):
            event.stop()
            event.prevent_default()
            return
        place = LETTERS.find(key) if key else -1
        if key.isdigit():
            place = int(key) - 1
        if key and 0 <= place < len(self._answers):
            event.stop()
            event.prevent_default()
            self.highlighted = place
            self.post_message(self.Chosen(self._answers[place]))

    def _type(self, letter: str) -> bool:
        """Take a letter of a word; whether there is such a word."""
        if letter in SIGNS and SIGNS[letter] in self._answers:
            self.highlighted = self._answers.index(SIGNS[letter])
            self.post_message(self.Chosen(SIGNS[letter]))
            return True
        for typed in (self._typed + letter, letter) if letter.isalpha() else ():
            for place, answer in enumerate(self._answers):
                if any(word.startswith(typed) for word in CALLED.get(answer, (answer,))):
                    self._typed, self.highlighted = typed, place
                    return True
        self._typed = ""
        return False
