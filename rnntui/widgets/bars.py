"""Bars of blocks, in eighths of a row, and the powers of ten beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

from rich.style import Style

from bptt.notation import SUPERSCRIPTS

BLOCKS = " ▁▂▃▄▅▆▇█"
EIGHTHS = 8
QUARTERS = 4
_NO_DOTS = 0x2800
_LEFT_DOTS, _RIGHT_DOTS = (0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08)
"""The bits of a Braille sign's dots, from below."""
_DECADE_ROWS = 1.5
"""Screen rows at least between two powers of ten that are written."""


def bar_glyph(part: float) -> str:
    """A bar in one row, `part` of its way from the least there is to the whole."""
    return BLOCKS[1 + round(min(max(part, 0.0), 1.0) * (EIGHTHS - 1))]


def stack(height: int, rows: int) -> list[str]:
    """The blocks of a bar of `height` eighths of a row, top to bottom; a bar of nothing keeps its foot."""
    filled = [min(max(height - (rows - 1 - row) * EIGHTHS, 0), EIGHTHS) for row in range(rows)]
    glyphs = [BLOCKS[eighths] for eighths in filled]
    if rows and not filled[-1]:
        glyphs[-1] = "▁"
    return glyphs


def pair_stack(left: int, right: int, rows: int) -> list[str]:
    """Two bars in one screen column, of dots, `left` and `right` high in quarters of a row, top to bottom; a bar of
    nothing keeps its foot."""
    glyphs = []
    for row in range(rows):
        under = (rows - 1 - row) * QUARTERS
        code = 0
        for height, dots in ((left, _LEFT_DOTS), (right, _RIGHT_DOTS)):
            code |= sum(dots[: max(max(height, 1) - under, 0)])
        glyphs.append(chr(_NO_DOTS + code))
    return glyphs


@cache
def bar_style(colour: str, background: str, reverse: bool = False) -> Style:
    """A bar's colour on its background."""
    return Style(color=colour, bgcolor=background, reverse=reverse or None)


def decade_text(rows: int, low: float, high: float) -> Iterator[tuple[int, str]]:
    """(row, `10⁻³`) of the powers of ten that are written beside an axis from `low` to `high`, the highest first."""
    a_row = (high - low) / rows
    apart = next((step for step in (1, 2, 5, 10, 20, 50, 100) if step >= a_row * _DECADE_ROWS), 200)
    for exponent in range(math.floor(high), math.ceil(low) - 1, -apart):
        yield min(rows - 1, int((high - exponent) / a_row)), power_of_ten(exponent)


def power_of_ten(exponent: int) -> str:
    """`10⁻³`"""
    return f"10{str(exponent).translate(SUPERSCRIPTS)}"
