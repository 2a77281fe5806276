"""What the screen says for a moment: one notice at a time, above the last rows at the right, and none is left over.

Textual's toasts pile up while a key is held, and what holds them is never freed when they are cleared.
"""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

WIDEST = 60
BELOW = 3
"""Rows of the screen beneath it, where no others are asked for."""
_FRAME = 3
"""Columns beside the text."""


class Notice(Static):
    """A few words that go by themselves."""

    DEFAULT_CSS = """
    Notice {
        layer: notice; display: none; width: auto; height: auto; padding: 0 1;
        background: $panel; color: $foreground; border-left: outer $accent;
        &.-warning { border-left: outer $warning; }
        &.-error { border-left: outer $error; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._end: Timer | None = None

    def say(self, text: str, seconds: float, severity: str = "information", above: int = BELOW) -> None:
        """Show a text in place of the one before, above so many of the screen's last rows."""
        self.hush()
        self.set_class(severity == "warning", "-warning")
        self.set_class(severity == "error", "-error")
        room = self.screen.size
        width = min(cell_len(text) + _FRAME, WIDEST, room.width)
        rows = -(-cell_len(text) // max(1, width - _FRAME))
        self.styles.width = width
        self.styles.offset = (room.width - width, max(0, room.height - above - rows))
        self.update(Content(text))
        self.display = True
        self._end = self.set_timer(seconds, self.hush)

    def hush(self) -> None:
        """Show nothing."""
        if self._end is not None:
            self._end.stop()
            self._end = None
            self.display = False
