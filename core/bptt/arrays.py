"""Arrays from outside made our own: copied, in native byte order, locked, or refused by name."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from bptt.errors import InputError, quoted

Array = NDArray[np.floating]
FLOATS = ("float64", "float32")


def numbers(value: object, argument: str) -> NDArray[Any]:
    """A copy of `value` as integers or floats of at most 64 bits, in native byte order and C order.

    Raises InputError for whatever is not plain real numbers: bool, complex, object, text, ragged lists."""
    if isinstance(value, np.ma.MaskedArray):
        raise InputError("got a masked array, expected plain numbers: fill it first", argument)
    try:
        found = np.asarray(value)
    except (ValueError, TypeError, OverflowError, RecursionError):
        what = "a ragged list" if isinstance(value, list | tuple) else type(value).__name__
        raise InputError(f"got {what}, expected numbers in equal rows", argument) from None
    if found.dtype.kind not in "iuf" or found.dtype.itemsize > 8:
        name = {"U": "text", "S": "text", "O": type(value).__name__}.get(found.dtype.kind, found.dtype.name)
        name = "object" if name in ("ndarray", "list", "tuple") else name
        shape = f" of shape {found.shape}" if found.ndim else ""
        raise InputError(f"got {name}{shape}, expected float64, float32 or integers", argument)
    return np.array(found, dtype=found.dtype.newbyteorder("="), order="C", copy=True, subok=False)


def floats(value: object, argument: str, dtype: np.dtype[np.floating], finite: bool = True) -> Array:
    """A locked copy of `value` in `dtype`, same shape. Raises InputError as `numbers` does, and for the first
    entry that is not finite in `dtype` unless `finite` is false."""
    given = numbers(value, argument)
    with np.errstate(over="ignore", invalid="ignore"):
        array: Array = given.astype(dtype)
    if finite and not np.isfinite(array).all():
        where = first(~np.isfinite(array))
        got = given[where]
        reason = f"too large for {dtype.name}" if np.isfinite(got) else "expected a finite number"
        raise InputError(f"{place(argument, where)} = {got}, {reason}", argument)
    return locked(array)


def locked(array: NDArray[Any]) -> NDArray[Any]:
    """A view that nobody can write to, of an array that nobody else holds."""
    array.flags.writeable = False
    return array.view()


def first(found: NDArray[np.bool_]) -> tuple[int, ...]:
    """The index of the first True; there must be one."""
    return tuple(int(i) for i in np.unravel_index(int(found.argmax()), found.shape))


def place(argument: str, index: tuple[int, ...]) -> str:
    """`y[3]`, `W[0, 2]`."""
    return f"{argument}[{', '.join(map(str, index))}]" if index else argument


def float_type(dtype: DTypeLike | None) -> np.dtype[np.floating]:
    """float64 or float32 in native byte order; InputError for any other."""
    try:
        name = "none" if dtype is None else np.dtype(dtype).name
    except (TypeError, ValueError):
        name = "none"
    if name not in FLOATS:
        raise InputError(f"got {quoted(dtype)}, expected {' or '.join(FLOATS)}", "dtype")
    return np.dtype(np.float32 if name == "float32" else np.float64)


def whole(value: object, argument: str, lowest: int, highest: int) -> int:
    """A whole number in lowest…highest; InputError otherwise (also for True and 2.0)."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not lowest <= value <= highest:
        raise InputError(f"got {quoted(value)}, expected a whole number {lowest}…{highest}", argument)
    return int(value)
