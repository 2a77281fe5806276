"""Keys with what they do, as a line of a lesson: a click on one does what the key does."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widgets import Static

from rnntui.widgets.key_bar import Hint, KeyBar
from rnntui.widgets.palette import Palette


class KeyLine(Static):
    """As many hints as fit, whole, in order of worth."""

    DEFAULT_CSS = "KeyLine { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints: tuple[Hint, ...] = ()
        self._palette: Palette | None = None
        self._ends: list[tuple[int, str]] = []

    def tell(self, hints: Sequence[Hint], palette: Palette) -> None:
        """Show these."""
        self._hints, self._palette = tuple(hints), palette
        self.on_resize()

    def on_resize(self) -> None:
        """Draw as many as fit."""
        palette = self._palette
        if palette is None:
            return
        parts: list[Content] = []
        used, self._ends = 0, []
        for hint in self._hints:
            key, label = palette.keys(hint.keys), f" {hint.label}"
            if used + len(key) + len(label) <= self.size.width:
                parts.append(Content.styled(key, f"bold {palette.colour('violet')}"))
                parts.append(Content.styled(f"{label}  ", palette.colour("muted")))
                used += len(key) + len(label) + 2
                self._ends.append((used, hint.action))
        self.update(Content.assemble(*parts), layout=False)

    def on_click(self, event: events.Click) -> None:
        """Do what the hint under the mouse stands for."""
        for end, action in self._ends:
            if event.x < end:
                self.post_message(KeyBar.ActionWanted(action))
                return
