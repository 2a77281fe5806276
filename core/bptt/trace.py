"""What a finished run recorded: values, gradients, the loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.edits import Edit
from bptt.execution.execution import Execution
from bptt.model import Model
from bptt.run import Run
from bptt.schedule import Pass

Array = NDArray[np.floating]


class _Recorded(Mapping[str, Array]):
    """Name → array, made when it is first asked for and then kept."""

    def __init__(self, makers: Mapping[str, Callable[[], Array]]) -> None:
        self._makers = makers
        self._made: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self._made:
            array = self._makers[name]()
            array.flags.writeable = False
            self._made[name] = array
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __repr__(self) -> str:
        return f"<{', '.join(self)}>"


class Trace:
    """The record of one finished run. Arrays are read-only and never change afterwards."""

    model: Model
    values: Mapping[str, Array]
    """Variable → (T, B, unit), named arguments included; the loss (T, B)."""
    grads: Mapping[str, Array]
    """Variable → (T, B, unit), the loss (T, B); parameter → its own shape; "x" → (T, B, D)."""
    initial: Mapping[str, Array]
    """State → (B, unit) at t = 0, or (k, B, unit) at t = 1−k…0 where it is read at lags up to k."""
    initial_grads: Mapping[str, Array]
    """State → the gradient of `initial`, in the same shape."""
    passes: tuple[Pass, ...]
    """The backward passes, in order: one, or in truncated BPTT one a block. Gradients and contributions are sums over
    them; those of the initial states over the passes that reach the start."""
    loss: float
    """Σ over times and batch, or the mean over the targets for a mean loss."""
    edits: tuple[Edit, ...]
    """The what-ifs that the run was made with."""

    def __init__(self, run: Run, execution: Execution | None = None) -> None:
        """`execution`: what computed the run, where it was not stepped."""
        self._execution = execution
        cell = run.model.cell
        self.model = run.model
        self.x = run.x
        self.y = run.y
        self.edits = run.edits
        self.passes = run.schedule.passes
        self._run = run
        variables = list(cell.definitions)
        self.values = _Recorded({name: self._times(name, False) for name in variables})
        self.grads = _Recorded(
            {name: self._times(name, True) for name in variables}
            | {name: self._total(name) for name in cell.parameters}
            | {"x": self._inputs}
        )
        states = [name for name in cell.lags if name != "x"]
        self.initial = _Recorded({name: self._before(name, False) for name in states})
        self.initial_grads = _Recorded({name: self._before(name, True) for name in states})
        with np.errstate(all="ignore"):
            self.loss = float(self.values[cell.loss].sum() * run.weight)

    def __repr__(self) -> str:
        return f"<Trace of {self.model.cell.name}: T={self._run.T} B={self._run.B} loss={self.loss:.4g}>"

    def contribution(self, parameter: str, t: int) -> Array:
        """The term of timestep t (1…T) in ∇parameter, in the parameter's shape, read-only.

        Raises KeyError for an unknown parameter, IndexError for a t outside 1…T."""
        if parameter not in self.model.parameters:
            raise KeyError(f"{parameter!r} is not a parameter: there are {', '.join(self.model.parameters)}")
        if not 1 <= t <= self._run.T:
            raise IndexError(f"t = {t} is outside 1…{self._run.T}")
        return self._run.contribution(parameter, t)

    def _times(self, name: str, gradient: bool) -> Callable[[], Array]:
        def make() -> Array:
            array = self._run.times(name, gradient)
            return array[:, :, 0] if name == self.model.cell.loss else array[:]

        return make

    def _before(self, name: str, gradient: bool) -> Callable[[], Array]:
        def make() -> Array:
            array = self._run.initial(name, gradient)
            return array[0] if len(array) == 1 else array[:]

        return make

    def _total(self, parameter: str) -> Callable[[], Array]:
        def make() -> Array:
            if self._execution is None:
                return self._run.sum_so_far(parameter, len(self._run))
            with np.errstate(all="ignore"):
                return self._execution.total(parameter, self.model.parameters[parameter])

        return make

    def _inputs(self) -> Array:
        run = self._run
        if self._execution is not None:
            with np.errstate(all="ignore"):
                return self._execution.inputs()
        return np.stack([run.input_gradient(t) for t in range(1, run.T + 1)])


def trace(
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    initial: Mapping[str, ArrayLike] | None = None,
    window: int | None = None,
    stride: int | None = None,
) -> Trace:
    """Run a model forward and back through time and record everything; arguments as in `Run`.

    Raises InputError where they do not fit the model."""
    run = Run(model, x, y, initial, window, stride)
    execution = run.record()
    return Trace(run, execution) if execution is not None else run.trace()
