"""What is pinned to the run by keys: watches, breakpoints, and the runs between these."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from rnntui.frame import Slot
from rnntui.plain.breaking import FORM, RESTING, break_at, text_of, toggle
from rnntui.plain.command import CommandError
from rnntui.plain.pins import lens_expression
from rnntui.plain.watching import watch_for
from rnntui.session import Session
from rnntui.widgets.palette import Palette
from rnntui.widgets.pins import PinsPane, Section
from rnntui.widgets.score import Score

if TYPE_CHECKING:
    from bptt.debugger.breakpoints import Stop

SHORT = 2
"""Seconds for which a notice is shown."""
WATCHED = "h[t][2], norm(∇h[t]), max(W), min(1 - h[t]**2), loss; enter takes what is there"


class Pinning(Screen[int]):
    """The part of the debugger that owns what is pinned to the run."""

    _session: Session
    _palette: Palette

    def _show(self) -> None:
        raise NotImplementedError

    @property
    def shows_pins(self) -> bool:
        raise NotImplementedError

    # -- breakpoints

    def action_breakpoint(self) -> None:
        """Set a breakpoint where the lens is, or take it away."""
        self._toggle_at(self._session.lens.slot)

    def on_score_break_wanted(self, event: Score.BreakWanted) -> None:
        """A cell was clicked with the right button."""
        self._toggle_at(event.slot)

    def _toggle_at(self, slot: Slot) -> None:
        try:
            is_set, breakpoint = toggle(self._session, slot)
        except CommandError as error:
            self._tell(str(error))
            return
        self._show()
        if not self.shows_pins:
            self._tell(f"breakpoint {text_of(breakpoint)}{'' if is_set else ' is gone'}")

    def action_go_on(self) -> None:
        """To the next breakpoint."""
        self._run_to_stop(self._session.run_on, "the end of the run: no breakpoint is ahead")

    def action_go_back(self) -> None:
        """To the breakpoint before."""
        self._run_to_stop(self._session.run_back, "the start of the run: no breakpoint lies before")

    def _run_to_stop(self, move: Callable[[], Stop | None], border: str) -> None:
        session = self._session
        stop = move()
        self._show()
        told = border if stop is None else "; ".join(f"stopped by {text_of(b)}" for b in stop.breakpoints)
        if stop is not None and self.shows_pins:
            return
        if not session.has_conditions and any(b.enabled and b.condition is not None for b in session.breakpoints):
            told += f"; {RESTING}"
        self._tell(told)

    # -- watches

    def action_watch_lens(self) -> None:
        """Ask what to watch; what the lens is on is there to be taken."""
        from rnntui.plain.asking import read
        from rnntui.screens.ask import Ask

        session = self._session
        text = lens_expression(session.lens, session.frame())
        asked = Ask("Watch", WATCHED, self._watch, text, lambda typed: read(session, typed))
        self.app.push_screen(asked)

    def _watch(self, text: str) -> None:
        if not text.strip():
            raise CommandError(f"watch what? Write an expression, like {WATCHED.split(';')[0]}")
        watch_for(self._session, text)
        self._show()

    # -- reasons

    def action_why(self) -> None:
        """Why what the lens is on is so."""
        from rnntui.plain.reasoning import reason_for
        from rnntui.screens.why import Why

        session = self._session
        try:
            reason = reason_for(session, session.lens.slot, session.lens.unit)
        except CommandError as error:
            self._tell(str(error))
            return
        self.app.push_screen(Why(session, self._palette, reason))

    # -- lists

    def action_breakpoints(self) -> None:
        self._list("breakpoints")

    def action_watches(self) -> None:
        self._list("watch")

    def action_edits(self) -> None:
        self._list("edits")

    def on_pins_pane_list_wanted(self, event: PinsPane.ListWanted) -> None:
        """A part of the pane was clicked."""
        self._list(event.section)

    def _list(self, section: Section) -> None:
        from rnntui.screens.pin_list import PinList

        self.app.push_screen(PinList(self._session, section, self._show), self._add)

    def _add(self, section: Section | None) -> None:
        match section:
            case "watch":
                self.action_watch_lens()
            case "breakpoints":
                from rnntui.screens.ask import Ask

                self.app.push_screen(Ask("Break", FORM.replace("break ", ""), self._break))
            case "edits":
                self.call_later(self.run_action, "edit")

    def _break(self, text: str) -> None:
        if not text.strip():
            raise CommandError(f"where? {FORM.replace('break ', '')}")
        break_at(self._session, text)
        self._show()

    def _tell(self, text: str) -> None:
        self.notify(text, timeout=SHORT, markup=False)
