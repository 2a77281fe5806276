"""Every step of a lesson, to jump to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import set_cell_size
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from rnntui.course.markdown import plain
from rnntui.screens.leaving import Leaving
from rnntui.widgets.line_list import LineList
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.walk import Standing, Walk

WIDTH = 70
_MARKS: dict[Standing, tuple[str, str]] = {
    "said": ("·", "muted"),
    "open": ("?", "violet"),
    "given up": ("→", "muted"),
    "settled": ("✓", "muted"),
    "right": ("✓", "input"),
}


class Outline(Leaving, ModalScreen[int | None]):
    """A list; enter or a click gives the place of a step, from 0."""

    DEFAULT_CSS = """
    Outline {
        align: center middle; background: $background 60%;
        & Vertical { width: 74; max-width: 100%; height: auto; max-height: 100%; background: $surface;
                     border: round $accent; padding: 0 1; }
        & OptionList { height: auto; max-height: 16; border: none; padding: 0; background: $surface; }
        & OptionList:focus { border: none; }
        & OptionList > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
        & OptionList:focus > .option-list--option-highlighted { background: $panel; color: $foreground; }
        & Static { height: 1; color: $quiet; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,o", "dismiss(None)", "close")]

    def __init__(self, walk: Walk, palette: Palette) -> None:
        super().__init__()
        self._walk = walk
        self._palette = palette

    def compose(self) -> ComposeResult:
        """The title, the steps, the keys."""
        walk, palette = self._walk, self._palette
        with Vertical():
            yield Static(Content.styled(walk.title, f"bold {palette.colour('violet')}"))
            steps = LineList()
            steps.add_options([Option(self._row(place)) for place in range(walk.count)])
            steps.highlighted = walk.place
            yield steps
            yield Static(Content("enter jumps there   esc closes"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Jump."""
        self.dismiss(event.option_index)

    def _row(self, place: int) -> Content:
        walk, palette = self._walk, self._palette
        mark, role = _MARKS[walk.standings[place]]
        here = "▸" if place == walk.place else " "
        first = set_cell_size(" ".join(plain(walk.headings[place]).split()), WIDTH - 8)
        return Content.assemble(
            Content.styled(f"{here}{place + 1:>3} ", palette.colour("violet" if place == walk.place else "muted")),
            Content.styled(f"{mark} ", palette.colour(role)),
            Content(first),
        )
