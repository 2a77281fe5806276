"""A training as it is seen at one moment: its curves, its strips, and what of them is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bptt.diagnostics import Alert
from rnntui.training.ledger import Columns

Array = NDArray[np.floating]
Going = Literal["running", "paused", "stopped", "done"]
WORDS = {
    "nonfinite": "NaN",
    "growing": "blows up",
    "shrinking": "fades",
    "stalled": "stands still",
    "late moves, early stalls": "early times stall",
    "held-out jump": "held-out jump",
}
"""An alert in a word or two."""


@dataclass(frozen=True, eq=False)
class Strip:
    """Numbers by iteration and row, all of one kind and from 0 up."""

    title: str
    """A few words."""
    row_name: str
    """What a row is: `t` or empty, where labels are names."""
    labels: tuple[str, ...]
    iterations: NDArray[np.int64]
    """(N,), rising: which iterations there are."""
    rows: Array
    """(N, row)."""
    gradient: bool
    """Whether these are sizes of gradients."""

    def at(self, iteration: int, row: int) -> float | None:
        """The number of a row in the last kept iteration that is not later."""
        place = int(np.searchsorted(self.iterations, iteration, side="right")) - 1
        return float(self.rows[place, row]) if place >= 0 and row < self.rows.shape[1] else None


@dataclass(frozen=True, eq=False)
class Progress:
    """One moment of a training."""

    columns: Columns
    target: int
    """Iterations that are wanted."""
    going: Going
    iteration: int
    """Which one is looked at, from 1."""
    shown: int
    """Which strip is looked at."""
    row: int
    """Which of its rows."""
    origins: Mapping[int, str]
    """Iteration → the place in it at which the first NaN or infinity was made."""
    targets: float = 1.0
    """How many an iteration's loss sums."""

    @property
    def held_out(self) -> list[tuple[int, float]]:
        """(iteration, held-out loss as large as if it were summed like that of an iteration)."""
        return [(iteration, score.loss * self.targets) for iteration, score in self.columns.scores]

    @property
    def done(self) -> int:
        """How many iterations are computed."""
        return len(self.columns)

    @cached_property
    def strips(self) -> tuple[Strip, ...]:
        """Each state's gradient over time, then the sizes of all parameters' gradients, then of the parameters."""
        columns = self.columns
        found = []
        for name, times in columns.times.items():
            labels = tuple(str(t) for t in range(1, times.norms.shape[1] + 1))
            title = f"‖∇{name}‖ at each time"
            found.append(Strip(title, "t", labels, times.iterations, times.norms, True))
        every = np.arange(1, len(columns) + 1)
        for title, norms, gradient in (
            ("‖∇‖ of each parameter", columns.gradient_norms, True),
            ("size of each parameter", columns.norms, False),
        ):
            if norms:
                rows = np.stack(list(norms.values()), axis=1)
                found.append(Strip(title, "", tuple(norms), every, rows, gradient))
        return tuple(found)

    @property
    def strip(self) -> Strip:
        """The one that is looked at."""
        if not self.strips:
            return Strip("", "", (), np.empty(0, np.int64), np.empty((0, 0)), True)
        return self.strips[self.shown % len(self.strips)]

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """In the order in which they began."""
        return tuple(sorted(self.columns.alerts, key=lambda alert: alert.iteration or 0))

    def sentence(self, alert: Alert) -> str:
        """An alert with the place at which it began."""
        return sentence(alert, self.origins.get(alert.iteration or 0, ""))


def sentence(alert: Alert, place: str) -> str:
    """An alert; of a number that is not finite with the place at which the first was made, where that is known."""
    return f"{alert.sentence} It began at {place}." if place and alert.kind == "nonfinite" else alert.sentence


def word(alert: Alert) -> str:
    """An alert in a word or two."""
    said = WORDS.get(alert.kind, alert.kind)
    return f"{alert.name} {said}" if alert.name else said
