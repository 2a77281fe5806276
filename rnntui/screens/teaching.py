"""The lesson on the screen: what it says, its questions, and the keys that lead through it."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from rnntui.safe import clean
from rnntui.screens.lesson_end import LessonEnd, Wish
from rnntui.screens.outline import Outline
from rnntui.session import Session
from rnntui.widgets.lesson_pane import NAME, LessonPane, Spoken, Verdict
from rnntui.widgets.notice import Notice
from rnntui.widgets.ordering import Ordering
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp
    from rnntui.screens.panes import Pane
    from rnntui.store import Store
    from rnntui.walk import Walk


class Teaching(Screen[int]):
    """The part of the debugger that turns keys into calls of the walk through a lesson."""

    _session: Session
    _walk: Walk | None
    _palette: Palette
    _truth: bool = False
    """Whether the true value is shown while a fault is looked for."""

    def _show(self) -> None:
        raise NotImplementedError

    def _drill(self) -> None:
        raise NotImplementedError

    def _choose(self, pane: Pane | None) -> None:
        raise NotImplementedError

    def action_library(self) -> None:
        raise NotImplementedError

    @property
    def shows_lesson(self) -> bool:
        raise NotImplementedError

    def show_lesson(self) -> None:
        raise NotImplementedError

    def tell_keys(self) -> None:
        raise NotImplementedError

    @property
    def lesson_place(self) -> int:
        """Which step of the lesson is shown, from 0."""
        return self._walk.place if self._walk is not None else 0

    def action_pane_lesson(self) -> None:
        """The lesson, and what there is room for."""
        if self._walk is None or not self._bring_back():
            self._choose(None)
            self._ask()

    def on_lesson_pane_answered(self, event: LessonPane.Answered) -> None:
        """The question was answered."""
        self._answer(event.answer)

    def _answer(self, text: str) -> None:
        if self._walk is None:
            return
        from rnntui.walk import AnswerError  # imports what reads lessons, which nothing else here needs

        try:
            outcome = self._walk.answer(text)
        except AnswerError as error:
            self.notify(str(error), severity="warning", timeout=4, markup=False)
            return
        pane = self.query_one(LessonPane)
        pane.clear()
        self._show()
        if outcome.right:
            self.set_focus(None)
        elif outcome.settled:
            pane.keep_keys()

    def on_lesson_pane_told_already(self) -> None:
        """Another answer was begun where one has been told."""
        self.notify("the answer is told: enter goes on, esc gives these keys to the Score", timeout=4, markup=False)

    def on_number_field_number_wanted(self) -> None:
        """A word was begun where a number is asked for."""
        self.notify("a number is wanted here; esc gives the keys to the Score", timeout=3, markup=False)

    def action_confirm(self) -> None:
        """Go on in the lesson, answer it, return to it, or, without one, drill; `enter` says which."""
        walk, pane = self._walk, self.query_one(LessonPane)
        if walk is None:
            self._drill()
        elif walk.wandering and not pane.has_text:
            walk.come_back()
            self.show_lesson()
            self._show()
            self._ask()
        elif self._bring_back():
            return
        elif walk.looks_for_fault:
            self._answer("here")
        elif pane.answering is not None:
            pane.answering.submit()
        elif not pane.take_focus():
            self._go_on(walk)

    @property
    def enter(self) -> str:
        """What enter does now, in a lesson."""
        walk, pane = self._walk, self.query_one(LessonPane)
        if walk is None:
            return ""
        if walk.wandering and not pane.has_text:
            return "return"
        if not self.shows_lesson:
            return "show lesson"
        if walk.looks_for_fault:
            return NAME
        if walk.asks:
            asking = pane.answering
            if asking is None:
                return "to question"
            return "take it" if isinstance(asking, Ordering) and not asking.complete else "answer"
        return "finish" if walk.finished else "go on"

    @property
    def has_question(self) -> bool:
        """Whether a question is in sight and has the keys, or the line at the cursor is asked for."""
        walk = self._walk
        if walk is None or not self.shows_lesson:
            return False
        return walk.looks_for_fault or self.query_one(LessonPane).answering is not None

    def _bring_back(self) -> bool:
        """Show the lesson where it is out of sight; whether it was. Nothing of it goes on unseen."""
        if self.shows_lesson:
            return False
        self.show_lesson()
        self._show()
        self._ask()
        return True

    def on_descendant_focus(self) -> None:
        """Other keys matter now."""
        self.tell_keys()

    def on_descendant_blur(self) -> None:
        """Other keys matter now."""
        self.tell_keys()

    def on_ordering_taken(self) -> None:
        """Enter answers when all are taken."""
        self.tell_keys()

    def on_input_changed(self) -> None:
        """An answer is begun, or taken back."""
        self.tell_keys()

    def action_truth(self) -> None:
        """Show what the true run has at the cursor, or not."""
        if self._walk is None or not self._walk.looks_for_fault:
            self.notify("the run that you see is the true one", timeout=2, markup=False)
            return
        self._truth = not self._truth
        self._show()

    def action_later_step(self) -> None:
        if self._walk is None:
            self._session.show_sequence(self._session.sequence + 1)
        elif not self._bring_back():
            self._go_on(self._walk)

    def action_earlier_step(self) -> None:
        if self._walk is None:
            self._session.show_sequence(self._session.sequence - 1)
        elif not self._bring_back() and self._walk.previous():
            self._show()
            self._ask()

    def _go_on(self, walk: Walk) -> None:
        if walk.next():
            self.query_one(Notice).hush()  # it was about the step before
            self._show()
            self._ask()
        else:
            from rnntui.reports.lesson_end import ending_of

            self.app.push_screen(LessonEnd(ending_of(walk), self._palette), self._after_the_end)

    def _after_the_end(self, wish: Wish | None) -> None:
        """What was chosen at the lesson's end."""
        walk, app = self._walk, cast("DebuggerApp", self.app)
        following = walk.entry.next if walk is not None and walk.entry is not None else None
        if wish == "next" and following is not None:
            path = following.path
            app.open(lambda: _taken_up(path, app.store))
        elif wish == "library":
            self.action_library()
        elif wish == "steps":
            self.action_outline()

    def action_give_back(self) -> None:
        """What a click on backspace does in a question of order."""
        self.query_one(Ordering).give_back()

    def action_hint(self) -> None:
        """One more hint, in sight."""
        if self._walk is not None and not self._bring_back() and self._walk.hint() is None:
            self.notify("there is no further hint", timeout=2, markup=False)
        self._show()

    def action_score(self) -> None:
        """Give the keys back to the Score."""
        self.set_focus(None)

    def action_outline(self) -> None:
        """Every step of the lesson, to jump to."""
        walk = self._walk
        if walk is None:
            self.notify("there is no lesson here; L lists the lessons", timeout=3, markup=False)
            return
        self.app.push_screen(Outline(walk, self._palette), self._jump)

    def _jump(self, place: int | None) -> None:
        if self._walk is not None and place is not None:
            if not self._walk.jump(place):
                self._walk.come_back()
            self.show_lesson()
            self._show()
            self._ask()

    def begin_lesson(self) -> None:
        """Say that the lesson goes on where it was left, once that nothing is kept; train ahead what it trains."""
        walk = self._walk
        if walk is not None and walk.script.trains:
            Thread(target=walk.script.prepare, daemon=True).start()
        if walk is not None and walk.taken_up:
            text = f"You left this lesson at step {walk.place + 1}: it goes on here. o lists its steps."
            self.notify(text, timeout=5, markup=False)
        self._complain()

    def _complain(self) -> None:
        notebook = self._walk.notebook if self._walk is not None else None
        complaint = notebook.store.complaint if notebook is not None else ""
        if complaint:
            self.notify(clean(complaint), severity="warning", timeout=8, markup=False)

    def _ask(self) -> None:
        """A question takes the keys when it appears."""
        if self._walk is not None and not (self.shows_lesson and self.query_one(LessonPane).take_focus()):
            self.set_focus(None)
        # later: what is said while a screen is being laid out is hushed when that is done
        self.call_after_refresh(self._complain)


def _taken_up(path: Path, store: Store) -> tuple[Session, Walk]:
    from rnntui.playthrough import take_up

    walk = take_up(path, store)
    return walk.session, walk


def spoken(walk: Walk, enter: str, truth: bool = False) -> Spoken:
    """What the pane says of the step at which a walk stands; `enter`: what enter does; `truth`: with the true value,
    where a fault is looked for."""
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
        lesson=(walk.entry.number + 1, walk.entry.count) if walk.entry is not None else None,
        kind=step.kind,
        text=step.text,
        choices=step.choices,
        verdict=verdict,
        settled=settled,
        message=message,
        off=outcome.off if outcome else None,
        explain=outcome.explain if outcome else "",
        hint="" if hint in message else hint,
        form=step.form,
        enter=enter,
        table=step.table,
        here=walk.here,
        truth=walk.truth if truth else "",
    )
