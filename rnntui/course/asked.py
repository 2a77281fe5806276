"""What a question asks, kind by kind: its choices, how an answer is judged, and what the right one is."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, Protocol
from zlib import crc32

import numpy as np

from bptt.edits import Edit
from bptt.queries import Query, show
from bptt.run import Run
from rnntui.course.answers import (
    LETTERS,
    SHAPE,
    TRUTHS,
    is_rounded,
    read_choice,
    read_number,
    read_order,
    read_shape,
    read_sign,
    read_truth,
)
from rnntui.course.prose import Prose

Kind = Literal["say", "number", "choice", "order", "sign", "shape", "true-false", "equation", "bug", "try"]
_ZERO = 1e-12
"""Numbers of at most this size count as 0."""


@dataclass(frozen=True)
class Situation:
    """Where an answer is given."""

    run: Run
    """The run that is shown, with the learner's edits."""
    t: int
    """The cursor's time at the step."""
    position: int
    """Where the learner's cursor is."""
    fill: Callable[[Prose], str]
    """A text of the step with its numbers."""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """How an answer was."""

    right: bool
    message: str
    """One line."""
    settled: bool = True
    """Whether the question is not to be tried again."""
    off: float | None = None
    """How far a wrong number is off, as a part of the larger of both magnitudes: −2…2, below 0 where it is too
    small."""


AGAIN = "not this time."


class Asked(Protocol):
    """One question."""

    @property
    def kind(self) -> Kind:
        """Its kind."""

    @property
    def form(self) -> str:
        """What is to be written, in at most 44 characters; empty where nothing is."""

    def choices(self, situation: Situation) -> tuple[str, ...]:
        """What there is to choose from, or to put in order; empty where the answer is typed."""

    def judge(self, text: str, situation: Situation) -> Judged:
        """Judge an answer. Raises AnswerError for what cannot be read."""

    def told(self, situation: Situation) -> str:
        """The right answer, as it is told to the one who gives up."""

    def typed(self, situation: Situation) -> str:
        """The right answer, as a learner would type it."""


@dataclass(frozen=True)
class NumberAsked:
    """A number, within a tolerance. A wrong one is answered with the right one."""

    query: Query
    tolerance: float
    relative: bool = False
    kind: ClassVar[Kind] = "number"
    form: ClassVar[str] = "a number"

    def choices(self, situation: Situation) -> tuple[str, ...]:
        """None."""
        return ()

    def value(self, situation: Situation) -> float:
        """The number; what rounding has left of 0 is 0."""
        value = float(self.query.value(situation.run, situation.t))
        return 0.0 if abs(value) <= _ZERO and not self.relative else value

    def judge(self, text: str, situation: Situation) -> Judged:
        """Judge an answer. Raises AnswerError for what is no plain decimal number."""
        given, typed = read_number(text)
        right = self.value(situation)
        room = self.tolerance * (abs(right) if self.relative else 1.0)
        if abs(given - right) <= room * (1 + 1e-9):
            exact = show(given) == show(right) or is_rounded(typed, right)
            return Judged(True, f"{'yes:' if exact else 'near enough: it is'} {show(right)}")
        off = float(np.clip((given - right) / max(abs(given), abs(right)), -2, 2))
        return Judged(False, f"not this time: you said {typed}, it is {show(right)}", off=off)

    def told(self, situation: Situation) -> str:
        """The number as it is shown."""
        return show(self.value(situation))

    def typed(self, situation: Situation) -> str:
        """All its digits."""
        return repr(self.value(situation))


@dataclass(frozen=True)
class ChoiceAsked:
    """One of several texts."""

    texts: tuple[Prose, ...]
    right: int
    kind: ClassVar[Kind] = "choice"
    form: ClassVar[str] = ""

    def choices(self, situation: Situation) -> tuple[str, ...]:
        """The texts."""
        return tuple(situation.fill(text) for text in self.texts)

    def judge(self, text: str, situation: Situation) -> Judged:
        """Judge a letter, a number from 1, or a text. Raises AnswerError for anything else."""
        right = read_choice(text, self.choices(situation)) == self.right
        return Judged(True, "yes.") if right else Judged(False, AGAIN, settled=False)

    def told(self, situation: Situation) -> str:
        """The right text."""
        return situation.fill(self.texts[self.right])

    def typed(self, situation: Situation) -> str:
        """Its letter."""
        return LETTERS[self.right]


@dataclass(frozen=True)
class SignAsked:
    """The sign of a number."""

    query: Query
    kind: ClassVar[Kind] = "sign"
    form: ClassVar[str] = ""
    signs: ClassVar[tuple[str, ...]] = ("plus", "minus", "zero")

    def choices(self, situation: Situation) -> tuple[str, ...]:
        """The three signs."""
        return self.signs

    def _right(self, situation: Situation) -> int:
        value = float(self.query.value(situation.run, situation.t))
        return 2 if abs(value) <= _ZERO else 0 if value > 0 else 1

    def judge(self, text: str, situation: Situation) -> Judged:
        """Judge a word, a sign or a letter. Raises AnswerError for anything else."""
        value = show(self.query.value(situation.run, situation.t))
        if read_sign(text, self.signs) == self._right(situation):
            return Judged(True, f"yes: {value}")
        return Judged(False, AGAIN, settled=False)

    def told(self, situation: Situation) -> str:
        """The sign, and the number."""
        return f"{self.signs[self._right(situation)]}: {show(self.query.value(situation.run, situation.t))}"

    def typed(self, situation: Situation) -> str:
        """The word."""
        return self.signs[self._right(situation)]


@dataclass(frozen=True)
class TruthAsked:
    """Whether something is so. A wrong answer is answered with the right one."""

    truth: Query | bool
    kind: ClassVar[Kind] = "true-false"
    form: ClassVar[str] = ""
    words: ClassVar[tuple[str, ...]] = TRUTHS

    def choices(self, situation: Situation) -> tuple[str, ...]:
        """The two."""
        return self.words

    def _right(self, situation: Situation) -> int:
        found = self.truth if isinstance(self.truth, bool) else self.truth.value(situation.run, situation.t)
        return 0 if found else 1

    def judge(self, text: str, situation: Situation) -> Judged:
        """Judge true, false, yes, no or a letter. Raises AnswerError for anything else."""
        right = self._right(situation)
        if read_truth(text) == right:
            return Judged(True, "yes.")
        return Judged(False, f"not this time: it is {self.words[right]}")

    def told(self, situation: Situation) -> str:
        """The word."""
        return self.words[self._right(situation)]

    typed = told


@dataclass(frozen=True)
class OrderAsked:
    """Things to be put in order."""

    items: tuple[Prose, ...]
    """In the right order."""
    kind: ClassVar[Kind] = "order"
    form: ClassVar[str] = "the letters in the right order"

    @cached_property
    def _shown(self) -> tuple[int, ...]:
        """The places of the items as they are shown: always the same, and never the right order."""
        places = list(range(len(self.items)))
        draw = random.Random(crc32(repr(self.items).encode()))
        while places == sorted(places):
            draw.shuffle(places)
        return tuple(places)

    def choices(self, situation: Situation) -> tuple[str, ...]:
        """The items, mixed."""
        return tuple(situation.fill(self.items[place]) for place in self._shown)

    def judge(self, text: str, situation: Situation) -> Judged:
        """Judge letters or numbers in their order: c a b. Raises AnswerError where one is missing or there twice."""
        given = [self._shown[place] for place in read_order(text, len(self.items))]
        if given == sorted(given):
            return Judged(True, f"yes: {self.told(situation)}.")
        fit = next(n for n, place in enumerate(given) if place != n)
        so_far = (
            f"the first {fit} are right." if fit > 1 else "the first one is right." if fit else "not the first one."
        )
        return Judged(False, f"not this time: {so_far}", settled=False)

    def told(self, situation: Situation) -> str:
        """All items, in order."""
        return ", ".join(situation.fill(item) for item in self.items)

    def typed(self, situation: Situation) -> str:
        """Their letters."""
        return " ".join(LETTERS[self._shown.index(place)] for place in range(len(self.items)))


@dataclass(frozen=True)
class ShapeAsked:
    """How many rows and columns something has."""

    query: Query
    kind: ClassVar[Kind] = "shape"
    form: ClassVar[str] = SHAPE

    def choices(self, situation: Situation) -> tuple[str, ...]:
        """None."""
        return ()

    def _right(self, situation: Situation) -> tuple[int, ...]:
        return np.shape(self.query.value(situation.run, situation.t)) or (1,)

    def judge(self, text: str, situation: Situation) -> Judged:
        """Judge 2 × 4, 2x4 or 2, 4. Raises AnswerError for anything else."""
        right = self._right(situation)
        given = read_shape(text)
        if given == right or (len(right) == 1 and given == (*right, 1)):
            return Judged(True, f"yes: {self.told(situation)}")
        if given == right[::-1]:
            return Judged(False, "not this time: rows come first, then columns.", settled=False)
        return Judged(False, AGAIN, settled=False)

    def told(self, situation: Situation) -> str:
        """Rows × columns."""
        return " × ".join(map(str, self._right(situation)))

    typed = told
