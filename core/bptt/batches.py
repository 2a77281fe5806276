"""What each training iteration reads: a fixed batch, a part of it drawn anew, a list in turn, or an endless stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.arrays import locked, whole
from bptt.errors import InputError

Pair = tuple[ArrayLike, ArrayLike]


class Numbered(Protocol):
    """Batches by number from 0, any of them at any time, the same each time: a `bptt.tasks.Stream` is one."""

    def __getitem__(self, number: int, /) -> Pair: ...


class Batches:
    """Batch by number of whatever was given."""

    def __init__(self, data: Pair | Sequence[Pair] | Numbered, batch: int | None = None, seed: int = 0) -> None:
        """`data`: x and y; or a list of such pairs, taken in turn; or anything that gives a pair for a number.
        `batch`: of a fixed x and y take so many of its sequences each time, drawn with `seed`.

        Raises InputError for anything else, and for a batch that is larger than what there is."""
        self._seed = whole(seed, "seed", 0, 2**63 - 1)
        self._given: Sequence[Pair] | Numbered = [data] if _is_pair(data) else data  # type: ignore[list-item, assignment]
        if not hasattr(self._given, "__getitem__") or isinstance(self._given, str | dict):
            raise InputError(f"got {type(data).__name__}, expected x and y, a list of them, or a stream", "data")
        self.count = len(self._given) if isinstance(self._given, Sequence) else None
        """How many batches there are before the first comes again; None where they never end."""
        if self.count == 0:
            raise InputError("got an empty list: there is nothing to learn from", "data")
        self._size = None if batch is None else self._checked(batch, _is_pair(data))

    def __getitem__(self, number: int) -> Pair:
        """x and y of iteration `number`, counted from 0."""
        pair = self._given[number if self.count is None else number % self.count]
        if not _is_pair(pair):
            raise InputError(f"batch {number} is {type(pair).__name__}, expected x and y", "data")
        if self._size is None:
            return pair
        random = np.random.default_rng([self._seed, number])
        taken = random.choice(_sequences(pair), self._size, replace=False)
        x, y = (np.asarray(part) for part in pair)
        return locked(x[:, taken]), locked(y[:, taken])

    def _checked(self, batch: object, fixed: bool) -> int:
        if not fixed:
            raise InputError("goes with x and y alone: a list or a stream has its own batches", "batch")
        return whole(batch, "batch", 1, _sequences(self._given[0]))


def _is_pair(data: Any) -> bool:
    return isinstance(data, tuple) and len(data) == 2


def _sequences(pair: Pair) -> int:
    """How many sequences lie side by side in x: it has a batch axis before its units, if it has any."""
    x: NDArray[Any] = np.asarray(pair[0])
    return x.shape[1] if x.ndim == (2 if x.dtype.kind in "iu" else 3) else 1
