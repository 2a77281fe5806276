"""Where lines come from: a terminal, edited and remembered where readline is there, or a stream to its end."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from typing import TextIO

from rnntui.plain.conversation import LONGEST_LINE


def width() -> int:
    """Characters of a line that fit on the terminal."""
    return max(shutil.get_terminal_size().columns - 1, 1)


def from_terminal(prompt: str) -> str:
    """Ask for a line. Raises EOFError at Ctrl-D."""
    _take_any_byte(sys.stdin)
    if _has_editing():
        return input(prompt)
    # input() would write the prompt to standard error here
    sys.stdout.write(prompt)
    sys.stdout.flush()
    return from_stream(sys.stdin)


def from_stream(stream: TextIO) -> str:
    """The next line; what goes far beyond the longest one that is read is dropped. Raises EOFError at the end."""
    _take_any_byte(stream)
    line = stream.readline(2 * LONGEST_LINE)
    if not line:
        raise EOFError
    rest = line
    while rest and not rest.endswith("\n"):
        rest = stream.readline(2 * LONGEST_LINE)
    return line


def _has_editing() -> bool:
    """Import readline, which makes input() edit lines; not where the terminal can do nothing but print."""
    if os.environ.get("TERM") in (None, "", "dumb"):
        return False
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  # its import is what counts

        return True
    return False


def _take_any_byte(stream: TextIO) -> None:
    """Show a byte that is not text as its escape, in place of failing."""
    if isinstance(stream, io.TextIOWrapper) and stream.errors != "backslashreplace":  # once read from, it refuses
        stream.reconfigure(errors="backslashreplace")
