"""A bar of how far a long piece of work has come, on one line of a terminal that is written over."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TextIO

_WIDTH = 24
_SECONDS = 0.1
"""Between two drawings."""


class Progress:
    """Draws on standard error where that is a terminal, else nothing."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._total = total
        self._begun: int | None = None
        """How much was done before it was first shown."""
        self._stream = sys.stderr if stream is None else stream
        self._shown = self._stream.isatty()
        self._start = time.monotonic()
        self._due = 0.0
        self._drawn = False

    def show(self, count: int, note: str) -> None:
        """`count` of the total are done; `note` is put behind the bar."""
        now = time.monotonic()
        if self._begun is None:
            self._begun = count - 1
        if self._shown and (now >= self._due or count == self._total):
            self._due = now + _SECONDS
            left = (now - self._start) / max(1, count - self._begun) * (self._total - count)
            line = f"{bar(count, self._total)} {count}/{self._total}  {note}  {clock(left)} left"
            self._stream.write("\r" + line[: shutil.get_terminal_size().columns - 1] + "\x1b[K")
            self._stream.flush()
            self._drawn = True

    def end(self) -> None:
        """Take the line away."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False


def bar(count: int, total: int, width: int = _WIDTH) -> str:
    """`[#####-----]`: how much of the total is done."""
    done = width if not total else count * width // total
    return f"[{'#' * done}{'-' * (width - done)}]"


def clock(seconds: float) -> str:
    """`7 s`, `3:05`, `2:10:00`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
