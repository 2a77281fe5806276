"""How large each timestep's share of a parameter's gradient is: ‖∇W⁽ᵗ⁾‖, which says what times teach the parameter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bptt.expressions import Expression, Grad, Outer, Var
from bptt.run import Run

Array = NDArray[np.floating]
_AT_ONCE = 64
"""Times whose shares are held as matrices at one time."""


def share_norms(run: Run, parameter: str, position: int | None = None) -> Array:
    """(T,): the Euclidean norm of each timestep's term in ∇parameter, over the whole batch; the run must be filled.
    `position`: as in `Run.contribution`."""
    terms = [term.expression for term in run.model.cell.parameter_terms[parameter]]
    outers = [term for term in terms if isinstance(term, Outer)]
    if terms and all(isinstance(term, Grad) for term in terms):
        with np.errstate(all="ignore"):
            return lengths(sum(_over_time(run, term, position).sum(axis=1) for term in terms))
    if len(outers) < len(terms) or not terms:
        return lengths(np.array([run.contribution(parameter, t, position).ravel() for t in range(1, run.T + 1)]))
    left = np.concatenate([_over_time(run, term.left, position) for term in outers], axis=1)
    right = np.concatenate([_over_time(run, term.right, position) for term in outers], axis=1)
    if left.shape[1] == 1:
        with np.errstate(all="ignore"):
            return np.asarray(lengths(left[:, 0]) * lengths(right[:, 0]))
    parts = []
    for start in range(0, run.T, _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        with np.errstate(all="ignore"):
            shares = np.matmul(left[some].transpose(0, 2, 1), right[some])
        parts.append(lengths(shares.reshape(len(shares), -1)))
    return np.concatenate(parts)


def lengths(values: Array) -> Array:
    """The Euclidean norm along the last axis. Divided by the largest first: the squares of 1e±200 do not fit into a
    float."""
    with np.errstate(all="ignore"):
        size = np.abs(values).max(axis=-1, initial=0.0)
        scale = np.where((size > 0) & np.isfinite(size), size, 1.0)
        return np.asarray(scale * np.sqrt(np.square(values / scale[..., None]).sum(axis=-1)))


def _over_time(run: Run, expression: Expression, position: int | None) -> Array:
    """(T, B, unit): a factor of an outer product at every time."""
    tape = run.tape
    match expression:
        case Grad(name, 0):
            return run.times(name, True, position)
        case Var(name, lag) if lag <= tape.before[name]:
            start = tape.before[name] - lag
            return tape.values[name][start : start + run.T]
    found = np.array([run.evaluate(expression, t, position) for t in range(1, run.T + 1)])
    return np.broadcast_to(found, (run.T, run.B, found.shape[-1]))
