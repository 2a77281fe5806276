"""Targets with some of them left out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.targets import present


def last_alone(y: NDArray[Any]) -> NDArray[Any]:
    """The targets of a run, (T, B) classes or (T, B, K) values, of which each sequence keeps only its last: the
    gradient then comes from one loss."""
    there = present(y)
    last = len(y) - 1 - there[::-1].argmax(axis=0)
    kept = there & (np.arange(len(y))[:, None] == last)
    return np.where(kept, y, -1) if y.ndim == 2 else np.where(kept[..., None], y, np.nan)
