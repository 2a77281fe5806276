"""The arrays and programs for one cell at one size: loaded with a batch, run forward and backward, read, used again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.execution.analysis import Analysis
from bptt.execution.calls import Caller
from bptt.execution.layout import Group, Layout
from bptt.execution.program import Loop, Whole
from bptt.execution.series import TARGETS, WEIGHT, gradient
from bptt.execution.storage import Constants, Storage
from bptt.execution.totals import Totals
from bptt.execution.writer import Given
from bptt.expressions import Tick, Var, walk

Array = NDArray[np.floating]
Loaded = tuple[Array, NDArray[Any], Mapping[str, Array], NDArray[np.bool_] | None, float]
"""What `Workspace.load` takes: x, y, initial states, where targets are missing, the weight."""


class Workspace:
    """Room for T times of B sequences. Not for two threads at once."""

    def __init__(
        self,
        cell: Cell,
        analysis: Analysis,
        layout: Layout,
        sizes: Mapping[str, int],
        dtype: np.dtype[np.floating],
        T: int,
        B: int,
    ) -> None:
        """`sizes`: dim → units."""
        self.T, self.B = T, B
        self._cell = cell
        self._analysis = analysis
        self.negated = analysis.negated
        """Variable → the series that holds its negative."""
        self._sizes = sizes
        series = analysis.series
        units = {name: sizes[dim] for name, dim in series.dims.items()}
        blocks = [*layout.blocks, *([name] for name in ("x", TARGETS, WEIGHT))]
        reach = _reach(analysis, cell)
        self.storage = Storage(blocks, units, reach, T, B, dtype)
        self._after = {
            name: self.storage.rows(name)[self.storage.before(name) + T :][:after]
            for name, (_, after) in reach.items()
            if after and name in self.storage
        }
        self._continued = False
        shapes = {name: tuple(sizes[dim] for dim in dims) for name, dims in cell.parameters.items()}
        self._constants = Constants(shapes, dtype)
        self._given = self._make_given(_clocks(analysis))
        forward = [self._program(recurs, groups, False) for recurs, groups in layout.forward]
        backward = [self._program(recurs, groups, True) for recurs, groups in layout.backward]
        totals = Totals(analysis.shares, shapes, self.storage)
        self.totals = totals.arrays
        """Parameter → its gradient."""
        self._forward = forward
        self._backward = backward
        self._totals = Whole(totals.calls)
        self._parameters: Mapping[str, Array] | None = None
        self._masked = False
        self.classed = False
        """Whether the targets are classes."""
        self._start = 1
        self._used: set[str] = set()
        self._weighted = analysis.weighted
        self._eye = np.eye(sizes["outputs"] + 1, sizes["outputs"], dtype=dtype)
        self._x = self.storage.times(["x"])
        self._y = self.storage.times([TARGETS])
        self._loss = self.storage.times([cell.loss]).reshape(-1)
        self._ones = np.ones(T * B, dtype)
        self.size = self.storage.size
        """Bytes of the series."""
        self._first = np.arange(T * B) * sizes["outputs"]

    def _make_given(self, clocks: Iterable[tuple[int, int]]) -> Given:
        T, B = self.T, self.B
        shape = (T, 1) if B == 1 else (T, B, 1)
        times = np.arange(1, T + 1).reshape((T,) + (1,) * (len(shape) - 1))
        made = {(every, lag): (times - lag - 1) % every == 0 for every, lag in clocks}
        return Given(np.zeros(shape, bool), np.zeros((T, B), np.intp), np.zeros(T * B, np.intp), made)

    def _program(self, recurs: bool, groups: Sequence[Group], backward: bool) -> Whole | Loop:
        calls = self._caller(recurs).calls(groups)
        return Loop(calls, self.T, self._given.clocks, backward) if recurs else Whole(calls)

    def _caller(self, each: bool) -> Caller:
        return Caller(self.storage, self._analysis.series, self._sizes, self._constants, self._given, each)

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
        """`x`: (T, B, D); `y`: (T, B) classes or (T, B, K) values; `initial`: state, or x → (k, B, unit), 0 where it
        is missing; `absent`: (T, B, 1), where there is no target, None where all are there; `weight`: ∇loss[t] of a
        mean loss; `start`: the time of the first row."""
        np.copyto(self._x, x)
        given, self.classed = self._given, y.ndim == 2
        if self.classed:
            self._eye.take(y, 0, self._y, "wrap")
            np.add(self._first, y.reshape(-1), given.places)
            np.copyto(given.picked, y)
        else:
            np.copyto(self._y, y)
        self._masked = absent is not None
        if absent is not None:
            np.copyto(given.absent, absent.reshape(given.absent.shape))
            np.copyto(self._y, 0, where=absent)
            np.maximum(given.picked, 0, out=given.picked)
        if self._weighted:
            self.storage.times([WEIGHT]).fill(weight)
        for name in self._used - initial.keys():
            self._rows(name).fill(0)
        for name, rows in initial.items():
            np.copyto(self._rows(name), rows)
        self._used = set(initial)
        if start != self._start:
            self._move(start)
        if self._continued:
            self._continued = False
            for rows in self._after.values():
                rows.fill(0)

    def _rows(self, name: str) -> Array:
        """The initial rows of a state, or of x: as many as are read."""
        end = self.storage.before(name)
        return self.storage.rows(name)[end - self._cell.lags[name] : end]

    def _move(self, start: int) -> None:
        self._start = start
        if not self._given.clocks:
            return
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

    def restore(self, values: Mapping[str, Array]) -> None:
        """Have all that `forward` computes from the values of the variables, (T, B, unit), which were known."""
        for name, rows in values.items():
            kept = self.negated.get(name)
            if kept:
                np.negative(rows, self.storage.times([kept]))
            else:
                np.copyto(self.storage.times([name]), rows)
        self._between.run(self._masked)

    @cached_property
    def _between(self) -> Whole:
        """What computes, for all times at once, the forward series that are not variables."""
        kept = {*self._cell.definitions, *self.negated.values()}
        lines = [line for stage in self._analysis.forward for line in stage.lines if line.name not in kept]
        made = Whole(self._caller(False).calls((line,) for line in lines))
        assert self._parameters is not None  # a batch is loaded
        self._constants.fill(self._parameters)
        return made

    def later(self) -> dict[str, Array]:
        """Gradient series that are read at earlier times → their rows after the last time, (k, B, unit): 0 until they
        are written to, and again with the next batch."""
        self._continued = True
        return dict(self._after)

    def backward(self, totals: bool = True) -> None:
        """Compute the gradients that the recursion needs, and with `totals` those of the parameters."""
        for program in self._backward:
            program.run(self._masked)
        if totals:
            self._totals.run(self._masked)

    def targets(self) -> Array:
        """(T, B, K): one-hot rows or values, NaN where there is no target."""
        rows = self._y.copy()
        if self._masked:
            rows[self._given.absent.reshape(self.T, self.B)] = np.nan
        return rows

    def classes(self) -> NDArray[np.int64]:
        """(T, B): the targets' classes, −1 where there is no target."""
        classes = self._given.picked.astype(np.int64)
        if self._masked:
            classes[self._given.absent.reshape(self.T, self.B)] = -1
        return classes

    def loss(self) -> float:
        """Σ over times and batch."""
        return float(self._loss.dot(self._ones))


def _reach(analysis: Analysis, cell: Cell) -> dict[str, tuple[int, int]]:
    """Series → how many times before the first and after the last are read."""
    reach = {name: (lag, 0) for name, lag in cell.lags.items()}
    for stage in (*analysis.forward, *analysis.backward):
        for line in stage.lines:
            for node in walk(line.expression):
                if isinstance(node, Var) and node.lag < 0:
                    before, after = reach.get(node.name, (0, 0))
                    reach[node.name] = before, max(after, -node.lag)
    for name, lag in cell.lags.items():
        reach[gradient(name)] = lag, reach.get(gradient(name), (0, 0))[1]
    return reach


def _clocks(analysis: Analysis) -> set[tuple[int, int]]:
    lines = [line for stage in (*analysis.forward, *analysis.backward) for line in stage.lines]
    return {(n.every, n.lag) for line in lines for n in walk(line.expression) if isinstance(n, Tick)}
