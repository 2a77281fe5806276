"""The key that trains what is debugged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from rnntui.safe import InputError
from rnntui.session import Session
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.walk import Walk


class Practising(Screen[int]):
    """The part of the debugger that trains its model, and returns to the training."""

    _session: Session
    _palette: Palette
    _walk: Walk | None

    def action_training(self) -> None:
        """Train this model, or return to its training."""
        if self._walk is not None:
            self.notify("a lesson keeps to its run; rnntui train trains any cell", timeout=3, markup=False)
            return
        if self._session.practice is None:
            from rnntui.training.plan import Plan

            try:
                self._session.train(Plan())
            except InputError as error:
                self.notify(str(error), severity="warning", timeout=4, markup=False)
                return
        self._show_training()

    def _show_training(self) -> None:
        """The screen of the training, where there is one."""
        if self._session.practice is not None:
            from rnntui.screens.training import TrainingScreen

            self.app.push_screen(TrainingScreen(self._session, self._palette))

    def action_next_iteration(self) -> None:
        """The same place in the next iteration."""
        self._turn_to(1)

    def action_previous_iteration(self) -> None:
        """The same place in the iteration before."""
        self._turn_to(-1)

    def _turn_to(self, by: int) -> None:
        if self._session.other_iteration(by):
            return
        iteration = self._session.iteration
        if iteration is None:
            self.notify(
                "this run is of no training; T trains, and enter there opens an iteration", timeout=3, markup=False
            )
        else:
            self.notify(f"iteration {iteration.number} is the {'last' if by > 0 else 'first'}", timeout=2, markup=False)
