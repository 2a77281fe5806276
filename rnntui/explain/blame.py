"""Which loss sends how much of its gradient back to which time, and what a truncation window would cut of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.diagnostics.itemised import itemise
from bptt.numerals import number
from bptt.run import Run
from bptt.schedule import Schedule
from rnntui.explain.roles import roles_of

Array = NDArray[np.floating]
LONGEST = 2_000
"""More times than this are not itemised: one loss a time and every time for each."""


@dataclass(frozen=True, eq=False)
class Blame:
    """The itemised gradients of one state in one sequence. Arrays are read-only."""

    name: str
    norms: Array
    """(T, T): row t − 1, column k − 1 is ‖∂L(t)/∂name(k)‖, 0 where k > t: `bptt.diagnostics.itemised`."""
    sums: Array
    """(T, T): row t − 1, column k − 1 is ‖∂(L(k) + … + L(t))/∂name(k)‖, 0 where k > t. It is at most the sum of the
    norms above it: directions may differ."""

    @property
    def T(self) -> int:  # noqa: N802  # the field's name
        """How many times there are."""
        return len(self.norms)

    def totals(self, reach: NDArray[np.int64]) -> Array:
        """(T,): ‖∇name(k)‖ of the losses that are carried back to k, where that of t comes to `reach[t − 1]`, which
        never falls as t grows."""
        times = np.arange(1, self.T + 1)
        last = np.searchsorted(reach, times, side="right")
        found: Array = self.sums[last - 1, times - 1]
        return found


@dataclass(frozen=True)
class Window:
    """A truncation: block after block of `stride` losses is carried back through at most `window` times."""

    window: int
    stride: int

    def reach(self, run: Run) -> NDArray[np.int64]:
        """(T,): row t − 1 is the earliest time to which the loss of t is carried."""
        schedule = Schedule(run.model.cell, run.T, self.window, min(self.stride, self.window))
        return np.array([schedule.pass_of_loss(t).lo for t in range(1, run.T + 1)])


@dataclass(frozen=True)
class Loss:
    """What a window cuts of a blame."""

    cells: int
    """How many pairs of a loss and an earlier time, or its own, are cut."""
    of: int
    """Of how many."""
    share: float
    """The part of the sum of all norms that is cut; NaN where that sum is not finite."""


def blame_of(run: Run, name: str, sequence: int = 0) -> Blame:
    """The blame of one variable, by one backward pass that carries all losses at once. The run must be filled; the
    weight of a mean and the run's own truncation do not count. Raises bptt.InputError for an unknown variable."""
    for blame in blaming(run, name, sequence):
        if isinstance(blame, Blame):
            return blame
    raise AssertionError("the last is the blame")


def blaming(run: Run, name: str, sequence: int = 0) -> Iterator[float | Blame]:
    """The same in parts: how much is done, 0…1, after each time, and the blame at the end."""
    norms, sums = (np.zeros((run.T, run.T), run.model.dtype) for _ in range(2))
    for k, rows in itemise(run, name, sequence):
        norms[:, k - 1] = np.linalg.norm(rows, axis=-1)
        with np.errstate(all="ignore"):
            sums[:, k - 1] = np.linalg.norm(rows.cumsum(axis=0), axis=-1)
        yield 1 - (k - 1) / run.T
    norms.flags.writeable = sums.flags.writeable = False
    yield Blame(name, norms, sums)


def telling(T: int, values: Iterable[int], gradients: Iterable[int]) -> NDArray[np.bool_]:
    """(T, T): which pairs of a loss (row) and a time are computed from values, or gradients, at these times. A loss
    reads every value before it; a gradient goes into those before it."""
    loss, time = np.arange(1, T + 1)[:, None], np.arange(1, T + 1)[None, :]
    found = np.zeros((T, T), bool)
    for k in values:
        found |= np.broadcast_to(loss >= k, found.shape)
    for k in gradients:
        found |= (loss >= k) & (time <= k)
    return found


def concealed(blame: Blame, cells: NDArray[np.bool_]) -> Blame:
    """A blame without these cells, and without the whole gradient of a time that has one of them: 0 in their place."""
    norms, sums = np.where(cells, 0, blame.norms), np.where(cells.any(axis=0), 0, blame.sums)
    norms.flags.writeable = sums.flags.writeable = False
    return Blame(blame.name, norms, sums)


def states_of(run: Run) -> tuple[str, ...]:
    """The variables whose blame is worth looking at: what the cell remembers; the nearest to it where it does not."""
    roles = roles_of(run.model.cell)
    return tuple(name for name in roles.states if name != "x") or (roles.main,)


def main_of(run: Run) -> str:
    """The state that the output reads."""
    return roles_of(run.model.cell).main


def cut_cells(reach: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(T, T): which pairs of a loss (row) and a time are cut."""
    times = np.arange(1, len(reach) + 1)
    return times[None, :] < np.minimum(reach, times)[:, None]


def lost(blame: Blame, reach: NDArray[np.int64]) -> Loss:
    """What is cut where the loss of t is carried back to `reach[t − 1]` only."""
    cut = cut_cells(reach)
    whole = float(blame.norms.sum())
    share = float(blame.norms[cut].sum()) / whole if whole else 0.0
    return Loss(int(cut.sum()), blame.T * (blame.T + 1) // 2, share if np.isfinite(whole) else float("nan"))


def percent(share: float) -> str:
    """A share as it is said: `12 %`, `0.3 %`, `less than 0.001 %`."""
    if not np.isfinite(share):
        return "NaN"
    if 0 < share < 1e-5:
        return "less than 0.001 %"
    return f"{share * 100:.0f} %" if share >= 0.095 or not share else f"{number(share * 100, 2)} %"


def cut_sentence(blame: Blame, window: Window, reach: NDArray[np.int64]) -> str:
    """What a window cuts, as one sentence."""
    loss = lost(blame, reach)
    if not loss.cells:
        return f"Nothing is cut: the loss at t={blame.T} is carried all the way back to t=1."
    size = "1 time" if window.window == 1 else f"{window.window} times"
    if window.stride == window.window:
        form = f"Chunks of {size} cut"
    else:
        form = f"A window of {size}{'' if window.stride == 1 else f', moved on by {window.stride},'} cuts"
    share = "numbers that are not finite" if np.isnan(loss.share) else f"{percent(loss.share)} of the gradient"
    last = int(reach[-1])
    end = f"the loss at t={blame.T} " + ("stays there" if last == blame.T else f"reaches back to t={last} only")
    return f"{form} {share} ({loss.cells} of {loss.of} cells): {end}."


def lens_sentence(blame: Blame, t: int, k: int) -> str:
    """What one cell says."""
    norms = blame.norms
    here, own, column = float(norms[t - 1, k - 1]), float(norms[t - 1, t - 1]), float(norms[:, k - 1].sum())
    said = f"The loss at t={t} reaches {blame.name} at t={k} with {number(here, 3)}"
    if t != k and own > 0 and np.isfinite(here / own):
        part = percent(here / own) if here < own else f"{number(here / own, 2)} times"
        said += f": {part} of what it has at its own time"
    if column > 0 and np.isfinite(here / column):
        said += f"; {percent(here / column)} of all that arrives there"
    return said + "."
