"""What one run of the fast path recorded, and what it left out and computes when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked
from bptt.cell import Cell
from bptt.execution.pool import Loan
from bptt.execution.series import gradient as gradient_of
from bptt.execution.whole import Whole
from bptt.execution.workspace import Workspace
from bptt.passes import Pass
from bptt.tape import Tape
from bptt.targets import Targets

if TYPE_CHECKING:
    from bptt.edits import Edit

Array = NDArray[np.floating]


class Recording:
    """All that full BPTT computes for one batch. Arrays are read-only and never change."""

    edits: tuple[Edit, ...] = ()

    def __init__(self, cell: Cell, parameters: Mapping[str, Array], loan: Loan, weight: float, loss: float) -> None:
        """`loan`: a workspace that has been run; `weight`: ∇loss[t]; `loss`: the whole."""
        self.T, self.B = loan.workspace.T, loan.workspace.B
        self.loss = loss
        self._cell = cell
        self._parameters = parameters
        self._loan = loan
        self._weight = weight
        self._made: dict[tuple[str, bool], Array] = {}

    @property
    def workspace(self) -> Workspace:
        """Where it was computed; not to be written to by who shows arrays of it."""
        return self._loan.workspace

    @property
    def passes(self) -> tuple[Pass, ...]:
        """The only backward pass."""
        return (Pass(1, 1, self.T, 1),)

    @cached_property
    def x(self) -> Array:
        """(T, B, D)."""
        return self._loan.show(self._loan.workspace.storage.times(["x"]))

    @cached_property
    def y(self) -> NDArray[Any]:
        """(T, B) classes, −1 for no target, or (T, B, K) values, NaN for no target."""
        workspace = self._loan.workspace
        return locked(workspace.classes() if workspace.classed else workspace.targets())

    def times(self, name: str, gradient: bool = False) -> Array:
        """(T, B, unit): a variable or its gradient at times 1…T."""
        return self.rows(name, gradient)[self.before(name) :]

    def initial(self, name: str, gradient: bool = False) -> Array:
        """(k, B, unit): a state or its gradient at times 1−k…0."""
        before = self.before(name)
        if not gradient:
            return self.rows(name, False)[:before]
        whole, rows = self._whole(), np.zeros_like(self.rows(name, False)[:before])
        with np.errstate(all="ignore"):
            for term in self._cell.terms[name]:
                for t in range(max(1 - before, 1 - term.lag), min(1, self.T - term.lag + 1)):
                    rows[t + before - 1] += whole.at(term.expression, t)
        return locked(rows)

    def total(self, parameter: str) -> Array:
        """The parameter's gradient."""
        return self._loan.show(self._loan.workspace.totals[parameter])

    def contribution(self, parameter: str, t: int) -> Array:
        """The term of time t in the parameter's gradient."""
        total, whole = np.zeros_like(self._parameters[parameter]), self._whole()
        with np.errstate(all="ignore"):
            for term in self._cell.parameter_terms.get(parameter, ()):
                total += whole.total(term.expression, t, t, total)
        return locked(total)

    def inputs(self) -> Array:
        """∇x, (T, B, D)."""
        return locked(self._added("x", np.zeros_like(self.x)))

    def rows(self, name: str, gradient: bool) -> Array:
        """(k + T, B, unit): a variable, or its gradient with 0 in the rows of the initial states."""
        key = name, gradient
        if key not in self._made:
            self._made[key] = self._gradient(name) if gradient else self._value(name)
        return self._made[key]

    def before(self, name: str) -> int:
        """How many initial rows a variable has."""
        return self._cell.lags.get(name, 0)

    def _value(self, name: str) -> Array:
        kept = self._loan.workspace.negated.get(name)
        rows = self._shown(kept or name, self.before(name))
        return locked(-rows) if kept else rows

    def _gradient(self, name: str) -> Array:
        kept = gradient_of(name)
        if kept in self._loan.workspace.storage:
            return self._shown(kept, self.before(name))
        rows = np.zeros_like(self.rows(name, False))
        if name == self._cell.loss:
            rows[-self.T :] = self._weight
        return locked(self._added(name, rows))

    def _shown(self, name: str, before: int) -> Array:
        storage = self._loan.workspace.storage
        start = storage.before(name) - before
        return self._loan.show(storage.rows(name)[start : start + before + self.T])

    def _added(self, name: str, rows: Array) -> Array:
        """`rows` and all that is sent to `name` at times 1…T."""
        whole = self._whole()
        with np.errstate(all="ignore"):
            for term in self._cell.terms[name]:
                whole.add(rows, term.expression, term.lag)
        return rows

    def _whole(self) -> Whole:
        # not kept: it reads this recording, and a cycle would keep the loan until Python looks for cycles
        targets = self._loan.workspace.targets()
        return Whole(_Read(self), self._parameters, Targets.of(targets, targets.shape[2], targets.dtype), self._weight)


class _Read(Tape):
    """A recording in the place of a tape."""

    def __init__(self, recording: Recording) -> None:
        self.T, self.B = recording.T, recording.B
        self.before = _Named(recording.before)  # type: ignore[assignment]  # only ever read by name
        self.values = _Named(lambda name: recording.rows(name, False))  # type: ignore[assignment]
        self.gradients = _Named(lambda name: recording.rows(name, True))  # type: ignore[assignment]


class _Named:
    """Reads like a dict."""

    def __init__(self, read: Callable[[str], object]) -> None:
        self._read = read

    def __getitem__(self, name: str) -> object:
        return self._read(name)
