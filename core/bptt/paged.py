"""A tape that holds no array over all times: reads like one, row by row, from the pages of its checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.checkpoints import Checkpoints
from bptt.errors import InputError
from bptt.policy import LARGEST_ARRAY
from bptt.tape import Tape

Array = NDArray[np.floating]


class PagedTape(Tape):
    """Of T times. What is read of a segment that is not held is computed again."""

    def __init__(
        self,
        T: int,
        B: int,
        sizes: Mapping[str, int],
        before: Mapping[str, int],
        dtype: np.dtype[np.floating],
        checkpoints: Checkpoints,
    ) -> None:
        self.T, self.B = T, B
        self.before = {name: before.get(name, 0) for name in sizes}
        self._checkpoints = checkpoints
        self._dtype = dtype
        self.values = {name: self._slots(name, size, False) for name, size in sizes.items()}
        self.gradients = {name: self._slots(name, size, True) for name, size in sizes.items()}

    def _slots(self, name: str, units: int, gradient: bool) -> PagedSlots:
        shape = (self.before[name] + self.T, self.B, units)
        return PagedSlots(self._checkpoints, name, gradient, shape, self._dtype)

    def add(self, name: str, like: str) -> None:
        self.before[name] = self.before[like]
        units = self.values[like].shape[2]
        for arrays, gradient in ((self.values, False), (self.gradients, True)):
            if name not in arrays:
                arrays[name] = self._slots(name, units, gradient)  # type: ignore[index]  # a dict here

    def times(self, name: str, gradient: bool = False) -> Array:
        """(T, B, unit): made of all pages. Raises InputError where that would be too large."""
        if not gradient and name == self._checkpoints.loss:
            found = self._checkpoints.overview.losses.view()
        else:
            needed = self.T * self.B * self.values[name].shape[2] * self._dtype.itemsize
            if needed > LARGEST_ARRAY:
                shown = f"{'∇' if gradient else ''}{name} at all {self.T:,} times would take {needed:,} bytes"
                raise InputError(f"{shown}, at most {LARGEST_ARRAY:,}: read a part, trace.block(a, b)", "times")
            found = self._checkpoints.rows(name, 1, self.T, gradient)
        found.flags.writeable = False
        return found


class PagedSlots:
    """One variable's slots, read by row as those of a `Tape` are."""

    ndim = 3

    def __init__(
        self,
        checkpoints: Checkpoints,
        name: str,
        gradient: bool,
        shape: tuple[int, int, int],
        dtype: np.dtype[np.floating],
        sequences: slice = slice(None),
    ) -> None:
        self._checkpoints = checkpoints
        self._name, self._gradient = name, gradient
        self._sequences = sequences
        self.shape = shape
        self.dtype = dtype
        self._first = 1 - (shape[0] - checkpoints.T)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> Any:
        """A row; several of them as an array; [:, sequences] the same of fewer sequences, nothing computed."""
        if isinstance(key, tuple):
            rows, sequences = key
            assert rows == slice(None) and isinstance(sequences, slice)  # nothing else is asked for
            shape = (self.shape[0], len(range(self.shape[1])[sequences]), self.shape[2])
            return PagedSlots(self._checkpoints, self._name, self._gradient, shape, self.dtype, sequences)
        if isinstance(key, slice):
            return self._part(*key.indices(self.shape[0]))
        if isinstance(key, np.ndarray):
            return self._checkpoints.gather(self._name, key + self._first, self._gradient)[:, self._sequences]
        row = int(key)
        if not -self.shape[0] <= row < self.shape[0]:
            raise IndexError(f"row {row} is not on the tape: it has {self.shape[0]}")
        t = row % self.shape[0] + self._first
        return self._checkpoints.row(self._name, t, self._gradient)[self._sequences]

    def __setitem__(self, row: int, value: Array) -> None:
        """Into the page that holds the row, for as long as that is held."""
        self._checkpoints.row(self._name, int(row) + self._first, self._gradient)[...] = value

    def _part(self, start: int, stop: int, step: int) -> Array:
        lo, hi = start + self._first, stop + self._first - 1
        early = [self._checkpoints.row(self._name, t, self._gradient) for t in range(lo, min(hi, 0) + 1)]
        later = self._checkpoints.rows(self._name, max(lo, 1), hi, self._gradient)
        rows = np.concatenate([np.array(early), later]) if early else later
        return np.asarray(rows[::step, self._sequences])
