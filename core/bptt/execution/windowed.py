"""Truncated BPTT by the fast path: each pass is full BPTT over its times, from the states that were carried to it, or
from the initial ones where states are reset."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked
from bptt.cell import Cell
from bptt.execution.recording import Recording
from bptt.execution.workspace import Loaded
from bptt.expressions import Loss, Tick, Var, walk
from bptt.passes import Pass
from bptt.schedule import Schedule

if TYPE_CHECKING:
    from bptt.edits import Edit

Array = NDArray[np.floating]


class Windowed:
    """All that truncated BPTT computes for one batch. Holds the parameters' gradients and, besides x and y, no more
    than a window; what else is asked for is computed again, pass by pass. Arrays are read-only."""

    edits: tuple[Edit, ...] = ()

    def __init__(
        self,
        cell: Cell,
        parameters: Mapping[str, Array],
        record: Callable[[Loaded], Recording],
        batch: Loaded,
        schedule: Schedule,
        reset: bool = False,
    ) -> None:
        """`record`: full BPTT over a batch; `schedule`: truncated, of a cell that `fits`; `reset`: whether each block
        begins in the initial states, for passes that do not overlap. Runs all passes."""
        x, y, initial, absent, weight = batch
        self.T, self.B = x.shape[:2]
        self.x: Array = locked(x.copy())
        self.y = locked(y.copy())
        self.passes = schedule.passes
        self._cell = cell
        self._record = record
        self._given = initial
        self._absent = np.zeros((self.T, self.B, 1), bool) if absent is None else absent.copy()
        self._weight = weight
        self._reset = reset
        self._states = {name: lag for name, lag in cell.lags.items() if name != "x"}
        self._overlap = max(within.losses_from - within.lo for within in schedule.passes)
        self._longest = max(within.hi - within.lo + 1 for within in schedule.passes)
        self._start: dict[str, Array] = {}
        self._totals = {name: np.zeros_like(array) for name, array in parameters.items()}
        self._initial_gradients: dict[str, Array] = {}
        self.loss = 0.0
        for within, recording in self._recordings():
            self.loss += recording.loss
            for name, total in self._totals.items():
                total += recording.total(name)
            for name in self._states if within.lo == 1 or reset else ():
                if within.number == 1:
                    self._start[name] = recording.initial(name).copy()
                    self._initial_gradients[name] = np.zeros_like(self._start[name])
                self._initial_gradients[name] += recording.initial(name, gradient=True)

    @staticmethod
    def fits(cell: Cell) -> bool:
        """Whether a pass is a run of its own: nothing depends on where it begins, and losses can be left out."""
        nodes = [node for definition in cell.definitions.values() for node in walk(definition)]
        losses = [node for node in nodes if isinstance(node, Loss)]
        plain = isinstance(cell.definitions[cell.loss], Loss) and len(losses) == 1 and losses[0].lag == 0
        moved = "x" in cell.lags or any(isinstance(node, Tick) for node in nodes)
        return plain and not moved and not any(isinstance(node, Var) and node.name == cell.loss for node in nodes)

    def times(self, name: str, gradient: bool = False) -> Array:
        """(T, B, unit): a variable, or the sum over the passes of its gradient, at times 1…T."""
        # of the losses left out a recording knows nothing
        summed = gradient and name != self._cell.loss
        return self._gathered(lambda recording: recording.times(name, gradient), summed)

    def initial(self, name: str, gradient: bool = False) -> Array:
        """(k, B, unit): a state at times 1−k…0, or the sum of its gradients over the passes that begin there."""
        return locked((self._initial_gradients if gradient else self._start)[name].copy())

    def total(self, parameter: str) -> Array:
        """The parameter's gradient, summed over the passes."""
        return locked(self._totals[parameter].copy())

    def contribution(self, parameter: str, t: int) -> Array:
        """The term of time t in the parameter's gradient, summed over the passes."""
        total = np.zeros_like(self._totals[parameter])
        for within, recording in self._recordings():
            if within.lo <= t <= within.hi:
                total += recording.contribution(parameter, t - within.lo + 1)
        return locked(total)

    def inputs(self) -> Array:
        """∇x, (T, B, D)."""
        return self._gathered(Recording.inputs, summed=True)

    def _gathered(self, of: Callable[[Recording], Array], summed: bool) -> Array:
        """(T, B, unit): the sum of what the passes have at their times, or at each time what its block's pass has."""
        found: Array | None = None
        for within, recording in self._recordings():
            rows = of(recording)[: within.hi - within.lo + 1]
            if found is None:
                found = np.zeros((self.T, *rows.shape[1:]), rows.dtype)
            if summed:
                found[within.lo - 1 : within.hi] += rows
            else:
                found[within.losses_from - 1 : within.hi] = rows[within.losses_from - within.lo :]
        assert found is not None  # there is a pass
        return locked(found)

    def _recordings(self) -> Iterator[tuple[Pass, Recording]]:
        """Each pass in order, run from the states of its predecessors."""
        carried: dict[str, Array] = {}  # rows of the latest times, up to that before the next block
        for within in self.passes:
            recording = self._record(self._batch(within, carried))
            if not carried:
                carried = {name: recording.initial(name) for name in self._states}
            for name, rows in carried.items():
                block = slice(within.losses_from - within.lo, within.hi - within.lo + 1)
                known = np.concatenate([rows, recording.times(name)[block]])
                carried[name] = known[-(self._overlap + self._states[name]) :]
            yield within, recording

    def _batch(self, within: Pass, carried: Mapping[str, Array]) -> Loaded:
        """The times of a pass, all losses but its block's left out."""
        # where passes overlap each is as long as the longest, so that one workspace is enough
        end = max(within.hi, min(within.lo + self._longest - 1, self.T)) if self._overlap else within.hi
        times = slice(within.lo - 1, end)
        y, absent = self.y[times].copy(), self._absent[times].copy()
        before = within.losses_from - within.lo
        for others in (slice(before), slice(within.hi - within.lo + 1, None)):
            y[others] = -1 if y.ndim == 2 else np.nan
            absent[others] = True
        initial = self._given
        if within.lo > 1 and not self._reset:
            # the last row of `carried` is the time before the block
            ends = {name: len(rows) - before for name, rows in carried.items()}
            initial = {name: carried[name][ends[name] - lag : ends[name]] for name, lag in self._states.items()}
        return self.x[times], y, initial, absent if absent.any() else None, self._weight
