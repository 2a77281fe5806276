"""What a lesson works on: its cell, model, data and run, made from the model and data parts of its file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import numpy as np

from bptt.cell import Cell
from bptt.cells import find
from bptt.errors import InputError as ModelError
from bptt.functions import LOSSES
from bptt.language import EquationError
from bptt.model import Model
from bptt.run import Run
from rnntui.course.document import Path
from rnntui.course.lesson import BpttPart, DataPart, ModelPart
from rnntui.course.reading import Reading
from rnntui.safe import InputError, InputErrors
from rnntui.sources import Source, from_csv, from_task, from_text
from rnntui.sources.cell_file import READOUTS
from rnntui.sources.cost import cost_of
from rnntui.sources.source import MAX_UNITS

_PLACES: dict[str, Path] = {
    "init": ("model", "init"),
    "initial": ("model", "initial"),
    "hidden": ("model", "hidden"),
    "seed": ("model", "seed"),
    "x": ("data", "x"),
    "y": ("data", "y"),
}
"""What the engine calls at fault → the part of the file that gave it."""


@dataclass(frozen=True)
class Bench:
    """A run, nothing of it computed yet, and what it reads."""

    source: Source
    run: Run


def set_up(reading: Reading) -> Bench:
    """The bench of a lesson. Raises InputErrors, one for everything that is wrong with model and data."""
    model, data = reading.model, reading.data
    faults: list[InputError] = []
    source: Source | None = None
    cell: Cell | None = None
    run: Run | None = None
    with _collected(faults):
        source = _source(reading, data) if data is not None else None
    with _collected(faults):
        cell = _cell(reading, model, READOUTS[source.kind if source else "classes"]) if model is not None else None
    if model is not None and source is not None and cell is not None:
        with _collected(faults):
            run = _run(reading, cell, model, source, reading.bptt or BpttPart())
    if source is None or run is None:
        raise InputErrors(faults)
    return Bench(source, run)


@contextmanager
def _collected(faults: list[InputError]) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        faults.append(error)


def _cell(reading: Reading, model: ModelPart, readout: Any) -> Cell:
    if model.cell is not None:
        try:
            return find(model.cell, readout)
        except ModelError as error:
            raise reading.fault(("model", "cell"), error.reason) from None
    text = model.equations or ""
    named = reading.lesson.id if reading.lesson else "lesson"
    path: Path = ("model", "equations")
    try:
        return Cell.parse(text, named, readout)
    except EquationError as error:
        if error.line > len(text.splitlines()) > 0:
            reason = f"the {readout} readout does not fit its last variable: write the loss into the text"
            raise reading.fault(path, reason) from None
        raise reading.fault(path, error.reason, error.line, error.column) from None


def _run(reading: Reading, cell: Cell, model: ModelPart, source: Source, bptt: BpttPart) -> Run:
    classes = any(LOSSES[name].classes for name in cell.loss_functions)
    if classes != (source.kind == "classes"):
        takes = "classes" if classes else "values"
        reason = f"the loss {cell.loss_functions[-1]} takes {takes}, and the data gives {source.kind}"
        raise reading.fault(("data",), f"{reason}: use another loss or other data")
    try:
        cell = cell.stacked(model.layers)
    except ModelError as error:
        raise reading.fault(("model", "layers"), error.reason) from None
    window = None if bptt.window == "full" else bptt.window
    try:
        sizes = source.inputs, model.hidden, source.outputs, source.T, source.B
        cost = cost_of(cell, *sizes, window=window, stride=bptt.stride)
    except ModelError as error:
        raise reading.fault(("bptt", error.argument), error.reason) from None
    if cost.excess:
        raise reading.fault(("model", "hidden"), f"{cost.excess}: use fewer units or less data")
    try:
        made = Model.create(
            cell, source.inputs, model.hidden, source.outputs, model.seed, init=model.init, loss=model.loss
        )
        return Run(made, source.x, source.y, model.initial, window, bptt.stride)
    except ModelError as error:
        argument, _, name = error.argument.partition(" ")
        path = _PLACES.get(argument, ("model",))
        raise reading.fault((*path, name), error.reason) from None


def _source(reading: Reading, data: DataPart) -> Source:
    if data.x is not None and data.y is not None:
        return _given(reading, data.x, data.y)
    key = next(name for name in ("text", "csv", "task") if getattr(data, name) is not None)
    try:
        if data.text is not None:
            return from_text(data.text, batch=data.batch, length=data.length, offset=data.offset)
        if data.task is not None:
            return from_task(data.task, data.length, data.batch, data.seed or 0)
        path = _below(reading, data.csv or "")
        return from_csv(path, data.column, data.batch, data.length, data.offset)
    except InputError as error:
        where = f"{error.file}:{error.place}: " if key == "csv" and error.place[:1].isdigit() else ""
        key = error.file.removeprefix("--") if key == "task" else key
        raise reading.fault(("data", key), where + error.reason.replace("--", "")) from None


def _below(reading: Reading, name: str) -> FilePath:
    """A data file of the lesson's: below its folder, links followed only where they stay there. Raises InputError."""
    path: Path = ("data", "csv")
    try:
        folder = reading.folder.resolve()
        found = (folder / name).resolve()
    except (OSError, ValueError, RuntimeError):
        raise reading.fault(path, f"no file can be called {name!r}") from None
    if not found.is_relative_to(folder):
        raise reading.fault(path, f"{name} lies outside the lesson's folder: put the file beside the lesson")
    return found


def _given(reading: Reading, x: list[Any], y: list[Any]) -> Source:
    """Numbers written in the file: whole ones are one-hot inputs and classes, rows of numbers are values."""
    rows, targets = _array(reading, "x", x), _array(reading, "y", y)
    if len(rows) != len(targets):
        raise reading.fault(("data", "y"), f"{len(targets)} targets for {len(rows)} inputs: give one for each time")
    classes = targets.dtype.kind == "i"
    if not classes and targets.ndim == 1:
        targets = targets[:, None]
    inputs = int(rows.max()) + 1 if rows.dtype.kind == "i" else rows.shape[-1]
    outputs = int(targets.max()) + 1 if classes else targets.shape[-1]
    for key, units in (("x", inputs), ("y", outputs)):
        if not 1 <= units <= MAX_UNITS:
            raise reading.fault(("data", key), f"makes {units:,} classes or units: expected 1…{MAX_UNITS:,}")
    rows.flags.writeable = targets.flags.writeable = False
    return Source(
        x=rows,
        y=targets,
        tokens=None,
        vocabulary=None,
        inputs=inputs,
        outputs=outputs,
        kind="classes" if classes else "values",
        title="numbers",
        description={"source": "lesson"},
    )


def _array(reading: Reading, key: str, given: list[Any]) -> Any:
    """Whole numbers (T,), or floats (T, units); floats (T,) for targets."""
    try:
        array = np.array(given)
    except (ValueError, OverflowError):
        array = np.array(None)
    if array.dtype.kind not in "if" or not array.size or array.ndim > 2 or not np.isfinite(array).all():
        raise reading.fault(("data", key), "expected a list of whole numbers, or of rows of equally many numbers")
    if array.ndim == 2 or array.dtype.kind == "f":
        array = array.astype(float)
        if key == "x" and array.ndim == 1:
            array = array[:, None]
        return array
    return array.astype(np.int64)
