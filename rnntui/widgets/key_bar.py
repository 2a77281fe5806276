"""The bottom line: the keys that matter now, never cut in a word; a click does what the key does."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import reactive

from rnntui.widgets.hints import Hint, HintRow
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View


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
        self._row: HintRow | None = None

    def watch_hints(self) -> None:
        """Draw again."""
        self.watch_view()

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """One row of hints."""
        palette = view.palette
        key, word = palette.style("forward", "panel", bold=True), palette.style("text", "panel")
        row = self._row = HintRow(self.hints, palette, 1, width)
        segments = [Segment(" ", word)]
        for keys, label in row.shown:
            segments += [Segment(keys, key), Segment(f" {label}  ", word)]
        return [[*segments, Segment(" " * max(0, width - row.end), word)]]

    def on_click(self, event: events.Click) -> None:
        """Do what the hint under the mouse stands for."""
        action = self._row.action_at(event.x) if self._row is not None else None
        if action is not None:
            self.post_message(self.ActionWanted(action))
