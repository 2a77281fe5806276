"""A lesson made ready to play: its run, and its steps with every place found and every expression read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from bptt.edits import Edit
from bptt.queries import Query, QueryError, Reading
from bptt.query_nodes import Comparison
from bptt.run import Run
from rnntui.course.answers import AnswerError
from rnntui.course.asked import Asked, Kind, NumberAsked, Situation
from rnntui.course.claims import Claim
from rnntui.course.configuration import Configuration
from rnntui.course.exercises import BugAsked, TrialAsked
from rnntui.course.lesson import Lesson
from rnntui.course.prose import Prose
from rnntui.course.table import Table
from rnntui.safe import InputError
from rnntui.sources import Source

__all__ = ["Expected", "Kind", "Panel", "Question", "Script", "Shown", "Stop", "open_script"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A variable or gradient that a step wants in sight."""

    name: str
    gradient: bool = False


@dataclass(frozen=True, eq=False)
class Shown:
    """Which run a step shows."""

    configuration: Configuration
    iterations: int
    """After how many of its training."""
    fault: BugAsked | None = None
    """The one with which it is run."""

    @property
    def run(self) -> Run:
        """The run itself; trained now, if it is not yet."""
        return self.fault.wrong if self.fault else self.configuration.after(self.iterations)

    @property
    def true(self) -> Run:
        """The same without a fault: what expressions read."""
        return self.configuration.after(self.iterations)


@dataclass(frozen=True)
class Question:
    """What a step asks."""

    asked: Asked
    hints: tuple[Prose, ...]
    explain: Prose
    hidden: frozenset[Reading]
    """What is not shown until the question is answered or given up."""
    place: str
    """LINE:COLUMN of what is asked for."""
    claim: Claim | None = None
    """What the lesson says of the answer, for its self-test alone."""


@dataclass(frozen=True)
class Stop:
    """One step that is seen: where the run stands and what is said or asked there."""

    number: int
    """Its place among the steps of the file, from 0."""
    kind: Kind
    position: int
    """How many steps of the run lie behind the cursor."""
    t: int
    """The cursor's time there."""
    prose: Prose
    show: tuple[Panel, ...]
    focus: Reading | None
    """A variable or gradient at a time, or a parameter or its gradient."""
    question: Question | None
    shown: Shown
    table: Table | None = None
    """Shown with what is said; of a question, with its explanation."""


@dataclass(frozen=True)
class Expected:
    """A condition that a lesson tests itself with."""

    query: Query
    t: int
    place: str
    """LINE:COLUMN in the file."""
    shown: Shown


@dataclass(frozen=True)
class Script:
    """A lesson that can be played."""

    file: str
    lesson: Lesson
    main: Configuration
    """The lesson's own run, and by it all others."""
    stops: tuple[Stop, ...]
    expected: tuple[Expected, ...]

    @property
    def run(self) -> Run:
        """The lesson's own, as it is shown at first."""
        return self.main.run

    @property
    def source(self) -> Source:
        """What that reads."""
        return self.main.source

    @property
    def trains(self) -> bool:
        """Whether anything is trained in it."""
        return any(configuration.learning for configuration in self.main.cases.values())

    def prepare(self) -> None:
        """Train whatever is trained in the lesson, so that nobody waits for it later; safe in a thread of its own."""
        for configuration in self.main.cases.values():
            configuration.after(-1)

    def fill(self, prose: Prose, stop: Stop, covered: bool = False, run: Run | None = None) -> str:
        """A text of a stop with the finished run's numbers; `covered`: ??? for what its question hides; `run`: the one
        with a learner's edits."""
        hidden = stop.question.hidden if covered and stop.question else frozenset()
        return prose.at(run or stop.shown.true, stop.t, hidden)

    def table(self, stop: Stop) -> tuple[str, ...]:
        """The lines of a stop's table; none where it has none."""
        return stop.table.lines(stop.t) if stop.table else ()

    def situation(
        self,
        stop: Stop,
        position: int | None = None,
        run: Run | None = None,
        edits: tuple[Edit, ...] = (),
        covered: bool = False,
    ) -> Situation:
        """Where an answer to a stop's question is given; without more, as the script has it."""
        true = run if run is not None and edits else stop.shown.true
        position = stop.position if position is None else position
        return Situation(true, stop.t, position, lambda prose: self.fill(prose, stop, covered, true), edits)

    def choices(self, stop: Stop, covered: bool = False) -> tuple[str, ...]:
        """What a stop's question offers; empty where there is none or the answer is typed."""
        return stop.question.asked.choices(self.situation(stop, covered=covered)) if stop.question else ()

    def right_answer(self, stop: Stop) -> str:
        """The answer to a stop's question, as a learner would type it."""
        assert stop.question is not None  # a caller looks first
        return stop.question.asked.typed(self.situation(stop))

    def answer(self, stop: Stop) -> float:
        """The number that a stop's question asks for."""
        assert stop.question is not None and isinstance(stop.question.asked, NumberAsked)
        return stop.question.asked.value(self.situation(stop))

    # -- the self-test

    def self_test(self) -> tuple[InputError, ...]:
        """One error for everything that a lesson says of itself and that is not so, in the order of the file."""
        faults = [fault for expected in self.expected if (fault := self._tested(expected)) is not None]
        for stop in self.stops:
            if stop.question is not None:
                faults += [InputError(self.file, stop.question.place, text) for text in self._asked(stop)]
        return tuple(sorted(faults, key=attrgetter("position")))

    def _tested(self, expected: Expected) -> InputError | None:
        query, run = expected.query, expected.shown.true
        try:
            if query.value(run, expected.t):
                return None
            sides = query.explained(run, expected.t)
            found = f"{sides} is false" if isinstance(query.root, Comparison) else "it is false"
        except QueryError as error:
            found = str(error)
        return InputError(self.file, expected.place, f"expected {query.text.strip()}, but {found}")

    def _asked(self, stop: Stop) -> Iterator[str]:
        """What is wrong with a question."""
        assert stop.question is not None
        asked = stop.question.asked
        situation = self.situation(stop)
        try:
            choices = asked.choices(situation)
            if len(set(choices)) < len(choices):
                yield "two of these look the same once their numbers are filled in"
            if isinstance(asked, TrialAsked):
                yield from self._tried(stop, asked)
                return
            judged = asked.judge(asked.typed(situation), situation)
        except (AnswerError, QueryError) as error:
            yield f"the answer {asked.typed(situation)} is not one: {error}"
            return
        if not judged.right:
            yield f"the answer {asked.typed(situation)} is judged wrong: {judged.message}"
        elif stop.question.claim is not None:
            yield from stop.question.claim.doubts(situation)

    def _tried(self, stop: Stop, asked: TrialAsked) -> Iterator[str]:
        run, situation = stop.shown.true, self.situation(stop)
        if asked.judge("", situation).right:
            yield f"the goal {asked.goal.text.strip()} is met before anything is changed"
        edits = tuple(edit for text in asked.solution for edit in asked.read(text, run))
        solved = self.situation(stop, run=run.edited((*run.edits, *edits)), edits=edits)
        judged = asked.judge("", solved)
        if not judged.right:
            yield f"the solution does not meet the goal: {judged.message}"


def open_script(path: str | os.PathLike[str], tried: bool = True) -> Script:
    """Read a lesson file and make it ready. `tried`: whether every expression is evaluated, which trains whatever is
    trained in it; or only its names, times and shapes are looked at.

    Raises InputError where the file cannot be read, and InputErrors with everything that is wrong with it."""
    from rnntui.course.compiling import compiled
    from rnntui.course.reading import read_lesson

    return compiled(read_lesson(path), tried)
