"""A widget made of rows: they are built once for all the keys that came in a burst, and only what differs from the rows
before is painted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.filter import ANSIToTruecolor
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from rnntui.widgets.view import View

GRAIN = 4
"""Changed cells are repainted in pieces of this many columns: Textual keeps every region that was ever dirty."""


class Rows(Widget):
    """Draws a View as rows of segments. It has no border, no padding and no scrolling."""

    DEFAULT_CSS = "Rows { width: 1fr; height: 1fr; }"
    ALLOW_SELECT = False

    view: reactive[View | None] = reactive(None, layout=False, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._strips: list[Strip] = []
        self._built_for = Size(0, 0)
        self._is_stale = True

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """The rows, at most `height` of them; each is cut or filled to `width`."""
        raise NotImplementedError

    def fill_style(self, view: View) -> Style:
        """What the blank part of a row looks like."""
        return view.palette.style("text")

    def watch_view(self) -> None:
        """Build again, once the keys that wait have been read."""
        self._is_stale = True
        self.check_idle()

    def on_idle(self) -> None:
        """Build where something changed, and have that repainted."""
        if self._is_stale and self.size and self.is_on_screen:
            before, size = self._strips, self._built_for
            self._build()
            if size != self.size:
                self.refresh()
            elif regions := list(changed(before, self._strips)):
                self.refresh(*regions)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The strips of a part of the widget. This goes past Textual's cache of styles, which would take every segment
        apart; the filters that NO_COLOR needs are applied when a row is built."""
        if self._is_stale or self._built_for != self.size:
            self._build()
        rows = self._strips[crop.y : crop.bottom]
        rows += [Strip.blank(self.size.width)] * (crop.height - len(rows))
        if crop.x == 0 and crop.width == self.size.width:
            return rows
        return [row.crop(crop.x, crop.right) for row in rows]

    def _build(self) -> None:
        view, size = self.view, self.size
        self._is_stale, self._built_for = False, size
        if view is None:
            self._strips = [Strip.blank(size.width)] * size.height
            return
        fill = self.fill_style(view)
        strips = [
            Strip(row).adjust_cell_length(size.width, fill)
            for row in self.build(view, size.width, size.height)[: size.height]
        ]
        strips += [Strip.blank(size.width, fill)] * (size.height - len(strips))
        for line_filter in self.get_line_filters():
            if isinstance(line_filter, ANSIToTruecolor):
                continue  # there are no ANSI colours in our rows
            strips = [strip.apply_filter(line_filter, self.styles.background) for strip in strips]
        self._strips = strips


def changed(before: Sequence[Strip], after: Sequence[Strip]) -> Iterator[Region]:
    """The regions, one a row, outside of which two pictures of one size are the same."""
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        if old is new or (old_row := list(old)) == (new_row := list(new)):
            continue
        left, right = 0, new.cell_length
        if len(old.text) == len(new.text) == right:  # else a letter of two cells could be cut
            left = _same(old_row, new_row) // GRAIN * GRAIN
            right = min(right, -(-(right - _same(old_row[::-1], new_row[::-1])) // GRAIN) * GRAIN)
        yield Region(left, y, right - left, 1)


def _same(old: Sequence[Segment], new: Sequence[Segment]) -> int:
    """How many cells two rows have in common from their beginning on."""
    cells = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        cells += other.cell_length
    return cells
