"""The debugger: the Score, the panes beside it, the line of keys; what its keys do is in the parts it is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from rnntui.plain.pins import pins_of
from rnntui.screens.bindings import bindings, hints
from rnntui.screens.commanding import Commanding
from rnntui.screens.editing import Editing
from rnntui.screens.elsewhere import Elsewhere
from rnntui.screens.footed import Footed
from rnntui.screens.keys import BAR, BAR_TYPING, KEYS
from rnntui.screens.looking import Looking
from rnntui.screens.moving import Moving
from rnntui.screens.panes import Panes
from rnntui.screens.pinning import Pinning
from rnntui.screens.playing import Playing
from rnntui.screens.practising import Practising
from rnntui.screens.recording import Recording
from rnntui.screens.sizes import SMALLEST, needed
from rnntui.screens.teaching import Teaching, spoken
from rnntui.session import Session
from rnntui.widgets.circuit import CircuitPane
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.equation import EquationPane
from rnntui.widgets.hints import Hint
from rnntui.widgets.key_bar import KeyBar
from rnntui.widgets.lesson_pane import LessonPane
from rnntui.widgets.notice import Notice
from rnntui.widgets.palette import Palette
from rnntui.widgets.params import ParamsPane
from rnntui.widgets.pins import PinsPane, rows_wanted
from rnntui.widgets.rows import Rows
from rnntui.widgets.score import Score
from rnntui.widgets.scrub import Scrub
from rnntui.widgets.tabs import Tabs
from rnntui.widgets.view import View

if TYPE_CHECKING:
    from bptt.run import Run
    from rnntui.walk import Walk


class Debugger(
    Footed, Recording, Elsewhere, Looking, Panes, Moving, Playing, Teaching, Editing, Pinning, Commanding, Practising
):
    """Turns keys into calls of the session, and its changes into one View for every widget."""

    BINDINGS: ClassVar[list[BindingType]] = bindings()
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-mid"), (150, "-wide"), (190, "-huge")]  # noqa: RUF012  # Textual's
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall"), (44, "-xtall")]  # noqa: RUF012  # Textual declares them
    AUTO_FOCUS = ""

    def __init__(self, session: Session, walk: Walk | None, palette: Palette, returns: bool = False) -> None:
        """`returns`: it was opened from another screen, to which quitting leads back."""
        super().__init__()
        self._returns = returns
        self._session = session
        self._walk = walk
        self._palette = palette
        self._examined: Run | None = None
        self._first_bad: int | None = None
        self._bad_name = "NaN"
        self._in_sight = True
        """Whether the lesson was in sight when that was last looked at."""
        self._begun = False
        """Whether a run was ever shown."""

    def compose(self) -> ComposeResult:
        """Top to bottom: where, the Score beside or above the panes, when, what next."""
        yield Crumb(id="crumb")
        with Container(id="body"):
            yield Score(id="score")
            with Container(id="panes"):
                yield Tabs(id="tabs")
                yield LessonPane(id="lesson")
                yield EquationPane(id="equation")
                yield CircuitPane(id="circuit")
                yield ParamsPane(id="params")
                yield PinsPane(id="pins")
        yield Scrub(id="scrub")
        yield KeyBar(id="keys")
        yield Static(id="small")
        yield Notice(id="notice")

    def on_mount(self) -> None:
        """Record the run, then follow the session."""
        self.set_class(self._walk is not None, "-with-lesson")
        self._session.subscribe(self._follow)
        self._session.subscribe(self._moved)
        self._record_run()

    def _show_progress(self, part: float) -> None:
        bar = self.query_one(Scrub)
        if bar.view is not None:
            bar.view = replace(bar.view, recorded=part)

    @property
    def beneath_notices(self) -> int:
        """What is said of breakpoints, watches and edits does not cover their list."""
        pins = self.query_one(PinsPane).region
        return self.size.height - pins.y if self.shows_pins and pins.height else super().beneath_notices

    def _examine(self) -> None:
        self._examined = self._session.run
        self._first_bad = self._examined.first_nonfinite()
        if self._first_bad is not None:
            self._bad_name = "NaN" if np.isnan(self._examined.at(self._first_bad).value).any() else "inf"

    def _recorded(self) -> None:
        self._examine()
        self._set_small(self.size.width, self.size.height)
        self._show()
        if not self._begun:
            self._begun = True
            self._ask()
            self.call_after_refresh(self.begin_lesson)
            self._show_training()

    def _moved(self) -> None:
        """What was said about the place before, or about another run, is no longer so."""
        self.query_one(Notice).hush()
        if self._examined is not self._session.run and self._is_recorded:
            self._examine()
        self._show()

    # -- data down

    def _show(self) -> None:
        """Hand every widget what there is to see now."""
        if not self._is_recorded:
            self._record_run()
        if not self._can_show:
            return
        frame = self._session.frame()
        walk = self._walk
        paused = walk is not None and walk.wandering
        focus = walk.step.focus if walk is not None and not paused else None
        pins = pins_of(self._session)
        self._give_room(rows_wanted(pins) if len(pins) else 0)
        self._give_width()
        view = View(
            frame,
            self._palette,
            self._depth,
            self._zoom or (self._projected_zoom if self._projected else 0),
            focus,
            paused=paused,
            wanted=walk.step.wanted if walk is not None else (),
            first_bad=self._first_bad,
            bad_name=self._bad_name,
            shown=self._shown,
            first=self._first,
            xray=self._xray and self._is_recorded,
            notation=self._notation,
            recorded=self._part,
            pins=pins,
            covered=walk is not None and walk.asks_for_equation,
            ahead=not self._has_tabs,
        )
        for widget in self.query(Rows):
            widget.view = view
        self.query_one(KeyBar).hints = self._hints()
        if walk is not None:
            pane = self.query_one(LessonPane)
            pane.palette = self._palette
            pane.spoken = spoken(walk, self.enter, self._truth)
            self.set_class(bool(pane.spoken.table), "-with-table")

    def _ask_in_sight(self) -> None:
        """A question that is out of sight has no keys, and gets them back when it is in sight again."""
        if self._walk is not None and self._in_sight != self.shows_lesson:
            self._in_sight = self.shows_lesson
            self._ask()
            self.tell_keys()

    def tell_keys(self) -> None:
        """Say what the keys do now."""
        if self._walk is not None and self._begun:
            self.query_one(KeyBar).hints = self._hints()
            pane = self.query_one(LessonPane)
            if pane.spoken is not None:
                pane.spoken = replace(pane.spoken, enter=self.enter)

    def _hints(self) -> tuple[Hint, ...]:
        """Those of the table that do what they say now: not those whose keys go into an answer."""
        if self._walk is None:
            return ((Hint("esc", "back", "score"),) if self._returns else ()) + hints(KEYS, BAR)
        first = [Hint("enter", self.enter, "confirm")]
        if self._walk.script.lesson.compare is not None:
            first.append(Hint("D", "compare", "duel"))
        helps, *rest = sorted(BAR, key=lambda name: name != "help")  # the first that a learner may want
        if not self.has_question:
            return (*first, *hints(KEYS, (helps, *rest)))
        pane = self.query_one(LessonPane)
        if pane.holds_letters:
            return (first[0], *hints(KEYS, BAR_TYPING))
        taken = pane.answering.takes if pane.answering is not None else lambda _: False
        return (*first, *(hint for hint in hints(KEYS, ("manual", *rest)) if not taken(hint.keys[0])))

    def action_help(self) -> None:
        """A hint, where a question has the keys; else keys, colours and marks."""
        if self.has_question:
            self.action_hint()
        else:
            super().action_help()

    def action_manual(self) -> None:
        """Keys, colours and marks."""
        super().action_help()

    def on_resize(self, event: events.Resize) -> None:
        """Below the smallest size there is only a card with the size needed."""
        self._set_small(event.size.width, event.size.height)
        if self._can_show:
            self._show()

    def _set_small(self, width: int, height: int) -> None:
        small = width < SMALLEST[0] or height < SMALLEST[1]
        self.query_one("#small", Static).update(Content(needed(width, height)))
        self.set_class(small or not self._can_show, "-tiny")
        self._place_panes(width, height)
        self._ask_in_sight()

    # -- messages up

    @property
    def _subject(self) -> Session:
        return self._session

    def on_scrub_seek(self, event: Scrub.Seek) -> None:
        """The scrub bar was dragged."""
        self._session.goto(event.position)

    def on_score_time_wanted(self, event: Score.TimeWanted) -> None:
        """The head of a column was clicked."""
        self._goto_time(event.t)

    def on_score_lens_wanted(self, event: Score.LensWanted) -> None:
        """A cell of the Score was clicked."""
        self._session.look_at(event.slot, event.unit)

    def on_mouse_down(self) -> None:
        """A click stops what plays."""
        self.pause()

    def on_key(self, event: events.Key) -> None:
        """Any key but its own stops what plays; tab returns to the question."""
        if event.key != "space":
            self.pause()
        if event.key == "tab" and self._walk is not None:
            if not self._bring_back():
                self.query_one(LessonPane).take_focus()
            event.stop()
            event.prevent_default()

    # -- the app

    def action_quit(self) -> None:
        """Back to the screen that this one was opened from; without one, leave."""
        if self._returns:
            self.dismiss(0)
        else:
            self.app.exit(0)

    def action_score(self) -> None:
        """Give the keys back to the Score; where it has them, back to the screen that this one was opened from."""
        if self._returns and self.focused is None:
            self.dismiss(0)
        else:
            super().action_score()
