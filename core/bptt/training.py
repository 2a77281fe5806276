"""Training: iterations of forward, backward and update, steppable like a run, and any of them to be opened again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.arrays import whole
from bptt.batches import Batches, Numbered, Pair
from bptt.clipping import choose_clipping
from bptt.errors import InputError, quoted
from bptt.iteration import Iteration, Windowing, model_of
from bptt.model import Model
from bptt.optimisers import choose_optimiser
from bptt.penalties import PENALTIES, coefficients
from bptt.rates import Rate
from bptt.records import Record
from bptt.run import Step
from bptt.schedule import Schedule
from bptt.scoring import Score, score
from bptt.sequences import coerce, coerce_initial
from bptt.snapshots import Snapshots, State
from bptt.trace import Trace
from bptt.update import Updater, UpdateStep

Array = NDArray[np.floating]
Watch = Callable[[Sequence[Record], Trace], Iterable[object]]
"""(all records, that of this iteration last; its trace) → what there is to report of it."""
MOST_ITERATIONS = 10_000_000
MOST_TIME_NORMS = 2**20
"""Numbers ‖∇state[t]‖ that all records keep together; of longer trainings every second, third … record has them."""
_OPEN = 4
"""Iterations that are held with all they computed."""


class Training:
    """A model being trained: a cursor on iterations, each of which is a run and an update.

    Nothing is computed on creation. Stepping and `run` give the same bits; going back gives them again. The same
    arguments give the same training, whatever was looked at on the way.
    """

    def __init__(
        self,
        model: Model,
        data: Pair | Sequence[Pair] | Numbered,
        *,
        optimizer: object = "sgd",
        rate: object = 0.1,
        clip: object = None,
        l1: object = 0.0,
        l2: object = 0.0,
        iterations: int = 100,
        batch: int | None = None,
        seed: int = 0,
        window: int | None = None,
        stride: int | None = None,
        initial: Mapping[str, ArrayLike] | None = None,
        carry: bool = False,
        holdout: Pair | None = None,
        every: int = 10,
        watch: Watch | None = None,
    ) -> None:
        """`data`, `batch`, `seed`: what each iteration reads, see `bptt.batches.Batches`; `optimizer`: see
        `bptt.optimisers.METHODS`; `rate`: a number or a schedule, see `bptt.rates.RATES`; `clip`: None, {"norm": 1} or
        {"value": 1}; `l1`, `l2`: coefficients, for all parameters or by name; `window`, `stride`, `initial`: as in
        `bptt.Run`, one update for all windows of a batch; `carry`: each batch begins in the states in which the one
        before it ended; `holdout`: x and y that are scored after `every` so many iterations and after the last;
        `watch`: called after each iteration, what it returns are the record's alerts.

        Raises InputError naming the argument that cannot be used."""
        self.iterations = whole(iterations, "iterations", 0, MOST_ITERATIONS)
        self.rate = Rate.of(rate, self.iterations)
        self._every = whole(every, "every", 1, MOST_ITERATIONS)
        self._batches = Batches(data, batch, seed)
        penalties = {name: coefficients(given, name, model.parameters) for name, given in (("l1", l1), ("l2", l2))}
        assert set(penalties) == set(PENALTIES)
        self.updater = Updater(model, choose_optimiser(optimizer), choose_clipping(clip), penalties)
        self._windowing = Windowing(window, stride, initial, carry)
        self._given = model
        self._check(holdout)
        self._holdout = holdout
        self._watch = watch
        self.records: list[Record] = []
        """One for each iteration that was computed, in order."""
        first = State(self.updater.packing.pack(model.parameters), self.updater.optimiser.start(), {})
        self._begin(0, first)

    def _check(self, holdout: Pair | None) -> None:
        """Raise InputError where the first batch or the held-out data does not fit."""
        sequences = coerce(self._given, *self._batches[0])
        coerce_initial(self._given, self._windowing.initial, sequences.B)
        Schedule(self._given.cell, sequences.T, self._windowing.window, self._windowing.stride)
        states = sum(name != "x" for name in self._given.cell.lags)
        self._time_norms = sequences.T * states
        self._spread_time_norms()
        if holdout is not None:
            try:
                coerce(self._given, *holdout)
            except InputError as error:
                raise InputError(str(error), "holdout") from None

    def _spread_time_norms(self) -> None:
        """Have so few records keep theirs that all together do not have too many."""
        self._times_every = max(1, -(-self.iterations * self._time_norms // MOST_TIME_NORMS))

    def _begin(self, iteration: int, state: State) -> None:
        self._start = self._done = self._iteration = iteration
        self._state = state
        self._position = 0
        self._snapshots = Snapshots(iteration, state)
        self._open: OrderedDict[int, Iteration] = OrderedDict()
        self.records.clear()

    def __repr__(self) -> str:
        return f"<Training of {self._given.cell.name}: {self._iteration} of {self.iterations} iterations>"

    # -- the cursor

    @property
    def iteration(self) -> int:
        """How many iterations lie behind the cursor: 0…iterations."""
        return self._iteration

    @property
    def position(self) -> int:
        """How many steps of the iteration in which the cursor stands lie behind it."""
        return self._position

    @property
    def model(self) -> Model:
        """With the parameters as they are after the iterations behind the cursor."""
        return self.model_after(self._iteration)

    def __iter__(self) -> Iterator[Step | UpdateStep]:
        while (step := self.step()) is not None:
            yield step

    def step(self) -> Step | UpdateStep | None:
        """Compute or pass the next equation or line; None at the end."""
        if self._iteration == self.iterations:
            return None
        here = self.open(self._iteration + 1)
        step = here.at(self._position)
        self._position += 1
        if self._position == len(here):
            self._compute(here.number)
            self._iteration, self._position = here.number, 0
        return step

    def back(self) -> Step | UpdateStep | None:
        """Go back over one step, exactly undoing `step`; returns the step undone, None at the start."""
        if self._position == 0:
            if self._iteration == self._start:
                return None
            self._iteration -= 1
            self._position = len(self.open(self._iteration + 1))
        self._position -= 1
        return self.open(self._iteration + 1).at(self._position)

    def goto(self, iteration: int, position: int = 0) -> None:
        """Put the cursor where so many iterations and, of the next one, so many steps lie behind it. IndexError where
        there is no such place."""
        self._check_iteration(iteration)
        self._compute(iteration)
        length = len(self.open(iteration + 1)) if position and iteration < self.iterations else 1
        if not 0 <= position < length:
            raise IndexError(f"position {position} does not exist: iteration {iteration + 1} has 0…{length - 1}")
        self._iteration, self._position = iteration, position

    def run(self, iterations: int | None = None) -> Record | None:
        """Go on by so many iterations, without it to the end, not stepping; the last one's record, if there is one."""
        count = self.iterations if iterations is None else whole(iterations, "iterations", 0, MOST_ITERATIONS)
        self.goto(min(self.iterations, self._iteration + count))
        return self.record(self._iteration) if self._iteration > self._start else None

    def extend(self, count: int) -> None:
        """Let there be so many iterations more. What is computed stays as it is: a rate that is told from the number of
        iterations goes on from where it was to end. Raises InputError for a number that cannot be."""
        count = whole(count, "iterations", 0, MOST_ITERATIONS - self.iterations)
        self.iterations += count
        self._spread_time_norms()

    # -- what was computed

    def record(self, iteration: int) -> Record:
        """Of one iteration, counted from 1; IndexError for one that is not computed yet."""
        if not self._start < iteration <= self._done:
            raise IndexError(f"iteration {iteration} has no record: there are {self._start + 1}…{self._done}")
        return self.records[iteration - self._start - 1]

    def open(self, iteration: int) -> Iteration:
        """One iteration, counted from 1, to be stepped: its `run`, then its update. IndexError outside 1…iterations."""
        self._check_iteration(iteration - 1)
        if iteration > self.iterations:
            raise IndexError(f"iteration {iteration} does not exist: there are {self.iterations}")
        if iteration not in self._open:
            self._open[iteration] = self._made(iteration, self._state_after(iteration - 1))
            if len(self._open) > _OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(iteration)
        return self._open[iteration]

    def model_after(self, iteration: int) -> Model:
        """The model after so many iterations. IndexError outside 0…iterations."""
        return model_of(self._given, self._state_after(iteration).parameters, self.updater)

    def evaluate(self, x: ArrayLike, y: ArrayLike) -> Score:
        """How well the model at the cursor does on other data, each sequence from the initial state. Raises InputError
        where they do not fit."""
        return score(self.model, x, y, self._windowing.initial)

    def _compute(self, iteration: int) -> None:
        """Go on until so many iterations are computed; the cursor stays."""
        while self._done < iteration:
            number = self._done + 1
            here = self._open.get(number) or self._made(number, self._state)
            self._state = here.after
            self._done = number
            self._snapshots.keep(number, self._state)
            self.records.append(self._recorded(here))
            if self._watch is not None:
                alerts = tuple(self._watch(self.records, here.trace))
                self.records[-1] = replace(self.records[-1], alerts=alerts)

    def _made(self, number: int, before: State) -> Iteration:
        pair = self._batches[number - 1]
        rate = self.rate.at(number - 1)
        if self._batches.count is not None and (number - 1) % self._batches.count == 0:
            before = replace(before, carried={})  # the text begins again
        return Iteration(number, self._given, pair, before, rate, self.updater, self._windowing)

    def _state_after(self, iteration: int) -> State:
        self._check_iteration(iteration)
        self._compute(iteration)
        if iteration == self._done:
            return self._state
        number, state = self._snapshots.nearest(iteration)
        while number < iteration:
            number += 1
            state = self._made(number, state).after
        return state

    def _recorded(self, here: Iteration) -> Record:
        packing, update, number = self.updater.packing, here.update, here.number
        times: dict[str, Array] = {}
        if number % self._times_every == 0 or number == 1:
            states = (name for name in self._given.cell.lags if name != "x")
            times = {name: _over_time(here.trace.grads[name]) for name in states}
        scored = None
        if self._holdout is not None and (number % self._every == 0 or number == self.iterations):
            after = model_of(self._given, here.after.parameters, self.updater)
            scored = score(after, *self._holdout, self._windowing.initial)
        return Record(
            iteration=number,
            loss=here.trace.loss,
            rate=here.rate,
            norm=update.norm,
            norms=packing.norms(update.parameters),
            gradient_norms=packing.norms(update.gradient),
            time_norms=times,
            holdout=scored,
        )

    def _check_iteration(self, iteration: int) -> None:
        if not self._start <= iteration <= self.iterations:
            raise IndexError(f"{iteration} iterations cannot lie behind: there are {self._start}…{self.iterations}")

    # -- checkpoints

    def checkpoint(self) -> dict[str, NDArray[np.generic]]:
        """What is needed to go on from the cursor's iteration in another process, with the same arguments."""
        state = self._state_after(self._iteration)
        kept: dict[str, NDArray[np.generic]] = {
            "iteration": np.array(self._iteration),
            "parameters": state.parameters,
        }
        kept |= {f"memory.{name}": row for name, row in state.memory.items()}
        return kept | {f"carried.{name}": rows for name, rows in state.carried.items()}

    def restore(self, checkpoint: Mapping[str, ArrayLike]) -> None:
        """Begin where a checkpoint was taken; iterations before it are not known here. Raises InputError where it is of
        another training."""
        expected = self._snapshots.nearest(self._start)[1]
        arrays = {name: np.asarray(array) for name, array in checkpoint.items()}
        shapes = {"iteration": (), "parameters": expected.parameters.shape}
        shapes |= {f"memory.{name}": row.shape for name, row in expected.memory.items()}
        for name, shape in shapes.items():
            kinds = "iu" if name == "iteration" else "f"
            if name not in arrays or arrays[name].shape != shape or arrays[name].dtype.kind not in kinds:
                raise InputError(f"has no {name} of shape {shape}: it is of another training", "checkpoint")
        for name in arrays:
            if name not in shapes and not name.startswith("carried."):
                raise InputError(f"holds {quoted(name)}: it is of another training", "checkpoint")
        iteration = whole(int(arrays["iteration"]), "checkpoint iteration", 0, self.iterations)
        own = {name: np.array(array, self._given.dtype) for name, array in arrays.items() if name != "iteration"}
        parts = {kind: {n.removeprefix(kind): a for n, a in own.items() if n.startswith(kind)} for kind in _KINDS}
        self._begin(iteration, State(own["parameters"], *parts.values()))


_KINDS = ("memory.", "carried.")


def _over_time(gradient: Array) -> Array:
    """(T,): the norm over batch and units."""
    with np.errstate(all="ignore"):
        return np.asarray(np.sqrt(np.einsum("tbu,tbu->t", gradient, gradient)))
