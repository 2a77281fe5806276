"""The recorded arrays of a run: every variable's values and gradients by time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell

Array = NDArray[np.floating]


class Tape:
    """Slots for T times and, before them, the initial ones: row t + before[name] − 1 of an array
    (before + T, B, unit) is time t."""

    values: Mapping[str, Any]
    gradients: Mapping[str, Any]

    def __init__(
        self,
        T: int,
        B: int,
        sizes: Mapping[str, int],
        before: Mapping[str, int],
        dtype: np.dtype[np.floating],
    ) -> None:
        """`sizes`: variable → units; `before`: variable → how many earlier times are read (0 where missing)."""
        self.T = T
        self.B = B
        self.before = {name: before.get(name, 0) for name in sizes}
        rows = {name: T + self.before[name] for name in sizes}
        self.values = {name: np.zeros((rows[name], B, size), dtype) for name, size in sizes.items()}
        self.gradients = {name: np.zeros((rows[name], B, size), dtype) for name, size in sizes.items()}

    def add(self, name: str, like: str) -> None:
        """Slots for another variable, as those of `like`, where it has none."""
        self.before[name] = self.before[like]
        for arrays in (self.values, self.gradients):
            if name not in arrays:
                arrays[name] = np.zeros_like(arrays[like])  # type: ignore[index]  # a dict here

    def row(self, name: str, t: int, gradient: bool = False) -> int:
        """The row that holds time t of a variable; IndexError for a time that is not kept."""
        row, rows = t + self.before[name] - 1, len((self.gradients if gradient else self.values)[name])
        if not 0 <= row < rows:
            first = 1 - self.before[name]
            raise IndexError(f"{name}[{t}] is not on the tape: it keeps {first}…{first + rows - 1}")
        return row

    def rows(self, name: str, lo: int, hi: int, gradient: bool = False) -> Array:
        """(hi − lo + 1, B, unit): the slots of times lo…hi, to be read or filled."""
        start = lo + self.before[name] - 1
        view: Array = (self.gradients if gradient else self.values)[name][start : start + hi - lo + 1]
        return view

    def slot(self, name: str, t: int, gradient: bool = False) -> Array:
        """(B, unit): one slot, to be read or filled."""
        view: Array = (self.gradients if gradient else self.values)[name][self.row(name, t, gradient)]
        return view

    def read(self, name: str, t: int, gradient: bool = False) -> Array:
        """(B, unit): a read-only view of one slot."""
        rows = (self.gradients if gradient else self.values)[name]
        row = t + self.before[name] - 1
        return _locked(rows[row] if 0 <= row < len(rows) else self.slot(name, t, gradient))

    def times(self, name: str, gradient: bool = False) -> Array:
        """(T, B, unit): a read-only view of times 1…T."""
        return _locked(self.rows(name, 1, self.T, gradient))

    def initial(self, name: str, gradient: bool = False) -> Array:
        """(k, B, unit): a read-only view of times 1−k…0."""
        return _locked(self.rows(name, 1 - self.before[name], 0, gradient))


def _locked(view: Array) -> Array:
    view.flags.writeable = False
    return view


def tape_bytes(cell: Cell, sizes: Mapping[str, int], T: int, B: int, itemsize: int) -> int:
    """Of all values and gradients; `sizes`: inputs, hidden, outputs → units."""
    units = sizes["inputs"] + sum({**sizes, "scalar": 1}[dim] for dim in cell.dims.values())
    return 2 * T * B * itemsize * units
