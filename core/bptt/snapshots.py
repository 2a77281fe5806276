"""The states of a training that are kept, so that any other is at most a few iterations away."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
MOST = 64
"""States that are kept."""
MOST_BYTES = 2**26
"""What they take together, unless two alone take more."""


@dataclass(frozen=True, eq=False)
class State:
    """Everything that one iteration leaves to the next. Its arrays are never written to."""

    parameters: Array
    """All of them in one row."""
    memory: Mapping[str, Array]
    """What the optimiser remembers: variable → a row."""
    carried: Mapping[str, Array]
    """State → (k, B, units): where the next batch begins; empty where each begins anew."""

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(array.nbytes for array in (self.parameters, *self.memory.values(), *self.carried.values()))


class Snapshots:
    """States by iteration, evenly spaced, never more than are allowed: where they would be, every other one goes."""

    def __init__(self, iteration: int, state: State) -> None:
        """`state`: the first, which always stays."""
        self._first = iteration
        self._every = 1
        self._kept = {iteration: state}
        self._most = max(2, min(MOST, MOST_BYTES // max(state.size, 1)))

    @property
    def spacing(self) -> int:
        """Iterations between two of them."""
        return self._every

    def keep(self, iteration: int, state: State) -> None:
        """Offer the state after so many iterations."""
        if (iteration - self._first) % self._every or iteration in self._kept:
            return
        self._kept[iteration] = state
        if len(self._kept) > self._most:
            self._every *= 2
            self._kept = {n: kept for n, kept in self._kept.items() if (n - self._first) % self._every == 0}

    def nearest(self, iteration: int) -> tuple[int, State]:
        """The last kept one that is not later."""
        known = sorted(self._kept)
        found = known[bisect_right(known, iteration) - 1]
        return found, self._kept[found]
