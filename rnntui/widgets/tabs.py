"""The line above the drawer of a narrow screen: which pane it shows, which others there are, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.reactive import reactive

from rnntui.widgets.canvas import Canvas
from rnntui.widgets.key_bar import KeyBar
from rnntui.widgets.next_line import paint_next
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View

BEFORE_NEXT = 3
"""Blank columns between the tabs and what comes next."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One pane."""

    key: str
    label: str
    action: str
    chosen: bool = False


class Tabs(Rows):
    """The panes by their keys; a click does what the key does."""

    DEFAULT_CSS = "Tabs { height: 1; width: 1fr; }"

    tabs: reactive[tuple[Tab, ...]] = reactive((), layout=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ends: list[tuple[int, str]] = []

    def watch_tabs(self) -> None:
        """Draw again."""
        self.watch_view()

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """One row."""
        palette = view.palette
        canvas = Canvas(width, 1, palette.style("text"))
        x, self._ends = 0, []
        for tab in self.tabs:
            if tab.chosen:
                x = canvas.put(x, 0, f" {tab.key} {tab.label} ", palette.style("background", "text", bold=True))
            else:
                x = canvas.put(x, 0, f" {tab.key} ", palette.style("forward", "panel", bold=True))
                x = canvas.put(x, 0, f"{tab.label} ", palette.style("muted", "panel"))
            self._ends.append((x, tab.action))
        if not view.ahead:
            paint_next(canvas, x + BEFORE_NEXT, 0, view.frame, palette, view.scheme)
        return canvas.rows()

    def on_click(self, event: events.Click) -> None:
        """Show the pane under the mouse."""
        for end, action in self._ends:
            if event.x < end:
                self.post_message(KeyBar.ActionWanted(action))
                return
