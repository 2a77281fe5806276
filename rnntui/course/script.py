"""A lesson made ready to play: its run, and its steps with every place found and every expression read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from bptt.queries import Query, QueryError, Reading, show
from bptt.query_nodes import Comparison
from bptt.query_values import Evaluation
from bptt.run import Run
from rnntui.course.lesson import Lesson
from rnntui.course.prose import Prose
from rnntui.safe import InputError
from rnntui.sources import Source

Kind = Literal["say", "number", "choice"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A variable or gradient that a step wants in sight."""

    name: str
    gradient: bool = False


@dataclass(frozen=True)
class Question:
    """What a step asks."""

    choices: tuple[Prose, ...]
    """Empty for a number."""
    right: int
    """The place of the right choice, from 0; −1 for a number."""
    number: Query | None
    """The number asked for; None for a choice."""
    tolerance: float
    """How far off a number may be, absolutely."""
    hints: tuple[Prose, ...]
    explain: Prose
    hidden: frozenset[Reading]
    """What is not shown until the question is answered or given up."""


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


@dataclass(frozen=True)
class Expected:
    """A condition that a lesson tests itself with."""

    query: Query
    t: int
    place: str
    """LINE:COLUMN in the file."""


@dataclass(frozen=True)
class Script:
    """A lesson that can be played."""

    file: str
    lesson: Lesson
    source: Source
    run: Run
    stops: tuple[Stop, ...]
    expected: tuple[Expected, ...]

    def fill(self, prose: Prose, stop: Stop, covered: bool = False) -> str:
        """A text of a stop with the finished run's numbers; `covered`: ??? for what its question hides."""
        hidden = stop.question.hidden if covered and stop.question else frozenset()
        return prose.at(self.run, stop.t, hidden)

    def answer(self, stop: Stop) -> float:
        """The number that a stop's question asks for."""
        assert stop.question is not None and stop.question.number is not None  # a caller looks at the kind first
        return float(stop.question.number.value(self.run, stop.t))  # a single one: tried when it was made

    def self_test(self) -> tuple[InputError, ...]:
        """One error for every `expect` that does not hold."""
        return tuple(fault for expected in self.expected if (fault := self._tested(expected)) is not None)

    def _tested(self, expected: Expected) -> InputError | None:
        query = expected.query
        try:
            if query.value(self.run, expected.t):
                return None
            found = self._sides(query, expected.t)
        except QueryError as error:
            found = str(error)
        return InputError(self.file, expected.place, f"expected {query.text.strip()}, but {found}")

    def _sides(self, query: Query, t: int) -> str:
        """`0.25 < 0.1 is false`, the sides of a comparison in numbers."""
        if not isinstance(query.root, Comparison):
            return "it is false"
        values = [show(Evaluation(self.run, t).value(operand)) for operand in query.root.operands]
        text = values[0] + "".join(f" {o} {v}" for o, v in zip(query.root.operators, values[1:], strict=True))
        return f"{text} is false"


def open_script(path: str | os.PathLike[str]) -> Script:
    """Read a lesson file and make it ready. Raises InputError where it cannot be read, and InputErrors with everything
    that is wrong with it."""
    from rnntui.course.compiling import compiled
    from rnntui.course.reading import read_lesson

    return compiled(read_lesson(path))
