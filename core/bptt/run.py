"""The steppable run: a model on sequences, forward and back through time, one equation at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.edited import EditedInterpreter, EditedLines
from bptt.edits import Constants, Edit, check_edit, edited_model, edited_rows
from bptt.equation import Equation
from bptt.evaluation import Evaluator, Interpreter
from bptt.execution.filling import Filling
from bptt.expressions import Expression
from bptt.gradients import Gradients, OverlappingGradients
from bptt.lines import Lines
from bptt.model import Model
from bptt.normalisers import check_normalisers
from bptt.schedule import Phase, Schedule
from bptt.sequences import coerce, coerce_initial
from bptt.sums import Sums
from bptt.tape import Tape

if TYPE_CHECKING:
    from bptt.trace import Trace

Array = NDArray[np.floating]
_AT_ONCE = 64
"""Steps that one thread fills before it lets another look."""
_LONG = 4000
"""Steps of a run that is worth the fast path. Shorter ones are stepped, and are the same to the last bit however one
gets anywhere in them."""
_PATIENCE = 0.002
"""Seconds that a thread waits for another to fill before it looks whether that one has come far enough."""


@dataclass(frozen=True, slots=True)
class Step:
    """One equation, computed; or a cut, which computes nothing: its phase is "cut", its target empty, its value (B, 0),
    its equation a line of kind "cut"."""

    index: int
    """Counted from 0."""
    phase: Phase
    t: int
    target: str
    """The variable computed; in the backward phase the variable or parameter whose gradient is."""
    equation: Equation
    """As it stands at t: a gradient near T without its terms from the future, a hold as the branch taken."""
    value: Array
    """(B, unit); (B,) for the loss and its gradient; for a parameter's gradient its sum so far, from T down to t, in
    its own shape. Read-only."""
    reads: tuple[str, ...]
    """What was read, with its times: `h[3]`, `∇a[5]`, `W`."""


class Run:
    """Backpropagation through time as a cursor on a tape that only grows.

    Nothing is computed on creation. A step fills its slot the first time; from then on every move is a move of the
    cursor. Iterating goes on from the cursor to the end. Safe to fill from another thread.
    """

    def __init__(
        self,
        model: Model,
        x: ArrayLike,
        y: ArrayLike,
        initial: Mapping[str, ArrayLike] | None = None,
        window: int | None = None,
        stride: int | None = None,
        edits: Sequence[Edit] = (),
    ) -> None:
        """`x`: (T, D) or (T, B, D) floats, or (T,) or (T, B) integers meaning one-hot rows; `y`: (T,) or (T, B)
        integers, −1 for no target, or (T, K) or (T, B, K) floats, a row of NaN for no target; `initial`: state →
        (H,) or (B, H), or (k, B, H) for a state read at lags up to k, oldest first; `window` and `stride`: truncated
        BPTT, see `Schedule`; `edits`: what-ifs, see `Edit`; `model`, `x` and the initial states of the run are then
        the edited ones.

        Raises InputError where these do not fit the model."""
        sequences = coerce(model, x, y)
        states = coerce_initial(model, initial, sequences.B)
        self.edits = tuple(edits)
        self._unedited = model, sequences.x, sequences.y, states
        for edit in self.edits:
            check_edit(edit, model, sequences.T, sequences.B)
        model = edited_model(model, self.edits)
        cell = model.cell
        check_normalisers(model, sequences.B)
        self.model = model
        self.x = edited_rows(sequences.x, "x", 1, self.edits, sequences.T)
        self.y = sequences.y
        self.T = sequences.T
        self.B = sequences.B
        self.schedule = Schedule(cell, self.T, window, stride)
        sizes = {name: model.size(dim) for name, dim in cell.dims.items()} | {"x": model.inputs}
        self.tape = Tape(self.T, self.B, sizes, cell.lags, model.dtype)
        self.tape.values["x"][self.tape.before["x"] :] = self.x
        for name, rows in states.items():
            self.tape.values[name][: len(rows)] = edited_rows(rows, name, 1 - len(rows), self.edits, self.T)
        targets = sequences.targets
        count = int((~np.isnan(targets).any(axis=-1)).sum())
        self.weight = 1.0 if model.loss == "sum" else 1.0 / count if count else 0.0
        """∇L[t]: 1, or one over the number of targets for a mean loss."""
        self._targets = targets
        self._constants = Constants(self.edits, cell, self.T)
        self._interpreter = self.interpreter(self.tape, self.weight)
        self._forward = self._forward_parts()
        self._position = 0
        self._filled = 0
        self._lock = RLock()

    def interpreter(self, tape: Tape, weight: float, sequence: int | None = None) -> Interpreter:
        """What computes this run's equations on a tape; `weight`: ∇loss[t]; `sequence`: the only one that is on that
        tape."""
        targets = self._targets if sequence is None else self._targets[:, sequence : sequence + 1]
        constants = Constants(self.edits, self.model.cell, self.T, sequence)
        if not constants:
            return Interpreter(tape, self.model.parameters, targets, weight)
        return EditedInterpreter(tape, self.model.parameters, targets, weight, constants)

    def edited(self, edits: Sequence[Edit]) -> Run:
        """The same run with these edits and no others, nothing of it computed. Raises InputError as on creation."""
        return Run(*self._unedited, window=self.schedule.window, stride=self.schedule.stride, edits=edits)

    def with_targets(self, y: ArrayLike) -> Run:
        """The same run with other targets, nothing of it computed. Raises InputError as on creation."""
        model, x, _, states = self._unedited
        window, stride = self.schedule.window, self.schedule.stride
        return Run(model, x, y, states, window=window, stride=stride, edits=self.edits)

    def _forward_parts(self) -> dict[str, list[tuple[Array, int, Evaluator]]]:
        """Variable → its named arguments and then itself, each with its slots, the row of t = 0, and its closure."""
        parts: dict[str, list[tuple[Array, int, Evaluator]]] = {e.target: [] for e in self.model.cell.equations}
        arguments = self.model.cell.arguments
        for name, definition in self.model.cell.definitions.items():
            slots, row = self.tape.values[name], self.tape.before[name] - 1
            parts[arguments.get(name, name)].append((slots, row, self._interpreter.definition(name, definition)))
        return parts

    @cached_property
    def _gradients(self) -> Gradients:
        made = OverlappingGradients if self.schedule.overlapping else Gradients
        return made(self.model.cell, self.schedule, self.tape, self.interpreter, self.weight)

    @cached_property
    def _lines(self) -> Lines:
        cell = self.model.cell
        return EditedLines(cell, self._constants) if self._constants else Lines(cell)

    @cached_property
    def _sums(self) -> Sums:
        return Sums(self.model, self.schedule, self._gradients)

    def __len__(self) -> int:
        return len(self.schedule)

    @property
    def position(self) -> int:
        """How many steps lie behind the cursor: 0…len."""
        return self._position

    @property
    def filled(self) -> int:
        """How many steps have been computed; never less than the position."""
        return self._filled

    def __iter__(self) -> Iterator[Step]:
        while (step := self.step()) is not None:
            yield step

    def step(self) -> Step | None:
        """Compute or pass the next equation; None at the end."""
        if self._position == len(self):
            return None
        step = self.at(self._position)
        self._position += 1
        return step

    def back(self) -> Step | None:
        """Go back over one equation, exactly undoing `step`; returns the step undone, None at the start."""
        if self._position == 0:
            return None
        self._position -= 1
        return self.at(self._position)

    def goto(self, index: int) -> Step | None:
        """Put the cursor where `index` steps lie behind it; returns the last of them, None at the start.

        Raises IndexError outside 0…len."""
        if not 0 <= index <= len(self):
            raise IndexError(f"position {index} does not exist: the run has positions 0…{len(self)}")
        self.fill(index)
        self._position = index
        return self.at(index - 1) if index else None

    def finish(self) -> Trace:
        """Go to the end; returns what was recorded."""
        self.goto(len(self))
        return self.trace()

    def trace(self) -> Trace:
        """What the finished run records; the cursor stays where it is."""
        from bptt.trace import Stepped, Trace

        self.fill(len(self))
        return Trace(self.model, Stepped(self))

    def at(self, index: int) -> Step:
        """The step at `index`, computed if it is not yet; the cursor stays. IndexError outside 0…len−1."""
        place = self.schedule.place(index)
        self.fill(index + 1)
        target, t = place.equation.target, place.t
        if place.phase == "cut":
            value = np.zeros((self.B, 0), self.model.dtype)
        elif place.equation.kind == "parameter":
            value = self.sum_so_far(target, index + 1)
        else:
            value = self.read(target, t, place.phase == "backward", index + 1)
            if target == self.model.cell.loss:
                value = value[:, 0]
        equation, reads = self._lines.at(place.equation, t, self.schedule.pass_of(place.number))
        return Step(index, place.phase, t, target, equation, value, reads)

    def fill(self, count: int) -> None:
        """Compute the steps before `count` that are not on the tape yet, in a long run whole stretches of times by the
        fast path, which may go on beyond `count`; the cursor stays."""
        count = min(count, len(self))
        while self._filled < count:
            if self._lock.acquire(timeout=_PATIENCE):
                try:
                    self._advance(count)
                finally:
                    self._lock.release()

    def _advance(self, count: int) -> None:
        """Fill a part of what is missing before `count`."""
        few = min(count, self._filled + _AT_ONCE)
        if self._filling is None or count - self._filled < _AT_ONCE:
            self._fill(few)
            return
        place, schedule = self.schedule.place(self._filled), self.schedule
        lines = schedule.forward if place.phase == "forward" else schedule.backward
        if place.phase == "cut" or place.equation is not lines[0]:
            self._fill(self._filled + 1)
            return
        within = schedule.pass_of(place.number)
        left = within.hi - place.t + 1 if place.phase == "forward" else place.t - within.lo + 1
        left = min(left, self._bare(place.phase, place.t))
        if left < 1:
            self._fill(self._filled + len(lines))
            return
        length = self._filling.stretch(-(-(count - self._filled) // len(lines)), left)
        with np.errstate(all="ignore"):
            if place.phase == "forward":
                lo, hi = place.t, place.t + length - 1
                self._filling.forward(lo, hi)
                if isinstance(self._interpreter, EditedInterpreter):
                    self._interpreter.pass_over(lo, hi)
            else:
                lo, hi = place.t - length + 1, place.t
                self._filling.backward(lo, hi, within)
                if lo == 1:
                    self._gradients.start()
        self._filled += (hi - lo + 1) * len(lines)

    def _bare(self, phase: Phase, t: int) -> int:
        """How many times from t on, in the direction of the phase, are as the bare equations make them: no component
        is a constant there, nor, going back, where a gradient comes from."""
        if not self._constants:
            return self.T
        if phase == "forward":
            return self._constants.free(t, 1)
        longest = max(self.model.cell.lags.values(), default=0)
        return min(self._constants.free(t, -1), self.T if self._constants.free(t, 1) > longest else 0)

    @cached_property
    def _filling(self) -> Filling | None:
        """The fast path; None for a run that is over soon, and where each step is not that of the bare equations."""
        if len(self) < _LONG or self.schedule.overlapping:
            return None
        return Filling(
            self.model.cell,
            self.model.execution,
            self.model.parameters,
            self.tape,
            self.y,
            self.weight,
            self._interpreter.term,
        )

    def _fill(self, count: int) -> None:
        with np.errstate(all="ignore"):
            while self._filled < count:
                self._compute(self._filled)
                self._filled += 1

    def _compute(self, index: int) -> None:
        place = self.schedule.place(index)
        if place.phase == "forward":
            for slots, row, evaluate in self._forward[place.equation.target]:
                slots[place.t + row] = evaluate(place.t)
        elif place.phase == "backward" and self._gradients.compute(place) and self.schedule.overlapping:
            for parameter in self.model.parameters:
                self._sums.after(parameter, *self.schedule.moments(index + 1))

    def read(self, name: str, t: int, gradient: bool = False, position: int | None = None) -> Array:
        """(B, unit): the slot of a variable at time t, read-only; zeros where it is not filled yet. Where the passes
        of a truncated run overlap, a gradient is that seen after `position` steps, in the pass that
        `Schedule.covering` names; without position the sum over the passes."""
        return self._gradients.read(name, t, position) if gradient else self.tape.read(name, t)

    def times(self, name: str, gradient: bool = False, position: int | None = None) -> Array:
        """(T, B, unit): the same for times 1…T."""
        return self._gradients.times(name, position) if gradient else self.tape.times(name)

    def initial(self, name: str, gradient: bool = False) -> Array:
        """(k, B, unit): a state or its gradient at times 1−k…0; in a truncated run the gradient is the sum over the
        passes that reach the start."""
        return self._gradients.initial(name) if gradient else self.tape.initial(name)

    def evaluate(self, expression: Expression, t: int, position: int | None = None) -> Array:
        """Any expression on the tape at time t, gradients as seen after `position` steps: (B, unit), or a matrix for
        an outer product."""
        with np.errstate(all="ignore"):
            value = np.asarray(self._gradients.value(expression, t, position))
        return value if value.ndim else np.full((self.B, 1), value, self.model.dtype)

    def input_gradient(self, t: int, position: int | None = None) -> Array:
        """∇x[t], (B, D), which no step computes: nothing before it depends on it; see `read` for `position`."""
        with np.errstate(all="ignore"):
            return self._gradients.inputs(t, position)

    def contribution(self, parameter: str, t: int, position: int | None = None) -> Array:
        """The term of timestep t in ∇parameter, in the parameter's shape, read-only; see `read` for `position`."""
        return self._sums.contribution(parameter, t, position)

    def sum_so_far(self, parameter: str, position: int) -> Array:
        """∇parameter after `position` steps: all contributions so far, pass by pass, in each from its latest time down
        to where the cursor stands, read-only."""
        self.fill(position)
        return self._sums.after(parameter, *self.schedule.moments(position))

    def first_nonfinite(self) -> int | None:
        """The index of the first step that made a NaN or an infinity; None where every value is finite."""
        self.fill(len(self))
        found = len(self)
        for name in self.model.cell.definitions:
            times = np.flatnonzero(~np.isfinite(self.tape.times(name)).all(axis=(1, 2))) + 1
            if len(times):
                found = min(found, self.schedule.written(name, int(times[0])))
            back = self._gradients.first_nonfinite(name)
            found = found if back is None else min(found, back)
        for parameter in self.model.parameters:
            # a sum that is not finite stays so: its first such position can be searched for by halves
            found = bisect_left(range(1, len(self) + 1), True, hi=found, key=partial(self._overflown, parameter))
        return found if found < len(self) else None

    def _overflown(self, parameter: str, position: int) -> bool:
        return not np.isfinite(self.sum_so_far(parameter, position)).all()
