"""The debugger: the Score, the equation, the lesson, and the keys that step through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from rnntui.explain.circuit import rows_of
from rnntui.places import PlaceError
from rnntui.screens.go import GoDialog
from rnntui.screens.help import Help
from rnntui.screens.keys import bar, bindings
from rnntui.screens.looking import Looking
from rnntui.screens.playing import Playing
from rnntui.screens.recorder import Recorder
from rnntui.session import Session
from rnntui.widgets.circuit import CircuitPane, circuit_fits
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.equation import EquationPane
from rnntui.widgets.key_bar import Hint, KeyBar
from rnntui.widgets.lesson_pane import LessonPane, Spoken, Verdict
from rnntui.widgets.notice import Notice
from rnntui.widgets.palette import Palette
from rnntui.widgets.params import ParamsPane
from rnntui.widgets.rows import Rows
from rnntui.widgets.score import Score
from rnntui.widgets.scrub import Scrub
from rnntui.widgets.view import View

if TYPE_CHECKING:
    from rnntui.walk import Walk

SMALLEST = (60, 20)
"""(columns, rows) below which there is only a card."""
AROUND = 4
"""Rows above and below the panes of a tall screen."""
BESIDE_LESSON = 0.4
"""The part of a column that a lesson leaves at least."""


class Debugger(Looking, Playing):
    """Turns keys into calls of the session, and its changes into one View for every widget."""

    BINDINGS: ClassVar[list[BindingType]] = bindings()
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-mid"), (150, "-wide"), (190, "-huge")]  # noqa: RUF012  # Textual's
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall"), (44, "-xtall")]  # noqa: RUF012  # Textual declares them
    AUTO_FOCUS = ""

    def __init__(self, session: Session, walk: Walk | None, palette: Palette) -> None:
        super().__init__()
        self._session = session
        self._walk = walk
        self._palette = palette
        self._first_bad: int | None = None

    def compose(self) -> ComposeResult:
        """Top to bottom: where, the Score beside or above the panes, when, what next."""
        yield Crumb(id="crumb")
        with Container(id="body"):
            yield Score(id="score")
            with Container(id="panes"):
                yield LessonPane(id="lesson")
                yield EquationPane(id="equation")
                yield CircuitPane(id="circuit")
                yield ParamsPane(id="params")
        yield Scrub(id="scrub")
        yield KeyBar(id="keys")
        yield Static(id="small")
        yield Notice(id="notice")

    def on_mount(self) -> None:
        """Record the run, then follow the session."""
        self.set_class(self._walk is not None, "-with-lesson")
        self._session.subscribe(self._follow)
        self._session.subscribe(self._moved)
        recorder = Recorder(self._session.run)
        if recorder.run_for(seconds=0.2):
            self._recorded()
        else:
            self._tell_progress(recorder.part)
            self._record(recorder)

    @work(thread=True, exclusive=True)
    def _record(self, recorder: Recorder) -> None:
        """Fill the tape off the event loop; the scrub bar tells how far it is."""
        while not recorder.run_for(seconds=0.1):
            self.app.call_from_thread(self._tell_progress, recorder.part)
        self.app.call_from_thread(self._recorded)

    def _tell_progress(self, part: float) -> None:
        small = self.query_one("#small", Static)
        small.update(Content(f"recording the run … {part:.0%}"))
        self.add_class("-tiny")

    def _recorded(self) -> None:
        self._first_bad = self._session.run.first_nonfinite()
        self._set_small(self.size.width, self.size.height)
        self._show()
        self._ask()

    def _moved(self) -> None:
        """What was said about the place before is no longer so."""
        self.query_one(Notice).hush()
        self._show()

    def notify(self, message: str, *, timeout: float | None = None, severity: str = "information", **_: Any) -> None:
        """Say something for a moment, as typed."""
        self.query_one(Notice).say(message, timeout or 3, severity)

    # -- data down

    def _show(self) -> None:
        """Hand every widget what there is to see now."""
        if not self._is_recorded:
            return
        frame = self._session.frame()
        walk = self._walk
        paused = walk is not None and walk.wandering
        focus = walk.step.focus if walk is not None and not paused else None
        view = View(
            frame,
            self._palette,
            self._depth,
            self._zoom,
            focus,
            paused,
            self._first_bad,
            shown=self._shown,
            first=self._first,
            xray=self._xray,
            notation=self._notation,
        )
        for widget in self.query(Rows):
            widget.view = view
        self.query_one(KeyBar).hints = self._hints()
        if walk is not None:
            pane = self.query_one(LessonPane)
            pane.palette = self._palette
            pane.spoken = _spoken(walk)

    @property
    def _is_recorded(self) -> bool:
        run = self._session.run
        return run.filled == len(run)

    def _hints(self) -> tuple[Hint, ...]:
        hints = [Hint(*shown) for shown in bar()]
        if self._walk is not None:
            at = Hint("enter", "return" if self._walk.wandering else "go on", "confirm")
            hints.insert(0, at)
        return tuple(hints)

    def on_resize(self, event: events.Resize) -> None:
        """Below the smallest size there is only a card with the size needed."""
        self._set_small(event.size.width, event.size.height)
        self.query_one(Notice).hush()

    def _set_small(self, width: int, height: int) -> None:
        small = width < SMALLEST[0] or height < SMALLEST[1]
        text = f"rnntui needs {SMALLEST[0]}×{SMALLEST[1]}\nhere are {width}×{height}"
        self.query_one("#small", Static).update(Content(text))
        self.set_class(small or not self._is_recorded, "-tiny")
        self._place_circuit(height)
        self._place_params(width, height)

    def _place_circuit(self, height: int) -> None:
        """The circuit stands below the equation where both have room; in a lesson, in what that leaves."""
        cell = self._session.cell
        column = height - AROUND if self._walk is None else int((height - AROUND) * BESIDE_LESSON)
        units = self._session.run.model.hidden
        self.set_class(circuit_fits(cell, units, column), "-with-circuit")
        self.query_one(CircuitPane).styles.height = rows_of(cell) + 1

    # -- messages up

    def on_scrub_seek(self, event: Scrub.Seek) -> None:
        """The scrub bar was dragged."""
        self._session.goto(event.position)

    def on_score_lens_wanted(self, event: Score.LensWanted) -> None:
        """A cell of the Score was clicked."""
        self._session.look_at(event.slot, event.unit)

    def on_score_time_wanted(self, event: Score.TimeWanted) -> None:
        """The head of a column was clicked."""
        self._goto(f"{'b' if self._session.phase == 'backward' else 'f'}{event.t}")

    def on_mouse_down(self) -> None:
        """A click stops what plays."""
        self.pause()

    async def on_key_bar_action_wanted(self, event: KeyBar.ActionWanted) -> None:
        """A hint of the key bar was clicked."""
        await self.run_action(event.action)

    def on_lesson_pane_answered(self, event: LessonPane.Answered) -> None:
        """The question was answered."""
        if self._walk is None:
            return
        from rnntui.walk import AnswerError  # imports what reads lessons, which nothing else here needs

        try:
            outcome = self._walk.answer(event.answer)
        except AnswerError as error:
            self.notify(str(error), severity="warning", timeout=4, markup=False)
            return
        self._show()
        if outcome.right:
            self.set_focus(None)

    # -- keys: moving in time

    def _move(self, move: Callable[[], bool]) -> None:
        if not move():
            at_end = self._session.position == self._session.total
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
        self.app.push_screen(GoDialog(self._session.goto_place))

    def action_first_bad(self) -> None:
        self._goto("nan")

    def _goto(self, place: str) -> None:
        try:
            self._session.goto_place(place)
        except PlaceError as error:
            self.notify(str(error), timeout=3, markup=False)

    # -- keys: looking

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

    # -- keys: the lesson

    def action_pane_equation(self) -> None:
        self.remove_class("-circuit-only")
        self.add_class("-equation-only")
        self.remove_class("-params-only")

    def action_pane_lesson(self) -> None:
        self.remove_class("-equation-only", "-circuit-only", "-params-only")
        self._ask()

    def action_pane_circuit(self) -> None:
        if rows_of(self._session.cell):
            self.toggle_class("-circuit-only")
        else:
            self.notify("nothing recurs in this cell: there is no circuit", timeout=3, markup=False)

    def action_confirm(self) -> None:
        """Go on in the lesson, return to it, or, without one, drill."""
        walk = self._walk
        if walk is None:
            self._depth = 0 if self._depth == 3 else 3
            self._show()
        elif walk.wandering:
            walk.come_back()
            self._show()
            self._ask()
        elif not self.query_one(LessonPane).take_focus():
            self._go_on(walk)

    def action_later_step(self) -> None:
        if self._walk is None:
            self._session.show_sequence(self._session.sequence + 1)
        else:
            self._go_on(self._walk)

    def action_earlier_step(self) -> None:
        if self._walk is None:
            self._session.show_sequence(self._session.sequence - 1)
        elif self._walk.previous():
            self._show()
            self._ask()

    def _go_on(self, walk: Walk) -> None:
        if walk.next():
            self._show()
            self._ask()
        else:
            self.notify("That was the lesson. Look around as long as you like; q leaves.", timeout=5, markup=False)

    def action_hint(self) -> None:
        if self._walk is not None and self._walk.hint() is None:
            self.notify("there is no further hint", timeout=2, markup=False)
        self._show()

    def action_score(self) -> None:
        """Give the keys back to the Score."""
        self.set_focus(None)

    def _ask(self) -> None:
        """A question takes the keys when it appears."""
        if self._walk is not None and not self.query_one(LessonPane).take_focus():
            self.set_focus(None)

    def on_key(self, event: events.Key) -> None:
        """Any key but its own stops what plays; tab returns to the question."""
        if event.key != "space":
            self.pause()
        if event.key == "tab" and self._walk is not None and self.query_one(LessonPane).take_focus():
            event.stop()
            event.prevent_default()

    # -- keys: the app

    def action_help(self) -> None:
        self.app.push_screen(Help(self._palette))

    def action_quit(self) -> None:
        self.app.exit(0)


def _spoken(walk: Walk) -> Spoken:
    step, outcome, hints = walk.step, walk.outcome, walk.hints
    settled = outcome is not None and outcome.settled
    hint = hints[-1] if hints and not settled else ""
    verdict: Verdict | None = None
    message = outcome.message if outcome else ""
    if outcome is not None:
        verdict = "right" if outcome.right else "given up" if outcome.given_up else "wrong"
    return Spoken(
        title=walk.title,
        place=walk.place,
        count=walk.count,
        kind=step.kind,
        text=step.text,
        choices=step.choices,
        verdict=verdict,
        settled=settled,
        message=message,
        explain=outcome.explain if outcome else "",
        hint="" if hint in message else hint,
    )
