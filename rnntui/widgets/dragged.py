"""Rows over which the mouse is dragged: it is taken where it is pressed, and followed until it is let go."""

from __future__ import annotations

from textual import events

from rnntui.widgets.rows import Rows


class Dragged(Rows):
    """The base of the bars and charts on which a click or a drag goes somewhere."""

    def _seek(self, x: int, y: int) -> None:
        """Go to what is at a column and row of this widget."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take the mouse, and go where it is."""
        self.capture_mouse()
        self._seek(event.x, event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow the mouse while it is held."""
        if self.app.mouse_captured is self:
            self._seek(event.x, event.y)

    def on_mouse_up(self) -> None:
        """Let the mouse go."""
        self.release_mouse()
