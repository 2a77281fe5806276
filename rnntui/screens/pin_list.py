"""The list of what is pinned to the run: gone through by arrows, switched, taken away, jumped to."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from rnntui.plain.pins import Pins, pins_of
from rnntui.safe import cut
from rnntui.screens.leaving import Leaving
from rnntui.session import Session
from rnntui.widgets.line_list import LineList, stands
from rnntui.widgets.pins import EMPTY, Section

KEYS = "enter goes there · space on or off · del takes away · a adds · esc closes"
LONGEST = 70


class PinList(Leaving, ModalScreen[Section]):
    """Left with the part to which something is to be added, or with nothing."""

    DEFAULT_CSS = """
    PinList {
        align: center middle; background: $background 60%;
        & Vertical { width: 78; max-width: 100%; height: auto; max-height: 90%; padding: 0 1; }
        & Vertical { background: $surface; border: round $accent; }
        & OptionList { height: auto; max-height: 20; border: none; padding: 0; background: $surface; }
        & OptionList:focus { border: none; background: $surface; }
        & OptionList > .option-list--option-highlighted { background: $accent; color: $background; text-style: bold; }
        & OptionList > .option-list--option-disabled { color: $accent; text-style: bold; }
        & Static { color: $quiet; height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q", "dismiss", "close"),
        ("space", "switch", "on or off"),
        ("delete,backspace,x", "remove", "take away"),
        ("a", "add", "add"),
    ]

    def __init__(self, session: Session, section: Section, changed: Callable[[], None]) -> None:
        """`changed` is called when something was switched or taken away."""
        super().__init__()
        self._session = session
        self._section = section
        self._changed = changed
        self._listed: dict[Section, list[tuple[int, str]]] = {}
        self._rows: list[tuple[Section, int] | None] = []
        """What each row stands for; None for a heading."""

    def compose(self) -> ComposeResult:
        """The list above its keys."""
        with Vertical():
            yield LineList()
            yield Static(Content(KEYS))

    def on_mount(self) -> None:
        """Begin in the part that was asked for."""
        self._fill(None)

    def _fill(self, place: int | None) -> None:
        texts = self._listed = _texts(pins_of(self._session))
        options = self.query_one(OptionList)
        options.clear_options()
        self._rows = []
        for section, rows in texts.items():
            heading = section if rows else f"{section}: {EMPTY[section]}"
            options.add_option(Option(Content(heading), disabled=True))
            self._rows.append(None)
            for number, text in rows:
                options.add_option(Option(Content(cut(text, LONGEST))))
                self._rows.append((section, number))
        there = [row for row, pin in enumerate(self._rows) if pin is not None]
        first = [row for row in there if (self._rows[row] or ("", 0))[0] == self._section]
        if place is not None:
            first = [row for row in there if row >= place] or there[-1:]
        options.highlighted = next(iter(first or there), None)

    def _is_so(self, row: int | None) -> bool:
        """Whether all is as it is listed. A click before the list was opened may be answered after that: it is listed
        anew then."""
        if self._listed == _texts(pins_of(self._session)):
            return True
        self._fill(row)
        return False

    def _marked(self) -> tuple[int, Section, int] | None:
        row = self.query_one(OptionList).highlighted
        if not self._is_so(row):
            return None
        pin = self._rows[row] if row is not None else None
        return (row, *pin) if row is not None and pin is not None else None

    def action_switch(self) -> None:
        """A breakpoint acts or rests."""
        marked = self._marked()
        if marked is not None and marked[1] == "breakpoints":
            enabled = {b.number: b.enabled for b in self._session.breakpoints}
            self._session.breakpoints.enable(marked[2], not enabled[marked[2]])
            self._again(marked[0])

    def action_remove(self) -> None:
        """Take it away."""
        marked = self._marked()
        if marked is None:
            return
        row, section, number = marked
        if section == "watch":
            self._session.watches.remove(number)
        elif section == "breakpoints":
            self._session.breakpoints.remove(number)
        else:
            self._session.undo_edit(number)
        self._again(row)

    def _again(self, row: int) -> None:
        self._changed()
        self._fill(row)

    def action_add(self) -> None:
        """Leave, to add to this part."""
        marked = self._marked()
        self.dismiss(marked[1] if marked is not None else self._section)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go to the next place where it stops, or that it is about."""
        if not stands(event) or not self._is_so(event.option_index):
            return
        pin = self._rows[event.option_index]
        self.dismiss(None)
        if pin is not None:
            place = _place(self._session, *pin)
            if place is not None:
                self._session.goto(place)


def _texts(pins: Pins) -> dict[Section, list[tuple[int, str]]]:
    return {
        "watch": [(pin.number, f"  {pin.text}") for pin in pins.watches],
        "breakpoints": [
            (
                pin.number,
                f"{'●' if pin.enabled else '○'} {pin.text}"
                + (f"    {pin.passed}" if pin.passed else "")
                + (f", {pin.note}" if pin.note else ""),
            )
            for pin in pins.breakpoints
        ],
        "edits": [(pin.number, f"= {pin.text}") for pin in pins.edits],
    }


def _place(session: Session, section: Section, number: int) -> int | None:
    """The position to go to: of a breakpoint the next where it stops, from the first again after the last; of an edit
    the step that it changes first. None where there is none, or where it would tell what is hidden."""
    if section == "breakpoints":
        breakpoint = next(b for b in session.breakpoints if b.number == number)
        places = session.places(breakpoint).tolist()
        return next((place for place in places if place > session.position), places[0] if places else None)
    if section == "edits":
        edit = session.whatif.edits[number - 1]
        first = max(1, edit.times[0]) if edit.times else 1
        index = session.run.schedule.written(edit.name, first)
        return index + 1 if index >= 0 and edit.name not in session.cell.parameters else None
    return None
