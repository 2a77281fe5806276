"""What a lesson file may say: its parts as frozen, closed models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator
from pydantic_core import PydanticCustomError

MAX_TEXT = 8_000
"""Characters of one text."""
MAX_EXPRESSION = 500


def _fault(reason: str, at: str = "") -> PydanticCustomError:
    """What is wrong with several keys together; `at`: the one to point to, where one is to blame."""
    return PydanticCustomError("lesson", "{reason}", {"reason": reason, "at": at})


class Part(BaseModel):
    """A part of a lesson: closed to unknown keys, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ModelPart(Part):
    """Which net: a built-in cell or equations of its own."""

    cell: str | None = None
    equations: str | None = Field(default=None, max_length=MAX_TEXT)
    hidden: int = Field(default=4, ge=1, le=4096)
    layers: int = Field(default=1, ge=1, le=32)
    """How often the cell is stacked."""
    seed: int = Field(default=0, ge=0, lt=2**63)
    init: Any = "glorot"
    """A scheme, or parameter → scheme or numbers, as `Model.create` takes it."""
    initial: dict[str, Any] = {}
    """State → its value before the first step."""
    loss: Literal["sum", "mean"] = "sum"

    @model_validator(mode="after")
    def _one_cell(self) -> ModelPart:
        if (self.cell is None) == (self.equations is None):
            raise _fault("give either cell (a built-in name) or equations: one of them, not both", "equations")
        return self


class DataPart(Part):
    """What the net reads and has to predict."""

    text: str | None = Field(default=None, min_length=2, max_length=100_000)
    csv: str | None = Field(default=None, min_length=1, max_length=200)
    """A file below the lesson's folder."""
    column: str | None = Field(default=None, max_length=200)
    task: str | None = Field(default=None, max_length=100)
    """A generated task of `bptt.tasks`."""
    length: int | None = Field(default=None, ge=2, le=100_000)
    """How many characters or rows are read; all of them, up to 1,000, where it is left out. Of a task its times."""
    batch: int = Field(default=1, ge=1, le=4096)
    """Consecutive windows of a text or table, or sequences of a task."""
    seed: int | None = Field(default=None, ge=0, lt=2**63)
    """What a task is drawn with; 0 where it is left out."""
    offset: int = Field(default=0, ge=0, le=1_000_000_000)
    x: list[Any] | None = None
    y: list[Any] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> DataPart:
        given = [name for name in ("text", "csv", "task", "x") if getattr(self, name) is not None]
        if len(given) != 1:
            raise _fault("give one of text, csv (with column), task, or x (with y)", given[-1] if given else "")
        if (self.csv is None) != (self.column is None):
            raise _fault("csv and column belong together: give both", "csv" if self.csv else "column")
        if (self.x is None) != (self.y is None):
            raise _fault("x and y belong together: give both", "x" if self.x else "y")
        if self.seed is not None and self.task is None:
            raise _fault("a seed belongs to a task: the other data is not drawn", "seed")
        return self


class BpttPart(Part):
    """How far losses are carried back."""

    window: int | Literal["full"] = "full"
    """Times that a loss is carried back."""
    stride: int | None = None
    """Times from one backward pass to the next; the window where it is left out."""


class _Placed(Part):
    """Where to stand and what to light up: every step of the script may say so."""

    goto: str | None = Field(default=None, max_length=100)
    step: int | None = Field(default=None, ge=1, le=100_000)
    back: int | None = Field(default=None, ge=1, le=100_000)
    until: str | None = Field(default=None, max_length=MAX_EXPRESSION)
    show: tuple[str, ...] = ()
    focus: str | None = Field(default=None, max_length=MAX_EXPRESSION)

    @field_validator("show", mode="before")
    @classmethod
    def _shown(cls, value: Any) -> Any:
        if isinstance(value, str):
            return (value,)
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _one_move(self) -> _Placed:
        moves = [name for name in ("goto", "step", "back", "until") if getattr(self, name) is not None]
        if len(moves) > 1:
            raise _fault(f"one move a step: {' and '.join(moves)} stand here together", moves[1])
        return self


class Narration(_Placed):
    """Something said, a move, or both."""

    say: str | None = Field(default=None, min_length=1, max_length=MAX_TEXT)

    @model_validator(mode="after")
    def _something(self) -> Narration:
        if self.say is None and not any((self.goto, self.step, self.back, self.until)):
            raise _fault("a step says something (say), asks (ask), moves (goto, step, back, until) or tests (expect)")
        return self


class Question(_Placed):
    """Something asked, with one right answer."""

    ask: str = Field(min_length=1, max_length=2000)
    number: str | None = Field(default=None, max_length=MAX_EXPRESSION)
    tolerance: float = Field(default=0.01, gt=0, allow_inf_nan=False)
    """How far off an answer may be, absolutely."""
    choice: tuple[str, ...] = Field(default=(), max_length=26)
    answer: str | None = None
    hint: tuple[str, ...] = ()
    """Given one at a time."""
    explain: str = Field(default="", max_length=MAX_TEXT)
    """Said after a right answer, and after the answer was given up."""
    mask: tuple[str, ...] | None = None
    """What is hidden until then; the value asked for, where `number` is a single reference and this is left out."""

    @field_validator("choice", "hint", "mask", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        if isinstance(value, str):
            return (value,)
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _answerable(self) -> Question:
        if (self.number is None) == (not self.choice):
            raise _fault("a question needs either number (an expression) or choice (a list)", "ask")
        if self.choice and len(set(self.choice)) < max(2, len(self.choice)):
            raise _fault("choice needs two or more different answers", "choice")
        if self.choice and self.answer not in self.choice:
            choices = " / ".join(self.choice)
            if self.answer is None:
                raise _fault(f"answer is missing: give one of the choices, {choices}", "choice")
            raise _fault(f"the answer {self.answer!r} is not one of the choices: {choices}", "answer")
        if self.number is not None and self.answer is not None:
            raise _fault("a number question takes its answer from the run: leave answer out", "answer")
        return self


class Expectation(Part):
    """A test of the lesson itself; never shown. `t` in it is the time at which the step before it stands."""

    expect: str = Field(min_length=1, max_length=MAX_EXPRESSION)


def _kind(value: Any) -> str:
    keys = value if isinstance(value, dict) else ()
    if "ask" in keys or isinstance(value, Question):
        return "question"
    return "expectation" if "expect" in keys or isinstance(value, Expectation) else "narration"


Step = Annotated[
    Annotated[Narration, Tag("narration")]
    | Annotated[Question, Tag("question")]
    | Annotated[Expectation, Tag("expectation")],
    Discriminator(_kind),
]


class Lesson(Part):
    """One lesson."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
    title: str = Field(min_length=1, max_length=80)
    summary: str = Field(default="", max_length=200)
    level: int = Field(default=1, ge=1, le=4)
    """1 first steps … 4 research."""
    minutes: int = Field(default=5, ge=1, le=600)
    needs: tuple[str, ...] = ()
    model: ModelPart
    data: DataPart
    bptt: BpttPart = BpttPart()
    steps: tuple[Step, ...] = Field(min_length=1, max_length=2_000)

    @field_validator("needs", "steps", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value
