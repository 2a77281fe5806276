"""Things to be put in order: enter, a letter or a click takes the next one, backspace gives the last one back; when all
are taken, enter answers."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from rnntui.widgets.choices import ARROWS, LETTERS
from rnntui.widgets.line_list import LineList, stands


class Ordering(LineList, inherit_bindings=False):
    """A list of things with letters; what was taken bears its number, and none is marked at first."""

    BINDINGS: ClassVar[list[BindingType]] = ARROWS
    DEFAULT_CSS = """
    Ordering {
        display: none; height: auto; max-height: 8; padding: 0; border: none; background: $surface;
        &:focus { border: none; background: $surface; }
        & > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
        &:focus > .option-list--option-highlighted { background: $accent; color: $background; text-style: bold; }
    }
    """

    class Ordered(Message):
        """An answer was given."""

        def __init__(self, answer: str) -> None:
            """`answer`: their letters, in the order in which they were taken."""
            super().__init__()
            self.answer = answer

    class Taken(Message):
        """One was taken, or given back."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._items: tuple[str, ...] = ()
        self._taken: list[int] = []

    def offer(self, items: tuple[str, ...]) -> None:
        """Show these things; the same ones again keep what was taken."""
        if items == self._items:
            return
        self._items = items
        self._taken = []
        self._draw(None)

    def takes(self, key: str) -> bool:
        """Whether a character takes a thing, or would where there were more."""
        return key.isdigit() or self._place(key) is not None

    def _place(self, key: str) -> int | None:
        place = int(key) - 1 if key.isdecimal() else LETTERS.find(key) if key else -1
        return place if 0 <= place < len(self._items) else None

    @property
    def complete(self) -> bool:
        """Whether all are taken, and enter answers."""
        return bool(self._items) and len(self._taken) == len(self._items)

    def submit(self) -> None:
        """Answer when all are taken; else take what is marked. Where nothing is, nothing was answered."""
        if self.complete:
            answer = " ".join(LETTERS[n] for n in self._taken)
            self._taken = []
            self._draw(None)
            self.post_message(self.Ordered(answer))
        elif self.highlighted is None:
            self.post_message(self.Ordered(""))
        else:
            self._take(self.highlighted)

    def _draw(self, at: int | None) -> None:
        self.clear_options()
        for place, (letter, text) in enumerate(zip(LETTERS, self._items, strict=False)):
            number = f"{self._taken.index(place) + 1}." if place in self._taken else "  "
            self.add_option(Option(Content(f"{number} {letter}) {text}")))
        self.highlighted = at if self._items else None
        self.post_message(self.Taken())

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click."""
        event.stop()
        if stands(event):
            self._take(event.option_index)

    def on_key(self, event: events.Key) -> None:
        """A letter or a number takes one at once; backspace gives the last one back."""
        key = event.character or ""
        place = self._place(key)
        if place is not None:
            self._take(place)
        elif self.takes(key):
            self.post_message(self.Ordered(key))
        elif event.key != "backspace" or not self.give_back():
            return
        event.stop()
        event.prevent_default()

    def give_back(self) -> bool:
        """Let the last one that was taken be taken again; whether there was one."""
        if self._taken:
            self._draw(self._taken.pop())
            return True
        return False

    def _take(self, place: int) -> None:
        if place in self._taken:
            return
        self._taken.append(place)
        left = [n for n in range(len(self._items)) if n not in self._taken]
        if len(left) > 1:
            self._draw(next((n for n in left if n > place), left[0]))
            return
        self._taken += left
        self._draw(None)
