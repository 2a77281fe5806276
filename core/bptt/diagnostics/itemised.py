"""Which loss sends how much back to which time: ‖∂L(t)/∂h(k)‖, by one backward pass that carries all losses at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked, whole
from bptt.diagnostics.seeds import Seeds
from bptt.errors import InputError, near, quoted
from bptt.run import Run

Array = NDArray[np.floating]
LARGEST = 2**28
"""The most bytes that itemised gradients may take."""


def itemised(run: Run, name: str, sequence: int = 0) -> Array:
    """(T, T): row t − 1, column k − 1 is ‖∂L[t]/∂name[k]‖ of one sequence; 0 where k > t.

    The loss of a time counts as it is, without the weight of a mean; truncation is disregarded. Raises InputError for
    an unknown variable, and where the matrix would take more than `LARGEST` bytes."""
    _check(run, name, sequence, 1)
    found = np.zeros((run.T, run.T), run.model.dtype)
    for k, rows in itemise(run, name, sequence):
        found[:, k - 1] = np.linalg.norm(rows, axis=-1)
    return locked(found)


def itemised_gradients(run: Run, name: str, sequence: int = 0) -> Array:
    """(T, T, unit): row t − 1, column k − 1 is ∂L[t]/∂name[k]; their sum over the rows is ∇name of a summed loss."""
    _check(run, name, sequence, run.tape.values[name].shape[-1] if name in run.tape.values else 1)
    found = np.zeros((run.T, run.T, run.tape.values[name].shape[-1]), run.model.dtype)
    for k, rows in itemise(run, name, sequence):
        found[:, k - 1] = rows
    return locked(found)


def itemise(run: Run, name: str, sequence: int = 0) -> Iterator[tuple[int, Array]]:
    """(k, (T, unit)) for k = T…1: row t − 1 is ∂L[t]/∂name[k]. Holds the gradients of as many times as lags reach."""
    cell = run.model.cell
    seeds = Seeds(run, run.T, sequence)
    longest = max(cell.lags.values(), default=0)
    for k in range(run.T, 0, -1):
        with np.errstate(all="ignore"):
            seeds.seed(cell.loss, k, slice(k - 1, k), np.ones((1, 1)))
            for variable in reversed(cell.definitions):
                seeds.pull(variable, k, losses=True)
            if name == "x":
                seeds.pull("x", k, losses=True)
        yield k, seeds.gradient(name, k)
        seeds.forget(k + longest)


def _check(run: Run, name: str, sequence: int, units: int) -> None:
    whole(sequence, "sequence", 0, run.B - 1)
    known = (*run.model.cell.definitions, "x")
    if name not in known:
        raise InputError(f"{run.model.cell.name} has no variable {quoted(name)}; {near(name, known)}", "name")
    size = run.T**2 * units * run.model.dtype.itemsize
    if size > LARGEST:
        raise InputError(f"{run.T} × {run.T} gradients would take {size:,} bytes, at most {LARGEST:,}", "run")
