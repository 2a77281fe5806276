"""A run as JSON Lines: a header, then one event a step, written as it is computed."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from bptt.run import Run
from rnntui.reports.record import header_of
from rnntui.sources.source import Source

_quoted = cache(lambda text: json.dumps(text, ensure_ascii=False))


def write_jsonl(run: Run, source: Source, file: BinaryIO) -> None:
    """The header (see `header_of`), then index, phase, t, target, equation, value of every step; and `nonfinite` where
    the value is not finite (see `numbers`)."""
    file.write(header_of(run, source).encode() + b"\n")
    for index in range(len(run)):
        step = run.at(index)
        event = (
            f'{{"index": {index}, "phase": "{step.phase}", "t": {step.t}, "target": {_quoted(step.target)}, '
            f'"equation": {_quoted(str(step.equation))}, {numbers(step.value)}}}\n'
        )
        file.write(event.encode())


def numbers(value: NDArray[Any]) -> str:
    """`"value": …` as nested lists, null for what is not finite; then `"nonfinite": …`, which says what the nulls stand
    for: one of "nan", "inf", "-inf" where it is the same for all, else lists shaped like the value, null for what is
    finite."""
    if np.isfinite(value).all():
        return f'"value": {json.dumps(value.tolist())}'
    kinds = {_kind(number) for number in value.ravel().tolist()} - {None}
    what: Any = kinds.pop() if len(kinds) == 1 else _each(value.tolist(), _kind)
    finite = _each(value.tolist(), lambda number: number if math.isfinite(number) else None)
    return f'"value": {json.dumps(finite, allow_nan=False)}, "nonfinite": {json.dumps(what)}'


def _kind(number: float) -> str | None:
    return None if math.isfinite(number) else str(number)


def _each(nested: Any, change: Any) -> Any:
    return [_each(part, change) for part in nested] if isinstance(nested, list) else change(nested)


def count_numbers(run: Run) -> int:
    """How many numbers the events hold: a parameter's gradient is written out at every time."""
    model, schedule = run.model, run.schedule
    sizes = {name: run.B * model.size(dim) for name, dim in model.cell.dims.items()}
    shared = {name: array.size for name, array in model.parameters.items()}
    forward = sum(sizes[equation.target] for equation in schedule.forward)
    backward = sum((shared if e.kind == "parameter" else sizes)[e.target] for e in schedule.backward)
    return run.T * forward + schedule.moments(len(run))[0] * backward
