"""What the pane of the blame matrix is drawn from, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnntui.explain.blame import Blame, Window


@dataclass(frozen=True, eq=False)
class Picture:
    """What there is to see of a blame at one moment."""

    blame: Blame | None
    """None while it is computed."""
    window: Window
    reach: NDArray[np.int64]
    """(T,): where the window carries each loss."""
    t: int
    """The loss under the lens."""
    k: int
    """The time under the lens, k ≤ t."""
    reads: tuple[str, ...]
    """What is read at each time, as it is shown; empty where there are no words for it."""
    predicts: tuple[str, ...]
    """What each loss waits for; empty where there are no words for it."""
    done: float = 1.0
    """The part that is computed, 0…1."""
    hidden: NDArray[np.bool_] | None = None
    """(T, T): the pairs of a loss and a time that would tell what a question hides, 0 in the blame; None where it hides
    nothing."""
