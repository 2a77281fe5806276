"""A pseudo-terminal with a program in it: what it writes is counted, what it spends is told by the kernel."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

KEPT = 1 << 18
"""Bytes of what a program wrote."""
PYTHON = (sys.executable, "-X", "utf8")


@dataclass(frozen=True)
class Ended:
    """What is left of a program."""

    output: bytes
    """The last that it wrote to the terminal."""
    cpu: float
    """Seconds, user and system, of all its threads."""
    code: int
    """As `os.waitstatus_to_exitcode` has it: negative where a signal ended it."""


class Terminal:
    """One program in a terminal of its own, of `columns` by `rows`."""

    def __init__(self, command: Sequence[str], size: tuple[int, int], environment: Mapping[str, str] = {}) -> None:
        self.output = bytearray()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            plain = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
            os.environ.clear()
            os.environ.update(plain, TERM="xterm-256color", COLORTERM="truecolor", **environment)
            _set_size(0, size)
            os.execvp(command[0], list(command))
        _set_size(self._fd, size)

    def read(self, seconds: float, until: Callable[[bytes], bool] | None = None) -> bool:
        """Take in what it writes until there is what `until` looks for, or it ended, or nothing came for that long;
        whether that was found. The last of what it wrote is kept."""
        while until is None or not until(bytes(self.output)):
            ready, _, _ = select.select([self._fd], [], [], seconds)
            if not ready:
                return False
            try:
                data = os.read(self._fd, 1 << 16)
            except OSError:  # Linux says EIO where the last writer has closed
                return False
            if not data:
                return False
            self.output += data
            del self.output[:-KEPT]
        return True

    def end(self, number: int = 0) -> Ended:
        """Wait for its end, after a signal if one is given."""
        if number:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
        self.read(60)
        _, status, usage = os.wait4(self.pid, 0)
        os.close(self._fd)
        return Ended(bytes(self.output), usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status))


_FOREIGN = (
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "FORCE_COLOR",
    "TEXTUAL",
    "TEXTUAL_DRIVER",
    "TERM_PROGRAM",
    "PYTHONDONTWRITEBYTECODE",
)
"""What the terminal around us tells programs, and is not so in ours."""


def _set_size(fd: int, size: tuple[int, int]) -> None:
    columns, rows = size
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
