"""Targets as rows, and one-hot rows that are made when they are read: over 100,000 times they would be most of what a
run holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Key = int | slice | tuple[int | slice, ...]


class OneHot:
    """Reads like an array (T, B, units) with a 1 at each class, and zeros where that is −1."""

    ndim = 3

    def __init__(self, classes: NDArray[np.int64], units: int, dtype: np.dtype[np.floating]) -> None:
        """`classes`: (T, B)."""
        self._classes = classes
        self.dtype = dtype
        self.shape: tuple[int, int, int] = (*classes.shape[:2], units)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Key) -> Array:
        """Rows of times, or of times and sequences."""
        classes = np.asarray(self._classes[key])
        rows = np.zeros((*classes.shape, self.shape[2]), self.dtype)
        flat = classes.reshape(-1)
        present = np.flatnonzero(flat >= 0)
        rows.reshape(-1, self.shape[2])[present, flat[present]] = 1
        return rows

    def whole(self) -> Array:
        """All of them."""
        return self[:]


Rows = Array | OneHot


def present(y: NDArray[Any]) -> NDArray[np.bool_]:
    """(T, B): where there is a target among (T, B) classes, −1 for none, or (T, B, K) values, a row of NaN for none."""
    return np.asarray(y >= 0 if y.dtype.kind in "iu" else ~np.isnan(y).any(axis=-1))


@dataclass(frozen=True, eq=False)
class Targets:
    """What a loss compares with, at every time."""

    rows: Rows
    """(T, B, K), 0 where there is no target."""
    present: Array
    """(T, B, 1): 1 where there is a target, else 0."""

    @classmethod
    def of(cls, y: NDArray[Any], outputs: int, dtype: np.dtype[np.floating]) -> Targets:
        """`y`: (T, B) classes or (T, B, K) values, see `present`."""
        there = present(y)[..., None]
        if y.ndim == 2:
            return cls(OneHot(y, outputs, dtype), np.asarray(there, dtype))
        return cls(y if there.all() else np.where(there, y, 0), np.asarray(there, dtype))

    def only(self, sequence: int) -> Targets:
        """Those of one sequence of the batch."""
        one = slice(sequence, sequence + 1)
        return Targets(self.rows[:, one], self.present[:, one])

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """Of the rows."""
        return self.rows.dtype

    @property
    def count(self) -> int:
        """How many there are."""
        return int(np.count_nonzero(self.present))
