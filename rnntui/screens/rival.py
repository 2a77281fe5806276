"""The dialog that asks against which cell a duel is to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from bptt.cell import Cell
from bptt.cells import CELLS, note
from bptt.errors import InputError as ModelError
from rnntui.explain.roles import roles_of
from rnntui.match import Match
from rnntui.safe import InputError, clean, cut
from rnntui.screens.leaving import Leaving
from rnntui.session import Session
from rnntui.widgets.line_list import LineList, stands

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp

WIDEST, AROUND = 112, 8
"""Columns of a line of the list at most, and of the screen beside one."""
KEYS = "↑ ↓ enter, or type a name or a file with equations; esc closes"


class RivalDialog(Leaving, ModalScreen[Match | None]):
    """Asks until there is a duel or the dialog is left."""

    DEFAULT_CSS = """
    RivalDialog {
        align: center middle; background: $background 60%;
        & Vertical { width: 120; max-width: 100%; height: auto; max-height: 100%; padding: 0 1; }
        & Vertical { background: $surface; border: round $accent; }
        & Input { border: none; background: $panel; height: 1; padding: 0 1; }
        & Input:focus { border: none; }
        & OptionList { height: auto; max-height: 12; padding: 0; border: none; background: $surface; }
        & OptionList > .option-list--option-highlighted { background: $accent; color: $background; text-style: bold; }
        & #rival-error { color: $error; height: auto; }
        & #rival-help { color: $quiet; height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "close")]
    used: ClassVar[list[str]] = []
    """The files that duels were fought against since the program began, the latest first."""

    def __init__(self, session: Session, match: Callable[[str], Match]) -> None:
        """`match` makes the two runs, given a cell's name or file; InputError where that cannot be."""
        super().__init__()
        self._match = match
        self._own = session.cell
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """A line to type in, the cells whose names have what is typed in them, and what was wrong."""
        with Vertical():
            yield Static(Content("A duel on the same data, against which cell?"))
            yield Input()
            yield LineList()
            yield Static(Content(cast("DebuggerApp", self.app).palette.keys(KEYS)), id="rival-help")
            yield Static(id="rival-error")

    def on_mount(self) -> None:
        """All cells; marked is the first of another kind than ours."""
        self._offer("")
        other = next((n for n, name in enumerate(self._shown) if self._is_other(name)), 0)
        self.query_one(OptionList).highlighted = other
        self.query_one(Input).focus()

    def _is_other(self, name: str) -> bool:
        return name in CELLS and has_keeping_gate(CELLS[name]) != has_keeping_gate(self._own)

    def _offer(self, typed: str) -> None:
        """The cells that have what is typed in their names."""
        self._shown = [name for name in (*self.used, *CELLS) if typed in name]
        width = max(map(len, CELLS)) + 2
        room = min(WIDEST, self.app.size.width - AROUND)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            [
                Option(Content(cut(f"{clean(name):<{width}}{note(name) if name in CELLS else 'a file'}", room)))
                for name in self._shown
            ]
        )
        options.highlighted = 0 if self._shown else None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Fewer cells, or more."""
        if event.value or len(self._shown) < len(CELLS):
            self._offer(event.value.strip())

    def on_key(self, event: events.Key) -> None:
        """The arrows move in the list while one types."""
        if event.key in ("up", "down"):
            options = self.query_one(OptionList)
            (options.action_cursor_up if event.key == "up" else options.action_cursor_down)()
            event.stop()
            event.prevent_default()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """What is typed where it names a cell or nothing in the list does, else what is marked in the list."""
        typed, place = event.value.strip(), self.query_one(OptionList).highlighted
        self._choose(typed if typed in CELLS or place is None else self._shown[place])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click."""
        if stands(event):
            self._choose(self._shown[event.option_index])

    def _choose(self, cell: str) -> None:
        try:
            match = self._match(cell)
        except (InputError, ModelError) as error:
            self.query_one("#rival-error", Static).update(Content(clean(str(error))))
            return
        if cell not in CELLS:
            self.used[:] = [cell, *(name for name in self.used if name != cell)]
        self.dismiss(match)


def has_keeping_gate(cell: Cell) -> bool:
    """Whether a gate decides how much of a state's past is kept."""
    return any("keep" in jobs for jobs in roles_of(cell).gate_jobs.values())
