"""A lesson file as a whole, as a frozen, closed model."""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field, field_validator, model_validator

from rnntui.course.sections import BpttPart, CasePart, DataPart, ModelPart, Part, Texts, TrainingPart, fault, listed
from rnntui.course.steps import Step

MAIN = "main"
"""The name of the lesson's own run."""
OTHER = "other"
"""That of the one in `compare`."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = (MAIN, OTHER, "before", "after")


class Lesson(Part):
    """One lesson."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
    """Small letters, digits and -; the file is ID.yaml."""
    title: str = Field(min_length=1, max_length=80)
    """How the list of lessons calls it."""
    summary: str = Field(default="", max_length=200)
    """A sentence for the list of lessons."""
    level: int = Field(default=1, ge=1, le=4)
    """1 first steps … 4 research."""
    minutes: int = Field(default=5, ge=1, le=600)
    """How long it takes."""
    needs: Texts = ()
    """The ids of lessons that come before: advice, never a lock."""
    model: ModelPart
    """The net."""
    data: DataPart
    """What the net reads and has to predict."""
    bptt: BpttPart = BpttPart()
    """How far losses are carried back."""
    clamp: Texts = ()
    """Edits of the run: f = 1, h[3][1] = 0, W[0][0] = 1.5."""
    training: TrainingPart | None = None
    """How the model learns."""
    compare: CasePart | None = None
    """The run that expressions call other."""
    cases: dict[str, CasePart] = Field(default={}, max_length=64)
    """Other runs by name."""
    recorded: dict[str, str] = Field(default={}, max_length=20)
    """Name → a JSON file of results, below the lesson's folder."""
    steps: tuple[Step, ...] = Field(min_length=1, max_length=2_000)
    """The script: each step says (say), asks (ask), lets something be changed (try) or tests the lesson (expect)."""

    @field_validator("steps", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return listed(value)

    @model_validator(mode="after")
    def _named(self) -> Lesson:
        for section in ("cases", "recorded"):
            for name in getattr(self, section):
                if not _NAME.fullmatch(name) or name in _TAKEN:
                    reason = f"a name is made of small letters, digits and _, and is none of {', '.join(_TAKEN)}"
                    raise fault(f"{name!r} cannot be the name of one of the {section}: {reason}", section)
        return self
