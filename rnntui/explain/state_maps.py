"""The map from a cell's whole state to the next one, ∂state(t)/∂state(t−1): what it stretches, and what is left of a
gradient after many of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.diagnostics.jacobians import Jacobians, jacobians
from bptt.expressions import Call, Slope, Var, walk
from bptt.functions import FUNCTIONS
from bptt.norms import spectral_radius
from bptt.notation import SCREEN
from bptt.numerals import number
from bptt.run import Run
from rnntui.explain.roles import Roles, roles_of

Array = NDArray[np.floating]
SAMPLES = 240
"""Singular values of the running product are computed at no more times than this."""


@dataclass(frozen=True, slots=True)
class Block:
    """The numbers of the state that are one variable's at one time."""

    name: str
    back: int
    """name[t − back]."""
    first: int
    """Its first row and column."""
    size: int


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A square matrix that a state passes through: the |W| by which one judges by rule of thumb."""

    name: str
    radius: float
    """Its spectral radius."""
    stretch: float
    """Its largest singular value."""


@dataclass(frozen=True, eq=False)
class StateMaps:
    """The Jacobians of one sequence of a run. Arrays are read-only."""

    jacobians: Jacobians
    blocks: tuple[Block, ...]
    """Of the rows and columns, in order."""
    shortcuts: tuple[Shortcut, ...]
    """The matrices on the way from one state to the next, the main state's first."""
    times: NDArray[np.int64]
    """The times t = 0…T at which there is a running product: all, or `SAMPLES` of them."""
    kept: Array
    """(time,): the largest singular value of ∂state(T)/∂state(t) at these."""
    stretch: Array
    """(time,): the largest singular value of ∂state(t)/∂state(t−1) at these, NaN at 0."""
    largest: float
    """The largest finite magnitude of all steps: the end of the ramp."""

    @property
    def T(self) -> int:  # noqa: N802  # the field's name
        """How many steps there are."""
        return len(self.jacobians.steps)

    def step(self, t: int) -> Array:
        """(N, N): ∂state(t)/∂state(t−1)."""
        return np.asarray(self.jacobians.steps[t - 1])

    def singular_values(self, t: int) -> Array:
        """(N,) of one step, the largest first."""
        return np.asarray(_values(self.step(t)[None])[0])

    def left(self, t: int) -> float:
        """The largest singular value of ∂state(T)/∂state(t), exactly at t."""
        return float(_first(_values(self.jacobians.products[t][None]))[0])

    def radius(self, t: int) -> float:
        """The spectral radius of one step."""
        return spectral_radius(self.step(t))


def state_maps(run: Run, sequence: int = 0) -> StateMaps:
    """Those of a filled run. Raises bptt.InputError where they would take too much memory."""
    found = jacobians(run, sequence)
    times = np.unique(np.linspace(0, run.T, min(run.T + 1, SAMPLES)).round().astype(np.int64))
    stretch = np.concatenate([[np.nan], _first(_values(found.steps[times[1:] - 1]))])
    sizes = np.abs(found.steps)
    largest = float(sizes.max(initial=0.0, where=np.isfinite(sizes)))
    kept = _first(_values(found.products[times]))
    return StateMaps(found, blocks_of(found), shortcuts_of(run), times, kept, stretch, largest)


def concealed(maps: StateMaps, first: int) -> StateMaps:
    """The same without what is computed from the values at `first` and later: 0 in the place of these steps and of
    every running product, for it contains the last of them."""
    if first > maps.T:
        return maps
    steps = maps.jacobians.steps.copy()
    steps[max(0, first - 1) :] = 0
    steps.flags.writeable = False
    sizes = np.abs(steps)
    return replace(
        maps,
        jacobians=Jacobians(maps.jacobians.coordinates, steps),
        kept=np.zeros_like(maps.kept),
        stretch=np.where(maps.times >= first, np.nan, maps.stretch),
        largest=float(sizes.max(initial=0.0, where=np.isfinite(sizes))),
    )


def blocks_of(found: Jacobians) -> tuple[Block, ...]:
    """The blocks that the coordinates fall into."""
    blocks: list[Block] = []
    for (name, back), members in groupby(found.coordinates, key=lambda one: (one.name, one.back)):
        first = blocks[-1].first + blocks[-1].size if blocks else 0
        blocks.append(Block(name, back, first, sum(1 for _ in members)))
    return tuple(blocks)


def shortcuts_of(run: Run) -> tuple[Shortcut, ...]:
    """The square matrices on roads from a state to a later time."""
    roles = roles_of(run.model.cell)
    names = [roles.recurrent] if roles.recurrent else []
    for state in roles.states:
        names += [reading.matrices[-1] for reading in roles.readings[state] if reading.lag and reading.matrices]
    found = []
    for name in dict.fromkeys(names):
        matrix = run.model.parameters[name]
        if matrix.ndim == 2 and matrix.shape[0] == matrix.shape[1]:
            found.append(Shortcut(name, spectral_radius(matrix), float(_values(matrix[None])[0, 0])))
    return tuple(found)


def sentence_of(maps: StateMaps, run: Run, t: int, sequence: int = 0) -> str:
    """What one step does, and why it is not what the matrix alone would do."""
    values = maps.singular_values(t)
    if not len(values):
        return "This cell has no state: nothing is carried from one time to the next."
    best = float(values[0])
    if not np.isfinite(best):
        return f"The map to t={t} has entries that are not finite."
    if best < 1:
        said = f"At t={t} the map shrinks every direction: the best one to ×{number(best, 2)}"
    else:
        said = f"At t={t} the map stretches its best direction ×{number(best, 2)}"
    if maps.shortcuts:
        name, radius = maps.shortcuts[0].name, maps.shortcuts[0].radius
        against = (best < 1) != (radius < 1)
        said += f", {'although' if against else 'and'} ρ({SCREEN.called(name)}) = {number(radius, 2)}"
    reasons = [*_slopes(run, t, sequence), *_belts(maps, run, t)]
    return f"{said}: {'; '.join(reasons)}." if reasons else f"{said}."


def product_sentence(maps: StateMaps, t: int) -> str:
    """What is left of the gradient at T when it has come to t."""
    kept, steps = maps.left(t), maps.T - t
    if not np.isfinite(kept):
        return "The running product is not finite."
    if not steps:
        return f"The running product begins here, at t={maps.T}, as the unit matrix."
    each = f", ×{number(kept ** (1 / steps), 3)} a step" if kept > 0 else ""
    return f"From t={maps.T} back to t={t} at most ×{number(kept, 2)} of a gradient is left{each}."


def _slopes(run: Run, t: int, sequence: int) -> list[str]:
    """The mean slope of the function around each of the main recurrent matrix's products."""
    found = []
    for argument, function in _functions(run.model.cell):
        expression = Slope(function, Var(argument), Call(function, Var(argument)))
        slope = run.evaluate(expression, t)
        found.append(f"{function}′ averages {number(float(slope[sequence if len(slope) > 1 else 0].mean()), 2)}")
    return list(dict.fromkeys(found))


@lru_cache(64)
def _functions(cell: Cell) -> tuple[tuple[str, str], ...]:
    """(its argument, the function) of what the main recurrent matrix goes into."""
    roles = roles_of(cell)
    consumers = [
        reading.consumer
        for state in roles.states
        for reading in roles.readings[state]
        if reading.lag and reading.matrices and reading.matrices[0] == roles.recurrent
    ]
    return tuple(
        (consumer, node.function)
        for consumer in dict.fromkeys(consumers)
        for definition in cell.definitions.values()
        for node in walk(definition)
        if isinstance(node, Call) and node.argument == Var(consumer) and FUNCTIONS[node.function].slope is not None
    )


def _belts(maps: StateMaps, run: Run, t: int) -> list[str]:
    """How much each belt carries on by itself, on average."""
    roles: Roles = roles_of(run.model.cell)
    found = []
    for block in maps.blocks:
        if block.name in roles.belts and block.back == 0:
            part = maps.step(t)[block.first : block.first + block.size, block.first : block.first + block.size]
            mean = float(np.diagonal(part).mean())
            found.append(f"{SCREEN.called(block.name)} carries {number(mean, 2)} of itself on, on average")
    return found


def _values(matrices: Array) -> Array:
    """(matrix, N) singular values, as `Jacobians.singular_values` has them."""
    return Jacobians((), matrices).singular_values


def _first(values: Array) -> Array:
    return values[:, 0] if values.shape[1] else np.zeros(len(values))
