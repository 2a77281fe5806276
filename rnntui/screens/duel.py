"""The duel: two runs locked on pass and time, their gradients side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static
from textual.worker import get_current_worker

from rnntui.duel import Duel
from rnntui.match import Match
from rnntui.screens.bindings import bindings, hints
from rnntui.screens.framed import Framed
from rnntui.screens.moving import Moving
from rnntui.screens.other_keys import DUEL_KEYS
from rnntui.screens.recorder import Recorder
from rnntui.screens.zooming import Zooming
from rnntui.session import Session
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.duel import DuelPicture
from rnntui.widgets.duel_crumb import DuelCrumb
from rnntui.widgets.duel_view import DuelView
from rnntui.widgets.key_bar import KeyBar
from rnntui.widgets.notice import Notice
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows
from rnntui.widgets.scrub import Scrub

VERDICT = 2
"""Rows of the sentences below the bars."""
DUEL_MARKS: tuple[tuple[str, str], ...] = (
    ("◂ 5 ◂", "the time at which both runs stand; a step is an equation in each"),
    ("▐ ▌  ▕ ▏", "written, and read, by this equation of each run"),
    ("██ ▒▒", "how long the gradient is: A's bar at the left, B's at the right, on one logarithmic axis"),
    ("keeps", "the length of the gradient at the earliest time, divided by that at the latest"),
    ("·", "not computed yet"),
    ("?", "hidden until you have predicted it"),
)


class DuelScreen(Framed[int], Moving, Zooming):  # Textual takes the look of the first
    """Turns keys into calls of a Duel, and its changes into one DuelView for every widget."""

    DEFAULT_CSS = "DuelScreen.-tall Scrub { height: 2; }"
    BINDINGS: ClassVar[list[BindingType]] = bindings(DUEL_KEYS)
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012  # Textual declares it
    TITLE_OF = "Duel"
    KEYS = DUEL_KEYS
    MARKS = DUEL_MARKS
    BORDERS = ("the runs begin here", "the runs end here: N and F lead back")

    def __init__(self, match: Match, palette: Palette) -> None:
        super().__init__(palette)
        self._match = match
        self._alone = match.alone and match.has_several_losses
        self._duel = match.duel(self._alone)
        self._end: Callable[[], None] = lambda: None

    def compose(self) -> ComposeResult:
        """Top to bottom: where, the picture, when, what next."""
        yield DuelCrumb(id="crumb")
        yield DuelPicture(id="duel")
        yield Scrub(id="scrub")
        yield KeyBar(id="keys")
        yield Static(id="small")
        yield Notice(id="notice")

    def on_mount(self) -> None:
        """Record both runs, then follow the duel."""
        self._take(self._duel)

    def on_unmount(self) -> None:
        """Follow it no more."""
        self._end()

    def _take(self, duel: Duel) -> None:
        """Show this duel, its runs recorded."""
        self._end()
        self._duel, self._end = duel, duel.subscribe(self._moved)
        recorders = [Recorder(session.run) for session in duel.sides]
        if all(recorder.run_for(seconds=0.15) for recorder in recorders):
            self._recorded()
        else:
            self._tell_progress(recorders)
            self._record(recorders)

    @work(thread=True, exclusive=True)
    def _record(self, recorders: list[Recorder]) -> None:
        """Fill both tapes off the event loop, until others are recorded in their place."""
        worker = get_current_worker()
        for recorder in recorders:
            while not recorder.run_for(seconds=0.1):
                if worker.is_cancelled:
                    return
                self.app.call_from_thread(self._tell_progress, recorders)
        self.app.call_from_thread(self._recorded)

    def _tell_progress(self, recorders: list[Recorder]) -> None:
        part = sum(recorder.part for recorder in recorders) / len(recorders)
        self.card(f"recording the runs … {part:.0%}")

    def _recorded(self) -> None:
        self.fit(*self.size)
        self.draw()

    @property
    def _is_recorded(self) -> bool:
        return all(session.run.filled == len(session.run) for session in self._duel.sides)

    def fit(self, width: int, height: int) -> None:
        """Until the runs are recorded there is a card that says so."""
        if self._is_recorded:
            super().fit(width, height)

    def _moved(self) -> None:
        self.query_one(Notice).hush()
        self.draw()

    @property
    def beneath_notices(self) -> int:
        """The last rows, which say how the runs compare, are not covered."""
        return super().beneath_notices + VERDICT

    def draw(self) -> None:
        """Hand every widget what there is to see now."""
        if not self._is_recorded:
            return
        seen = self._duel.frame
        view = DuelView(seen.a, self._palette, zoom=self._zoom, duel=seen, note=self._note())
        for widget in self.query(Rows):
            widget.view = view
        keys = [key for key in DUEL_KEYS if key.id != "leave" or self.leads_back]
        self.query_one(KeyBar).hints = hints(keys)

    def _note(self) -> str:
        if not self._match.has_several_losses:
            return ""
        return "of the last loss alone" if self._alone else "of all losses"

    # -- along the runs

    @property
    def _subject(self) -> Duel:
        return self._duel

    action_page_on = Moving.action_step
    action_page_back = Moving.action_back

    def on_scrub_seek(self, event: Scrub.Seek) -> None:
        """The scrub bar was dragged."""
        self._duel.seek(0, event.position)

    def on_crumb_scope_wanted(self, event: Crumb.ScopeWanted) -> None:
        """To the start of this pass, or of this timestep."""
        if event.scope == "phase":
            self._duel.start_of_phase()
        else:
            self._duel.previous_time()

    def on_duel_picture_time_wanted(self, event: DuelPicture.TimeWanted) -> None:
        """A column was clicked."""
        self._goto_time(event.t)

    def on_duel_picture_lens_wanted(self, event: DuelPicture.LensWanted) -> None:
        """A cell was clicked: the lens of the other side goes to the same time."""
        self._duel.look_at(event.side, event.slot, event.unit)

    def action_later_step(self) -> None:
        self._duel.show_sequence(self._duel.sides[0].sequence + 1)

    def action_earlier_step(self) -> None:
        self._duel.show_sequence(self._duel.sides[0].sequence - 1)

    # -- what is compared

    def action_compare_a(self) -> None:
        self._compare(0)

    def action_compare_b(self) -> None:
        self._compare(1)

    def _compare(self, side: int) -> None:
        if not self._duel.compare_next(side):
            name = self._duel.states(side)[0]
            self.notify(f"{name} is the only variable of {'AB'[side]} to compare by", timeout=2)

    def action_losses(self) -> None:
        """The last loss alone, or all losses, at the same place."""
        if not self._match.has_several_losses:
            self.notify("there is one loss only", timeout=2)
            return
        before = self._duel
        self._alone = not self._alone
        after = self._match.duel(self._alone)
        after.take_place_of(before)
        self._take(after)

    # -- how it looks

    @property
    def _pitch(self) -> int:
        return self.query_one(DuelPicture).pitch

    def _zoom_to(self, zoom: int) -> None:
        self._zoom = zoom
        self.draw()

    # -- elsewhere

    def saved_sessions(self) -> tuple[Session, ...]:
        """What is saved with the picture: both runs."""
        return self._duel.sides

    def action_leave(self) -> None:
        """Back to the debugger, where there is one."""
        if self.leads_back:
            self.dismiss(0)
