"""A field for a number: it takes the keys that write one and leaves all others to the screen."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

WRITES = frozenset("0123456789.-+−eE")
LONGEST = 24


class NumberField(Input):
    """Holds the text of a number; enter submits it."""

    DEFAULT_CSS = """
    NumberField {
        height: 1; width: 24; border: none; padding: 0 1; background: $panel;
        &:focus { border: none; background: $accent 30%; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, placeholder="a number", max_length=LONGEST)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key belongs to the number, and not to the screen's bindings."""
        return character is not None and character in WRITES

    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]  # called beside Input's, not instead
        character = event.character
        if character is not None and character.isprintable() and character not in WRITES:
            event.prevent_default()  # so that Input does not swallow it, and it goes on to the screen
