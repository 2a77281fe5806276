"""A small grid of characters with styles, on which a pane puts texts and tiles and which becomes rows of segments."""

from __future__ import annotations

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style


class Canvas:
    """`width` by `height` cells; what is put outside is left out, and so no row is ever wider."""

    def __init__(self, width: int, height: int, blank: Style) -> None:
        self.width = width
        self.height = height
        self._letters = [[" "] * width for _ in range(height)]
        self._styles = [[blank] * width for _ in range(height)]

    def put(self, x: int, y: int, text: str, style: Style) -> int:
        """Write `text` from cell (x, y) to the right; returns the column after it."""
        if not text.isascii() and cell_len(text) != len(text):
            return self._put_wide(x, y, text, style)
        end = x + len(text)
        if 0 <= y < self.height:
            first, last = x if x > 0 else 0, end if end < self.width else self.width
            if last - first == 1:  # a tile of one column: most of a large picture is made of these
                self._letters[y][first] = text[first - x]
                self._styles[y][first] = style
            elif first < last:
                self._letters[y][first:last] = text[first - x : last - x]
                self._styles[y][first:last] = [style] * (last - first)
        return end

    def _put_wide(self, x: int, y: int, text: str, style: Style) -> int:
        """Letters of two cells take two, or none where the second would lie outside; marks of none join the last."""
        for letter in text:
            size = get_character_cell_size(letter)
            if 0 <= y < self.height:
                row = self._letters[y]
                if size == 0 and 0 < x <= self.width:
                    row[x - 1] += letter
                elif size and x >= 0 and x + size <= self.width:
                    row[x : x + size] = [letter, *[""] * (size - 1)]
                    self._styles[y][x : x + size] = [style] * size
            x += size
        return x

    def rows(self) -> list[list[Segment]]:
        """The rows, neighbours of one style joined."""
        return [self._row(letters, styles) for letters, styles in zip(self._letters, self._styles, strict=True)]

    @staticmethod
    def _row(letters: list[str], styles: list[Style]) -> list[Segment]:
        segments: list[Segment] = []
        start = 0
        for place in range(1, len(letters) + 1):
            if place == len(letters) or styles[place] is not styles[start]:
                segments.append(Segment("".join(letters[start:place]), styles[start]))
                start = place
        return segments
