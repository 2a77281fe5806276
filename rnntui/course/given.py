"""The data of a lesson: from its data section to a source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked
from bptt.errors import InputError as ModelError
from bptt.tasks import Stream, find
from rnntui.course.document import Path
from rnntui.course.reading import Reading
from rnntui.course.sections import SOURCES, DataPart
from rnntui.safe import InputError
from rnntui.sources import Source, from_csv, from_task, from_text
from rnntui.sources.source import MAX_UNITS

Array = NDArray[Any]


def source_of(reading: Reading, data: DataPart, path: Path = ("data",)) -> Source:
    """What a data section, which stands at `path` of the file, gives. Raises InputError."""
    if data.x is not None:
        return _given(reading, data, path)
    key = next(name for name in SOURCES if getattr(data, name) is not None)
    try:
        if data.text is not None:
            return from_text(data.text, batch=data.batch, length=data.length, offset=data.offset)
        if data.task is not None:
            return from_task(data.task, data.length, data.batch, data.seed or 0)
        return _table(reading, data, path)
    except InputError as error:
        if error.file == reading.document.file:
            raise
        where = f"{error.file}:{error.place}: " if key == "csv" and error.place[:1].isdigit() else ""
        key = error.file.removeprefix("--") if key == "task" else key
        raise reading.fault((*path, key), where + error.reason.replace("--", "")) from None


def stream_of(reading: Reading, data: DataPart, batch: int | None, path: Path = ("data",)) -> Stream:
    """Fresh batches of a task without end, the first of them what `source_of` gives. Raises InputError."""
    try:
        task = find(data.task or "")
        return task.stream(data.length, data.batch if batch is None else batch, data.seed or 0)
    except ModelError as error:
        raise reading.fault((*path, error.argument), error.reason) from None


def below(reading: Reading, name: str, path: Path) -> FilePath:
    """A file of the lesson's: below its folder, links followed only where they stay there. Raises InputError."""
    try:
        folder = reading.folder.resolve()
        found = (folder / name).resolve()
    except (OSError, ValueError, RuntimeError):
        raise reading.fault(path, f"no file can be called {name!r}") from None
    if not found.is_relative_to(folder):
        raise reading.fault(path, f"{name} lies outside the lesson's folder: put the file beside the lesson")
    return found


def _table(reading: Reading, data: DataPart, path: Path) -> Source:
    file = below(reading, data.csv or "", (*path, "csv"))
    if data.every is None:
        made = from_csv(file, data.column, data.batch, data.length, data.offset)
        x, y = made.x, made.y
    else:
        if data.length is None:
            raise reading.fault((*path, "every"), "windows that overlap need a length")
        whole = from_csv(file, data.column, 1, (data.batch - 1) * data.every + data.length, data.offset)
        starts = np.arange(data.batch) * data.every
        rows = np.arange(data.length - 1)[:, None] + starts
        x, y = whole.x[rows], whole.y[rows]
        made = whole
    return replace(made, x=locked(x * data.scale), y=locked(y * data.scale))


def _given(reading: Reading, data: DataPart, path: Path) -> Source:
    """Numbers written in the file: whole ones are one-hot inputs and classes, rows of numbers are values."""
    rows = _inputs(reading, data, path)
    targets = _targets(reading, data, len(rows), path)
    if len(rows) != len(targets):
        reason = f"{len(targets)} targets for {len(rows)} inputs: give one for each time"
        raise reading.fault((*path, "y"), reason)
    classes = targets.dtype.kind == "i"
    inputs = int(rows.max()) + 1 if rows.dtype.kind == "i" else rows.shape[-1]
    outputs = int(targets.max()) + 1 if classes else targets.shape[-1]
    if data.outputs is not None and not classes and data.outputs != outputs:
        raise reading.fault((*path, "outputs"), f"the targets have {outputs} numbers: leave outputs out")
    inputs, outputs = max(inputs, data.inputs or 1), max(outputs, data.outputs or 1)
    for key, units in (("x", inputs), ("y", outputs)):
        if not 1 <= units <= MAX_UNITS:
            raise reading.fault((*path, key), f"makes {units:,} classes or units: expected 1…{MAX_UNITS:,}")
    return Source(
        x=locked(rows),
        y=locked(targets),
        tokens=None,
        vocabulary=None,
        inputs=inputs,
        outputs=outputs,
        kind="classes" if classes else "values",
        title="numbers",
        description={"source": "lesson"},
    )


def _inputs(reading: Reading, data: DataPart, path: Path) -> Array:
    """Whole numbers (T,), or floats (T, units)."""
    if isinstance(data.x, float):
        return np.full((data.length or 1, data.inputs or 1), data.x)
    array = _array(reading, (*path, "x"), data.x)
    return array[:, None] if array.dtype.kind == "f" and array.ndim == 1 else array


def _targets(reading: Reading, data: DataPart, T: int, path: Path) -> Array:
    """Classes (T,), −1 for none; or values (T, units), a row of NaN for none."""
    at: Path = (*path, "y")
    given: Any = data.y
    if isinstance(given, dict):
        given = [*[None] * (T - 1), given["last"]]
    known = [target for target in given if target is not None]
    if not known:
        raise reading.fault(at, "there is no target: give at least one")
    array = _array(reading, at, known)
    if array.dtype.kind == "f" and array.ndim == 1:
        array = array[:, None]
    none = -1 if array.dtype.kind == "i" else np.nan
    filled = np.full((len(given), *array.shape[1:]), none, array.dtype)
    filled[[n for n, target in enumerate(given) if target is not None]] = array
    return filled


def _array(reading: Reading, path: Path, given: Any) -> Array:
    """Whole numbers (T,), or floats (T,) or (T, units). Raises InputError."""
    try:
        array = np.array(given)
    except (ValueError, OverflowError):
        array = np.array(None)
    if array.dtype.kind not in "if" or not array.size or array.ndim > 2 or not np.isfinite(array).all():
        raise reading.fault(path, "expected a list of whole numbers, or of rows of equally many numbers")
    return array.astype(float) if array.ndim == 2 or array.dtype.kind == "f" else array.astype(np.int64)
