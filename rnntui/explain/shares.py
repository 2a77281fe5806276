"""How large each timestep's share of a parameter's gradient is: ‖∇W⁽ᵗ⁾‖, which says what times teach the parameter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bptt.expressions import Expression, Grad, Outer, Var
from bptt.norms import lengths
from bptt.overview import Overview
from bptt.run import Run

Array = NDArray[np.floating]
_AT_ONCE = 64
"""Times whose shares are held as matrices at one time."""
_SEGMENT = 256
"""Times of a run with checkpoints that are looked at together."""


def share_norms(run: Run, parameter: str, position: int | None = None) -> Array:
    """(T,): the Euclidean norm of each timestep's term in ∇parameter, over the whole batch; the run must be filled.
    `position`: as in `Run.contribution`."""
    terms = [term.expression for term in run.model.cell.parameter_terms[parameter]]
    if run.overview is None:
        return _norms(run, parameter, terms, 1, run.T, position)
    known = _known(run, run.overview, terms)
    if known is not None:
        return known
    # backwards, as what is computed again is computed
    starts = range(1, run.T + 1, _SEGMENT)
    parts = [_norms(run, parameter, terms, t, min(t + _SEGMENT - 1, run.T), position) for t in reversed(starts)]
    return np.concatenate(parts[::-1])


def _known(run: Run, overview: Overview, terms: Sequence[Expression]) -> Array | None:
    """The product of two norms that are kept, where a share is δ hᵀ of one sequence."""
    match terms:
        case [Outer(Grad(name, 0), Var(right, lag))] if run.B == 1 and 0 <= lag <= run.tape.before[right]:
            before = run.tape.rows(right, 1 - lag, 0)
            earlier = np.concatenate([lengths(before), overview.norms(right, False)])[: run.T]
            return np.asarray((overview.norms(name) * earlier)[:, 0])
        case [Grad(name, 0)] if run.B == 1:
            return overview.norms(name)[:, 0]
    return None


def _norms(run: Run, parameter: str, terms: Sequence[Expression], first: int, last: int, position: int | None) -> Array:
    """(times,): those of times first…last."""
    outers = [term for term in terms if isinstance(term, Outer)]
    if terms and all(isinstance(term, Grad) for term in terms):
        with np.errstate(all="ignore"):
            summed = [_over_time(run, term, first, last, position).sum(axis=1) for term in terms]
            return lengths(np.sum(summed, axis=0))
    if len(outers) < len(terms) or not terms:
        times = range(first, last + 1)
        return lengths(np.array([run.contribution(parameter, t, position).ravel() for t in times]))
    left = np.concatenate([_over_time(run, term.left, first, last, position) for term in outers], axis=1)
    right = np.concatenate([_over_time(run, term.right, first, last, position) for term in outers], axis=1)
    if left.shape[1] == 1:
        with np.errstate(all="ignore"):
            return np.asarray(lengths(left[:, 0]) * lengths(right[:, 0]))
    parts = []
    for start in range(0, len(left), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        with np.errstate(all="ignore"):
            shares = np.matmul(left[some].transpose(0, 2, 1), right[some])
        parts.append(lengths(shares.reshape(len(shares), -1)))
    return np.concatenate(parts)


def _over_time(run: Run, expression: Expression, first: int, last: int, position: int | None) -> Array:
    """(times, B, unit): a factor of an outer product at times first…last."""
    match expression:
        case Grad(name, 0):
            return run.block(name, first, last, True, position)
        case Var(name, lag) if lag <= run.tape.before[name]:
            return run.tape.rows(name, first - lag, last - lag)
    found = np.array([run.evaluate(expression, t, position) for t in range(first, last + 1)])
    return np.broadcast_to(found, (last - first + 1, run.B, found.shape[-1]))
