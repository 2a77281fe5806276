"""What a learner did with each question of a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from rnntui.store.notebook import Verdict

Standing = Literal["said", "open", "given up", "settled", "right"]
"""Of a step: nothing is asked; asked and not settled; answer shown; settled, though not at once; right at once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an answer was."""

    right: bool
    given_up: bool
    message: str
    """One line."""
    explain: str
    """Markdown; empty while the question may be tried again."""
    settled: bool = True
    """Whether nothing is hidden or asked any more."""
    off: float | None = None
    """How far a wrong number is off: `Judged.off`."""


@dataclass
class Attempt:
    """What the learner did with one question."""

    wrong: set[tuple[str, int]] = field(default_factory=set)
    """The answers that did not settle it, each with the position at which it was given."""
    hints: int = 0
    outcome: Outcome | None = None

    @property
    def is_open(self) -> bool:
        """Whether the question is not settled."""
        return self.outcome is None or not self.outcome.settled

    @property
    def standing(self) -> Standing:
        """How far the question is."""
        if self.outcome is None or not self.outcome.settled:
            return "open"
        if self.outcome.given_up:
            return "given up"
        return "right" if self.outcome.right and not self.wrong else "settled"


def standing_of(verdicts: Sequence[Verdict]) -> Standing:
    """How far a question is by what was made of its answers, in order: the first that settled it counts."""
    settled = next((n for n, verdict in enumerate(verdicts) if verdict != "wrong"), None)
    if settled is None:
        return "open"
    if verdicts[settled] == "given up":
        return "given up"
    return "right" if verdicts[settled] == "right" and not settled else "settled"
