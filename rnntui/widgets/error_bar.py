"""How far a guessed number is off, as a bar from the right one: to the left too small, to the right too large."""

from __future__ import annotations

import math

from textual.content import Content

from rnntui.widgets.palette import Palette

HALF = 16
"""Columns on either side of the right number: an error as large as the numbers themselves, or larger."""


def error_bar(off: float, palette: Palette) -> Content:
    """`off`: the error as a part of the larger of both magnitudes, −2…2."""
    length = min(HALF, max(1, math.ceil(abs(off) * HALF)))
    left, right = (length, 0) if off < 0 else (0, length)
    trouble = palette.colour("trouble")
    return Content.assemble(
        " " * (HALF + 2 - left),
        Content.styled("█" * left, trouble),
        Content.styled("│", f"bold {palette.colour('input')}"),
        Content.styled("█" * right, trouble),
        Content.styled(" too small" if off < 0 else " too large", palette.colour("muted")),
    )
