"""Tiles without colour and without room for a number: how large they are as ink, and their sign as its kind."""

from __future__ import annotations

from rnntui.widgets.palette import LEVELS, Family

_INK = " ░▒▓█"
_LINES = " -=≡#"


def ink(level: int, family: Family) -> str:
    """One letter for a level of a ramp: ink for +, lines for −, `!` for what is not finite."""
    if level < 0:
        return "!"
    size = level / (LEVELS - 1) if family == "unit" else level / (LEVELS - 1) * 2 - 1
    return (_INK if size >= 0 else _LINES)[round(abs(size) * 4)]
