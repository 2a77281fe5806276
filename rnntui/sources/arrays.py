"""NumPy arrays as a source: inputs from one .npy file, targets from another."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.npy import Header, parse_header
from rnntui.safe import InputError, clean, open_regular
from rnntui.sources.source import MAX_TIMES, MAX_UNITS, Kind, Source

MAX_BYTES = 67_108_864
"""Bytes of one array."""
_NUMBERS = ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
FilePath = str | os.PathLike[str]
Array = NDArray[Any]


def from_npy(x_path: FilePath, y_path: FilePath) -> Source:
    """Inputs and targets as they stand in two .npy files.

    x: integers (T,) or (T, B) meaning one-hot rows, D their largest + 1; or floats (T, D), (T, B, D), or
    (T,) for D = 1. y: integers (T,) or (T, B), −1 for no target, K their largest + 1; or floats (T, K),
    (T, B, K), a row of NaN for no target, the last axis left out where K = 1. Raises InputError for whatever
    else they hold; sizes and types are checked in the header, before the numbers are read."""
    x, y = _load(x_path), _load(y_path)
    x_name, y_name = os.fspath(x_path), os.fspath(y_path)
    if x.dtype.kind == "f":
        x = _rows_of_inputs(x_name, x)
        D = x.shape[-1]
        batched = x.ndim == 3
    else:
        _check_rank(x_name, x, (1, 2), "integers (T,) or (T, B)")
        D = _classes(x_name, x, lowest=0)
        batched = x.ndim == 2
    if len(x) != len(y):
        reason = f"{len(y)} times, but {x_name} has {len(x)}: give as many targets as inputs"
        raise InputError(y_name, f"shape {y.shape}", reason)
    kind: Kind = "values" if y.dtype.kind == "f" else "classes"
    B = x.shape[1] if batched else 1
    if kind == "classes":
        y = _fit(y_name, y, (len(x), B) if batched else (len(x),), "integers")
        K = _classes(y_name, y, lowest=-1)
    else:
        K = y.shape[-1] if y.ndim == 3 or (y.ndim == 2 and B == 1) else 1
        y = _fit(y_name, y, (len(x), B, K) if batched else (len(x), K), "floats")
        _check_units(y_name, K)
        _check_targets(y_name, y)
    x.flags.writeable = y.flags.writeable = False
    files = Path(x_name).name, Path(y_name).name
    return Source(
        x=x,
        y=y,
        tokens=None,
        vocabulary=None,
        inputs=D,
        outputs=K,
        kind=kind,
        title=clean(" → ".join(files)),
        description={"source": "npy", "file": files[0], "targets": files[1]},
    )


def _load(path: FilePath) -> Array:
    """The numbers of a .npy file as int64, float32 or float64 of our own."""
    name = os.fspath(path)
    with open_regular(path) as file:
        header = parse_header(file)
        if header is None:
            file.seek(0)
            raise InputError(name, "", _what_else(file.read(4)))
        size = _check_header(name, header, os.fstat(file.fileno()).st_size)
        file.seek(header.offset)
        data = file.read(size)
    flat = np.frombuffer(data, np.dtype(header.descr))
    given = flat.reshape(header.shape, order="F" if header.fortran_order else "C")
    if given.dtype.kind == "f":
        return np.array(given, np.float32 if given.itemsize <= 4 else np.float64, order="C")
    if given.dtype.kind == "u" and int(given.max()) > np.iinfo(np.int64).max:
        raise InputError(name, "", f"holds {given.max()}, which is no class: give numbers below {MAX_UNITS}")
    return np.array(given, np.int64, order="C")


def _check_header(name: str, header: Header, file_size: int) -> int:
    """The bytes of the numbers; `file_size`: those of the whole file."""
    kind = header.descr.lstrip("<>|=")
    if kind not in _NUMBERS:
        what = {"O": "Python objects", "U": "text", "S": "text", "b": "truth values", "c": "complex numbers"}
        holds = what.get(kind[0], f"numbers of type {header.descr}")
        raise InputError(name, "", f"holds {holds}, expected floats or integers of at most 64 bits")
    size = math.prod(header.shape) * int(kind[1:])
    if size > MAX_BYTES:
        reason = f"has {size:,} bytes, over the limit of {MAX_BYTES:,}: save a part of the array"
        raise InputError(name, f"shape {header.shape}", reason)
    if header.offset + size != file_size:
        expected = f"{file_size:,} bytes, but its header says {header.offset + size:,}: save it again"
        raise InputError(name, "", f"is damaged: it has {expected}")
    if not header.shape or not math.prod(header.shape):
        raise InputError(name, f"shape {header.shape}", "has no times in it: expected (T, …) with T from 1")
    if header.shape[0] > MAX_TIMES:
        reason = f"T is over the limit of {MAX_TIMES:,}: save a part of the array"
        raise InputError(name, f"shape {header.shape}", reason)
    if len(header.shape) > 3:
        raise InputError(name, f"shape {header.shape}", "expected at most 3 axes: (T, B, units)")
    return size


def _what_else(start: bytes) -> str:
    if start[:2] == b"PK":
        return "is an .npz archive: save the one array with numpy.save"
    return "is not a NumPy .npy file of plain numbers: save the array with numpy.save"


def _rows_of_inputs(name: str, x: Array) -> Array:
    """(T, D) or (T, B, D) floats, all of them finite."""
    _check_rank(name, x, (1, 2, 3), "floats (T, D) or (T, B, D)")
    if not np.isfinite(x).all():
        index = _first(~np.isfinite(x))
        raise InputError(name, f"{list(index)}", f"{x[index]} is not a finite number: correct the array")
    rows = x[:, None] if x.ndim == 1 else x
    _check_units(name, rows.shape[-1])
    return rows


def _classes(name: str, given: Array, lowest: int) -> int:
    """The number of classes, by the largest."""
    if int(given.min()) < lowest:
        index = _first(given < lowest)
        also = ", or −1 for no target" if lowest < 0 else ""
        raise InputError(name, f"{list(index)}", f"{given[index]} is no class: expected numbers from 0{also}")
    count = int(given.max()) + 1
    if not count:
        raise InputError(name, "", "holds only −1, which means no target: give at least one")
    _check_units(name, count)
    return count


def _fit(name: str, y: Array, shape: tuple[int, ...], kind: str) -> Array:
    """`y` in `shape`; axes of 1 after the first may be missing or there."""
    if [size for size in y.shape[1:] if size > 1] != [size for size in shape[1:] if size > 1]:
        reason = f"does not fit the inputs: expected {kind} {shape}"
        raise InputError(name, f"shape {y.shape}", reason)
    return y.reshape(shape)


def _check_targets(name: str, y: Array) -> None:
    """Every row of values is finite, or all NaN for no target."""
    missing = np.isnan(y)
    bad = ~(np.isfinite(y) | missing.all(axis=-1, keepdims=True))
    if bad.any():
        index = _first(bad)
        reason = f"{y[index]} is not a finite number: correct it, or make the whole row NaN for no target"
        raise InputError(name, f"{list(index)}", reason)
    if missing.all():
        raise InputError(name, "", "holds only NaN, which means no target: give at least one")


def _check_rank(name: str, given: Array, ranks: tuple[int, ...], expected: str) -> None:
    if given.ndim not in ranks:
        raise InputError(name, f"shape {given.shape}", f"expected {expected}")


def _check_units(name: str, units: int) -> None:
    if units > MAX_UNITS:
        raise InputError(name, "", f"{units:,} units or classes, over the limit of {MAX_UNITS:,}: use fewer")


def _first(found: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(found.argmax()), found.shape))
