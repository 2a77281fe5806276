"""What a lesson file may say: its parts as frozen, closed models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator


class Part(BaseModel):
    """A part of a lesson: closed to unknown keys, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ModelPart(Part):
    """Which net: a built-in cell or equations of its own."""

    cell: str | None = None
    equations: str | None = Field(default=None, max_length=8000)
    hidden: int = Field(default=4, ge=1, le=4096)
    seed: int = Field(default=0, ge=0, lt=2**63)
    init: Any = "glorot"
    """A scheme, or parameter → scheme or numbers, as `Model.create` takes it."""
    initial: dict[str, Any] = {}
    """State → its value before the first step."""
    loss: Literal["sum", "mean"] = "sum"

    @model_validator(mode="after")
    def _one_cell(self) -> ModelPart:
        if (self.cell is None) == (self.equations is None):
            raise ValueError("give either cell (a built-in name) or equations, not both and not neither")
        return self


class DataPart(Part):
    """What the net reads and has to predict."""

    text: str | None = Field(default=None, min_length=2, max_length=100_000)
    csv: str | None = None
    column: str | None = None
    x: list[Any] | None = None
    y: list[Any] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> DataPart:
        given = [name for name in ("text", "csv", "x") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give one of text, csv (with column), or x (with y)")
        if (self.csv is None) != (self.column is None):
            raise ValueError("csv and column belong together")
        if (self.x is None) != (self.y is None):
            raise ValueError("x and y belong together")
        return self


class _Placed(Part):
    """Where to stand and what to light up: every step of the script may say so."""

    goto: str | None = Field(default=None, max_length=100)
    step: int | None = Field(default=None, ge=1, le=100_000)
    back: int | None = Field(default=None, ge=1, le=100_000)
    until: str | None = Field(default=None, max_length=500)
    show: tuple[str, ...] = ()
    focus: str | None = Field(default=None, max_length=500)

    @field_validator("show", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _one_move(self) -> _Placed:
        moves = [name for name in ("goto", "step", "back", "until") if getattr(self, name) is not None]
        if len(moves) > 1:
            raise ValueError(f"one move a step: {' and '.join(moves)} stand here together")
        return self


class Narration(_Placed):
    """Something said, a move, or both."""

    say: str | None = Field(default=None, min_length=1, max_length=8000)


class Question(_Placed):
    """Something asked, with one right answer."""

    ask: str = Field(min_length=1, max_length=2000)
    number: str | None = Field(default=None, max_length=500)
    tolerance: float = Field(default=0.01, gt=0)
    """How far off an answer may be, absolutely."""
    choice: tuple[str, ...] = ()
    answer: str | None = None
    hint: tuple[str, ...] = ()
    explain: str = Field(default="", max_length=8000)
    mask: tuple[str, ...] | None = None

    @field_validator("choice", "hint", "mask", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        if isinstance(value, str):
            return (value,)
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _answerable(self) -> Question:
        if (self.number is None) == (not self.choice):
            raise ValueError("a question needs either number (an expression) or choice (a list)")
        if self.choice and len(set(self.choice)) < max(2, len(self.choice)):
            raise ValueError("choice needs two or more different answers")
        if self.choice and self.answer not in self.choice:
            given = "answer is missing" if self.answer is None else f"answer {self.answer!r} is not one of the choices"
            raise ValueError(f"{given}: {' / '.join(self.choice)}")
        if self.number is not None and self.answer is not None:
            raise ValueError("a number question takes its answer from the run: leave answer out")
        return self


class Expectation(Part):
    """A test of the lesson itself; never shown."""

    expect: str = Field(min_length=1, max_length=500)


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
    steps: tuple[Step, ...] = Field(min_length=1, max_length=2000)

    @field_validator("needs", "steps", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value
