"""What is wrong with a file that was to be opened, with the lines at fault; it is tried again, or closed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rnntui.safe import InputError, clean, cut, read_text
from rnntui.screens.leaving import Leaving

_PLACE = re.compile(r"(.+?):(\d+):(\d+): ")
LARGEST = 1_000_000
"""Bytes of a file whose lines are shown."""
LONGEST, BEFORE = 66, 24
"""Columns of a line that are shown; of them, at most, before the fault."""


def told(lines: Sequence[str]) -> Iterator[str]:
    """Each fault, and under one that names a line that line, with a mark under its column."""
    for line in lines:
        yield clean(line)
        found = _PLACE.match(line)
        if found is not None:
            yield from _quoted(found[1], int(found[2]), int(found[3]))


def _quoted(file: str, number: int, column: int) -> Iterator[str]:
    try:
        line = read_text(file, LARGEST).split("\n")[number - 1]
    except (InputError, IndexError):
        return
    if 0 < column <= len(line) + 1 and line.strip():
        first = max(0, column - 1 - BEFORE)
        before = clean(line[first : column - 1])
        yield f"  │ {cut(before + clean(line[column - 1 :]), LONGEST)}"
        yield f"  │ {' ' * cell_len(before)}^"


class FaultCard(Leaving, ModalScreen[None]):
    """Errors; when it is closed everything is as it was."""

    DEFAULT_CSS = """
    FaultCard {
        align: center middle; background: $background 60%;
        & VerticalScroll { width: 90%; max-width: 100; height: auto; max-height: 80%; background: $surface;
                           border: round $error; padding: 0 1; }
        & Static { height: auto; }
        & #fault-keys { color: $quiet; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,enter", "close", "close"), ("r", "again", "again")]

    def __init__(self, lines: Sequence[str], again: Callable[[], object] | None = None, watched: bool = False) -> None:
        """`again`: tries once more, where that can be; the file may have been mended. `watched`: the file is looked
        after, and tried again by itself when it changes."""
        super().__init__()
        self._lines = tuple(lines)
        self._again = again
        self._watched = watched

    def compose(self) -> ComposeResult:
        """The errors, and how to close them."""
        with VerticalScroll():
            yield Static(Content("\n".join(told(self._lines))))
            keys = ["saving the file reads it again"] * self._watched + ["r reads it again"] * (self._again is not None)
            keys.append("esc closes" if self.leads_back else "esc leaves")
            yield Static(Content(" · ".join(keys)), id="fault-keys")

    def action_close(self) -> None:
        """Back to what is beneath; where nothing is, out."""
        if self.leads_back:
            self.dismiss()
        else:
            self.app.exit(2)

    def action_again(self) -> None:
        """Close, and try again."""
        if self._again is not None:
            self.dismiss()
            self.app.call_later(self._again)
