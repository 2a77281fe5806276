"""The lesson on the screen: what it says, its questions, and the keys that lead through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from rnntui.session import Session
from rnntui.widgets.lesson_pane import LessonPane, Spoken, Verdict

if TYPE_CHECKING:
    from rnntui.screens.panes import Pane
    from rnntui.walk import Walk


class Teaching(Screen[int]):
    """The part of the debugger that turns keys into calls of the walk through a lesson."""

    _session: Session
    _walk: Walk | None

    def _show(self) -> None:
        raise NotImplementedError

    def _drill(self) -> None:
        raise NotImplementedError

    def _choose(self, pane: Pane | None) -> None:
        raise NotImplementedError

    def action_pane_lesson(self) -> None:
        """The lesson, and what there is room for."""
        self._choose(None)
        self._ask()

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

    def action_confirm(self) -> None:
        """Go on in the lesson, return to it, or, without one, drill."""
        walk = self._walk
        if walk is None:
            self._drill()
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


def spoken(walk: Walk) -> Spoken:
    """What the pane says of the step at which a walk stands."""
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
