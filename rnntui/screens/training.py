"""The training screen: its curves while they are computed, any iteration of which can be looked at and opened."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from bptt.iteration import Iteration
from rnntui.screens.bindings import bindings, hints
from rnntui.screens.framed import Framed
from rnntui.screens.training_keys import BAR, TRAINING_KEYS, TRAINING_MARKS
from rnntui.session import Session
from rnntui.training.practice import Practice
from rnntui.widgets.key_bar import KeyBar
from rnntui.widgets.notice import Notice
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows
from rnntui.widgets.training_bar import TrainingBar
from rnntui.widgets.training_chart import TrainingChart
from rnntui.widgets.training_head import TrainingHead
from rnntui.widgets.training_side import TrainingSide
from rnntui.widgets.view import View

PICTURES = 12
"""A second, at most, while it trains."""
SLICE = 0.05
"""Seconds that are computed before it is looked whether that is still wanted."""
LEAP = 10
"""Iterations of a long move."""


class TrainingScreen(Framed[None]):
    """Turns keys into calls of the session and its practice. It trains in a thread of its own while it is shown."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(TRAINING_KEYS)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-mid"), (150, "-wide")]  # noqa: RUF012  # Textual declares them
    TITLE_OF = "Training"
    KEYS = TRAINING_KEYS
    MARKS = TRAINING_MARKS

    class Opened(Message):
        """An iteration is ready to be stepped."""

        def __init__(self, iteration: Iteration) -> None:
            super().__init__()
            self.iteration = iteration

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(palette)
        self._session = session
        self._clock: Timer | None = None
        self._is_opening = False

    @property
    def _practice(self) -> Practice:
        practice = self._session.practice
        assert practice is not None  # the screen is for sessions that have one
        return practice

    def compose(self) -> ComposeResult:
        """Top to bottom: what and how far, the curves beside the numbers, how far again, the keys."""
        yield TrainingHead(id="training-head")
        with Container(id="training-body"):
            yield TrainingChart(id="chart")
            yield TrainingSide(id="side")
        yield TrainingBar(id="training-bar")
        yield KeyBar(id="keys")
        yield Static(id="small")
        yield Notice(id="notice")

    def on_mount(self) -> None:
        """Begin, or go on."""
        self._go_on()

    # -- training

    def _go_on(self) -> None:
        """Train where that is wanted, and look at it now and then."""
        self.draw()
        if self._practice.going and not self._practice.is_done and self._clock is None:
            self._clock = self.set_interval(1 / PICTURES, self._tick)
            self._train(self._practice)

    @work(thread=True, group="training")
    def _train(self, practice: Practice) -> None:
        """Off the event loop; it ends where it is no longer wanted."""
        while self._clock is not None and practice is self._session.practice:
            if not practice.going or practice.run_for(SLICE, lambda: practice.going and self._clock is not None):
                return

    def _tick(self) -> None:
        if self._practice.is_done or not self._practice.going:
            self._rest()
        self.draw()

    def _rest(self) -> None:
        """Let the thread end."""
        if self._clock is not None:
            self._clock.stop()
            self._clock = None

    def on_unmount(self) -> None:
        """Nothing is computed behind anybody's back."""
        self._rest()

    def action_pause(self) -> None:
        """Pause, or go on; what is stopped goes on with more."""
        practice = self._practice
        if practice.is_done:
            self.notify("all iterations are done; + trains on", timeout=2, markup=False)
            return
        practice.going = not practice.going
        if practice.going:
            self._go_on()
        else:
            self._rest()
            self.draw()

    def action_more(self) -> None:
        """As many iterations again as were planned."""
        from bptt.errors import InputError

        try:
            self._practice.extend(max(1, self._practice.plan.iterations))
        except InputError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        self._practice.going = True
        self._go_on()

    def action_leave(self) -> None:
        """Stop what runs, else leave."""
        if self._is_opening:
            return
        if self._practice.is_done or not self._practice.going:
            self.dismiss(None)
            return
        self._rest()
        self._practice.stop()
        self.draw()
        self.notify(f"stopped after {self._practice.done} iterations; + goes on", timeout=3, markup=False)

    def action_options(self) -> None:
        """Ask how to train, and begin anew."""
        from rnntui.screens.plan_dialog import PlanDialog

        self.app.push_screen(PlanDialog(self._practice.plan, self._session.train), self._begun)

    def _begun(self, begun: bool | None) -> None:
        if begun:
            self._rest()
            self._go_on()

    # -- one iteration

    def action_open(self) -> None:
        """Have it made ready off the event loop: it may have to be computed again."""
        if self._practice.done and not self._is_opening:
            self._is_opening = True
            self._rest()
            self.draw()
            self._make_ready(self._practice, self._practice.iteration)

    @work(thread=True, group="opening")
    def _make_ready(self, practice: Practice, number: int) -> None:
        iteration = practice.open(number)
        iteration.run.fill(len(iteration.run))
        self.post_message(self.Opened(iteration))

    def on_training_screen_opened(self, event: Opened) -> None:
        """The debugger below shows it, unless something else is looked at by now."""
        self._is_opening = False
        if not self.is_active:
            self._go_on()
            return
        self._session.take(event.iteration)
        self.dismiss(None)

    # -- looking

    def _look(self, iteration: int) -> None:
        self._practice.look_at(iteration)
        self.draw()

    def action_later(self) -> None:
        self._look(self._practice.iteration + 1)

    def action_earlier(self) -> None:
        self._look(self._practice.iteration - 1)

    def action_much_later(self) -> None:
        self._look(self._practice.iteration + LEAP)

    def action_much_earlier(self) -> None:
        self._look(self._practice.iteration - LEAP)

    def action_first(self) -> None:
        self._look(1)

    def action_last(self) -> None:
        self._look(self._practice.done)

    def action_alert(self) -> None:
        """The next one, after the last the first."""
        places = [alert.iteration or 1 for alert in self._practice.progress().alerts]
        if not places:
            self.notify("there is no alert", timeout=2, markup=False)
            return
        self._look(next((place for place in places if place > self._practice.iteration), places[0]))

    def action_down(self) -> None:
        self._practice.look_at_row(self._practice.row + 1)
        self.draw()

    def action_up(self) -> None:
        self._practice.look_at_row(self._practice.row - 1)
        self.draw()

    def action_strip(self) -> None:
        self._practice.next_strip()
        self.draw()

    def on_training_bar_seek(self, event: TrainingBar.Seek) -> None:
        """The bar was clicked or dragged."""
        self._look(event.iteration)

    def on_training_chart_look_wanted(self, event: TrainingChart.LookWanted) -> None:
        """The curves or the strip were clicked."""
        if event.row is not None:
            self._practice.look_at_row(event.row)
        self._look(event.iteration)

    # -- data down

    def draw(self) -> None:
        """Hand every widget how far the training is, and the colours."""
        practice = self._practice
        progress = practice.progress()
        head, side = self.query_one(TrainingHead), self.query_one(TrainingSide)
        head.settings = practice.plan.said
        head.doing = f"opening iteration {practice.iteration} …" if self._is_opening else ""
        side.formulas = practice.formulas(progress.iteration)
        view = View(self._session.frame(), self._palette, training=progress)
        for widget in self.query(Rows):
            widget.view = view
        worth = [name for name in BAR if name != "pause" or not practice.is_done]
        self.query_one(KeyBar).hints = hints(TRAINING_KEYS, worth)

    async def action_quit(self) -> None:
        """Leave rnntui; nothing goes on behind it."""
        self._rest()
        await super().action_quit()
