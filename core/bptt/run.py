"""The steppable run: a model on sequences, forward and back through time, one equation at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.checkpoints import Checkpoints
from bptt.edited import EditedLines
from bptt.edits import Edit, check_edit, edited_model, edited_rows
from bptt.expressions import Expression
from bptt.filler import Filler, SegmentFiller, fast_path
from bptt.interpreters import Interpreters
from bptt.lines import Lines
from bptt.model import Model
from bptt.nonfinite import first_nonfinite
from bptt.normalisers import check_normalisers
from bptt.overview import Overview
from bptt.page_writer import PageWriter
from bptt.paged import PagedTape
from bptt.pages import Reach
from bptt.policy import choose_policy, segment_length
from bptt.schedule import Schedule
from bptt.segments import Segments
from bptt.sequences import Sequences, coerce, coerce_initial
from bptt.step import Step
from bptt.tape import Tape
from bptt.targets import OneHot, Rows

if TYPE_CHECKING:
    from bptt.trace import Trace

__all__ = ["Run", "Step"]
Array = NDArray[np.floating]


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
        policy: str | None = None,
    ) -> None:
        """`x`: (T, D) or (T, B, D) floats, or (T,) or (T, B) integers meaning one-hot rows; `y`: (T,) or (T, B)
        integers, −1 for no target, or (T, K) or (T, B, K) floats, a row of NaN for no target; `initial`: state →
        (H,) or (B, H), or (k, B, H) for a state read at lags up to k, oldest first; `window` and `stride`: truncated
        BPTT, see `Schedule`; `edits`: what-ifs, see `Edit`; `model`, `x` and the initial states of the run are then
        the edited ones; `policy`: "full" records everything, "checkpoints" about √T of all times and computes the
        others again when they are looked at, None chooses by the size, see `bptt.policy`.

        Raises InputError where these do not fit the model."""
        sequences = coerce(model, x, y)
        states = coerce_initial(model, initial, sequences.B)
        self.edits = tuple(edits)
        given: NDArray[Any] = sequences.x if sequences.tokens is None else sequences.tokens
        self._unedited = model, given, sequences.y, states
        for edit in self.edits:
            check_edit(edit, model, sequences.T, sequences.B)
        model = edited_model(model, self.edits)
        cell = model.cell
        check_normalisers(model, sequences.B)
        self.model = model
        self.y = sequences.y
        self.T = sequences.T
        self.B = sequences.B
        self.schedule = Schedule(cell, self.T, window, stride)
        self._total = len(self.schedule)
        self.policy = choose_policy(model, self.schedule, self.B, policy)
        self._x = self._inputs(sequences)
        states = {n: edited_rows(rows, n, 1 - len(rows), self.edits, self.T) for n, rows in states.items()}
        self.weight = model.weight(sequences.wanted.count)
        """∇L[t]."""
        self.interpreter = Interpreters(model, sequences.wanted, self.edits, self.T)
        """Makes what computes this run's equations on a tape."""
        self.overview: Overview | None = None
        """What a run with checkpoints keeps of all times; None where everything is recorded."""
        self._filler = self._filler_of(states)
        self.tape = self._filler.tape
        self._position = 0

    def edited(self, edits: Sequence[Edit]) -> Run:
        """The same run with these edits and no others, nothing of it computed. Raises InputError as on creation."""
        return self._again(*self._unedited, edits)

    def with_targets(self, y: ArrayLike) -> Run:
        """The same run with other targets, nothing of it computed. Raises InputError as on creation."""
        model, x, _, states = self._unedited
        return self._again(model, x, y, states, self.edits)

    def with_model(self, model: Model) -> Run:
        """The same run of another model, nothing of it computed. Raises InputError as on creation."""
        return self._again(model, *self._unedited[1:], self.edits)

    def _again(
        self, model: Model, x: ArrayLike, y: ArrayLike, initial: Mapping[str, ArrayLike], edits: Sequence[Edit]
    ) -> Run:
        return Run(model, x, y, initial, self.schedule.window, self.schedule.stride, edits, self.policy)

    def _inputs(self, sequences: Sequences) -> Rows:
        if self.policy == "full" or any(edit.name == "x" for edit in self.edits):
            return edited_rows(sequences.x, "x", 1, self.edits, self.T)
        return sequences.inputs

    @property
    def x(self) -> Array:
        """(T, B, D); one-hot rows where integers were given."""
        return self._x.whole() if isinstance(self._x, OneHot) else self._x

    def _filler_of(self, states: Mapping[str, Array]) -> Filler:
        """What fills the tape, with the inputs and the initial states on it."""
        model, cell, dtype = self.model, self.model.cell, self.model.dtype
        sizes = {name: model.size(dim) for name, dim in cell.dims.items()} | {"x": model.inputs}
        if self.policy == "checkpoints":
            segments = Segments(self.schedule, segment_length(self.T))
            overview = self.overview = Overview(self.schedule, cell, segments, self.B, dtype)
            fast = fast_path(model, self.schedule, self.y, self.weight)
            writer = PageWriter(cell, self.schedule, self.interpreter, self.weight, fast)
            checkpoints = Checkpoints(segments, writer, overview, sizes, Reach.of(cell), states, self._x, cell.loss)
            paged = PagedTape(self.T, self.B, sizes, cell.lags, dtype, checkpoints)
            common = model, self.schedule, paged, self.interpreter, self.weight, self.y
            return SegmentFiller(*common, checkpoints, fast is not None)
        tape = Tape(self.T, self.B, sizes, cell.lags, dtype)
        tape.rows("x", 1, self.T)[...] = self.x
        for name, rows in states.items():
            tape.rows(name, 1 - len(rows), 0)[...] = rows
        return Filler(model, self.schedule, tape, self.interpreter, self.weight, self.y)

    @cached_property
    def _lines(self) -> Lines:
        cell, constants = self.model.cell, self.interpreter.constants
        return EditedLines(cell, constants) if constants else Lines(cell)

    def __len__(self) -> int:
        return len(self.schedule)

    @property
    def position(self) -> int:
        """How many steps lie behind the cursor: 0…len."""
        return self._position

    @property
    def filled(self) -> int:
        """How many steps have been computed; never less than the position."""
        return self._filler.filled

    def __iter__(self) -> Iterator[Step]:
        while (step := self.step()) is not None:
            yield step

    def step(self) -> Step | None:
        """Compute or pass the next equation; None at the end."""
        if self._position == self._total:
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
        if index >= self._filler.filled and not self._filler.fill_next(place):
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
        self._filler.fill(count)

    def read(self, name: str, t: int, gradient: bool = False, position: int | None = None) -> Array:
        """(B, unit): the slot of a variable at time t, read-only; zeros where it is not filled yet. Where the passes
        of a truncated run overlap, a gradient is that seen after `position` steps, in the pass that
        `Schedule.covering` names; without position the sum over the passes."""
        return self._filler.gradients.read(name, t, position) if gradient else self.tape.read(name, t)

    def times(self, name: str, gradient: bool = False, position: int | None = None) -> Array:
        """(T, B, unit): the same for times 1…T. Raises InputError where a run with checkpoints would make too large an
        array: read a `block`, or what its `overview` keeps."""
        return self._filler.gradients.times(name, position) if gradient else self.tape.times(name)

    def block(self, name: str, lo: int, hi: int, gradient: bool = False, position: int | None = None) -> Array:
        """(hi − lo + 1, B, unit): the same for times lo…hi, 1 ≤ lo and hi ≤ T."""
        if gradient and self.schedule.overlapping:
            return self.times(name, True, position)[lo - 1 : hi]
        return self.tape.rows(name, lo, hi, gradient).view()

    @property
    def loss(self) -> float:
        """Σ over times and batch of what is computed, or the mean over the targets for a mean loss."""
        with np.errstate(all="ignore"):
            return float(self.tape.times(self.model.cell.loss).sum() * self.weight)

    def initial(self, name: str, gradient: bool = False) -> Array:
        """(k, B, unit): a state or its gradient at times 1−k…0; in a truncated run the gradient is the sum over the
        passes that reach the start."""
        return self._filler.gradients.initial(name) if gradient else self.tape.initial(name)

    def evaluate(self, expression: Expression, t: int, position: int | None = None) -> Array:
        """Any expression on the tape at time t, gradients as seen after `position` steps: (B, unit), or a matrix for
        an outer product."""
        with np.errstate(all="ignore"):
            value = np.asarray(self._filler.gradients.value(expression, t, position))
        return value if value.ndim else np.full((self.B, 1), value, self.model.dtype)

    def input_gradient(self, t: int, position: int | None = None) -> Array:
        """∇x[t], (B, D), which no step computes: nothing before it depends on it; see `read` for `position`."""
        with np.errstate(all="ignore"):
            return self._filler.gradients.inputs(t, position)

    def contribution(self, parameter: str, t: int, position: int | None = None) -> Array:
        """The term of timestep t in ∇parameter, in the parameter's shape, read-only; see `read` for `position`."""
        return self._filler.sums.contribution(parameter, t, position)

    def sum_so_far(self, parameter: str, position: int) -> Array:
        """∇parameter after `position` steps: all contributions so far, pass by pass, in each from its latest time down
        to where the cursor stands, read-only."""
        if position > self._filler.filled:
            self.fill(position)
        return self._filler.sums.after(parameter, *self.schedule.moments(position))

    def first_nonfinite(self) -> int | None:
        """The index of the first step that made a NaN or an infinity; None where every value is finite."""
        return first_nonfinite(self)

    def nonfinite(self, name: str) -> tuple[int | None, int | None]:
        """The indices of the first steps that made a value and a gradient of a variable that are not finite."""
        if self.overview is not None:
            return self.overview.first_nonfinite(name), self.overview.first_nonfinite(name, True)
        times = np.flatnonzero(~np.isfinite(self.tape.times(name)).all(axis=(1, 2))) + 1
        value = self.schedule.written(name, int(times[0])) if len(times) else None
        return value, self._filler.gradients.first_nonfinite(name)
