"""Our signs for terminals that have only ASCII, or that draw others two columns wide: one letter for each, so that
everything stays where it is."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SIGNS = str.maketrans(
    {
        **dict(zip("∇∂δΣ∑σ⊙·×−–—…‖ᵀᵗ²√∞∈≈≠≡≤≥±′", "ddDSSs*.x---~|'t^Vie~!%<>+'", strict=True)),
        **dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ₜ⁰¹³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-t013456789+-", strict=True)),
        **dict(zip("←→↑↓◂▸◀▶●○◐◎■•✓✗", "<>^v<><>@o0@#*+x", strict=True)),
        **dict(zip("─━│┃╭╮╰╯┌┐└┘├┤┬┴┼", "-=||..`'..`'+++++", strict=True)),
        **dict(zip("▁▂▃▄▅▆▇█▀▔░▒▓▐▌▕▏", '_.:-=+*@""' + ".+*" + "[]()", strict=True)),
        **dict(zip("┏┓┗┛┣┫┳┻╋▲▼▾⁽⁾⌫", "..`'+++++^vv()<", strict=True)),
        **dict(zip("▎▍▋▊▉", "((***", strict=True)),
        **dict(zip("‘’“”›¬ŷĥŝ½÷ᴛ″✂ρ◇θ", '\'\'"">~yhs2/t"xro*', strict=True)),
    }
)
"""Tiles become ` .+*@` and ` -=%#`, gates `_.:-=+*@`, marks `[]` where written and `()` where read, ∇h₅ `dh5`."""
_POWER_OF_TEN = re.compile("10(?=[⁰¹²³⁴-⁹⁻])")
_TWO = str.maketrans({"²": "2"})


class Ascii(LineFilter):
    """Replaces our signs; letters of the user's that the terminal's encoding does not have become question marks."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__()
        self._encoding = encoding

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, as wide as they were."""
        return [
            segment if segment.control or segment.text.isascii() else segment._replace(text=self._spelled(segment.text))
            for segment in segments
        ]

    @lru_cache(maxsize=4096)  # noqa: B019  # one filter lives as long as the app
    def _spelled(self, text: str) -> str:
        if _POWER_OF_TEN.search(text):
            text = _POWER_OF_TEN.sub("1e", text).translate(_TWO)
        text = text.translate(SIGNS)
        if has(text, self._encoding):
            return text
        return "".join(
            letter if has(letter, self._encoding) else "?" * get_character_cell_size(letter) for letter in text
        )


def has(text: str, encoding: str) -> bool:
    """Whether an encoding has all of these letters."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
