"""What a lesson file may say of its net: model, data, truncation, training and cases, as frozen, closed models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator, model_validator
from pydantic_core import PydanticCustomError

MAX_TEXT = 8_000
"""Characters of one text."""
MAX_EXPRESSION = 500
SOURCES = ("text", "csv", "task", "x")
"""The keys of data of which one is given."""


def fault(reason: str, at: str | int = "") -> PydanticCustomError:
    """What is wrong with several parts together; `at`: the key or item to point to, where one is to blame."""
    return PydanticCustomError("lesson", "{reason}", {"reason": reason, "at": at})


def listed(value: Any) -> Any:
    """A list, or a single text for a list of one, as a tuple."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


Texts = Annotated[
    tuple[str, ...],
    BeforeValidator(listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""A list of texts, or a single one."""


def _weighed(value: Any) -> Any:
    """A list of texts, or a single one, as texts beside which nothing stands."""
    if not isinstance(value, list | str):
        return value
    texts = listed(value)
    for n, text in enumerate(texts):
        if not isinstance(text, str):
            raise fault("a text belongs here: put it in quotes; what decides stands behind it, without -", n)
        if text in texts[:n]:
            raise fault(f"{text!r} stands here a second time", n)
    return dict.fromkeys(texts)


Expression = Annotated[str, Field(max_length=MAX_EXPRESSION)]
Weighed = Annotated[
    dict[str, Expression | None],
    BeforeValidator(_weighed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "string"}},
                {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
            ]
        }
    ),
]
"""Texts, each with the expression that decides about it; a list leaves that out."""


def _typed(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


Typed = Annotated[str, BeforeValidator(_typed), WithJsonSchema({"type": ["string", "number", "boolean"]})]
"""An answer as a learner would type it."""


class Part(BaseModel):
    """A part of a lesson: closed to unknown keys, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class ModelPart(Part):
    """Which net: a built-in cell or equations of its own."""

    cell: str | None = None
    """A built-in cell; `rnntui cells` lists them. Or `equations`."""
    equations: str | None = Field(default=None, max_length=MAX_TEXT)
    """The equations of a cell of one's own, one a line, below a |."""
    hidden: int = Field(default=4, ge=1, le=4096)
    """H, the number of hidden units."""
    layers: int = Field(default=1, ge=1, le=32)
    """How often the cell is stacked."""
    seed: int = Field(default=0, ge=0, lt=2**63)
    """What the parameters are drawn with."""
    init: Any = "glorot"
    """A scheme, or parameter → scheme or numbers, as `Model.create` takes it."""
    initial: dict[str, Any] = {}
    """State → its value before the first step."""
    loss: Literal["sum", "mean"] = "sum"
    """Of the whole run: summed over times and sequences, or the mean over the targets."""
    dtype: Literal["float64", "float32"] = "float64"
    """With how many digits is computed."""
    parameters: str | None = Field(default=None, min_length=1, max_length=200)
    """An .npz file of trained parameters, below the lesson's folder; with `cell` or `equations`."""

    @model_validator(mode="after")
    def _one_cell(self) -> ModelPart:
        if (self.cell is None) == (self.equations is None):
            raise fault("give either cell (a built-in name) or equations: one of them, not both", "equations")
        return self


class DataPart(Part):
    """What the net reads and has to predict."""

    text: str | None = Field(default=None, min_length=2, max_length=100_000)
    """Each character predicts the next."""
    csv: str | None = Field(default=None, min_length=1, max_length=200)
    """A file below the lesson's folder."""
    column: str | None = Field(default=None, max_length=200)
    """Of that file: each row predicts the next."""
    task: str | None = Field(default=None, max_length=100)
    """A generated task of `bptt.tasks`."""
    length: int | None = Field(default=None, ge=2, le=100_000)
    """How many characters or rows are read; all of them, up to 1,000, where it is left out. Of a task its times."""
    batch: int = Field(default=1, ge=1, le=4096)
    """Consecutive windows of a text or table, or sequences of a task."""
    seed: int | None = Field(default=None, ge=0, lt=2**63)
    """What a task is drawn with; 0 where it is left out."""
    offset: int = Field(default=0, ge=0, le=1_000_000_000)
    """So many characters or rows are left out at the beginning."""
    every: int | None = Field(default=None, ge=1, le=1_000_000)
    """Rows of a table from the beginning of one window to that of the next; the length where it is left out."""
    scale: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    """What the values of a table are multiplied with."""
    x: list[Any] | float | None = None
    """Rows of numbers, or whole ones for one-hot rows; a single number for all `inputs` at all times."""
    y: list[Any] | dict[Literal["last"], Any] | None = None
    """A target for each time, null where there is none; or {last: TARGET} for one at T alone."""
    inputs: int | None = Field(default=None, ge=1, le=4096)
    """D of numbers that are given."""
    outputs: int | None = Field(default=None, ge=1, le=4096)
    """K of them."""

    @field_validator("x", "scale", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _one_source(self) -> DataPart:
        given = [name for name in SOURCES if getattr(self, name) is not None]
        if len(given) != 1:
            raise fault("give one of text, csv (with column), task, or x (with y)", given[-1] if given else "")
        if (self.csv is None) != (self.column is None):
            raise fault("csv and column belong together: give both", "csv" if self.csv else "column")
        if (self.x is None) != (self.y is None):
            raise fault("x and y belong together: give both", "y" if self.x is None else "x")
        if isinstance(self.x, float) and (self.length is None or self.inputs is None):
            raise fault("a single number for x needs length and inputs", "x")
        for key, source in (("seed", "a task"), ("every", "csv"), ("inputs", "x"), ("outputs", "x")):
            if getattr(self, key) is not None and getattr(self, source.removeprefix("a ")) is None:
                raise fault(f"a {key} belongs to {source}: leave it out", key)
        return self


class BpttPart(Part):
    """How far losses are carried back."""

    window: int | Literal["full"] = "full"
    """Times that a loss is carried back."""
    stride: int | None = None
    """Times from one backward pass to the next; the window where it is left out."""


class TrainingPart(Part):
    """How the model is trained; see `bptt.Training`."""

    iterations: int = Field(default=100, ge=1, le=20_000)
    """How many updates."""
    optimizer: Any = "sgd"
    """A name, or {name: number} or {name: {setting: number}}."""
    rate: Any = 0.1
    """A number, or a schedule such as {cosine: {start: 0.1, end: 0.001}}."""
    clip: Any = None
    """{norm: 1} or {value: 1}."""
    l1: Any = 0.0
    """The coefficient of Σ|W|: a number for all parameters, or parameter → number."""
    l2: Any = 0.0
    """The coefficient of ½‖W‖²: a number for all parameters, or parameter → number."""
    batch: int | None = Field(default=None, ge=1, le=4096)
    """Sequences of each iteration: of a task drawn anew, of other data a part of those there are."""
    seed: int = Field(default=0, ge=0, lt=2**63)
    """What parts of a fixed batch are drawn with."""
    fresh: bool = True
    """Whether a task gives new sequences at each iteration."""
    carry: bool = False
    """Whether a batch begins in the states in which the one before it ended."""
    data: Any = None
    """What it learns from, as in the data section; keys not given are that section's."""
    holdout: Any = None
    """The same for what it is scored on and never learns from."""
    every: int = Field(default=10, ge=1, le=20_000)
    """After so many iterations it is scored."""
    show: int | Literal["before", "after"] = "before"
    """Which run is shown, and what bare names in expressions read: that of the model before, after, or after so many
    iterations."""

    @model_validator(mode="after")
    def _shown(self) -> TrainingPart:
        if isinstance(self.show, int) and not 0 <= self.show <= self.iterations:
            raise fault(f"show is before, after, or a number of iterations, 0…{self.iterations}", "show")
        return self


class CasePart(Part):
    """A run beside the lesson's own: what is not given here is as there. `init`, `initial` and `clamp` replace those of
    the lesson, `data`, `bptt` and `training` are put over them key by key."""

    label: str = Field(default="", max_length=40)
    """How tables call it; its name where it is left out."""
    like: str | None = None
    """Another case that stands for the lesson's own here."""
    cell: str | None = None
    """Another built-in cell."""
    equations: str | None = Field(default=None, max_length=MAX_TEXT)
    """The equations of another cell."""
    hidden: int | None = None
    """Another number of hidden units."""
    layers: int | None = None
    """How often the cell is stacked here."""
    seed: int | None = None
    """What the parameters are drawn with here."""
    init: Any = None
    """How parameters start here, all of them."""
    initial: dict[str, Any] | None = None
    """State → its value before the first step, in the place of the lesson's."""
    loss: Literal["sum", "mean"] | None = None
    """Summed, or the mean over the targets."""
    dtype: Literal["float64", "float32"] | None = None
    """With how many digits is computed here."""
    parameters: str | None = None
    """Another .npz file of trained parameters."""
    data: dict[str, Any] = {}
    """Put over the lesson's data key by key; with a text, csv, task or x of its own it stands alone."""
    bptt: dict[str, Any] = {}
    """Put over the lesson's bptt key by key."""
    training: dict[str, Any] | Literal["none"] = {}
    """Put over the lesson's training key by key; none: it is not trained."""
    clamp: Texts | None = None
    """Edits of this run, in the place of the lesson's."""
    trained: str | None = None
    """The case, or main, whose trained parameters it begins with; it is then not trained itself unless it says so."""
