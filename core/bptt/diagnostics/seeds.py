"""Many gradients carried back at once on a run's recorded values: one row a seed."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.expressions import LossSlope, walk
from bptt.run import Run

Array = NDArray[np.floating]


class _Rows(dict[int, Array]):
    """Row of the tape → the gradients there; zeros where nothing has been put."""

    def __init__(self, zeros: Array) -> None:
        super().__init__()
        self._zeros = zeros

    def __missing__(self, row: int) -> Array:
        return self._zeros


class Seeds:
    """Gradients (seeds, unit) of one sequence; where batch_norm couples the sequences, (seeds, B, unit), the seeds in
    that sequence alone."""

    def __init__(self, run: Run, count: int, sequence: int) -> None:
        run.fill(run.schedule.known)
        self._cell = run.model.cell
        self._last = run.T
        self._coupled = "batch_norm" in self._cell.functions
        self._sequence = sequence
        batch = (count, run.B) if self._coupled else (count,)
        tape = copy(run.tape)
        if not self._coupled:
            tape.values = {name: array[:, sequence : sequence + 1] for name, array in tape.values.items()}
        zeros = {name: np.zeros((*batch, array.shape[-1]), array.dtype) for name, array in tape.values.items()}
        rows: dict[str, Any] = {name: _Rows(array) for name, array in zeros.items()}
        self._zeros, self._rows, self._before = zeros, rows, tape.before
        tape.gradients = rows
        self._interpreter = run.interpreter(tape, 1.0, None if self._coupled else sequence)
        whole = all(edit.name != self._cell.loss for edit in run.edits)  # an edited loss has its ∇L as a factor
        self._folded = {
            id(term): whole and any(isinstance(node, LossSlope) and node.weighted for node in walk(term.expression))
            for terms in self._cell.occurrences.values()
            for term in terms
        }

    def seed(self, name: str, t: int, rows: slice, values: Array) -> None:
        """Add values (rows, unit) to ∇name[t]."""
        gradient = self._at(name, t).copy()
        place = (rows, self._sequence) if self._coupled else (rows,)
        gradient[place] += values
        self._rows[name][self._row(name, t)] = gradient

    def gradient(self, name: str, t: int) -> Array:
        """(seeds, unit): ∇name[t] of the sequence."""
        found = self._at(name, t)
        return found[:, self._sequence] if self._coupled else found

    def pull(self, name: str, t: int, lag: int | None = None, losses: bool = False) -> None:
        """Add to ∇name[t] what its readers send back, those at t + lag alone where a lag is given. `losses`: where a
        loss has ∇L = 1 folded into what it sends, it goes to the row of its time, t − 1."""
        total: Any = self._at(name, t)
        for term in self._cell.occurrences[name]:
            if (term.lag != lag and lag is not None) or not 1 <= t + term.lag <= self._last:
                continue
            if not self._folded[id(term)]:
                total = total + self._interpreter.term(term)(t)
            elif losses:
                total = total + self._of_one(name, t + term.lag, self._interpreter.term(term)(t))
        self._rows[name][self._row(name, t)] = total

    def forget(self, t: int) -> None:
        """Drop the gradients of time t."""
        for name, rows in self._rows.items():
            rows.pop(self._row(name, t), None)

    def _of_one(self, name: str, at: int, sent: Array) -> Array:
        """What the loss at one time sends back, in its row and sequence."""
        gradient = np.zeros_like(self._zeros[name])
        gradient[at - 1] = sent if not self._coupled else 0
        if self._coupled:
            gradient[at - 1, self._sequence] = sent[self._sequence]
        return gradient

    def _at(self, name: str, t: int) -> Array:
        return np.asarray(self._rows[name][self._row(name, t)])

    def _row(self, name: str, t: int) -> int:
        return t + self._before[name] - 1
