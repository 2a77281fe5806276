"""The numbers at the ends of a run's colour ramps and bars: worked out once a run, so that nothing rescales while one
steps."""

from __future__ import annotations

import math
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from bptt.norms import lengths
from bptt.run import Run
from rnntui.explain.roles import Roles, roles_of
from rnntui.explain.shares import share_norms

Array = NDArray[np.floating]

FLOOR = 1e-12
"""A norm below this is drawn as if it were this."""
_LEAST = 1e-300
"""It has a logarithm, which zero has not."""


class Scales:
    """The scales of one filled run, over its whole batch. Make them with `scales_of`."""

    def __init__(self, run: Run, roles: Roles) -> None:
        self._run = run
        self._roles = roles
        self._largest: dict[tuple[str, bool], float] = {}
        self._norms: dict[str, Array] = {}
        self._decades: dict[str, tuple[float, float]] = {}
        self._loss: float | None = None

    @property
    def loss(self) -> float:
        """The loss of the whole run, of which all values must be there."""
        if self._loss is None:
            self._loss = self._run.loss
        return self._loss

    def value(self, name: str) -> float:
        """The end of the ramp for a variable's values: its bound where it has one, else its largest magnitude."""
        low, high = self._roles.ranges.get(name, (-math.inf, math.inf))
        bound = max(abs(low), abs(high))
        return bound if math.isfinite(bound) and bound > 0 else self._size(name, False)

    def gradient(self, name: str) -> float:
        """The end of the ramp for a variable's gradients: the largest magnitude."""
        return self._size(name, True)

    def norms(self, name: str) -> Array:
        """(T, B): the Euclidean norm of a variable's gradient at t = 1…T."""
        if name not in self._norms:
            run = self._run
            kept = run.overview
            self._norms[name] = lengths(run.tape.times(name, True)) if kept is None else kept.norms(name)
        return self._norms[name]

    def shares(self, parameter: str) -> Array:
        """(T, 1): the norm of each timestep's share of a parameter's gradient, over the whole batch."""
        if parameter not in self._norms:
            self._norms[parameter] = share_norms(self._run, parameter)[:, None]
        return self._norms[parameter]

    def parameter(self, name: str, gradient: bool) -> float:
        """The end of the ramp for a parameter, or for the whole sum of its gradient: the largest magnitude."""
        key = name, gradient
        if key not in self._largest:
            run = self._run
            # a run with checkpoints can be looked at while it is recorded
            end = len(run) if run.overview is None else run.filled
            sizes = np.abs(run.sum_so_far(name, end) if gradient else run.model.parameters[name])
            self._largest[key] = float(sizes.max(initial=0, where=np.isfinite(sizes))) or 1.0
        return self._largest[key]

    def decades(self, name: str) -> tuple[float, float]:
        """(lowest, highest) power of ten, in halves, on the axis of the norms of a variable's gradient, or of the
        shares of a parameter's: at least one decade, from the floor on."""
        if name not in self._decades:
            self._decades[name] = decades_of(
                self.shares(name) if name in self._run.model.parameters else self.norms(name)
            )
        return self._decades[name]

    def _size(self, name: str, gradient: bool) -> float:
        key = name, gradient
        if key not in self._largest:
            run = self._run
            if run.overview is not None:
                return run.overview.largest(name, gradient) or 1.0
            sizes = np.abs(run.tape.times(name, gradient))
            self._largest[key] = float(sizes.max(initial=0, where=np.isfinite(sizes))) or 1.0
        return self._largest[key]


def decades_of(norms: Array) -> tuple[float, float]:
    """(lowest, highest) power of ten, in halves, on a logarithmic axis of norms: at least one decade, from the floor
    on; NaN, infinities and zeros do not count."""
    seen = norms[np.isfinite(norms) & (norms > 0)]
    least = max(float(seen.min(initial=math.inf)), FLOOR) if seen.size else 0.1
    high = math.ceil(2 * math.log10(max(float(seen.max(initial=least)), FLOOR))) / 2
    return min(math.floor(2 * math.log10(least)) / 2, high - 1), high


def parts_of(norms: Array, decades: tuple[float, float]) -> Array:
    """How far up an axis of (lowest, highest) powers of ten each norm lies, 0…1: zero at its foot, NaN and infinities
    at its top."""
    low, high = decades
    with np.errstate(all="ignore"):
        tens = np.log10(np.maximum(np.nan_to_num(norms, nan=np.inf), _LEAST))
    return np.clip((tens - low) / ((high - low) or 1.0), 0, 1)


_KEPT: WeakKeyDictionary[Run, tuple[int, Scales]] = WeakKeyDictionary()


def scales_of(run: Run) -> Scales:
    """The scales of a run, kept as long as nothing more of it is computed."""
    filled, scales = _KEPT.get(run, (-1, None))
    if scales is None or filled != run.filled:
        scales = Scales(run, roles_of(run.model.cell))
        _KEPT[run] = run.filled, scales
    return scales
