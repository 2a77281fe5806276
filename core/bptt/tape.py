"""The recorded arrays of a run: every variable's values and gradients by time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


class Tape:
    """Slots for T times and, before them, the initial ones: row t + before[name] − 1 of an array
    (before + T, B, unit) is time t."""

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

    def row(self, name: str, t: int) -> int:
        """The row that holds time t of a variable; IndexError for a time that is not kept."""
        row = t + self.before[name] - 1
        if not 0 <= row < self.T + self.before[name]:
            raise IndexError(f"{name}[{t}] is not on the tape: it keeps {1 - self.before[name]}…{self.T}")
        return row

    def read(self, name: str, t: int, gradient: bool = False) -> Array:
        """(B, unit): a read-only view of one slot."""
        view: Array = (self.gradients if gradient else self.values)[name][self.row(name, t)]
        view.flags.writeable = False
        return view

    def times(self, name: str, gradient: bool = False) -> Array:
        """(T, B, unit): a read-only view of times 1…T."""
        view = (self.gradients if gradient else self.values)[name][self.before[name] :]
        view.flags.writeable = False
        return view

    def initial(self, name: str, gradient: bool = False) -> Array:
        """(k, B, unit): a read-only view of times 1−k…0."""
        view = (self.gradients if gradient else self.values)[name][: self.before[name]]
        view.flags.writeable = False
        return view
