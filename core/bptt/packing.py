"""All parameters of a model in one row of numbers, so that an update is a few operations however many there are."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[np.floating]


class Packing:
    """Where each parameter's entries lie in the row."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]], dtype: DTypeLike) -> None:
        sizes = [int(np.prod(shape)) for shape in shapes.values()]
        ends = np.cumsum(sizes, dtype=int).tolist()
        self.dtype = dtype
        self.size = sum(sizes)
        """How many numbers there are."""
        self._starts = [end - size for end, size in zip(ends, sizes, strict=True)]
        self._places = {
            name: (slice(start, end), shape)
            for (name, shape), start, end in zip(shapes.items(), self._starts, ends, strict=True)
        }

    def pack(self, arrays: Mapping[str, Array]) -> Array:
        """A new row of these parameters' entries."""
        row = np.empty(self.size, self.dtype)
        for name, (place, _) in self._places.items():
            row[place] = arrays[name].reshape(-1)
        return row

    def view(self, row: Array, name: str) -> Array:
        """One parameter in its own shape, a view of the row."""
        place, shape = self._places[name]
        return row[place].reshape(shape)

    def unpack(self, row: Array) -> dict[str, Array]:
        """Parameter → a view of the row, read-only where the row is."""
        return {name: row[place].reshape(shape) for name, (place, shape) in self._places.items()}

    def norms(self, row: Array) -> dict[str, float]:
        """Parameter → its norm."""
        with np.errstate(all="ignore"):
            lengths = np.sqrt(np.add.reduceat(row * row, self._starts))
        if np.isfinite(lengths).all():
            return dict(zip(self._places, lengths.tolist(), strict=True))
        return {name: norm_of(row[place]) for name, (place, _) in self._places.items()}

    def filled(self, numbers: Mapping[str, float]) -> Array:
        """A row with one number for each parameter, 0 for those not named."""
        row = np.zeros(self.size, self.dtype)
        for name, value in numbers.items():
            row[self._places[name][0]] = value
        return row


def norm_of(row: Array) -> float:
    """‖row‖, also where its square would overflow or vanish."""
    with np.errstate(all="ignore"):
        square = float(np.dot(row, row))
        if 1e-30 < square < 1e30:
            return math.sqrt(square)
        largest = float(np.abs(row).max(initial=0.0))
        if largest == 0 or not math.isfinite(largest):
            return largest
        scaled = row / largest
        return largest * math.sqrt(float(np.dot(scaled, scaled)))
