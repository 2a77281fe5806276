"""The gradient of each parameter as it grows during the backward pass: a sum of contributions, from T down."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked
from bptt.evaluation import Evaluator, Interpreter
from bptt.model import Model
from bptt.schedule import Schedule

Array = NDArray[np.floating]
_EVERY = 32
"""Times between the sums that are kept, so that any sum is at most that many contributions away."""


class Sums:
    """∇parameter after so many times, always added in the order of the steps, whatever was asked for before.

    Reads only slots that are filled; whoever asks sees to that. Safe to ask from several threads."""

    def __init__(self, model: Model, schedule: Schedule, interpreter: Interpreter, B: int) -> None:
        self._T = schedule.T
        self._zeros = {name: locked(np.zeros_like(array)) for name, array in model.parameters.items()}
        self._terms: dict[str, list[tuple[int, Evaluator]]] = {name: [] for name in self._zeros}
        for place, equation in enumerate(schedule.backward):
            if equation.kind == "parameter":
                to_shape = _to_matrix if self._zeros[equation.target].ndim == 2 else _over_batch(B)
                for term in equation.terms:
                    evaluate = interpreter.compile(term.expression)
                    self._terms[equation.target].append((place, _then(evaluate, to_shape)))
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
        kept = self._kept[parameter]
        while len(kept) * _EVERY <= times:
            start = (len(kept) - 1) * _EVERY
            kept.append(self._continued(parameter, start, kept[-1], start + _EVERY))
        start, total = times // _EVERY * _EVERY, kept[times // _EVERY]
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


def _then(evaluate: Evaluator, to_shape: Callable[[Any], Any]) -> Evaluator:
    return lambda t: to_shape(evaluate(t))


def _to_matrix(value: Any) -> Any:
    """A matrix's term is summed over the batch by its outer product; 0 stands for a branch not taken."""
    return value


def _over_batch(B: int) -> Callable[[Any], Any]:
    def summed(value: Any) -> Any:
        rows = value if isinstance(value, np.ndarray) else np.full((1, 1), value)
        return rows.sum(axis=0) if len(rows) == B else B * rows[0]

    return summed
