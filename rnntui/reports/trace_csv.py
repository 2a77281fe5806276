"""A run as tidy CSV: one row a number.

Columns: `array` (the name as in the .npz), `t` (1…T; 0 and before for initial states; empty for parameters),
`sequence` (of the batch, from 0; empty for parameters), `unit` (from 0; a matrix's row), `column` (of a matrix,
from 0; else empty), `value` (nan, inf, -inf where not finite).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, BinaryIO

from numpy.typing import NDArray

from bptt.run import Run
from rnntui.reports.record import arrays_of
from rnntui.sources.source import Source

COLUMNS = "array,t,sequence,unit,column,value"


def write_csv(run: Run, source: Source, file: BinaryIO) -> None:
    """In the order of the .npz, time by time. Floats in the fewest digits that read back as the same number."""
    file.write(COLUMNS.encode() + b"\n")
    for name, array in arrays_of(run).items():
        for rows in _timeless(name, array) if _is_shared(name, run) else _by_time(name, array, run):
            file.write(rows.encode())


def _is_shared(name: str, run: Run) -> bool:
    kind, _, of = name.partition(".")
    return kind == "param" or (kind == "grad" and of in run.model.parameters)


def _timeless(name: str, array: NDArray[Any]) -> Iterator[str]:
    """A parameter or its gradient, a row of the matrix at a time."""
    if array.ndim == 1:
        yield "".join([f"{name},,,{unit},,{number!r}\n" for unit, number in enumerate(array.tolist())])
        return
    for unit, row in enumerate(array):
        yield "".join([f"{name},,,{unit},{column},{number!r}\n" for column, number in enumerate(row.tolist())])


def _by_time(name: str, array: NDArray[Any], run: Run) -> Iterator[str]:
    """What has a time and a batch axis; one number a sequence is unit 0."""
    first = 1
    if name.startswith("initial"):
        array = array if array.ndim == 3 else array[None]
        first = 1 - len(array)
    units = array.shape[2] if array.ndim == 3 else 1
    places = [f",{sequence},{unit},," for sequence, unit in product(range(run.B), range(units))]
    for t, values in enumerate(array, first):
        start = f"{name},{t}"
        yield "".join(
            [f"{start}{place}{number!r}\n" for place, number in zip(places, values.ravel().tolist(), strict=True)]
        )


def count_numbers(run: Run) -> int:
    """How many rows there will be, one more for the names of the columns."""
    model = run.model
    units = sum(model.size(dim) for dim in model.cell.dims.values())
    states = sum(lag * model.size(model.cell.dims[name]) for name, lag in model.cell.lags.items() if name != "x")
    shared = sum(array.size for array in model.parameters.values())
    return run.x.size * 2 + run.y.size + run.B * 2 * (run.T * units + states) + 2 * shared
