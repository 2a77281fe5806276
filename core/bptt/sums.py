"""The gradient of each parameter as it grows during the backward pass: a sum of contributions, from T down."""

from __future__ import annotations

from math import isqrt
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked
from bptt.evaluation import Evaluator, Interpreter
from bptt.model import Model
from bptt.schedule import Schedule

Array = NDArray[np.floating]


class Sums:
    """∇parameter after so many times, always added in the order of the steps, whatever was asked for before.

    Reads only slots that are filled; whoever asks sees to that. Safe to ask from several threads."""

    def __init__(self, model: Model, schedule: Schedule, interpreter: Interpreter) -> None:
        self._T = schedule.T
        # times between the sums that are kept: any sum is at most that many contributions away, and few are held
        self._every = max(32, isqrt(schedule.T))
        self._zeros = {name: locked(np.zeros_like(array)) for name, array in model.parameters.items()}
        self._terms: dict[str, list[tuple[int, Evaluator]]] = {name: [] for name in self._zeros}
        for place, equation in enumerate(schedule.backward):
            if equation.kind == "parameter":
                matrix = self._zeros[equation.target].ndim == 2
                for term in equation.terms:
                    evaluate = interpreter.term(term)
                    self._terms[equation.target].append((place, evaluate if matrix else _over_batch(evaluate)))
        self._kept = {name: [zeros] for name, zeros in self._zeros.items()}
        self._last = {name: (0, zeros) for name, zeros in self._zeros.items()}
        self._lock = Lock()

    def contribution(self, parameter: str, t: int) -> Array:
        """The term of timestep t, in the parameter's shape."""
        with np.errstate(all="ignore"):
            return locked(self._added(parameter, self._zeros[parameter].copy(), t))

    def after(self, parameter: str, times: int, places: int) -> Array:
        """The sum over the last `times` times and, at the time before them, over the contributions of the first
        `places` backward equations."""
        with self._lock, np.errstate(all="ignore"):
            total = self._after(parameter, times)
            if any(place < places for place, _ in self._terms[parameter]):
                total = self._added(parameter, total.copy(), self._T - times, places)
            return locked(total)

    def _after(self, parameter: str, times: int) -> Array:
        kept, every = self._kept[parameter], self._every
        while len(kept) * every <= times:
            start = (len(kept) - 1) * every
            kept.append(self._continued(parameter, start, kept[-1], start + every))
        start, total = times // every * every, kept[times // every]
        last, latest = self._last[parameter]
        if start < last <= times:
            start, total = last, latest
        total = self._continued(parameter, start, total, times)
        self._last[parameter] = (times, total)
        return total

    def _continued(self, parameter: str, start: int, total: Array, end: int) -> Array:
        if start == end:
            return total
        total = total.copy()
        for times in range(start, end):
            total = self._added(parameter, total, self._T - times)
        return locked(total)

    def _added(self, parameter: str, total: Array, t: int, places: int | None = None) -> Array:
        """`total`, with the contributions of time t added in place."""
        for place, evaluate in self._terms[parameter]:
            if places is None or place < places:
                total += evaluate(t)
        return total


def _over_batch(evaluate: Evaluator) -> Evaluator:
    """A vector's term (B, unit), summed over the batch as a matrix's is by its outer product."""

    def summed(t: int) -> Any:
        value = evaluate(t)
        return value if isinstance(value, float) else value.sum(axis=0)

    return summed
