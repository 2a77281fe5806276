"""Moving by hand: along the run, to a place, and the lens over what is shown."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from rnntui.places import EXAMPLES, PlaceError
from rnntui.session import Session
from rnntui.widgets.score import Score
from rnntui.widgets.scrub import Scrub


class Moving(Screen[int]):
    """The part of the debugger that moves the cursor and the lens."""

    _session: Session

    # -- along the run

    def _move(self, move: Callable[[], bool]) -> None:
        if not move():
            at_end = self._session.at_end
            self.notify("the run ends here" if at_end else "the run begins here", timeout=2, markup=False)

    def action_step(self) -> None:
        self._move(self._session.step)

    def action_back(self) -> None:
        self._move(self._session.back)

    def action_next_time(self) -> None:
        self._move(self._session.next_time)

    def action_previous_time(self) -> None:
        self._move(self._session.previous_time)

    def action_end_of_phase(self) -> None:
        self._move(self._session.end_of_phase)

    def action_start_of_phase(self) -> None:
        self._move(self._session.start_of_phase)

    def action_home(self) -> None:
        self._session.home()

    def action_end(self) -> None:
        self._session.end()

    def action_go(self) -> None:
        """Ask for a place."""
        from rnntui.screens.ask import Ask

        self.app.push_screen(Ask("Go to", EXAMPLES, self._session.goto_place))

    def action_first_bad(self) -> None:
        self._goto("nan")

    def _goto(self, place: str) -> None:
        try:
            self._session.goto_place(place)
        except PlaceError as error:
            self.notify(str(error), timeout=3, markup=False)

    def on_scrub_seek(self, event: Scrub.Seek) -> None:
        """The scrub bar was dragged."""
        self._session.goto(event.position)

    def on_score_time_wanted(self, event: Score.TimeWanted) -> None:
        """The head of a column was clicked."""
        self._goto(f"{'b' if self._session.phase == 'backward' else 'f'}{event.t}")

    # -- the lens

    def on_score_lens_wanted(self, event: Score.LensWanted) -> None:
        """A cell of the Score was clicked."""
        self._session.look_at(event.slot, event.unit)

    def action_lens_later(self) -> None:
        self._session.move_lens(times=1)

    def action_lens_earlier(self) -> None:
        self._session.move_lens(times=-1)

    def action_lens_down(self) -> None:
        self._session.move_lens(units=1)

    def action_lens_up(self) -> None:
        self._session.move_lens(units=-1)

    def action_release(self) -> None:
        self._session.release_lens()
