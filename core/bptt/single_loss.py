"""The gradients of the loss at one time alone: how far back L[5] reaches."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.errors import InputError
from bptt.gradients import exists, makes_loss
from bptt.passes import Pass
from bptt.run import Run

Array = NDArray[np.floating]
LARGEST = 1 << 28
"""The most bytes that they may take."""


class _Slots:
    """The slots of some times of one variable; all others hold 0."""

    def __init__(self, shape: tuple[int, int, int], first: int, end: int, dtype: np.dtype[np.floating]) -> None:
        """`shape`: of all slots; first ≤ row < end: the rows that are held."""
        self._rows = shape[0]
        self._first = first
        self._held: Array = np.zeros((end - first, *shape[1:]), dtype)
        self._zeros: Array = np.zeros(shape[1:], dtype)

    def __len__(self) -> int:
        return self._rows

    def __getitem__(self, row: int) -> Array:
        place = row - self._first
        return self._held[place] if 0 <= place < len(self._held) else self._zeros.view()

    def __setitem__(self, row: int, value: ArrayLike) -> None:
        self._held[row - self._first] = value


class SingleLoss:
    """∂L[at]/∂v for every variable v at times up to `at`, and for every parameter, by a backward pass of its own on
    the run's recorded values; in a truncated run back to where the pass that carries L[at] is cut, with zeros before.
    A mean loss's weight is left out: L[at] itself is differentiated."""

    def __init__(self, run: Run, at: int, farthest: int | None = None) -> None:
        """`at`: 1…T; `farthest`: how many times are followed, zeros before. Computes at once."""
        self.at = at
        # not the run itself: what is kept for a run must not keep it alive
        self._cell = run.model.cell
        self._parameters = run.model.parameters
        run.fill(run.schedule.known)
        lo = run.schedule.pass_of_loss(at).lo
        lo = lo if farthest is None else max(lo, at + 1 - farthest)
        self._within = Pass(1, lo, at, at)
        self._tape = copy(run.tape)
        shapes = {name: array.shape for name, array in run.tape.gradients.items()}
        needed = sum(B * units for _, B, units in shapes.values()) * (at + 1 - lo) * run.model.dtype.itemsize
        if needed > LARGEST:
            shown = f"gradients of L[{at}] alone, back to t={lo}, would take {needed:,} bytes"
            raise InputError(f"{shown}, at most {LARGEST:,}: take an earlier loss", "run")
        self._tape.gradients = {
            name: _Slots(shape, lo - 1 if lo > 1 else 0, run.tape.before[name] + at, run.model.dtype)
            for name, shape in shapes.items()
        }
        self._interpreter = run.interpreter(self._tape, 1.0)
        with np.errstate(all="ignore"):
            for t in range(at, lo - 1, -1):
                self._back_through(t)
            for name, before in self._tape.before.items():
                for t in range(1 - before, 1 if lo == 1 else 1 - before):
                    self._store(name, t)

    @property
    def first(self) -> int:
        """The earliest time that was followed."""
        return self._within.lo

    def gradient(self, name: str, t: int) -> Array:
        """(B, unit): ∂L[at]/∂name[t]; zeros where t > at. IndexError for a time that is not kept."""
        return self._tape.read(name, t, gradient=True)

    def parameter(self, name: str) -> Array:
        """∂L[at]/∂name over the whole batch, in the parameter's shape."""
        total = np.zeros_like(self._parameters[name])
        with np.errstate(all="ignore"):
            for t in range(self.at, self._within.lo - 1, -1):
                for term in self._cell.parameter_terms.get(name, ()):
                    total += self._summed(self._interpreter.term(term)(t), total.shape)
        return total

    def _back_through(self, t: int) -> None:
        for equation in self._cell.backward:
            if equation.kind == "gradient":
                self._store(equation.target, t)
        self._store("x", t)

    def _store(self, name: str, t: int) -> None:
        total: Any = 1.0 if name == self._cell.loss and t == self.at else 0.0
        for term in self._cell.terms[name]:
            if exists(term.lag, makes_loss(term), t, self._within):
                total = total + self._interpreter.term(term)(t)
        self._tape.gradients[name][self._tape.row(name, t)] = total

    def _summed(self, value: Any, shape: tuple[int, ...]) -> Array:
        if len(shape) == 2:
            return np.asarray(np.broadcast_to(value, shape))
        return np.asarray(np.broadcast_to(value, (self._tape.B, *shape)).sum(axis=0))
