"""The list of what there is to open: sections with their items, one line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from rnntui.library.item import Item, Part, Section, State
from rnntui.widgets.line_list import LineList, stands
from rnntui.widgets.palette import Palette

MARKS: dict[State, tuple[str, str]] = {
    "new": ("○", "muted"),
    "begun": ("◐", "violet"),
    "done": ("✓", "input"),
    "broken": ("✗", "trouble"),
}
"""Sign and role of each state."""
_FACTS = 56
"""Columns from which level and minutes are shown."""
_NAME = 18
"""Columns of the name of what is not a lesson."""
_EDGE = 2
"""Columns left for the scroll bar."""


class Contents(LineList):
    """The sections below each other; only items can be chosen."""

    DEFAULT_CSS = """
    Contents {
        height: 1fr; width: 1fr; padding: 0; border: none; background: $background; scrollbar-size-vertical: 1;
        &:focus { border: none; background: $background; background-tint: $foreground 0%; }
        & > .option-list--option { padding: 0; }
        & > .option-list--option-disabled { color: $foreground; }
        & > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
        &:focus > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
    }
    """

    class Chosen(Message):
        """An item is to be opened."""

        def __init__(self, item: Item) -> None:
            super().__init__()
            self.item = item

    class Pointed(Message):
        """An item is looked at; None where nothing can be."""

        def __init__(self, item: Item | None) -> None:
            super().__init__()
            self.item = item

    def __init__(self, parts: Sequence[Part], palette: Palette, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts = tuple(parts)
        self._palette = palette
        self._filter = ""
        self._items: dict[int, Item] = {}
        """Row → what it opens."""
        self._starts: dict[Section, int] = {}
        """Section → the row after its heading."""

    @property
    def item(self) -> Item | None:
        """What is looked at."""
        return None if self.highlighted is None else self._items.get(self.highlighted)

    def narrow(self, typed: str) -> None:
        """Show only what has every word that was typed."""
        self._filter = typed
        self._fill(self.item)

    def repaint(self, palette: Palette) -> None:
        """In other colours."""
        self._palette = palette
        self._fill(self.item)

    def jump(self, section: Section) -> None:
        """To the first item of a section."""
        row = self._starts.get(section)
        if row is not None:
            if row in self._items:
                self.highlighted = row
            self.scroll_to(y=max(0, row - 1), animate=False)

    def on_resize(self) -> None:
        """Rows are made for a width."""
        self._fill(self.item)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        event.stop()
        item = self._items.get(event.option_index) if stands(event) else None
        if item is not None:
            self.post_message(self.Chosen(item))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """The bar moved."""
        event.stop()
        self.post_message(self.Pointed(self.item))

    def _fill(self, at: Item | None) -> None:
        """Make the rows; the bar stays on what it was on, where that is still there."""
        self._items, self._starts = {}, {}
        rows = list(self._rows())
        self.clear_options()
        self.add_options(rows)
        kept = next((row for row, item in self._items.items() if item == at), None)
        self.highlighted = min(self._items, default=None) if kept is None else kept
        if not self._items:
            self.post_message(self.Pointed(None))

    def _rows(self) -> Iterator[Option]:
        row = 0
        for part in self._parts:
            items = [item for item in part.items if item.matches(self._filter)]
            if self._filter and not items:
                continue
            yield Option(self._heading(part, len(items)), disabled=True)
            row += 1
            self._starts[part.section] = row
            if not items:
                yield Option(Content.styled(f"   {part.empty}", self._palette.colour("muted")), disabled=True)
                row += 1
            for item in items:
                self._items[row] = item
                yield Option(self._line(item))
                row += 1
        if not row:
            nothing = f" Nothing here has {self._filter}; esc shows everything again."
            yield Option(Content.styled(nothing, self._palette.colour("muted")), disabled=True)

    def _heading(self, part: Part, count: int) -> Content:
        return Content.assemble(
            Content.styled(f" {part.title}", f"bold {self._palette.colour('violet')}"),
            Content.styled(f"  {count}" if count else "", self._palette.colour("faint")),
        )

    def _line(self, item: Item) -> Content:
        palette, room = self._palette, max(20, self.size.width - _EDGE)
        mark, role = MARKS[item.state]
        is_run = not item.facts and item.state != "broken"
        marked = item.is_lesson or item.state == "broken"
        parts = [Content.styled(f" {mark} " if marked else "   ", palette.colour(role))]
        if item.number is not None:
            parts.append(Content.styled(f"{item.number:>2} ", palette.colour("muted")))
        if is_run:
            about = set_cell_size(item.about, max(0, room - 3 - max(_NAME, cell_len(item.title) + 2)))
            parts.append(Content(f"{item.title:<{_NAME - 2}}  "))
            parts.append(Content.styled(about.rstrip(), palette.colour("muted")))
            return Content.assemble(*parts)
        facts = "".join(f"{fact:>9}" for fact in item.facts) if room >= _FACTS else ""
        standing = f"{item.standing:>7}"
        left = room - sum(part.cell_length for part in parts) - cell_len(facts) - len(standing)
        parts.append(Content(set_cell_size(item.title, max(0, left))))
        parts.append(Content.styled(facts, palette.colour("muted")))
        parts.append(Content.styled(standing, palette.colour(role)))
        return Content.assemble(*parts)
