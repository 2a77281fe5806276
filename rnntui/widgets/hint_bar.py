"""The line of keys of a screen that shows no run: as many hints as fit; a click does what the key does."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from rnntui.widgets.hints import Hint, HintRow
from rnntui.widgets.key_bar import KeyBar
from rnntui.widgets.palette import Palette


class HintBar(Static):
    """Keys and what they do, never cut in a word."""

    DEFAULT_CSS = "HintBar { height: 1; width: 1fr; background: $panel; }"

    hints: reactive[tuple[Hint, ...]] = reactive((), layout=False)
    palette: reactive[Palette | None] = reactive(None, layout=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._row: HintRow | None = None

    def watch_hints(self) -> None:
        """Draw again."""
        self.on_resize()

    def watch_palette(self) -> None:
        """Draw again in other colours."""
        self.on_resize()

    def on_resize(self) -> None:
        """Draw as many as fit."""
        if self.palette is None:
            return
        key, word = f"bold {self.palette.colour('forward')}", self.palette.colour("text")
        parts: list[Content | str] = [" "]
        self._row = HintRow(self.hints, self.palette, 1, self.size.width)
        for keys, label in self._row.shown:
            parts += [Content.styled(keys, key), Content.styled(f" {label}  ", word)]
        self.update(Content.assemble(*parts), layout=False)

    def on_click(self, event: events.Click) -> None:
        """Do what the hint under the mouse stands for."""
        action = self._row.action_at(event.x) if self._row is not None else None
        if action is not None:
            self.post_message(KeyBar.ActionWanted(action))
