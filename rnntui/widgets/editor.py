"""Where a cell's equations are typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.style import Style
from rich.text import Text
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from bptt.functions import FUNCTIONS, LOSSES
from bptt.language import RESERVED
from rnntui.widgets.palette import Palette

LONGEST = 500
"""Characters of a line that is coloured."""
_TARGET = re.compile(r"\s*(\w+)(?=\s*\[t\]\s*=)")
_FUNCTION = re.compile(rf"\b({'|'.join(sorted({*FUNCTIONS, *LOSSES, 'hold'}))})(?=\s*\()")
_TIMED = re.compile(r"\b(\w+)\[t(?:[+-]\d+)?\]")
_MATRIX = re.compile(r"\b(\w+)(?=\s*@)")


class Editor(TextArea):
    """Textual's editor; what a line computes, its functions, parameters and comments have their colours, and what is
    wrong is underlined."""

    DEFAULT_CSS = """
    Editor {
        height: 1fr; width: 1fr; border: none; padding: 0; background: $background; color: $foreground;
        &:focus { border: none; }
        & .text-area--gutter { color: $quiet; background: $surface; }
        & .text-area--cursor-gutter { color: $foreground; background: $panel; }
        & .text-area--cursor-line { background: $surface; }
    }
    """

    def __init__(self, text: str, palette: Palette) -> None:
        super().__init__(text, soft_wrap=False, show_line_numbers=True, tab_behavior="focus")
        self._palette = palette
        self._take_theme()
        self._wrong: tuple[tuple[int, int], ...] = ()
        """Line and column of everything that is wrong, from 0."""

    def mark(self, places: Sequence[tuple[int, int]]) -> None:
        """Underline what stands at these lines and columns, from 0."""
        if tuple(places) != self._wrong:
            self._wrong = tuple(places)
            self._paint_anew()

    def recolour(self, palette: Palette) -> None:
        """Draw in other colours."""
        self._palette = palette
        self._take_theme()
        self._paint_anew()

    def _take_theme(self) -> None:
        """The line of the cursor changes its ground only: Textual's style sheets would take its colours away."""
        name = f"rnntui-{self._palette.name}"
        line = Style(bgcolor=self._palette.colour("surface"))
        self.register_theme(TextAreaTheme(name, cursor_line_style=line))
        self.theme = name

    def _paint_anew(self) -> None:
        self._line_cache.clear()  # private in Textual: its key does not know of our colours
        self.refresh()

    def get_line(self, line_index: int) -> Text:
        """A line in its colours."""
        line = super().get_line(line_index)
        if len(line) > LONGEST:
            return line
        code, hash, _ = line.plain.partition("#")
        self._colour(line, code)
        if hash:
            line.stylize(self._style("muted"), len(code))
        for number, column in self._wrong:
            if number == line_index:
                begin, end = word_at(line.plain, column)
                line.stylize(Style(color=self._palette.colour("trouble"), bold=True, underline=True), begin, end)
        return line

    def _colour(self, line: Text, code: str) -> None:
        for found in _TIMED.finditer(code):
            line.stylize(self._style("input" if found[1] == "x" else "text"), found.start(1), found.end(1))
        for found in _FUNCTION.finditer(code):
            line.stylize(self._style("violet"), found.start(1), found.end(1))
        for found in _MATRIX.finditer(code):
            if found[1] not in RESERVED:
                line.stylize(self._style("forward"), found.start(1), found.end(1))
        target = _TARGET.match(code)
        if target is not None:
            line.stylize(self._style("text") + Style(bold=True), target.start(1), target.end(1))

    def _style(self, role: str) -> Style:
        return Style(color=self._palette.colour(role))


def word_at(line: str, column: int) -> tuple[int, int]:
    """Where the word begins and ends that stands at a column; one character where none does."""
    column = min(max(0, column), max(0, len(line) - 1))
    word = re.compile(r"\w+|.").match(line, column)
    return (column, word.end()) if word is not None else (column, column + 1)
