"""What a cut of a truncated run says, in a notation."""

from __future__ import annotations

import re

from bptt.notation import Scheme

_TIMED = re.compile(r"(\w+)\[(\d+)\]")


def cut_text(text: str, scheme: Scheme) -> str:
    """The line of a cut without its first word: `cut: h[3] is a constant from here` → `h₃ is a constant from here`."""
    said = text.removeprefix("cut: ")
    return _TIMED.sub(lambda found: scheme.at(scheme.called(found[1]), 0, int(found[2])), said)
