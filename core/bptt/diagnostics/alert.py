"""An alert: a symptom, how grave it is, and where it began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bptt.schedule import Phase

Kind = Literal[
    "nonfinite", "vanished", "exploded", "saturated", "dead",
    "growing", "shrinking", "stalled", "late moves, early stalls", "held-out jump",
]  # fmt: skip
Severity = Literal["note", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Alert:
    """One symptom of a run or of a training."""

    kind: Kind
    severity: Severity
    """note: a finding, which may be as it should; warning: learning suffers; error: the numbers are of no use."""
    sentence: str
    """What is seen and where, with its numbers."""
    name: str = ""
    """The variable or parameter; empty for the loss of a training."""
    phase: Phase | None = None
    t: int | None = None
    """Where it began: going back in time for a gradient, forward for a value."""
    components: tuple[int, ...] = ()
    """The units concerned; for an entry of a matrix its row and column."""
    iteration: int | None = None
    """Where it began in a training, counted from 1."""

    def __str__(self) -> str:
        return self.sentence
