"""The fast path for a tape: stretches of times at once, forward from the states that are on it, backward from the
gradients that are on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.equation import Term
from bptt.evaluation import Evaluator
from bptt.execution.execution import Execution
from bptt.execution.recording import Recording
from bptt.passes import Pass
from bptt.tape import Tape
from bptt.targets import present

Array = NDArray[np.floating]
MakeTerm = Callable[[Term], Evaluator]
_SHORTEST = 16
_COMPONENTS = 1 << 18
"""Of one state in one stretch: little enough that a screen can be drawn in between."""


class Filling:
    """Writes what stepping would write, to rounding. Must not be used by two threads at once."""

    def __init__(
        self,
        cell: Cell,
        execution: Execution,
        parameters: Mapping[str, Array],
        y: NDArray[Any],
        weight: float,
        widest: int,
    ) -> None:
        """`y`: (T, B) classes or (T, B, K) values, see `bptt.targets.present`; `weight`: ∇loss[t];
        `widest`: the most units of a variable."""
        self._cell = cell
        self._execution = execution
        self._parameters = parameters
        self._weight = weight
        self._y = y
        absent = ~present(y)[..., None]
        self._absent: NDArray[np.bool_] | None = absent if absent.any() else None
        self._longest: int = max(_SHORTEST, _COMPONENTS // (y.shape[1] * widest))

    def stretch(self, wanted: int, left: int) -> int:
        """How many times to fill at once where so many are wanted and so many are left: more than wanted rather than
        of ever other numbers, each of which would need a workspace of its own."""
        length = _SHORTEST
        while length < min(wanted, self._longest):
            length *= 4
        return min(length, self._longest, left)

    def forward(self, tape: Tape, lo: int, hi: int) -> None:
        """Fill the values of times lo…hi of a tape; those before lo are there."""
        recording = self._loaded(tape, lo, hi)
        recording.workspace.forward()
        self._copy(recording, tape, lo, hi, False)

    def backward(self, tape: Tape, lo: int, hi: int, within: Pass, term: MakeTerm) -> None:
        """Fill the gradients of times lo…hi of a pass; all values are there, and the pass's gradients after hi.
        `term`: what computes a summand of a gradient on the tape."""
        recording = self._loaded(tape, lo, hi)
        workspace = recording.workspace
        workspace.restore({name: tape.rows(name, lo, hi) for name in self._cell.definitions})
        for name, rows in workspace.later().items():
            for row, t in zip(rows, range(hi + 1, min(hi + len(rows), within.hi) + 1), strict=False):
                row[...] = self._sent(tape, name, t, term)
        workspace.backward(totals=False)
        self._copy(recording, tape, lo, hi, True)

    def _loaded(self, tape: Tape, lo: int, hi: int) -> Recording:
        times = slice(lo - 1, hi)
        states = {name: tape.rows(name, lo - lag, lo - 1) for name, lag in self._cell.lags.items()}
        absent = None if self._absent is None else self._absent[times]
        batch = tape.rows("x", lo, hi), self._y[times], states, absent, self._weight
        return self._execution.loaded(self._parameters, batch, lo)

    def _copy(self, recording: Recording, tape: Tape, lo: int, hi: int, gradients: bool) -> None:
        names = self._cell.definitions
        if gradients:
            names = {e.target: e.expression for e in self._cell.backward if e.kind == "gradient"}
        for name in names:
            tape.rows(name, lo, hi, gradients)[...] = recording.times(name, gradients)

    def _sent(self, tape: Tape, series: str, t: int, term: MakeTerm) -> Array:
        """What a series that is read at earlier times has at time t."""
        found = self._execution.waiting.get(series)
        if found is None:
            return tape.read(series[1:], t, gradient=True)
        name, lag = found
        total: Array = np.zeros_like(tape.values[name][0])
        for summand in self._cell.terms[name]:
            if summand.lag == lag:
                total += term(summand)(t - lag)
        return total
