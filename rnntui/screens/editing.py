"""What-ifs by keys: the value under the lens is typed anew in its place, and the run is computed again."""

from __future__ import annotations

from functools import partial

from textual.geometry import Offset
from textual.screen import Screen

from bptt.numerals import number
from rnntui.explain.marks import Mark
from rnntui.frame import Slot
from rnntui.plain.command import CommandError
from rnntui.plain.editing import undo_latest, write, written
from rnntui.plain.pins import slot_text
from rnntui.session import Session
from rnntui.widgets.params import ParamsPane
from rnntui.widgets.score import Score

SHORT = 3
"""Seconds for which a notice is shown."""
HINT = "a number, or W[0][2] = 1.5"


class Editing(Screen[int]):
    """The part of the debugger that edits the run."""

    _session: Session

    def _show(self) -> None:
        raise NotImplementedError

    @property
    def shows_pins(self) -> bool:
        raise NotImplementedError

    def action_edit(self) -> None:
        """Another number in the place of the value under the lens, at its time."""
        slot = self._slot()
        self._edit(slot_text(slot, self._session.lens.unit, self._session.frame()), slot)

    def action_clamp(self) -> None:
        """The same at every time."""
        slot = self._slot()
        text = slot_text(slot, self._session.lens.unit, self._session.frame())
        self._edit(text.replace(f"[{slot.t}]", "[t]", 1), slot)

    def _slot(self) -> Slot:
        """What the lens is on; of a gradient the variable's value, which it follows from."""
        slot = self._session.lens.slot
        return Slot(slot.name, slot.t)

    def _edit(self, text: str, slot: Slot) -> None:
        frame, unit = self._session.frame(), self._session.lens.unit
        value = frame.vector(slot)
        now = "" if isinstance(value, Mark) else f", now {number(float(value[min(unit, len(value) - 1)]), 4, '−')}"
        place = self.query_one(Score).place(slot, unit)
        at = None if place is None else self.query_one(Score).region.offset + place
        self._ask_for_value(text, now, at)

    def on_params_pane_edit_wanted(self, event: ParamsPane.EditWanted) -> None:
        """An entry of a parameter was clicked."""
        value = self._session.run.model.parameters[event.name][event.index]
        text = event.name + "".join(f"[{place}]" for place in event.index)
        at = self.query_one(ParamsPane).region.offset + event.at
        self._ask_for_value(text, f", now {number(float(value), 4, '−')}", at)

    def _ask_for_value(self, text: str, now: str, at: Offset | None) -> None:
        from rnntui.screens.edit_field import EditField

        self.app.push_screen(EditField(f"{text}{now}", HINT, partial(self._write, text), at))

    def _write(self, place: str, typed: str) -> None:
        """A number for a place, or a whole edit. Raises CommandError."""
        if not typed:
            raise CommandError("write a number")
        made = write(self._session, typed if "=" in typed else f"{place} = {typed}")
        self._show()
        if not self.shows_pins:
            self._tell(f"{written(self._session, made)} · u undoes")

    def action_undo(self) -> None:
        """Take back the latest edit."""
        try:
            undone = undo_latest(self._session)
        except CommandError as error:
            self._tell(str(error))
            return
        self._show()
        self._tell(f"undone: {undone.written(self._session.cell)}")

    def _tell(self, text: str) -> None:
        self.notify(text, timeout=SHORT, markup=False)
