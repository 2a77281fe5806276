"""What makes text from outside fit to be shown: what steers a terminal or hides is made visible."""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # controls, ESC among them
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks, overrides and isolates of the writing direction
    "\u2028\u2029"  # line and paragraph separators
    "\ud800-\udfff"  # halves of a surrogate pair: no encoding takes them
    # characters that show nothing: joiners, fillers, tags, the byte order mark
    "\ufeff\u200b-\u200d\u2060-\u2065\u206a-\u206f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0"
    "\ufff0-\uffff\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "]"
)
_NAMES = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def clean(text: str, keep_newlines: bool = False) -> str:
    r"""`text` with every control, bidirectional or unseen character written as its escape: `\x1b`, `\u202e`.

    Other text is returned as it is; the escape is ASCII, so any terminal shows it. With `keep_newlines` line
    feeds stay; any other line end is still written out."""
    return _UNSAFE.sub(lambda found: _escape(found[0], keep_newlines), text)


def cut(text: str, longest: int) -> str:
    """`text` in at most `longest` characters, … at its end where something is missing."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _escape(character: str, keep_newlines: bool) -> str:
    if character == "\n" and keep_newlines:
        return character
    if character in _NAMES:
        return _NAMES[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
