"""What a finished run recorded: values, gradients, the loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.cell import Cell
from bptt.edits import Edit
from bptt.errors import InputError
from bptt.execution.batch import read
from bptt.execution.recording import Recording
from bptt.execution.windowed import Windowed
from bptt.execution.workspace import Loaded
from bptt.model import Model
from bptt.passes import Pass
from bptt.policy import LARGEST_TAPE
from bptt.run import Run
from bptt.schedule import Schedule

Array = NDArray[np.floating]


class _Recorded(Mapping[str, Array]):
    """Name → array, made when it is first asked for and then kept."""

    def __init__(self, names: Sequence[str], make: Callable[[str], Array]) -> None:
        self._names = names
        self._make = make
        self._made: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            array = self._make(name)
            array.flags.writeable = False
            self._made[name] = array
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<{', '.join(self)}>"


class Stepped:
    """What a run has on its tape, read as a recording is."""

    def __init__(self, run: Run) -> None:
        """`run`: filled to the end."""
        self.T, self.B = run.T, run.B
        self.y = run.y
        self.edits = run.edits
        self.passes = run.schedule.passes
        self.times, self.initial, self.block = run.times, run.initial, run.block
        self.contribution = run.contribution
        self.loss = run.loss
        self._run = run

    @property
    def x(self) -> Array:
        """(T, B, D)."""
        return self._run.x

    def total(self, parameter: str) -> Array:
        """The parameter's gradient."""
        return self._run.sum_so_far(parameter, len(self._run))

    def inputs(self) -> Array:
        """∇x, (T, B, D)."""
        return self.input_gradients(1, self.T)

    def input_gradients(self, lo: int, hi: int) -> Array:
        """∇x[lo]…∇x[hi]."""
        # backwards, as what is computed again is computed
        return np.stack([self._run.input_gradient(t) for t in range(hi, lo - 1, -1)])[::-1]


@dataclass(frozen=True, eq=False)
class Block:
    """Times first…last of a trace."""

    first: int
    last: int
    values: Mapping[str, Array]
    """As in the trace: variable → (last − first + 1, B, unit); the loss without its last axis."""
    grads: Mapping[str, Array]
    """Those of variables and of "x"; a parameter's is a sum over all times, see `Trace.contribution`."""


class Trace:
    """The record of one finished run. Arrays are read-only and never change afterwards."""

    model: Model
    loss: float
    """Σ over times and batch, or the mean over the targets for a mean loss."""

    def __init__(self, model: Model, recording: Recording | Windowed | Stepped) -> None:
        self.model = model
        self.loss = recording.loss
        self._recording = recording

    def __repr__(self) -> str:
        return f"<Trace of {self.model.cell.name}: T={self._recording.T} B={self._recording.B} loss={self.loss:.4g}>"

    @property
    def x(self) -> Array:
        """(T, B, D); one-hot rows where integers were given."""
        return self._recording.x

    @property
    def y(self) -> NDArray[Any]:
        """(T, B) classes, −1 for no target; or (T, B, K) values, a row of NaN for no target."""
        return self._recording.y

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The what-ifs that the run was made with."""
        return self._recording.edits

    @property
    def passes(self) -> tuple[Pass, ...]:
        """The backward passes, in order: one, or in truncated BPTT one a block. Gradients and contributions are sums
        over them; those of the initial states over the passes that reach the start."""
        return self._recording.passes

    @cached_property
    def values(self) -> Mapping[str, Array]:
        """Variable → (T, B, unit), named arguments included; the loss (T, B)."""
        return _Recorded(tuple(self.model.cell.definitions), partial(_times, self.model, self._recording, False))

    @cached_property
    def grads(self) -> Mapping[str, Array]:
        """Variable → (T, B, unit), the loss (T, B); parameter → its own shape; "x" → (T, B, D)."""
        cell = self.model.cell
        return _Recorded((*cell.definitions, *cell.parameters, "x"), partial(_times, self.model, self._recording, True))

    @cached_property
    def initial(self) -> Mapping[str, Array]:
        """State → (B, unit) at t = 0, or (k, B, unit) at t = 1−k…0 where it is read at lags up to k."""
        return _Recorded(self._states, partial(_before, self._recording, False))

    @cached_property
    def initial_grads(self) -> Mapping[str, Array]:
        """State → the gradient of `initial`, in the same shape: in a truncated run the sum over the passes that go back
        to t = 1, since the others take every state that they begin with for a constant; where states are reset, over
        all."""
        return _Recorded(self._states, partial(_before, self._recording, True))

    def block(self, first: int, last: int) -> Block:
        """The same for times first…last alone. Of a run with checkpoints only these are computed again, when they are
        asked for.

        Raises IndexError where 1 ≤ first ≤ last ≤ T does not hold."""
        T = self._recording.T
        if not 1 <= first <= last <= T:
            raise IndexError(f"the block {first}…{last} is not within 1…{T}")
        names = tuple(self.model.cell.definitions)
        part = partial(_part, self.model, self._recording, first, last)
        return Block(first, last, _Recorded(names, partial(part, False)), _Recorded((*names, "x"), partial(part, True)))

    @property
    def _states(self) -> tuple[str, ...]:
        return tuple(name for name in self.model.cell.lags if name != "x")

    def contribution(self, parameter: str, t: int) -> Array:
        """The term of timestep t (1…T) in ∇parameter, in the parameter's shape, read-only.

        Raises KeyError for an unknown parameter, IndexError for a t outside 1…T."""
        if parameter not in self.model.parameters:
            raise KeyError(f"{parameter!r} is not a parameter: there are {', '.join(self.model.parameters)}")
        if not 1 <= t <= self._recording.T:
            raise IndexError(f"t = {t} is outside 1…{self._recording.T}")
        return self._recording.contribution(parameter, t)


# functions, not methods: what a trace hands out must not hold the trace, or its arrays would stay until Python looks
# for cycles


def _times(model: Model, recording: Recording | Windowed | Stepped, gradient: bool, name: str) -> Array:
    if gradient and name in model.cell.parameters:
        return recording.total(name)
    if name == "x":
        return recording.inputs()
    array = recording.times(name, gradient)
    return array[:, :, 0] if name == model.cell.loss else array[:]


def _part(
    model: Model, recording: Recording | Windowed | Stepped, first: int, last: int, gradient: bool, name: str
) -> Array:
    times = slice(first - 1, last)
    if isinstance(recording, Stepped):
        if name == "x":
            return recording.input_gradients(first, last)
        array = recording.block(name, first, last, gradient)
    elif name == "x":
        return recording.inputs()[times]
    else:
        array = recording.times(name, gradient)[times]
    return array[:, :, 0] if name == model.cell.loss else array[:]


def _before(recording: Recording | Windowed | Stepped, gradient: bool, name: str) -> Array:
    array = recording.initial(name, gradient)
    return array[0] if len(array) == 1 else array[:]


def _recorded(model: Model, batch: Loaded) -> Recording:
    with np.errstate(all="ignore"):  # passes are run again when something is asked for
        return model.record(batch)


def trace(
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    initial: Mapping[str, ArrayLike] | None = None,
    window: int | None = None,
    stride: int | None = None,
    *,
    reset: bool = False,
) -> Trace:
    """Run a model forward and back through time and record everything; arguments as in `Run`. Where full BPTT would
    take too much memory for that, checkpoints are recorded, see `bptt.policy`; truncated, no more than a window is held
    anyway.

    `reset`: each window begins in the initial states, as if it were a sequence of its own. Without it a truncated run
    carries the states on and cuts only what goes back: the values are then those of the full run, and with it they are
    not. Raises InputError where the arguments do not fit the model or each other."""
    whole = window is None and stride is None
    if whole and _is_large(model, x):
        return Run(model, x, y, initial).trace()
    with np.errstate(all="ignore"):
        batch = read(model, x, y, initial)
        if whole:
            return Trace(model, model.record(batch))
        schedule = Schedule(model.cell, len(batch[0]), window, stride)
        if reset:
            _check_reset(model.cell, schedule)
        if not schedule.truncated:
            return trace(model, x, y, initial)
        if Windowed.fits(model.cell):
            made = Windowed(model.cell, model.parameters, partial(_recorded, model), batch, schedule, reset)
            return Trace(model, made)
    return Run(model, x, y, initial, window, stride).trace()


def _check_reset(cell: Cell, schedule: Schedule) -> None:
    """Raise InputError where windows are no sequences of their own."""
    if schedule.window != schedule.stride:
        raise InputError("goes with windows that do not overlap: leave stride, or make it the window", "reset")
    if not Windowed.fits(cell):
        raise InputError(f"{cell.name} reads its clock, an earlier input or an earlier loss, which go on", "reset")


def _is_large(model: Model, x: ArrayLike) -> bool:
    """Whether x has so many times that not everything is to be recorded. Of what is no array the length counts."""
    batch = 1
    if isinstance(x, np.ndarray) and x.ndim == (2 if x.dtype.kind in "iu" else 3):
        batch = x.shape[1]
    times = len(x) if isinstance(x, list | tuple) or (isinstance(x, np.ndarray) and x.ndim) else 1
    return times * batch * model.execution.row_bytes > LARGEST_TAPE
