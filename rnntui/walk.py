"""A learner's way through a lesson: its place, its answers and hints; it moves a session's cursor and masks."""

from __future__ import annotations

from dataclasses import dataclass, field

from bptt.edits import Edit
from bptt.errors import InputError as ModelError
from bptt.queries import QueryError
from rnntui.attempts import Attempt, Outcome, Standing, standing_of
from rnntui.course.answers import LETTERS, AnswerError
from rnntui.course.asked import Judged, Situation
from rnntui.course.exercises import BugAsked, TrialAsked
from rnntui.course.lesson import OTHER
from rnntui.course.prose import Prose
from rnntui.course.script import Question, Script, Stop
from rnntui.course.shelf import Entry
from rnntui.frame import Slot
from rnntui.safe import clean
from rnntui.session import Session
from rnntui.shown_step import ShownStep, shown_step
from rnntui.store import Notebook
from rnntui.store.notebook import Verdict

__all__ = ["LETTERS", "AnswerError", "Outcome", "ShownStep", "Standing", "Walk"]


@dataclass(eq=False)
class Walk:
    """The place in a lesson and the one owner of its answers. The session's subscribers hear of a move only where it
    moves the cursor or changes what is hidden."""

    session: Session
    script: Script
    notebook: Notebook | None = None
    """Where place and answers are kept; it also says where the walk begins."""
    entry: Entry | None = None
    """The lesson's place in its course."""
    taken_up: bool = field(default=False, init=False)
    """Whether it goes on where an earlier walk was left."""
    _place: int = field(default=0, init=False)
    _attempts: dict[int, Attempt] = field(default_factory=dict, init=False)
    _earlier: dict[int, Standing] = field(default_factory=dict, init=False)
    """How far questions were by what was kept, before this walk."""
    _was_at_end: bool = field(default=False, init=False)
    _shown: tuple[tuple[int, bool], ShownStep] | None = field(default=None, init=False)
    """(place, whether its question is open), and what is shown there."""
    _edits: tuple[Edit, ...] = field(default=(), init=False)
    """Those that an exercise was judged by."""

    def __post_init__(self) -> None:
        if self.notebook is not None:
            self._place = self.notebook.left_at
            self.taken_up = self._place > 0
            kept = self.notebook.verdicts
            self._earlier = {place: standing_of(verdicts) for place, verdicts in kept.items()}
        self.session.subscribe(self._looked)
        self._stand()

    # -- the place

    @property
    def title(self) -> str:
        """The lesson's."""
        return clean(self.script.lesson.title)

    @property
    def place(self) -> int:
        """Which step is shown, from 0."""
        return self._place

    @property
    def count(self) -> int:
        """How many steps are shown in all."""
        return len(self.script.stops)

    @property
    def finished(self) -> bool:
        """Whether the last step is reached and asks nothing any more."""
        return self._place == self.count - 1 and not self.asks

    @property
    def completed(self) -> bool:
        """Whether the last step was reached, and every question answered or given up, here or earlier."""
        return self._was_at_end and "open" not in self.standings

    @property
    def second(self) -> Session | None:
        """The run that the lesson compares its own with, after as many iterations as the step shows; trained now, if it
        is not yet. None where the lesson names none."""
        other = self.script.main.cases.get(OTHER)
        if other is None:
            return None
        iterations = self.script.stops[self._place].shown.iterations
        return Session(other.after(iterations), other.source, clean(other.label))

    def next(self) -> bool:
        """Go on; an open question is given up first, and its answer shown. Whether anything happened."""
        if self.asks:
            self.give_up()
            return True
        return self.jump(self._place + 1)

    def previous(self) -> bool:
        """To the step before, the cursor as it was there."""
        return self.jump(self._place - 1)

    def jump(self, place: int) -> bool:
        """To any step, counted from 0; whether there is one and it is another."""
        if not 0 <= place < self.count or place == self._place:
            return False
        self._place = place
        if self.session.whatif.edits:
            self.session.clear_edits()
        self._stand()
        return True

    @property
    def standings(self) -> tuple[Standing, ...]:
        """How far each step is: whether its question was settled, and how; by what was kept where it was not asked
        again."""
        return tuple(self._standing(place) for place in range(self.count))

    def _standing(self, place: int) -> Standing:
        if self.script.stops[place].question is None:
            return "said"
        now = self._attempts.get(place, Attempt()).standing
        return self._earlier.get(place, now) if now == "open" else now

    @property
    def headings(self) -> tuple[str, ...]:
        """The first words of every step, Markdown and clean; … for what is computed."""
        return tuple("…".join(stop.prose.pieces).partition("\n\n")[0] for stop in self.script.stops)

    @property
    def wandering(self) -> bool:
        """Whether the session is not where the lesson stands; an exercise has no such place."""
        if self._free:
            return False
        return self.session.position != self._stop.position or bool(self.session.whatif.edits)

    @property
    def _free(self) -> bool:
        """Whether to move or to change something is what is asked."""
        return self._stop.kind in ("bug", "try")

    def come_back(self) -> None:
        """Put the cursor, the lens and the masks where the lesson has them; edits that no exercise asked for go."""
        if self.session.whatif.edits and not self._free:
            self.session.clear_edits()
        self._stand()

    def _stand(self) -> None:
        # masks first, so that no frame in between shows what is asked for
        self._cover()
        shown = self._stop.shown
        self.session.show(shown.run, shown.configuration.source)
        self.session.goto(self._stop.position)
        self.session.release_lens()
        self._note()

    def _note(self) -> None:
        self._was_at_end = self._was_at_end or self._place == self.count - 1
        if self.notebook is not None:
            self.notebook.stands(self._place, done=self.completed)

    def _cover(self) -> None:
        question = self._stop.question
        hidden = question.hidden if question is not None and self.asks else frozenset()
        self.session.hide(Slot(name, t, gradient) for name, t, gradient in hidden if t is not None)

    # -- what is shown

    @property
    def step(self) -> ShownStep:
        """What the lesson shows now; its numbers are computed once, and again when they are no longer covered."""
        at = self._place, self.asks
        if self._shown is None or self._shown[0] != at:
            self._shown = at, shown_step(self.script, self._stop, self.session.cell, covered=self.asks)
        return self._shown[1]

    def _fill(self, prose: Prose) -> str:
        return self.script.fill(prose, self._stop, covered=self.asks)

    # -- the question

    @property
    def outcome(self) -> Outcome | None:
        """How the last answer here was; None before one."""
        return self._attempt.outcome

    @property
    def _stop(self) -> Stop:
        return self.script.stops[self._place]

    @property
    def _attempt(self) -> Attempt:
        return self._attempts.setdefault(self._place, Attempt())

    @property
    def asks(self) -> bool:
        """Whether a question, or an exercise, is asked and not settled."""
        return self._stop.question is not None and self._attempt.is_open

    def answer(self, text: str) -> Outcome:
        """Judge an answer, or make the edit that is typed where something is to be changed.

        What is not settled by it may be tried again, and from the second one on a hint comes with it; the same one
        again counts for nothing. Raises AnswerError for what cannot be read."""
        question = self._stop.question
        if question is None:
            raise AnswerError("nothing is asked here")
        if isinstance(question.asked, TrialAsked):
            return self._changed(question.asked, text)
        try:
            judged = question.asked.judge(text, self._situation)
        except QueryError as error:  # of a lesson that was not checked
            raise AnswerError(str(error)) from None
        return self._judged(question, judged, text)

    @property
    def _situation(self) -> Situation:
        session = self.session
        return self.script.situation(self._stop, session.position, session.run, session.whatif.edits, covered=self.asks)

    def _judged(self, question: Question, judged: Judged, text: str) -> Outcome:
        attempt, message = self._attempt, judged.message
        explain = self._explained(question) if judged.settled else ""
        said = " ".join(text.casefold().split()), self.session.position
        repeated = said in attempt.wrong
        if repeated:
            message = message if self._free else f"{message} You said that before."
        elif not judged.settled:
            attempt.wrong.add(said)
            hint = self.hint() if len(attempt.wrong) > 1 and not self._free else None
            message = f"{message} {hint}" if hint else message
        outcome = Outcome(judged.right, False, message, explain, judged.settled, judged.off)
        self._take(outcome, text, counts=not repeated)
        return outcome

    def _take(self, outcome: Outcome, answer: str, counts: bool = True) -> None:
        self._attempt.outcome = outcome
        self._cover()
        if counts and self.notebook is not None:
            self.notebook.answered(self._place, answer, _verdict(outcome))
            self._note()

    def _changed(self, asked: TrialAsked, text: str) -> Outcome:
        """Make edits, or take one back; the session's notice has them judged."""
        if text.strip() == "undo":
            if not self.session.whatif.edits:
                raise AnswerError("nothing is changed yet: there is nothing to undo")
            self.session.undo_edit()
            return self._attempt.outcome or Outcome(False, False, "undone.", "", settled=False)
        edits = asked.read(text, self.session.run, self.session.classes)
        try:
            self.session.edit(*edits)
        except ModelError as error:
            raise AnswerError(error.reason) from None
        assert self._attempt.outcome is not None  # by the notice
        return self._attempt.outcome

    def _looked(self) -> None:
        """Judge an exercise again when its run was edited."""
        edits, question = self.session.whatif.edits, self._stop.question
        if edits == self._edits:
            return
        self._edits = edits
        if question is not None and isinstance(question.asked, TrialAsked) and self.asks:
            self._attempt.outcome = None
            if edits:
                made = ", ".join(edit.written(self.session.cell) for edit in edits)
                self._judged(question, question.asked.judge("", self._situation), made)

    @property
    def looks_for_fault(self) -> bool:
        """Whether a wrong line is asked for, and not found yet."""
        return self.asks and self._stop.kind == "bug"

    @property
    def asks_for_equation(self) -> bool:
        """Whether an equation is asked for, and not written yet."""
        return self.asks and self._stop.kind == "equation"

    @property
    def here(self) -> str:
        """The line at the cursor, in a few words, while a fault is looked for; else empty."""
        step = self.session.current
        if not self.looks_for_fault:
            return ""
        return f"{step.equation}  at t = {step.t}" if step else "nothing is computed yet: step on"

    @property
    def truth(self) -> str:
        """What the true run has at the cursor, in a line, while a fault is looked for; else empty."""
        question = self._stop.question
        if question is None or not isinstance(question.asked, BugAsked):
            return ""
        return question.asked.truth(self.session.position)

    def hint(self) -> str | None:
        """The next hint, one at a time; None where there is none left or nothing is asked."""
        question, attempt = self._stop.question, self._attempt
        if question is None or attempt.hints >= len(question.hints):
            return None
        attempt.hints += 1
        return self._fill(question.hints[attempt.hints - 1])

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints given here so far."""
        question = self._stop.question
        given = question.hints[: self._attempt.hints] if question is not None else ()
        return tuple(self._fill(hint) for hint in given)

    def give_up(self) -> None:
        """Show the answer and its explanation; nothing where no question is open."""
        question = self._stop.question
        if question is None or not self.asks:
            return
        asked = question.asked
        try:
            told = asked.told(self.script.situation(self._stop))
        except QueryError as error:  # of a lesson that was not checked
            told = f"— ({error})"
        if isinstance(asked, BugAsked):
            self.session.goto(asked.first + 1)
        if isinstance(asked, TrialAsked):
            self._solve(asked)
        self._take(Outcome(False, True, f"it is {told}", self._explained(question)), "")

    def _solve(self, asked: TrialAsked) -> None:
        self._attempt.outcome = Outcome(False, True, "", "")
        if self.session.whatif.edits:
            self.session.clear_edits()
        run = self.session.run
        self.session.edit(*(edit for text in asked.solution for edit in asked.read(text, run)))

    def _explained(self, question: Question) -> str:
        run = self.session.run if isinstance(question.asked, TrialAsked) else None
        return self.script.fill(question.explain, self._stop, run=run)


def _verdict(outcome: Outcome) -> Verdict:
    if outcome.given_up or outcome.right:
        return "given up" if outcome.given_up else "right"
    return "told" if outcome.settled else "wrong"
