"""The arrays of a workspace: the blocks of a layout, and the views of them that calls read and write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
LARGEST_TILE = 1 << 15
"""Components up to which a vector is repeated for every time, which makes adding it faster than broadcasting."""


class Storage:
    """Blocks (before + T + after, B, lanes · units). Rows before time 1 are initial states, rows after T are 0."""

    def __init__(
        self,
        blocks: Iterable[Sequence[str]],
        sizes: Mapping[str, int],
        reach: Mapping[str, tuple[int, int]],
        T: int,
        B: int,
        dtype: np.dtype[np.floating],
    ) -> None:
        """`sizes`: series → units; `reach`: series → how many earlier and how many later times are read."""
        self.T, self.B, self.dtype = T, B, dtype
        self.size = 0
        """Bytes of all blocks."""
        self._place: dict[str, tuple[Array, int, int]] = {}
        self.sizes = dict(sizes)
        for names in blocks:
            before = max(reach.get(name, (0, 0))[0] for name in names)
            after = max(reach.get(name, (0, 0))[1] for name in names)
            array = np.zeros((before + T + after, B, len(names) * sizes[names[0]]), dtype)
            self.size += array.nbytes
            for lane, name in enumerate(names):
                self._place[name] = array, before, lane

    def __contains__(self, name: str) -> bool:
        return name in self._place

    def adjacent(self, names: Sequence[str]) -> bool:
        """Whether they lie side by side in this order."""
        array, _, first = self._place[names[0]]
        return all(self._place[name][0] is array and self._place[name][2] == first + n for n, name in enumerate(names))

    def position(self, name: str) -> tuple[int, int]:
        """(block, lane): a place in an order of all names."""
        array, _, lane = self._place[name]
        return id(array), lane

    def in_order(self, names: Iterable[str]) -> list[str]:
        """The names in the order of their lanes."""
        return sorted(names, key=lambda name: self._place[name][2])

    def rows(self, name: str) -> Array:
        """(before + T + after, B, unit)."""
        array, _, lane = self._place[name]
        size = self.sizes[name]
        return array[:, :, lane * size : (lane + 1) * size]

    def before(self, name: str) -> int:
        """How many rows stand before time 1."""
        return self._place[name][1]

    def times(self, names: Sequence[str], lag: int = 0) -> Array:
        """(T, B, units of all), at times 1 − lag … T − lag; the names must be adjacent."""
        array, before, lane = self._place[names[0]]
        size = self.sizes[names[0]]
        view: Array = array[before - lag : before - lag + self.T, :, lane * size : (lane + len(names)) * size]
        return view

    def view(self, names: Sequence[str], lag: int = 0) -> Array:
        """The same, without the batch axis where there is one sequence."""
        times = self.times(names, lag)
        return times[:, 0] if self.B == 1 else times

    def flat(self, names: Sequence[str], lag: int = 0) -> Array:
        """(T · B, units of all)."""
        times = self.times(names, lag)
        return times.reshape(self.T * self.B, times.shape[2])


class Constants:
    """What depends on the parameters alone: stacked matrices, repeated vectors, numbers as arrays. Filled anew for
    other parameters."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]], dtype: np.dtype[np.floating]) -> None:
        """`shapes`: of the parameters."""
        self._shapes = shapes
        self._dtype = dtype
        self._pieces: list[tuple[Array, float, str, bool]] = []
        self._cleared: list[Array] = []
        self._numbers: dict[float, Array] = {}
        self._vectors: dict[tuple[Any, ...], Array] = {}

    def number(self, value: float) -> Array:
        """The number as an array without axes: faster than a Python float."""
        if value not in self._numbers:
            self._numbers[value] = np.array(value, self._dtype)
        return self._numbers[value]

    def vector(self, lanes: Sequence[Sequence[tuple[float, str]]], units: int, shape: tuple[int, ...]) -> Array:
        """(*shape, lanes · units): each lane Σ constant · parameter, repeated; one row (lanes · units,) where that
        would be large."""
        if np.prod(shape, dtype=int) * units * len(lanes) > LARGEST_TILE:
            shape = ()
        key = tuple(map(tuple, lanes)), shape
        if key not in self._vectors:
            array = self._cleared_array((*shape, len(lanes) * units))
            for lane, pieces in enumerate(lanes):
                part = array[..., lane * units : (lane + 1) * units]
                self._pieces += [(part, constant, name, False) for constant, name in pieces]
            self._vectors[key] = array
        return self._vectors[key]

    def matrix(self, pieces: Iterable[tuple[int, int, float, str, bool]], rows: int, columns: int) -> Array:
        """(rows, columns): what a row of operands is multiplied by from the right; a piece is (first row, first
        column, constant, matrix, whether transposed)."""
        array = self._cleared_array((rows, columns))
        for row, column, constant, name, transposed in pieces:
            down, across = self._shapes[name] if transposed else self._shapes[name][::-1]
            self._pieces.append((array[row : row + down, column : column + across], constant, name, not transposed))
        return array

    def _cleared_array(self, shape: tuple[int, ...]) -> Array:
        array = np.zeros(shape, self._dtype)
        self._cleared.append(array)
        return array

    def fill(self, parameters: Mapping[str, Array]) -> None:
        """Take these parameters."""
        for array in self._cleared:
            array.fill(0)
        for target, constant, name, turned in self._pieces:
            array = parameters[name].T if turned else parameters[name]
            target += array if constant == 1 else constant * array
