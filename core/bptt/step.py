"""One step of a run: an equation at a time, and what it gave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.equation import Equation
from bptt.schedule import Phase

Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Step:
    """One equation, computed; or a cut, which computes nothing: its phase is "cut", its target empty, its value (B, 0),
    its equation a line of kind "cut"."""

    index: int
    """Counted from 0."""
    phase: Phase
    t: int
    target: str
    """The variable computed; in the backward phase the variable or parameter whose gradient is."""
    equation: Equation
    """As it stands at t: a gradient near T without its terms from the future, a hold as the branch taken."""
    value: Array
    """(B, unit); (B,) for the loss and its gradient; for a parameter's gradient its sum so far, from T down to t, in
    its own shape. Read-only."""
    reads: tuple[str, ...]
    """What was read, with its times: `h[3]`, `∇a[5]`, `W`."""
