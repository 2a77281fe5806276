"""The field that lies over a value while another one is typed in its place."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from rnntui.plain.command import CommandError
from rnntui.plain.conversation import LONGEST_LINE
from rnntui.safe import clean, cut
from rnntui.screens.ask import Act
from rnntui.screens.leaving import Leaving

WIDEST, NARROWEST = 60, 28
ROWS = 5
MARGIN = 2
"""Columns between the field's frame and what is typed."""


class EditField(Leaving, ModalScreen[bool]):
    """Left with True once the edit is made, with nothing where it is given up."""

    DEFAULT_CSS = """
    EditField {
        background: transparent;
        & Vertical { height: auto; padding: 0 1; background: $panel; border: round $accent; }
        & Input { border: none; background: $background; height: 1; padding: 0; }
        & Input:focus { border: none; }
        & #wrong { color: $error; height: auto; display: none; }
        & #what { color: $quiet; height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "close")]

    def __init__(self, title: str, hint: str, act: Act, at: Offset | None) -> None:
        """`at`: the cell of the screen at which the value stands; None puts the field in the middle."""
        super().__init__()
        self._title = cut(clean(title), WIDEST - 2 * MARGIN)
        self._hint = hint
        self._act = act
        self._at = at

    def compose(self) -> ComposeResult:
        """What is edited, the line, what was wrong."""
        with Vertical():
            yield Static(Content(self._title), id="what")
            yield Input(placeholder=self._hint, max_length=LONGEST_LINE)
            yield Static(id="wrong")

    def on_mount(self) -> None:
        """Lie over the value, within the screen."""
        box, room = self.query_one(Vertical), self.app.size
        width = min(
            room.width, max(NARROWEST, cell_len(self._title) + 2 * MARGIN, cell_len(self._hint) + 2 * MARGIN + 1)
        )
        at = self._at or Offset((room.width - width) // 2 + MARGIN, room.height // 2)
        box.styles.width = width
        box.styles.offset = (
            max(0, min(at.x - MARGIN, room.width - width)),
            max(0, min(at.y - 2, room.height - ROWS)),
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Make the edit, or say why not."""
        try:
            self._act(event.value.strip())
        except CommandError as error:
            wrong = self.query_one("#wrong", Static)
            wrong.update(Content(clean(str(error))))
            wrong.display = True
        else:
            self.dismiss(True)
