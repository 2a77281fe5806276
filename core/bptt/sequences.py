"""What a run reads: inputs, targets and initial states, checked against a model and made our own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bptt.arrays import first, floats, locked, numbers, place
from bptt.errors import InputError, near, quoted
from bptt.functions import LOSSES
from bptt.model import Model
from bptt.targets import OneHot, Rows, Targets

Array = NDArray[np.floating]
Integers = NDArray[np.int64]

LONGEST = 1_000_000
"""The largest T."""
LARGEST = 2**30
"""The largest number of bytes of one-hot rows or targets."""


@dataclass(frozen=True, eq=False)
class Sequences:
    """A batch of B sequences over T times. All arrays are locked copies; times t = 1…T are rows 0…T−1."""

    inputs: Rows
    """(T, B, D); one-hot rows, made when they are read, where the caller gave integers."""
    tokens: Integers | None
    """(T, B): those integers; None where the caller gave floats."""
    y: NDArray[Any]
    """(T, B) class numbers, −1 for no target; or (T, B, K) values, a row of NaN for no target."""
    wanted: Targets
    """y as rows."""
    kind: Literal["classes", "values"]
    """What y holds."""
    single: bool
    """Whether the caller gave one sequence without a batch axis; B is then 1."""
    T: int
    B: int

    @cached_property
    def x(self) -> Array:
        """(T, B, D): the inputs as an array."""
        return locked(self.inputs.whole()) if isinstance(self.inputs, OneHot) else self.inputs

    @cached_property
    def targets(self) -> Array:
        """(T, B, K): y as rows in an array: one-hot for classes; a row of NaN for no target."""
        return locked(np.where(self.wanted.present > 0, self.wanted.rows[:], np.nan).astype(self.wanted.dtype))


def coerce(model: Model, x: ArrayLike, y: ArrayLike) -> Sequences:
    """`x`: (T, D) or (T, B, D) floats, or (T,) or (T, B) integers 0…D−1 meaning one-hot rows. `y`: for a
    cross_entropy (T,) or (T, B) integers 0…K−1 or −1; for other losses (T, K) or (T, B, K) floats, NaN rows
    allowed, and also (T,) or (T, B) where K is 1.

    Raises InputError naming x or y, the shape got and the shape expected."""
    rows, tokens, single = _inputs(model, x)
    T, B = rows.shape[:2]
    classes = any(LOSSES[function].classes for function in model.cell.loss_functions)
    if classes:
        given: NDArray[Any] = _classes(model, y)
        expected = _shapes((T,), (T, B), B)
    else:
        given = _values(model, y, B)
        expected = _shapes((T, model.outputs), (T, B, model.outputs), B)
    if given.shape[:2] != (T, B):
        hint = ", as in x" if tokens is None else ", as in x, where integers mean one-hot rows"
        raise InputError(f"got shape {np.shape(y)}, expected {expected}{hint}", "y")
    targets = Targets.of(given, model.outputs, model.dtype)
    _check_size(targets.rows, "y")
    kind: Literal["classes", "values"] = "classes" if classes else "values"
    return Sequences(rows, tokens, given, targets, kind, single, T, B)


def coerce_initial(model: Model, initial: Mapping[str, ArrayLike] | None, B: int) -> dict[str, Array]:
    """State → (k, B, units), times 1−k…0, for every state, read at lags up to k; zeros where not given.

    A given one is (units,) or (B, units) for time 0, earlier ones zero, or (k, B, units), oldest first.
    Raises InputError for an unknown name and for what does not fit."""
    cell = model.cell
    states = {name: lag for name, lag in cell.lags.items() if name != "x"}
    if initial is None:
        initial = {}
    if not isinstance(initial, Mapping):
        raise InputError(f"got {type(initial).__name__}, expected a dict state → array", "initial")
    for name in initial:
        if name not in states:
            why = "is never read at an earlier time" if name in cell.dims else "is not a variable"
            why = "is the input, not a state," if name == "x" else why
            raise InputError(f"{quoted(name)} {why} in {cell.name}; {near(name, states)}", "initial")
    rows: dict[str, Array] = {}
    for name, lag in states.items():
        units = model.size(cell.dims[name])
        rows[name] = np.zeros((lag, B, units), model.dtype)
        if name in initial:
            argument = f"initial {name}"
            given = floats(initial[name], argument, model.dtype, finite=not model.allow_nonfinite)
            if given.shape in ((units,), (B, units)):
                rows[name][-1] = given
            elif given.shape == (lag, B, units):
                rows[name][:] = given
            else:
                expected = f"({units},), {(B, units)} or {(lag, B, units)}"
                raise InputError(f"got shape {given.shape}, expected {expected}", argument)
        rows[name] = locked(rows[name])
    return rows


def _inputs(model: Model, x: ArrayLike) -> tuple[Rows, Integers | None, bool]:
    """((T, B, D) rows, the (T, B) integers that they came from, whether there was no batch axis)."""
    D = model.inputs
    given = numbers(x, "x")
    tokens = given.dtype.kind in "iu"
    ranks = (1, 2) if tokens else (2, 3)
    if given.size == 0:
        raise InputError(f"got shape {given.shape}: there is no timestep, sequence or input in it", "x")
    if given.ndim not in ranks or not (tokens or given.shape[-1] == D):
        raise InputError(
            f"got {given.dtype.name} of shape {given.shape}, expected floats (T, {D}) or (T, B, {D}), "
            f"or integers (T,) or (T, B) for one-hot rows",
            "x",
        )
    if len(given) > LONGEST:
        raise InputError(f"got T = {len(given)}, expected at most {LONGEST}", "x")
    single = given.ndim == ranks[0]
    if tokens:
        _check_range(given, 0, D, "x")
        indices = locked((given[:, None] if single else given).astype(np.int64))
        found = OneHot(indices, D, model.dtype)
        _check_size(found, "x")
        return found, indices, single
    rows = floats(given, "x", model.dtype, finite=not model.allow_nonfinite)
    return rows[:, None] if single else rows, None, single


def _classes(model: Model, y: ArrayLike) -> Integers:
    """(T, B) class numbers."""
    given = numbers(y, "y")
    if given.dtype.kind == "f" or given.ndim not in (1, 2):
        got = f"{given.dtype.name} of shape {given.shape}"
        raise InputError(f"got {got}, expected integers (T,) or (T, B) for cross_entropy", "y")
    _check_range(given, -1, model.outputs, "y")
    return locked((given[:, None] if given.ndim == 1 else given).astype(np.int64))


def _values(model: Model, y: ArrayLike, B: int) -> Array:
    """(T, B, K) values, the row of a missing target all NaN."""
    K = model.outputs
    given = floats(y, "y", model.dtype, finite=False)
    flat = given.ndim == 1 or (given.ndim == 2 and B > 1)
    shape = given.shape if not (flat and K == 1) else (*given.shape, 1)
    if len(shape) not in (2, 3) or shape[-1] != K:
        also = ", (T,) or (T, B)" if K == 1 else ""
        loss = model.cell.loss_functions[-1]
        raise InputError(f"got shape {given.shape}, expected (T, {K}) or (T, B, {K}){also} for {loss}", "y")
    rows = given.reshape(shape)
    missing = np.isnan(rows)
    partly = np.not_equal(missing.any(axis=-1), missing.all(axis=-1))
    if partly.any():
        where = place("y", first(partly))
        raise InputError(f"{where} is partly NaN: a row is all numbers, or all NaN for no target", "y")
    bounded = "binary_cross_entropy" in model.cell.loss_functions
    good: NDArray[np.bool_] = (rows >= 0) & (rows <= 1) if bounded else np.isfinite(rows)
    bad = np.logical_not(good | missing)
    if bad.any():
        index = first(bad)
        wanted = "0…1 for binary_cross_entropy" if bounded else "a finite number, or NaN for no target"
        raise InputError(f"{place('y', index)} = {rows[index]}, expected {wanted}", "y")
    return rows if rows.ndim == 3 else rows[:, None]


def _check_range(given: NDArray[Any], lowest: int, end: int, argument: str) -> None:
    """Raise InputError for the first index outside lowest…end−1: NumPy would wrap a negative one silently."""
    bad = (given < lowest) | (given >= end)
    if bad.any():
        index = first(bad)
        also = " or −1" if lowest < 0 else ""
        raise InputError(f"{place(argument, index)} = {given[index]}, expected 0…{end - 1}{also}", argument)


def _check_size(rows: Rows, argument: str) -> None:
    """Raise InputError for one-hot rows that would be too large as an array."""
    needed = math.prod(rows.shape) * rows.dtype.itemsize
    if isinstance(rows, OneHot) and needed > LARGEST:
        raise InputError(f"one-hot rows would take {needed} bytes, at most {LARGEST} are allowed", argument)


def _shapes(single: tuple[int, ...], batched: tuple[int, ...], B: int) -> str:
    """The shapes that fit: without a batch axis only where there is one sequence."""
    return f"{single} or {batched}" if B == 1 else f"{batched}"
