"""The answers to choose from: arrows, the letter in front or the word itself mark one, and enter answers with it."""

from __future__ import annotations

import re
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from rnntui.course.answers import SIGNS, WORDS, AnswerError, read_choice
from rnntui.widgets.line_list import LineList, stands

LETTERS = "abcdefgh"
ARROWS: list[BindingType] = [Binding("up", "cursor_up", show=False), Binding("down", "cursor_down", show=False)]
"""What a list of answers binds: all other keys, enter too, are the screen's."""


class Choices(LineList, inherit_bindings=False):
    """A list of answers with letters; none is marked before one is looked at."""

    BINDINGS: ClassVar[list[BindingType]] = ARROWS
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
            """`answer`: its text, or what was pressed where that is none."""
            super().__init__()
            self.answer = answer

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._answers: tuple[str, ...] = ()
        self._kind = "choice"
        self._typed = ""

    def offer(self, answers: tuple[str, ...], kind: str = "choice") -> None:
        """Show these answers to a kind of question; the same ones again keep the place."""
        if answers == self._answers:
            return
        self._answers, self._kind, self._typed = answers, kind, ""
        self.clear_options()
        self.add_options([Option(Content(f"{letter}) {text}")) for letter, text in zip(LETTERS, answers, strict=False)])
        self.highlighted = None

    def takes(self, key: str) -> bool:
        """Whether a character answers, or would where there were more answers."""
        return key.isdigit() or self._sign(key) is not None or self._word(key) is not None or self._one(key) is not None

    def submit(self) -> None:
        """Choose what is marked; where nothing is, nothing was answered."""
        place = self.highlighted
        self.post_message(self.Chosen("" if place is None else self._answers[place]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click."""
        event.stop()
        if stands(event):
            self.post_message(self.Chosen(self._answers[event.option_index]))

    def on_key(self, event: events.Key) -> None:
        """A letter, a digit, a sign or a word marks, for enter to answer. A number is none of the answers, and none of
        its digits."""
        key = event.character or ""
        number = bool(key) and _is_number(self._typed + key)
        if not key or not (number or self.takes(key) or self._word(self._typed + key) is not None):
            self._typed = ""
            return
        event.stop()
        event.prevent_default()
        words = (self._word(self._typed + key), self._word(key), self._sign(key), self._one(key))
        self._typed = self._typed + key if number or words[0] is not None else key
        self.highlighted = None if number else next((place for place in words if place is not None), None)
        if self.highlighted is None:
            self.post_message(self.Chosen(self._typed))

    def _sign(self, key: str) -> int | None:
        return SIGNS.get(key) if self._kind == "sign" else None

    def _word(self, typed: str) -> int | None:
        """The answer of the first word that begins so."""
        words = WORDS.get(self._kind, {})
        return next((place for word, place in words.items() if typed and word.startswith(typed.casefold())), None)

    def _one(self, key: str) -> int | None:
        try:
            return None if key.isupper() else read_choice(key, self._answers)
        except AnswerError:
            return None


def _is_number(typed: str) -> bool:
    """Whether a number is begun that is more than the place of an answer: 0.4, 12,5."""
    return re.fullmatch(r"\d+[.,]\d*", typed) is not None
