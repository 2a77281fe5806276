"""The gradient of each parameter as it grows during the backward passes: a sum of contributions, in each from its
latest time down."""

from __future__ import annotations

from math import isqrt
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked
from bptt.equation import Term
from bptt.evaluation import Evaluator
from bptt.gradients import Gradients
from bptt.model import Model
from bptt.schedule import Schedule

Array = NDArray[np.floating]


class Sums:
    """∇parameter after so many backward timesteps, always added in the order of the steps, whatever was asked before.

    Reads only slots that are filled; whoever asks sees to that. Safe to ask from several threads."""

    def __init__(self, model: Model, schedule: Schedule, gradients: Gradients) -> None:
        self._gradients = gradients
        # times between the sums that are kept: any sum is at most that many contributions away, and few are held
        self._every = max(32, isqrt(schedule.moments(len(schedule))[0]))
        self._zeros = {name: locked(np.zeros_like(array)) for name, array in model.parameters.items()}
        self._terms: dict[str, list[tuple[int, Term, Evaluator]]] = {name: [] for name in self._zeros}
        self._overwrites = {e.target for e in schedule.backward if e.overwrites}
        for place, equation in enumerate(schedule.backward):
            if equation.kind == "parameter":
                for term in equation.terms:
                    self._terms[equation.target].append((place, term, gradients.shares(term)))
        found = {name: [place for place, _, _ in terms] for name, terms in self._terms.items()}
        none = len(schedule.backward)
        self._places = {name: (min(at, default=none), max(at, default=none)) for name, at in found.items()}
        """Parameter → the first and the last place of a timestep in which something is added to its gradient."""
        self._kept = {name: [zeros] for name, zeros in self._zeros.items()}
        self._last = {name: (0, zeros) for name, zeros in self._zeros.items()}
        self._lock = Lock()

    def reach(self, segments: int) -> None:
        """So many segments of a run with checkpoints are recorded, and the last one is still at hand."""

    def contribution(self, parameter: str, t: int, position: int | None) -> Array:
        """The term of time t, in the parameter's shape; `position` as in `Run.read`."""
        total = self._zeros[parameter].copy()
        with np.errstate(all="ignore"):
            for _, term, _ in self._terms[parameter]:
                total += _over_batch(self._gradients.share(term, t, position), total)
        return locked(total)

    def after(self, parameter: str, times: int, places: int) -> Array:
        """The sum over the first `times` backward timesteps and, in the next one, over the contributions of the first
        `places` backward equations."""
        with self._lock, np.errstate(all="ignore"):
            first, last = self._places[parameter]
            if places > last:  # nothing more is added in that timestep
                return locked(self._after(parameter, times + 1))
            total = self._after(parameter, times)
            if places > first:
                total = self._added(parameter, total.copy(), times, places)
            return locked(total)

    def _after(self, parameter: str, times: int) -> Array:
        start, total = self._base(parameter, times)
        last, latest = self._last[parameter]
        if start < last <= times:
            start, total = last, latest
        total = self._continued(parameter, start, total, times)
        self._last[parameter] = (times, total)
        return total

    def _base(self, parameter: str, times: int) -> tuple[int, Array]:
        """(a number of timesteps, at most `times`, the sum over them)."""
        kept, every = self._kept[parameter], self._every
        while len(kept) * every <= times:
            start = (len(kept) - 1) * every
            kept.append(self._continued(parameter, start, kept[-1], start + every))
        return times // every * every, kept[times // every]

    def _continued(self, parameter: str, start: int, total: Array, end: int) -> Array:
        if start == end:
            return total
        total = total.copy()
        for times in range(start, end):
            total = self._added(parameter, total, times)
        return locked(total)

    def _added(self, parameter: str, total: Array, times: int, places: int | None = None) -> Array:
        """`total`, with the contributions of the backward timestep after `times` others added in place."""
        for place, _, share in self._terms[parameter]:
            if places is None or place < places:
                if parameter in self._overwrites:
                    total[...] = 0
                total += _over_batch(share(times), total)
        return total


def _over_batch(value: Any, total: Array) -> Any:
    """A vector's term (B, unit), summed over the batch as a matrix's is by its outer product."""
    return value if total.ndim == 2 or isinstance(value, float) else value.sum(axis=0)
