"""The arrays and programs for one cell at one size: loaded with a batch, run forward and backward, read, used again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.execution.analysis import Analysis
from bptt.execution.calls import Caller, Given
from bptt.execution.layout import Group, Layout
from bptt.execution.program import Loop, Whole
from bptt.execution.series import TARGETS, WEIGHT
from bptt.execution.storage import Constants, Storage
from bptt.execution.totals import Totals
from bptt.expressions import Tick, Var, walk
from bptt.model import Model

Array = NDArray[np.floating]


class Workspace:
    """Room for T times of B sequences. Not for two threads at once."""

    def __init__(self, model: Model, analysis: Analysis, layout: Layout, T: int, B: int) -> None:
        self.T, self.B = T, B
        self._analysis = analysis
        self._size = model.size
        series = analysis.series
        sizes = {name: model.size(dim) for name, dim in series.dims.items()}
        blocks = [*layout.blocks, *([name] for name in ("x", TARGETS, WEIGHT))]
        self.storage = Storage(blocks, sizes, _reach(analysis, model), T, B, model.dtype)
        self._constants = Constants(model.parameters, model.dtype)
        self._given = self._make_given(_clocks(analysis))
        forward = [self._program(recurs, groups, False) for recurs, groups in layout.forward]
        backward = [self._program(recurs, groups, True) for recurs, groups in layout.backward]
        shapes = {name: array.shape for name, array in model.parameters.items()}
        totals = Totals(analysis.shares, shapes, self.storage)
        self.totals = totals.arrays
        """Parameter → its gradient."""
        self._forward = forward
        self._backward = [*backward, Whole(totals.calls)]
        self._parameters: Mapping[str, Array] | None = None
        self._masked = False
        self._start = 1
        self._states = [name for name in model.cell.lags if name != "x"]
        self._used: set[str] = set()
        self._weighted = model.loss == "mean"
        self._eye = np.eye(model.outputs + 1, model.outputs, dtype=model.dtype)
        self._x = self.storage.times(["x"])
        self._y = self.storage.times([TARGETS])
        self._loss = self.storage.times([model.cell.loss]).reshape(-1)
        self._ones = np.ones(T * B, model.dtype)
        self._first = np.arange(T * B) * model.outputs

    def _make_given(self, clocks: Iterable[tuple[int, int]]) -> Given:
        T, B = self.T, self.B
        shape = (T, 1) if B == 1 else (T, B, 1)
        times = np.arange(1, T + 1).reshape((T,) + (1,) * (len(shape) - 1))
        made = {(every, lag): (times - lag - 1) % every == 0 for every, lag in clocks}
        return Given(np.zeros(shape, bool), np.zeros((T, B), np.intp), np.zeros(T * B, np.intp), made)

    def _program(self, recurs: bool, groups: Sequence[Group], backward: bool) -> Whole | Loop:
        caller = Caller(self.storage, self._analysis.series, self._size, self._constants, self._given, recurs)
        calls = caller.calls(groups)
        return Loop(calls, self.T, self._given.clocks, backward) if recurs else Whole(calls)

    def take(self, parameters: Mapping[str, Array]) -> None:
        """Compute with these parameters from now on."""
        if parameters is not self._parameters:
            self._constants.fill(parameters)
            self._parameters = parameters

    def load(
        self,
        x: Array,
        y: NDArray[Any],
        initial: Mapping[str, Array],
        absent: NDArray[np.bool_] | None,
        weight: float,
        start: int = 1,
    ) -> None:
        """`x`: (T, B, D); `y`: (T, B) classes or (T, B, K) values; `initial`: state → (k, B, unit), zeros where it is
        missing; `absent`: (T, B, 1), where there is no target, None where all are there; `weight`: ∇loss[t] of a mean
        loss; `start`: the time of the first row."""
        np.copyto(self._x, x)
        given = self._given
        if y.ndim == 2:
            self._eye.take(y, 0, self._y, "wrap")
            np.add(self._first, y.reshape(-1), given.places)
            np.copyto(given.picked, y)
        else:
            np.copyto(self._y, y)
        self._masked = absent is not None
        if absent is not None:
            np.copyto(given.absent, absent.reshape(given.absent.shape))
            np.copyto(self._y, 0, where=absent)
            np.maximum(given.picked, 0, given.picked)
        if self._weighted:
            self.storage.times([WEIGHT]).fill(weight)
        for name in self._used - initial.keys():
            self._rows(name).fill(0)
        for name, rows in initial.items():
            np.copyto(self._rows(name), rows)
        self._used = set(initial)
        if start != self._start:
            self._move(start)

    def _rows(self, name: str) -> Array:
        """The initial rows of a state."""
        return self.storage.rows(name)[: self.storage.before(name)]

    def _move(self, start: int) -> None:
        self._start = start
        for (every, lag), on in self._given.clocks.items():
            times = np.arange(start, start + self.T).reshape(self.T, *(1,) * (on.ndim - 1))
            on[...] = (times - lag - 1) % every == 0
        for program in (*self._forward, *self._backward):
            if isinstance(program, Loop):
                program.forget()

    def forward(self) -> None:
        """Compute every variable at every time."""
        for program in self._forward:
            program.run(self._masked)

    def backward(self) -> None:
        """Compute the gradients that the recursion and the parameters need."""
        for program in self._backward:
            program.run(self._masked)

    def loss(self) -> float:
        """Σ over times and batch."""
        return float(self._loss.dot(self._ones))


def _reach(analysis: Analysis, model: Model) -> dict[str, tuple[int, int]]:
    """Series → how many times before the first and after the last are read."""
    reach = {name: (lag, 0) for name, lag in model.cell.lags.items()}
    for stage in (*analysis.forward, *analysis.backward):
        for line in stage.lines:
            for node in walk(line.expression):
                if isinstance(node, Var) and node.lag < 0:
                    before, after = reach.get(node.name, (0, 0))
                    reach[node.name] = before, max(after, -node.lag)
    return reach


def _clocks(analysis: Analysis) -> set[tuple[int, int]]:
    lines = [line for stage in (*analysis.forward, *analysis.backward) for line in stage.lines]
    return {(n.every, n.lag) for line in lines for n in walk(line.expression) if isinstance(n, Tick)}
