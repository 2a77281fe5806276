"""The record of a training as a file: .jsonl, .csv or .npz. The same training always gives the same bytes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from bptt.diagnostics import Alert
from bptt.files import meta
from bptt.npy import write_archive
from bptt.records import Record
from rnntui.reports.training_lines import alert_text
from rnntui.sources.source import Source
from rnntui.training.practice import Practice

FORMAT = "rnntui-training"


def header_of(practice: Practice, source: Source) -> str:
    """One line of JSON: format, version, what a model's meta says, the source's description, and the plan."""
    return json.dumps(
        {
            **meta(practice.training.model, FORMAT),
            "T": source.T,
            "B": source.B,
            "source": dict(source.description),
            "plan": asdict(practice.plan),
            "iterations": practice.done,
        }
    )


def write_jsonl(practice: Practice, source: Source, file: BinaryIO) -> None:
    """The header, then one line an iteration; null stands for what is not finite, and `nonfinite` says what it was."""
    file.write(header_of(practice, source).encode() + b"\n")
    for record in practice.training.records:
        file.write(line_of(event_of(record, partial(alert_text, practice=practice))))


def line_of(event: Mapping[str, Any]) -> bytes:
    """An event as a line of the file."""
    return json.dumps(event, allow_nan=False, ensure_ascii=False).encode() + b"\n"


def write_csv(practice: Practice, source: Source, file: BinaryIO) -> None:
    """One row an iteration; norms over time are left out. Alerts are their kinds, with semicolons between."""
    records = practice.training.records
    names = list(practice.training.model.parameters)
    columns = ["iteration", "loss", "rate", "norm", "holdout_loss", "holdout_accuracy"]
    columns += [f"norm.{name}" for name in names] + [f"grad_norm.{name}" for name in names] + ["alerts"]
    file.write(",".join(columns).encode() + b"\n")
    for record in records:
        score = record.holdout
        cells: list[object] = [record.iteration, record.loss, record.rate, record.norm]
        cells += ["", ""] if score is None else [score.loss, "" if score.accuracy is None else score.accuracy]
        cells += [record.norms[name] for name in names] + [record.gradient_norms[name] for name in names]
        kinds = ";".join(alert.kind.replace(",", "") for alert in _alerts(record))
        file.write((",".join(str(cell) for cell in cells) + f",{kinds}\n").encode())


def write_npz(practice: Practice, source: Source, file: BinaryIO) -> None:
    """`iteration`, `loss`, `rate`, `norm`, `norm.NAME`, `grad_norm.NAME` (N,); `time_norm.STATE` (n, T) of the n
    iterations in `time_norm_iteration`; `holdout_iteration`, `holdout_loss`, `holdout_accuracy`; `__meta__`, the header
    with the alerts."""
    columns = practice.columns()
    count = len(columns)
    arrays: dict[str, NDArray[Any]] = {
        "iteration": np.arange(1, count + 1),
        "loss": columns.loss,
        "rate": columns.rate,
        "norm": columns.norm,
        "holdout_iteration": np.array([iteration for iteration, _ in columns.scores], np.int64),
        "holdout_loss": np.array([score.loss for _, score in columns.scores], float),
        "holdout_accuracy": np.array([score.accuracy for _, score in columns.scores], float),
    }
    arrays |= {f"norm.{name}": row for name, row in columns.norms.items()}
    arrays |= {f"grad_norm.{name}": row for name, row in columns.gradient_norms.items()}
    for name, found in columns.times.items():
        arrays[f"time_norm.{name}"] = found.norms
        arrays["time_norm_iteration"] = found.iterations
    about = json.loads(header_of(practice, source))
    about["alerts"] = [_alert(alert, partial(alert_text, practice=practice)) for alert in columns.alerts]
    arrays = dict(sorted(arrays.items()))
    write_archive(file, {"__meta__": np.array(json.dumps(about)), **arrays})


WRITERS: Mapping[str, Callable[[Practice, Source, BinaryIO], None]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "npz": write_npz,
}
"""Format → what writes it."""


def event_of(record: Record, said: Callable[[Alert], str]) -> dict[str, Any]:
    """An iteration as JSON holds it; `said`: an alert in words."""
    event: dict[str, Any] = {
        "iteration": record.iteration,
        "loss": record.loss,
        "rate": record.rate,
        "norm": record.norm,
        "norms": dict(record.norms),
        "gradient_norms": dict(record.gradient_norms),
    }
    if record.time_norms:
        event["time_norms"] = {name: row.tolist() for name, row in record.time_norms.items()}
    if record.holdout is not None:
        event["holdout"] = asdict(record.holdout)
    if record.alerts:
        event["alerts"] = [_alert(alert, said) for alert in _alerts(record)]
    kinds: dict[str, str] = {}
    finite = _finite(event, "", kinds)
    assert isinstance(finite, dict)
    return finite | ({"nonfinite": kinds} if kinds else {})


def _finite(value: Any, path: str, kinds: dict[str, str]) -> Any:
    """The same with None for what is not finite; `kinds` gets its path and what it was."""
    match value:
        case dict():
            return {key: _finite(part, f"{path}.{key}".lstrip("."), kinds) for key, part in value.items()}
        case list():
            return [_finite(part, f"{path}[{n}]", kinds) for n, part in enumerate(value)]
        case float() if not math.isfinite(value):
            kinds[path] = str(value)
            return None
    return value


def _alerts(record: Record) -> Iterable[Alert]:
    return (alert for alert in record.alerts if isinstance(alert, Alert))


def _alert(alert: Alert, said: Callable[[Alert], str]) -> dict[str, Any]:
    return {
        "kind": alert.kind,
        "severity": alert.severity,
        "iteration": alert.iteration,
        "name": alert.name,
        "sentence": said(alert),
    }
