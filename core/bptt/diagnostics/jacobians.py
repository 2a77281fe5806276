"""The Jacobian of a cell's whole state from one time to the next, and products of it over many times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked, whole
from bptt.diagnostics.seeds import Seeds
from bptt.errors import InputError
from bptt.norms import spectral_radius
from bptt.run import Run

Array = NDArray[np.floating]
LARGEST = 2**28
"""The most bytes that the Jacobians of a run may take."""


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One number of a state."""

    name: str
    back: int
    """name[t − back] belongs to the state at t: 0, and up to k − 1 where it is read at lags up to k."""
    unit: int

    def __str__(self) -> str:
        return f"{self.name}[t{f'-{self.back}' if self.back else ''}][{self.unit}]"


@dataclass(frozen=True, eq=False)
class Jacobians:
    """∂state(t)/∂state(t−1) at every t of one sequence, all arrays read-only. N is the size of the state."""

    coordinates: tuple[Coordinate, ...]
    """What the N rows and columns are: of an LSTM s, then h."""
    steps: Array
    """(T, N, N): row t − 1 is ∂state(t)/∂state(t−1)."""

    @cached_property
    def products(self) -> Array:
        """(T + 1, N, N): row t is ∂state(T)/∂state(t); the last one is the unit matrix."""
        T, N = self.steps.shape[:2]
        found = np.empty((T + 1, N, N), self.steps.dtype)
        found[T] = np.eye(N)
        with np.errstate(all="ignore"):
            for t in range(T, 0, -1):
                found[t - 1] = found[t] @ self.steps[t - 1]
        return locked(found)

    @cached_property
    def singular_values(self) -> Array:
        """(T, N) of each step, the largest first."""
        return _singular_values(self.steps)

    @cached_property
    def product_singular_values(self) -> Array:
        """(T + 1, N) of `products`, the largest first: the largest is how much a gradient can grow on its way."""
        return _singular_values(self.products)

    @cached_property
    def spectral_radius(self) -> Array:
        """(T,) of each step: the largest modulus of an eigenvalue. It decides in the long run, not at once."""
        return locked(np.array([spectral_radius(step) for step in self.steps]))


def coordinates(run: Run) -> tuple[Coordinate, ...]:
    """The numbers that a state has: variables that are read at an earlier time, in the order of the text."""
    cell = run.model.cell
    return tuple(
        Coordinate(name, back, unit)
        for name in cell.definitions
        if name in cell.lags
        for back in range(cell.lags[name])
        for unit in range(run.model.size(cell.dims[name]))
    )


def jacobian(run: Run, t: int, sequence: int = 0) -> Array:
    """(N, N): ∂state(t)/∂state(t−1), rows and columns as in `coordinates`, from the derived equations at the run's
    recorded values; the inputs, and other sequences, stay as they are. Raises InputError for a t outside 1…T."""
    whole(t, "t", 1, run.T)
    whole(sequence, "sequence", 0, run.B - 1)
    return locked(_jacobian(Seeds(run, len(coordinates(run)), sequence), run, t))


def jacobians(run: Run, sequence: int = 0) -> Jacobians:
    """Those of every t = 1…T. Raises InputError where they would take more than `LARGEST` bytes."""
    whole(sequence, "sequence", 0, run.B - 1)
    found = coordinates(run)
    size = run.T * len(found) ** 2 * run.model.dtype.itemsize
    if size > LARGEST:
        raise InputError(f"the Jacobians of {run.T} times would take {size:,} bytes: take those of single times", "run")
    seeds = Seeds(run, len(found), sequence)
    steps = np.empty((run.T, len(found), len(found)), run.model.dtype)
    for t in range(1, run.T + 1):
        steps[t - 1] = _jacobian(seeds, run, t)
    return Jacobians(found, locked(steps))


def _jacobian(seeds: Seeds, run: Run, t: int) -> Array:
    cell = run.model.cell
    states = [
        (name, cell.lags[name], run.model.size(cell.dims[name])) for name in cell.definitions if name in cell.lags
    ]
    N = sum(lag * size for _, lag, size in states)
    found = np.zeros((N, N), run.model.dtype)
    start = 0
    for name, lag, size in states:
        seeds.seed(name, t, slice(start, start + size), np.eye(size))
        # name[t−1] … are in both states: what was one step back is two steps back
        shifted = np.arange(start + size, start + lag * size)
        found[shifted, shifted - size] = 1
        start += lag * size
    with np.errstate(all="ignore"):
        for name in reversed(cell.definitions):
            seeds.pull(name, t, lag=0)
        start = 0
        for name, lag, size in states:
            for back in range(lag):
                column = start + back * size
                seeds.pull(name, t - 1 - back, lag=back + 1)
                found[:, column : column + size] += seeds.gradient(name, t - 1 - back)
                seeds.forget(t - 1 - back)
            start += lag * size
    seeds.forget(t)
    return found


def _singular_values(matrices: Array) -> Array:
    """Of a stack of matrices; NaN for those with an entry that is not finite."""
    finite = np.isfinite(matrices).all(axis=(1, 2))
    found = np.full(matrices.shape[:2], np.nan, matrices.dtype)
    if finite.any():
        found[finite] = np.linalg.svd(matrices[finite], compute_uv=False)
    return locked(found)
