"""Moving by hand: along a run or a duel, to a place, and the lens over what is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.screen import Screen

from rnntui.duel import Duel
from rnntui.places import EXAMPLES, PlaceError
from rnntui.session import Session


class Moving(Screen[int]):
    """The part of a screen that moves the cursor and the lens."""

    BORDERS: ClassVar[tuple[str, str]] = ("the run begins here", "the run ends here")

    @property
    def _subject(self) -> Session | Duel:
        """What has the cursor and the lens."""
        raise NotImplementedError

    # -- along the run

    def _move(self, move: Callable[[], bool]) -> None:
        if not move():
            self.notify(self.BORDERS[self._subject.at_end], timeout=2, markup=False)

    def action_step(self) -> None:
        self._move(self._subject.step)

    def action_back(self) -> None:
        self._move(self._subject.back)

    def action_next_time(self) -> None:
        self._move(self._subject.next_time)

    def action_previous_time(self) -> None:
        self._move(self._subject.previous_time)

    def action_end_of_phase(self) -> None:
        self._move(self._subject.end_of_phase)

    def action_start_of_phase(self) -> None:
        self._move(self._subject.start_of_phase)

    def action_home(self) -> None:
        self._subject.home()

    def action_end(self) -> None:
        self._subject.end()

    def action_go(self) -> None:
        """Ask for a place."""
        from rnntui.screens.ask import Ask

        self.app.push_screen(Ask("Go to", EXAMPLES, self._subject.goto_place))

    def action_first_bad(self) -> None:
        self._goto("nan")

    def _goto(self, place: str) -> None:
        try:
            self._subject.goto_place(place)
        except PlaceError as error:
            self.notify(str(error), timeout=3, markup=False)

    def _goto_time(self, t: int) -> None:
        """To a time in the pass that is under way."""
        self._goto(f"{'b' if self._subject.phase == 'backward' else 'f'}{t}")

    # -- the lens

    def action_lens_later(self) -> None:
        self._subject.move_lens(times=1)

    def action_lens_earlier(self) -> None:
        self._subject.move_lens(times=-1)

    def action_lens_down(self) -> None:
        self._subject.move_lens(units=1)

    def action_lens_up(self) -> None:
        self._subject.move_lens(units=-1)

    def action_release(self) -> None:
        self._subject.release_lens()
