"""What is written down of every training iteration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.scoring import Score

Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Record:
    """One iteration in a few numbers."""

    iteration: int
    """Counted from 1."""
    loss: float
    """The model's loss on this iteration's batch, before the update, penalties not counted."""
    rate: float
    norm: float
    """‖∇‖ of all parameters together, before it was clipped."""
    norms: Mapping[str, float]
    """Parameter → its norm after the update."""
    gradient_norms: Mapping[str, float]
    """Parameter → the norm of its gradient, before it was clipped."""
    time_norms: Mapping[str, Array]
    """State → (T,): ‖∇state[t]‖ over batch and units; empty where the iteration was not one of those that keep it."""
    holdout: Score | None = None
    """The score on held-out data after the update; None where it was not taken."""
    alerts: tuple[object, ...] = ()
    """What the training's watcher reported."""
