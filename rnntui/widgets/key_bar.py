"""The bottom line: the keys that matter now, never cut in a word; a click does what the key does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import reactive

from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View


@dataclass(frozen=True, slots=True)
class Hint:
    """One item of the bar."""

    keys: str
    label: str
    action: str


class KeyBar(Rows):
    """As many hints as fit, in order of worth."""

    DEFAULT_CSS = "KeyBar { height: 1; width: 1fr; }"

    hints: reactive[tuple[Hint, ...]] = reactive((), layout=False)

    class ActionWanted(Message):
        """Do what this key does."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ends: list[tuple[int, str]] = []

    def watch_hints(self) -> None:
        """Draw again."""
        self.watch_view()

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """One row of hints."""
        palette = view.palette
        key, word = palette.style("forward", "panel", bold=True), palette.style("text", "panel")
        row = [Segment(" ", word)]
        used = 1
        self._ends = []
        for hint in self.hints:
            keys = palette.keys(hint.keys)
            length = len(keys) + 1 + len(hint.label)
            if used + length > width:
                continue
            row += [Segment(keys, key), Segment(f" {hint.label}  ", word)]
            used += length + 2
            self._ends.append((used, hint.action))
        row.append(Segment(" " * max(0, width - used), word))
        return [row]

    def on_click(self, event: events.Click) -> None:
        """Do what the hint under the mouse stands for."""
        for end, action in self._ends:
            if event.x < end:
                self.post_message(self.ActionWanted(action))
                return
