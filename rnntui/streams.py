"""Standard input, output and error made fit to be used: open, and taking any character."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
from typing import Any

SPELLINGS = {
    "ᵀ∇": "^T grad ",
    "∇": "grad ", "δ": "delta ", "ᵀ": "^T", "⊙": "*", "·": "*", "×": "x", "−": "-", "–": "-", "—": "-", "…": "...",
    "Σ": "sum ", "∑": "sum ", "σ": "sigma", "√": "sqrt ", "‖": "||", "′": "'", "∞": "inf", "∂": "d", "±": "+-",
    "→": "->", "←": "<-", "↑": "up", "↓": "down", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∈": "in",
    "⁰": "^0", "¹": "^1", "²": "^2", "³": "^3", "⁴": "^4", "⁵": "^5", "⁶": "^6", "⁷": "^7", "⁸": "^8", "⁹": "^9",
    "⁻": "^-", "‘": "'", "’": "'", "“": '"', "”": '"', "│": "|", "─": "-", "•": "*", "▸": ">", "▶": ">", "◀": "<",
    "✓": "+",
}  # fmt: skip
"""How our own characters are written where the output's encoding does not have them; others become escapes."""
_HANDLER = "rnntui.spell"


def prepare() -> None:
    """Make the three streams usable. A closed descriptor is opened on nothing: it reads as empty, and what is written
    to standard output fails as it would on a full disk, while error lines are lost. A character that a stream's
    encoding does not have is spelled in ASCII (see SPELLINGS)."""
    _open_closed()
    codecs.register_error(_HANDLER, _spell)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):  # one put in its place by whoever calls us
            stream.reconfigure(errors=_HANDLER)  # type: ignore[union-attr]


def spelled(text: str) -> str:
    """A text as standard output will have it."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, _HANDLER if sys.stdout.errors == _HANDLER else "replace").decode(encoding)


def tell(text: str) -> None:
    """Say what was done, where anyone can hear it: that a file is written stays true where this cannot be said."""
    try:
        print(text, flush=True)
    except OSError:
        silence(sys.stdout)


def silence(stream: Any) -> None:
    """Drop what a stream still holds, so that Python's own flush at exit does not complain of it again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _open_closed() -> None:
    """Give every closed one of the descriptors 0, 1, 2 a file, lest one that we open for the user takes its number."""
    for number, name, flags in ((0, "stdin", os.O_RDONLY), (1, "stdout", os.O_RDONLY), (2, "stderr", os.O_WRONLY)):
        if getattr(sys, name) is not None:
            continue
        with contextlib.suppress(OSError):
            opened = os.open(os.devnull, flags)  # the lowest free number; all below are open by now
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))


def _spell(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    for letters, spelling in SPELLINGS.items():
        missing = missing.replace(letters, spelling)
    return missing.encode("ascii", "backslashreplace").decode(), error.end
