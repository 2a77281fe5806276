"""Keys with what they do, as a line of a lesson: a click on one does what the key does."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widgets import Static

from rnntui.widgets.hints import Hint, HintRow
from rnntui.widgets.key_bar import KeyBar
from rnntui.widgets.palette import Palette


class KeyLine(Static):
    """As many hints as fit, whole, in order of worth."""

    DEFAULT_CSS = "KeyLine { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints: tuple[Hint, ...] = ()
        self._palette: Palette | None = None
        self._row: HintRow | None = None

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
        self._row = HintRow(self._hints, palette, 0, self.size.width)
        for keys, label in self._row.shown:
            parts.append(Content.styled(keys, f"bold {palette.colour('violet')}"))
            parts.append(Content.styled(f" {label}  ", palette.colour("muted")))
        self.update(Content.assemble(*parts), layout=False)

    def on_click(self, event: events.Click) -> None:
        """Do what the hint under the mouse stands for."""
        action = self._row.action_at(event.x) if self._row is not None else None
        if action is not None:
            self.post_message(KeyBar.ActionWanted(action))
