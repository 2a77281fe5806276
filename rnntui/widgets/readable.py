"""Text that can be read from the last row: what has too little contrast with its ground is moved away from it."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from rnntui.widgets.colours import Depth, xterm
from rnntui.widgets.palette import contrast, mix

LEAST = 4.5
"""The contrast of text that WCAG 2.1 asks for."""
_STEPS = 16
_SHAPES = frozenset(" ▀▁▂▃▄▅▆▇█▔▐▌▕▏▎▍▋▊▉░▒▓─━│┃┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛┣┫┳┻╋")
"""Signs that are no text: tiles, bars, lines."""


class Readable(LineFilter):
    """Changes the colour of letters only, and only of those that need it."""

    def __init__(self, depth: Depth = "all") -> None:
        super().__init__()
        self._depth = depth

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments."""
        ground = background.rich_color
        return [
            segment
            if segment.control or segment.style is None or _SHAPES.issuperset(segment.text)
            else segment._replace(style=self._readable(segment.style, ground))
            for segment in segments
        ]

    @lru_cache(maxsize=4096)  # noqa: B019  # one filter lives as long as it is used
    def _readable(self, style: Style, ground: RichColor) -> Style:
        front, behind = style.color, style.bgcolor
        behind = ground if behind is None or behind.is_default else behind
        if front is None or front.is_default:
            return style
        ink, under = (behind, front) if style.reverse else (front, behind)
        colour = away(ink.get_truecolor().hex, under.get_truecolor().hex, self._depth)
        return style + (Style(bgcolor=colour) if style.reverse else Style(color=colour))


def away(ink: str, ground: str, depth: Depth = "all") -> str:
    """The colour nearest to `ink`, towards black or white, that can be read on `ground`; with 256 colours black or
    white."""
    if contrast(ink, ground) >= LEAST:
        return ink
    ends = ("#000000", "#ffffff") if depth == "all" else (xterm(16), xterm(231))
    end = max(ends, key=lambda end: contrast(end, ground))
    if depth != "all":
        return end
    mixed = (mix(ink, end, step / _STEPS) for step in range(1, _STEPS))
    return next((colour for colour in mixed if contrast(colour, ground) >= LEAST), end)
