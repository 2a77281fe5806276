"""The Jacobians of a cell's state as tables to read, as CSV and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

import numpy as np

from bptt.numerals import number
from bptt.run import Run
from rnntui.explain.state_maps import StateMaps, product_sentence, sentence_of
from rnntui.safe import InputError, clean

MOST = 16
"""Entries of a row, singular values and times that a table shows."""
WIDTH = 9
MAX_NUMBERS = 25_000_000
"""That are written as text: about 1 GB."""


def table(maps: StateMaps, run: Run, t: int, sequence: int = 0) -> Iterator[str]:
    """The entries of one step, what it stretches, a sentence, and the running product by time."""
    N = len(maps.jacobians.coordinates)
    part = f", the first {MOST} rows and columns" if N > MOST else ""
    yield f"∂state({t})/∂state({t - 1}), {N} × {N}{part}"
    labels = [clean(f"{one.name}[t-{one.back + 1}][{one.unit}]") for one in maps.jacobians.coordinates[:MOST]]
    width = max([WIDTH, *(len(label) + 1 for label in labels)])
    gutter = max((len(str(one)) for one in maps.jacobians.coordinates[:MOST]), default=0) + 1
    yield " " * gutter + "".join(label.rjust(width) for label in labels)
    for one, row in zip(maps.jacobians.coordinates[:MOST], maps.step(t)[:MOST, :MOST].tolist(), strict=False):
        yield clean(str(one)).ljust(gutter) + "".join(number(value, 3).rjust(width) for value in row)
    yield ""
    values = maps.singular_values(t).tolist()
    more = " …" if len(values) > MOST else ""
    yield "singular values  " + " ".join(number(value, 3) for value in values[:MOST]) + more
    yield f"spectral radius  {number(maps.radius(t), 3)}"
    for matrix in maps.shortcuts:
        about = f"spectral radius {number(matrix.radius, 3)}, largest singular value {number(matrix.stretch, 3)}"
        yield f"{clean(matrix.name)}: {about}"
    yield ""
    yield sentence_of(maps, run, t, sequence)
    yield product_sentence(maps, t)
    yield ""
    yield f"{'t':>6}{'step stretches':>18}{f'∂state({maps.T})/∂state(t)':>28}"
    count = len(maps.times)
    for at in np.unique(np.linspace(0, count - 1, min(count, MOST)).round().astype(int))[::-1].tolist():
        step = number(float(maps.stretch[at]), 4) if maps.times[at] else ""
        yield f"{maps.times[at]:>6}{step:>18}{number(float(maps.kept[at]), 4):>28}"


def check(maps: StateMaps) -> None:
    """Raise InputError where the file would be huge."""
    count = maps.jacobians.steps.size
    if count > MAX_NUMBERS:
        raise InputError("", "", f"the file would have {count:,} numbers: give a smaller --hidden or --length")


def write_csv(maps: StateMaps, file: BinaryIO) -> None:
    """Tidy: `array` (`step`, `singular_value`, `spectral_radius`, `product_singular_value`), `t`, `row`, `column`,
    `value`; rows and columns are named as `s[t][0]`; of singular values the row is their rank, from 0."""
    found = maps.jacobians
    names = [str(one) for one in found.coordinates]
    before = [f"{one.name}[t-{one.back + 1}][{one.unit}]" for one in found.coordinates]
    file.write(b"array,t,row,column,value\n")
    for t in range(1, maps.T + 1):
        lines = [
            f"step,{t},{names[i]},{before[j]},{value!r}\n"
            for i, row in enumerate(maps.step(t).tolist())
            for j, value in enumerate(row)
        ]
        lines += [
            f"singular_value,{t},{n},,{value!r}\n" for n, value in enumerate(found.singular_values[t - 1].tolist())
        ]
        lines.append(f"spectral_radius,{t},,,{float(found.spectral_radius[t - 1])!r}\n")
        file.write("".join(lines).encode())
    for t, row in enumerate(found.product_singular_values.tolist()):
        lines = [f"product_singular_value,{t},{n},,{value!r}\n" for n, value in enumerate(row)]
        file.write("".join(lines).encode())


def write_json(maps: StateMaps, file: BinaryIO) -> None:
    """One object: `coordinates` of rows, `steps` (t = 1…T), `singular_values`, `spectral_radius`,
    `product_singular_values` (t = 0…T), `shortcuts`; what is not finite is null."""
    found = maps.jacobians
    about = {
        "T": maps.T,
        "coordinates": [str(one) for one in found.coordinates],
        "steps": _plain(found.steps.tolist()),
        "singular_values": _plain(found.singular_values.tolist()),
        "spectral_radius": _plain(found.spectral_radius.tolist()),
        "product_singular_values": _plain(found.product_singular_values.tolist()),
        "shortcuts": {
            one.name: _plain({"spectral_radius": one.radius, "largest_singular_value": one.stretch})
            for one in maps.shortcuts
        },
    }
    file.write(json.dumps(about, allow_nan=False).encode() + b"\n")


WRITERS: dict[str, Callable[[StateMaps, BinaryIO], None]] = {"csv": write_csv, "json": write_json}
"""Suffix without its dot → format."""


def _plain(value: object) -> object:
    """With null for what is not finite."""
    match value:
        case float():
            return value if np.isfinite(value) else None
        case list():
            return [_plain(one) for one in value]
        case dict():
            return {name: _plain(one) for name, one in value.items()}
    return value
