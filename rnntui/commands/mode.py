"""In which of its three forms a session is shown: full screen, line by line, or without asking anything."""

from __future__ import annotations

import os
import sys
from typing import Literal

Mode = Literal["screen", "lines", "pipe"]


def choose_mode(plain: bool) -> Mode:
    """Full screen where standard input and output are terminals, lines where `plain` asks for them or TERM is dumb;
    pipe where either is no terminal."""
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        return "pipe"
    return "lines" if plain or os.environ.get("TERM") == "dumb" else "screen"


def is_terminal(stream: object) -> bool:
    """Whether a stream is one; a closed or missing one is not."""
    try:
        return bool(stream.isatty())  # type: ignore[attr-defined]
    except (AttributeError, ValueError):
        return False
