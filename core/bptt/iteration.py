"""One training iteration as steps: forward and back through time, then the update, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.arrays import locked
from bptt.model import Model
from bptt.run import Run, Step
from bptt.snapshots import State
from bptt.trace import Trace, trace
from bptt.update import Update, Updater, UpdateStep

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Windowing:
    """How every iteration reads its batch."""

    window: int | None = None
    stride: int | None = None
    initial: Mapping[str, ArrayLike] | None = None
    carry: bool = False
    """Whether the next batch begins in the states in which this one ends."""


class Iteration:
    """What one iteration computes. Everything is worked out when it is first asked for, and always the same."""

    def __init__(
        self,
        number: int,
        model: Model,
        pair: tuple[ArrayLike, ArrayLike],
        before: State,
        rate: float,
        updater: Updater,
        windowing: Windowing,
    ) -> None:
        """`model`: any with the right shapes; `before`: what the iteration starts from, parameters included."""
        self.number = number
        """Counted from 1."""
        self.before = before
        self.rate = rate
        self.model = model_of(model, before.parameters, updater)
        """Before the update."""
        self.x, self.y = pair
        self._updater = updater
        self._windowing = windowing
        self._initial = before.carried or windowing.initial

    @cached_property
    def run(self) -> Run:
        """The forward and backward pass, to be stepped; nothing of it is computed yet."""
        return Run(self.model, self.x, self.y, self._initial, self._windowing.window, self._windowing.stride)

    @cached_property
    def trace(self) -> Trace:
        """The same on the fast path: where the update's gradient comes from."""
        return trace(self.model, self.x, self.y, self._initial, self._windowing.window, self._windowing.stride)

    @cached_property
    def update(self) -> Update:
        """What becomes of the gradient and of the parameters."""
        gradient = self._updater.packing.pack(self.trace.grads)
        return self._updater.update(self.before.parameters, gradient, self.before.memory, self.rate)

    @cached_property
    def after(self) -> State:
        """What the next iteration starts from."""
        memory = {name: locked(row) for name, row in self.update.memory.items()}
        return State(locked(self.update.parameters), memory, self._carried() if self._windowing.carry else {})

    def __len__(self) -> int:
        return len(self.run) + len(self._updater.places)

    def __iter__(self) -> Iterator[Step | UpdateStep]:
        return (self.at(index) for index in range(len(self)))

    def at(self, index: int) -> Step | UpdateStep:
        """The step at `index`, from 0: those of the run, then the update's. IndexError outside 0…len−1."""
        if index < len(self.run):
            return self.run.at(index)
        if index >= len(self):
            raise IndexError(f"step {index} does not exist: the iteration has steps 0…{len(self) - 1}")
        line, value = self._updater.line(index - len(self.run), self.update)
        return UpdateStep(index, 0, line.target, line, value, line.reads)

    def read(self, index: int, name: str) -> Array:
        """What the update's line at `index` reads under one of its `reads`, as the lines before it left that."""
        return self._updater.reading(index - len(self.run), name, self.before, self.update)

    def first_nonfinite(self) -> int | None:
        """The index of the first step that made a NaN or an infinity; None where every value is finite."""
        found = self.run.first_nonfinite()
        if found is not None:
            return found
        indices = range(len(self.run), len(self))
        return next((index for index in indices if not np.isfinite(self.at(index).value).all()), None)

    def _carried(self) -> dict[str, Array]:
        """State → (k, B, units): its last k values, in which the next batch begins."""
        found = {}
        for name, lag in self.model.cell.lags.items():
            if name != "x":
                values, initial = self.trace.values[name], self.trace.initial[name]
                rows = np.concatenate([initial if initial.ndim == 3 else initial[None], values[-lag:]])
                found[name] = locked(rows[-lag:])
        return found


def model_of(model: Model, parameters: Array, updater: Updater) -> Model:
    """The model with the parameters of a row."""
    return model.around(updater.packing.unpack(parameters), bool(np.isfinite(parameters).all()))
