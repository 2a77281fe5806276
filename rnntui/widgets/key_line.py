"""Keys with what they do, as a line of a lesson: a click on one does what the key does."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widgets import Static

from rnntui.widgets.hints import Hint, HintRow
from rnntui.widgets.key_bar import KeyBar
from rnntui.widgets.palette import Palette

ROOMY = 70
"""Columns from which hints that do not fit into one row are left out; on fewer they get a second one."""


class KeyLine(Static):
    """As many hints as fit, whole, in order of worth."""

    DEFAULT_CSS = "KeyLine { height: auto; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints: tuple[Hint, ...] = ()
        self._palette: Palette | None = None
        self._rows: list[HintRow] = []

    def tell(self, hints: Sequence[Hint], palette: Palette) -> None:
        """Show these."""
        self._hints, self._palette = tuple(hints), palette
        self.on_resize()

    def on_resize(self) -> None:
        """Draw as many as fit."""
        palette = self._palette
        if palette is None:
            return
        self._rows = _rows(self._hints, palette, self.size.width)
        parts: list[Content | str] = []
        for number, row in enumerate(self._rows):
            parts.append("\n" if number else "")
            for keys, label in row.shown:
                parts.append(Content.styled(keys, f"bold {palette.colour('violet')}"))
                parts.append(Content.styled(f" {label}  ", palette.colour("muted")))
        self.update(Content.assemble(*parts))

    def on_click(self, event: events.Click) -> None:
        """Do what the hint under the mouse stands for."""
        action = self._rows[event.y].action_at(event.x) if event.y < len(self._rows) else None
        if action is not None:
            self.post_message(KeyBar.ActionWanted(action))


def _rows(hints: Sequence[Hint], palette: Palette, width: int) -> list[HintRow]:
    """The hints in one row, in two where one is short."""
    whole = HintRow(hints, palette, 0, width)
    if width >= ROOMY or len(whole.shown) == len(hints):
        return [whole]
    fitting = next(n for n in range(len(hints), -1, -1) if len(HintRow(hints[:n], palette, 0, width).shown) == n)
    return [HintRow(part, palette, 0, width) for part in (hints[:fitting], hints[fitting:])]
