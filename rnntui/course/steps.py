"""What a lesson file may say step by step: narration, questions, exercises and tests, as frozen, closed models."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from bptt.faults import FAULTS
from rnntui.course.sections import MAX_EXPRESSION, MAX_TEXT, Part, Texts, Typed, Weighed, fault

QUESTIONS = ("number", "choice", "order", "sign", "shape", "true-false", "equation", "bug")
"""The keys of which a question has one."""
PLACING = ("goto", "step", "back", "until", "run", "show", "focus")
"""The keys that say where a step stands and what is lit."""


class TablePart(Part):
    """Numbers of several runs side by side, or recorded ones."""

    columns: dict[str, str] = Field(min_length=1, max_length=12)
    """Heading → an expression, which each row's run answers; with `recorded`, the name of a number of each entry."""
    rows: Texts = Field(default=(), max_length=64)
    """The names of cases, and main for the lesson's own run; with `recorded`, of entries; all where it is left out."""
    recorded: str | None = Field(default=None, min_length=1, max_length=200)
    """An object of objects in a recorded file, like faults or faults.text: a row for each, called by its `label`."""


class _Placed(Part):
    """Where to stand and what to light up: every step of the script may say so."""

    goto: str | None = Field(default=None, max_length=100)
    """Where to stand: forward t=2 h, backward t=T h, b5 ∇h, start, end, #60, nan."""
    step: int | None = Field(default=None, ge=1, le=100_000)
    """So many steps on from where the step before stands."""
    back: int | None = Field(default=None, ge=1, le=100_000)
    """So many steps back."""
    until: str | None = Field(default=None, max_length=MAX_EXPRESSION)
    """On to the first place where this condition holds at the cursor."""
    run: str | int | None = None
    """Which run is shown from here on: before, after or a number of iterations, a case, main."""
    show: Texts = ()
    """What should be in sight: h, grad(h)."""
    focus: str | None = Field(default=None, max_length=MAX_EXPRESSION)
    """What is lit: one thing, like grad(h[3]) or W."""
    table: TablePart | None = None
    """Shown below what is said; of a question, below its explanation."""

    @model_validator(mode="after")
    def _one_move(self) -> _Placed:
        moves = [name for name in ("goto", "step", "back", "until") if getattr(self, name) is not None]
        if len(moves) > 1:
            raise fault(f"one move a step: {' and '.join(moves)} stand here together", moves[1])
        return self


class Narration(_Placed):
    """Something said, a move, or both."""

    say: str | None = Field(default=None, min_length=1, max_length=MAX_TEXT)
    """What is said, in at most about 60 words; {{ expression }} is a number of the run."""

    @model_validator(mode="after")
    def _something(self) -> Narration:
        if self.say is None and self.table is not None:
            raise fault("a table needs words: write say beside it", "table")
        if self.say is None and self.run is None and not any((self.goto, self.step, self.back, self.until)):
            raise fault("a step says something (say), asks (ask), moves (goto, step, back, until) or tests (expect)")
        return self


class _Asking(_Placed):
    """What questions and exercises have in common."""

    hint: Texts = ()
    """Given one at a time."""
    explain: str = Field(default="", max_length=MAX_TEXT)
    """Said after a right answer, and after the answer was given up."""
    mask: Texts | None = None
    """What is hidden until then; the value asked for, where it is a single reference and this is left out."""


class Question(_Asking):
    """Something asked, with one right answer."""

    ask: str = Field(min_length=1, max_length=2000)
    """What is asked; beside it stands one of number, choice, order, sign, shape, true-false, equation, bug."""
    number: str | None = Field(default=None, max_length=MAX_EXPRESSION)
    """An expression, whose value is the answer."""
    tolerance: float | str = 0.01
    """How far off a number may be: absolutely, or as "5%" of it."""
    choice: Weighed = Field(default={}, max_length=8)
    """Text → the condition under which it is the right one: that of the answer holds, and no other."""
    answer: Typed | None = Field(default=None, max_length=2000)
    """What is said to be right, and tested; a choice (one of its texts) and an equation (a right-hand side) need it."""
    order: Weighed = Field(default={}, max_length=8)
    """Item → a number, in the right order, the smallest first; shown in another."""
    sign: str | None = Field(default=None, max_length=MAX_EXPRESSION)
    """An expression; asked is whether it is above, below or equal to 0."""
    shape: str | None = Field(default=None, max_length=MAX_EXPRESSION)
    """A matrix or vector, like V.T; asked are its rows and columns."""
    true_false: str | bool | None = Field(default=None, alias="true-false")
    """A condition, or true or false."""
    equation: str | None = Field(default=None, max_length=MAX_EXPRESSION)
    """What the right-hand side is asked of: h[t], or grad(h[t])."""
    bug: str | None = None
    """The fault that the run is made with; asked is the first line that is wrong."""
    of: str | None = None
    """The variable in whose equation the fault is planted; the first that can have it where this is left out."""

    @model_validator(mode="after")
    def _answerable(self) -> Question:
        given = [key for key in QUESTIONS if getattr(self, key.replace("-", "_")) not in (None, {})]
        if not given:
            kinds = f"{', '.join(QUESTIONS[2:-1])} or {QUESTIONS[-1]}"
            raise fault(f"a question needs either number (an expression) or choice (a list), or {kinds}", "ask")
        if len(given) > 1:
            raise fault(f"one kind of question a step: {' and '.join(given)} stand here together", given[1])
        self._check_answer(given[0])
        for key, least in (("choice", self.choice), ("order", self.order)):
            if len(least) == 1:
                raise fault(f"{key} needs two or more different {'answers' if key == 'choice' else 'items'}", key)
        if not _is_tolerance(self.tolerance):
            raise fault("a tolerance is a number above 0, like 0.01, or a share of the answer, like 5%", "tolerance")
        if self.bug is not None and self.bug not in FAULTS:
            raise fault(f"got {self.bug!r}, expected one of {', '.join(FAULTS)}", "bug")
        if self.of is not None and self.bug is None:
            raise fault("of belongs to bug: it says in whose equation the fault is planted", "of")
        return self

    def _check_answer(self, kind: str) -> None:
        choices = " / ".join(self.choice)
        if kind == "choice" and self.answer is None:
            raise fault(f"answer is missing: give one of the choices, {choices}", "choice")
        if kind == "choice" and self.answer not in self.choice:
            raise fault(f"the answer {self.answer!r} is not one of the choices: {choices}", "answer")
        if kind == "equation" and self.answer is None:
            raise fault("answer is missing: give the right-hand side, like tanh(U @ x[t] + W @ h[t-1] + b)", "equation")
        if kind == "order" and self.answer is not None:
            raise fault("the right order is that in which the items stand: leave answer out", "answer")


class Trial(_Asking):
    """Something to be changed until a goal is met."""

    task: str = Field(alias="try", min_length=1, max_length=2000)
    """What is to be brought about by editing values."""
    allow: Texts = Field(min_length=1, max_length=20)
    """What may be edited: names of parameters and variables."""
    goal: str = Field(min_length=1, max_length=MAX_EXPRESSION)
    """The condition that the run with the edits is to meet, and that it does not meet before."""
    solution: Texts = Field(min_length=1, max_length=20)
    """Edits that meet the goal: what is shown when it is given up, and what the self-test tries."""


class Expectation(Part):
    """A test of the lesson itself; never shown. `t` in it is the time at which the step before it stands."""

    expect: str = Field(min_length=1, max_length=MAX_EXPRESSION)
    """A condition that holds on the finished run."""


def _kind(value: Any) -> str:
    for key, part, kind in (
        ("ask", Question, "question"),
        ("try", Trial, "trial"),
        ("expect", Expectation, "expectation"),
    ):
        if isinstance(value, part) or (isinstance(value, dict) and key in value):
            return kind
    if isinstance(value, dict) and "say" not in value:  # what a question or an exercise is asked by was forgotten
        if any(key in value for key in QUESTIONS):
            return "question"
        if "goal" in value:
            return "trial"
    return "narration"


STEPS: dict[str, type[Part]] = {
    "narration": Narration,
    "question": Question,
    "trial": Trial,
    "expectation": Expectation,
}
"""Tag → the kind of step."""
Step = Annotated[
    Annotated[Narration, Tag("narration")]
    | Annotated[Question, Tag("question")]
    | Annotated[Trial, Tag("trial")]
    | Annotated[Expectation, Tag("expectation")],
    Discriminator(_kind),
]


def _is_tolerance(value: float | str) -> bool:
    try:
        number = float(value.removesuffix("%")) if isinstance(value, str) else value
    except ValueError:
        return False
    return 0 < number < float("inf") and (not isinstance(value, str) or value.endswith("%"))
