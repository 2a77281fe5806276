"""What a lesson says the answer to its own question is, and how the run bears it out: what the self-test compares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from bptt.queries import Query, QueryError, show
from rnntui.course.answers import AnswerError
from rnntui.course.asked import Asked, ChoiceAsked, OrderAsked, Situation, TruthAsked
from rnntui.course.exercises import BugAsked


class Claim(Protocol):
    """An answer and what decides about it; never shown to a learner."""

    def doubts(self, situation: Situation) -> Iterator[str]:
        """What the run shows against it, a line each; nothing where it bears it out."""


@dataclass(frozen=True)
class Stated:
    """An answer as a learner would type it, to a question that the run itself answers."""

    asked: Asked
    answer: str

    def doubts(self, situation: Situation) -> Iterator[str]:
        """A line where the run has another answer."""
        try:
            if self.asked.judge(self.answer, situation).right:
                return
        except AnswerError as error:
            yield f"the answer {self.answer} is not one: {error}"
            return
        yield f"the answer is said to be {self.answer}, but the run shows {self._found(situation)}"

    def _found(self, situation: Situation) -> str:
        match self.asked:
            case BugAsked() as bug:
                return bug.typed(situation)
            case TruthAsked(Query() as truth):
                return f"{self.asked.told(situation)}: {_sides(truth, situation)}"
        return self.asked.told(situation)


@dataclass(frozen=True)
class Chosen:
    """A choice whose texts stand beside conditions, of which that of the answer holds and no other."""

    asked: ChoiceAsked
    conditions: tuple[Query | None, ...]
    """One for each text; None where nothing would make it right."""

    def doubts(self, situation: Situation) -> Iterator[str]:
        """A line for each condition that decides for another answer, or one where the answer's does not hold."""
        texts, right = self.asked.choices(situation), self.asked.right
        claimed = f"the answer is said to be {texts[right]!r}"
        decided = False
        for n, condition in enumerate(self.conditions):
            try:
                holds = condition is not None and bool(condition.value(situation.run, situation.t))
            except QueryError as error:
                yield f"the condition of {texts[n]!r} has no answer: {error}"
                decided = True
                continue
            if holds and n != right:
                assert condition is not None
                yield f"{claimed}, but the run decides for {texts[n]!r}: {_sides(condition, situation)}"
            decided |= holds
        condition = self.conditions[right]
        if not decided and condition is None:
            yield f"{claimed}, but no condition holds, and none stands beside that"
        elif not decided and condition is not None:
            yield f"{claimed}, but its condition does not hold: {_sides(condition, situation)}"


@dataclass(frozen=True)
class Ordered:
    """Items that stand beside numbers, the smallest first."""

    asked: OrderAsked
    numbers: tuple[Query, ...]

    def doubts(self, situation: Situation) -> Iterator[str]:
        """A line where a number is not larger than the one before it."""
        texts = [situation.fill(item) for item in self.asked.items]
        found: list[float] = []
        for text, number in zip(texts, self.numbers, strict=True):
            try:
                value = number.value(situation.run, situation.t)
            except QueryError as error:
                yield f"the number of {text!r} has no answer: {error}"
                return
            if np.ndim(value) or not np.isfinite(value):
                yield f"{text!r} needs one finite number beside it, not {number.text.strip()}"
                return
            found.append(float(value))
        for n, (before, after) in enumerate(pairwise(found)):
            if not before < after:
                yield (
                    f"{texts[n]!r} is said to come before {texts[n + 1]!r}, "
                    f"but the run shows {show(before)} and {show(after)}: the smallest stands first"
                )


def _sides(condition: Query, situation: Situation) -> str:
    """A condition as written, and with its sides in numbers."""
    text = " ".join(condition.text.split())
    sides = condition.explained(situation.run, situation.t)
    return text if sides == text else f"{text} is {sides}"
