"""The fields in which an answer is typed: they take the keys that write one, and leave all others, enter too, to the
screen."""

from __future__ import annotations

from textual import events
from textual.actions import SkipAction
from textual.message import Message
from textual.widgets import Input

WRITES = frozenset("0123456789.,-+−eE/")
"""What a number begins with, or goes on with."""
HINT = "?"
"""What no answer holds."""
LONGEST_NUMBER = 24
LONGEST_TEXT = 500


class AnswerField(Input):
    """Holds the text of an answer; while nothing is typed, arrows are the screen's."""

    DEFAULT_CSS = """
    AnswerField {
        display: none; height: 1; border: none; padding: 0 1; background: $panel;
        &:focus { border: none; background: $accent 30%; }
    }
    """

    def __init__(self, *, id: str | None = None, placeholder: str = "", longest: int = LONGEST_TEXT) -> None:
        super().__init__(id=id, placeholder=placeholder, max_length=longest)

    @property
    def holds_letters(self) -> bool:
        """Whether letters are typed into it now."""
        return True

    def takes(self, key: str) -> bool:
        """Whether a character is typed into it now."""
        return key.isprintable() and key != HINT

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key belongs to the answer, and not to the screen's bindings."""
        return character is not None and self.takes(character)

    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]  # called beside Input's, not instead
        character = event.character
        if character is not None and character.isprintable() and not self.takes(character):
            event.prevent_default()  # so that Input does not swallow it, and it goes on to the screen

    def submit(self) -> None:
        """Answer with what is typed."""
        self.post_message(self.Submitted(self, self.value, None))

    async def action_submit(self) -> None:
        """Enter is the screen's, which knows whether it answers."""
        raise SkipAction

    def _only_with_text(self) -> None:
        if not self.value:
            raise SkipAction

    def action_cursor_left(self, select: bool = False) -> None:
        """Within what is typed."""
        self._only_with_text()
        super().action_cursor_left(select)

    def action_cursor_right(self, select: bool = False) -> None:
        """Within what is typed."""
        self._only_with_text()
        super().action_cursor_right(select)

    def action_home(self, select: bool = False) -> None:
        """Within what is typed."""
        self._only_with_text()
        super().action_home(select)

    def action_end(self, select: bool = False) -> None:
        """Within what is typed."""
        self._only_with_text()
        super().action_end(select)


class NumberField(AnswerField):
    """Holds the text of a number; letters are not the screen's, as a word begun here is an answer too."""

    DEFAULT_CSS = "NumberField { width: 26; }"

    class NumberWanted(Message):
        """A letter was typed where a number begins."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, placeholder="a number", longest=LONGEST_NUMBER)

    def takes(self, key: str) -> bool:
        """Whether a character is typed into it now, or refused."""
        return super().takes(key) if self.value else key in WRITES or key.isalnum() or key == " "

    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]  # called beside Input's, not instead
        key = event.character
        if key is None or self.value or key in WRITES or not self.takes(key):
            super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        self.post_message(self.NumberWanted())
