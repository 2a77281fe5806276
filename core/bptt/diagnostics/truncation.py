"""What truncated BPTT loses: its gradients beside the full ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked
from bptt.errors import InputError
from bptt.norms import cosine
from bptt.trace import Trace

Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How near a truncated gradient is to the full one."""

    relative_error: float
    """‖truncated − full‖ / ‖full‖: 0 where both are 0, infinite where only the full one is."""
    cosine: float
    """Of the angle between the two; 0 where one is 0."""


@dataclass(frozen=True, eq=False)
class Truncation:
    """A truncated run compared with the full one; arrays are read-only."""

    parameters: Mapping[str, Agreement]
    """Parameter → how near its gradient is."""
    whole: Agreement
    """The same for all parameters taken as one vector."""
    lost: Mapping[str, Array]
    """State → (T, B): the norm of what its gradient at t = 1…T lacks."""
    shares_lost: Mapping[str, Array]
    """Parameter → (T,): the norm of what the contribution of t = 1…T to its gradient lacks, over the whole batch."""
    reach: NDArray[np.int64]
    """(T,): row t − 1 is the earliest time to which the loss of t is carried back; the full one is carried to 1."""
    cuts: tuple[int, ...]
    """For each pass that does not reach the start, the last time whose states it takes for constants."""


def compare(truncated: Trace, full: Trace) -> Truncation:
    """What `truncated` lost against `full`, two traces of one model on the same sequences.

    Raises InputError where they are not, and where `full` is truncated."""
    _check(truncated, full)
    model, passes = full.model, truncated.passes
    T = len(full.x)
    pairs = [(truncated.grads[name], full.grads[name]) for name in model.parameters]
    reach = np.empty(T, np.int64)
    for within in passes:
        reach[within.losses_from - 1 : within.hi] = within.lo
    with np.errstate(all="ignore"):
        return Truncation(
            parameters={name: _agreement([pair]) for name, pair in zip(model.parameters, pairs, strict=True)},
            whole=_agreement(pairs),
            lost={
                name: locked(np.linalg.norm(full.grads[name] - truncated.grads[name], axis=-1)) for name in full.initial
            },
            shares_lost={name: locked(_shares_lost(truncated, full, name)) for name in model.parameters},
            reach=locked(reach),
            cuts=tuple(within.lo - 1 for within in passes if within.lo > 1),
        )


def _check(truncated: Trace, full: Trace) -> None:
    if len(full.passes) > 1:
        raise InputError(f"got {len(full.passes)} passes, expected one, over all times", "full")
    if truncated.model != full.model:
        raise InputError("got another model than that of the full trace", "truncated")
    for name, ours, theirs in (("x", truncated.x, full.x), ("y", truncated.y, full.y)):
        if not np.array_equal(ours, theirs, equal_nan=True):
            raise InputError(f"got another {name} than that of the full trace", "truncated")
    for state, rows in full.initial.items():
        if not np.array_equal(truncated.initial[state], rows, equal_nan=True):
            raise InputError(f"got another initial {state} than that of the full trace", "truncated")
    if truncated.edits != full.edits:
        raise InputError("got other edits than those of the full trace", "truncated")


def _agreement(pairs: Iterable[tuple[Array, Array]]) -> Agreement:
    ours, theirs = (np.concatenate([array.ravel() for array in arrays]) for arrays in zip(*pairs, strict=True))
    size, difference = float(np.linalg.norm(theirs)), float(np.linalg.norm(ours - theirs))
    return Agreement(difference / size if size else 0.0 if not difference else np.inf, cosine(ours, theirs))


def _shares_lost(truncated: Trace, full: Trace, parameter: str) -> Array:
    return np.array(
        [
            np.linalg.norm(full.contribution(parameter, t) - truncated.contribution(parameter, t))
            for t in range(1, len(full.x) + 1)
        ]
    )
