"""The palette of commands: every verb, found by some of its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from rnntui.safe import clean, cut
from rnntui.screens.leaving import Leaving
from rnntui.screens.verbs import Verb, verbs
from rnntui.widgets.line_list import LineList, stands
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp

KEYS_WIDTH, NAME_WIDTH = 9, 18
HELP_WIDTH = 45
LONGEST = 60
"""Letters that are looked for."""
NAMED = 2.0
"""How much more a match in the name is worth than one in the explanation."""


def found(text: str) -> list[Verb]:
    """The verbs that these letters fit, the best first; all of them where there are none."""
    if not text.strip():
        return list(verbs())
    matcher = Matcher(text.strip())
    scores = ((max(NAMED * matcher.match(verb.name), matcher.match(verb.help)), verb) for verb in verbs())
    return [verb for score, verb in sorted(scores, key=lambda scored: -scored[0]) if score > 0]


class Finder(Leaving, ModalScreen[Verb]):
    """Left with the verb that was chosen, or with nothing."""

    DEFAULT_CSS = """
    Finder {
        align: center top; background: $background 60%;
        & Vertical { width: 80; max-width: 100%; height: auto; max-height: 80%; margin-top: 2; }
        & Vertical { background: $surface; border: round $accent; }
        & Input { border: none; background: $panel; height: 1; padding: 0 1; }
        & Input:focus { border: none; }
        & OptionList { height: auto; max-height: 16; border: none; padding: 0; background: $surface; }
        & OptionList > .option-list--option-highlighted { background: $accent; color: $background; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss", "close"),
        ("down", "move(1)", "next"),
        ("up", "move(-1)", "previous"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Verb] = []

    def compose(self) -> ComposeResult:
        """A line to type in above what fits it."""
        with Vertical():
            yield Input(placeholder="some letters of what you want", max_length=LONGEST)
            yield LineList()

    def on_mount(self) -> None:
        """Everything there is."""
        self.query_one(OptionList).can_focus = False
        self._list("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """What fits now."""
        self._list(event.value)

    def _list(self, text: str) -> None:
        self._found = found(text)
        options = self.query_one(OptionList)
        options.clear_options()
        palette = cast("DebuggerApp", self.app).palette
        options.add_options([Option(_row(verb, palette)) for verb in self._found])
        options.highlighted = 0 if self._found else None

    def action_move(self, by: int) -> None:
        """Mark another."""
        options = self.query_one(OptionList)
        if self._found:
            options.highlighted = ((options.highlighted or 0) + by) % len(self._found)

    def on_input_submitted(self) -> None:
        """Take the one that is marked."""
        marked = self.query_one(OptionList).highlighted
        if marked is not None:
            self.dismiss(self._found[marked])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the one that was clicked."""
        if stands(event):
            self.dismiss(self._found[event.option_index])


def _row(verb: Verb, palette: Palette) -> Content:
    about = cut(clean(verb.help.split(". ")[0].removesuffix(".")), HELP_WIDTH)
    return Content(
        f" {palette.keys(verb.keys):>{KEYS_WIDTH}}  {verb.name:<{NAME_WIDTH}} {about[:1].lower()}{about[1:]}"
    )
