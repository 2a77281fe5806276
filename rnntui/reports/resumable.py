"""A training that can be cut short: a checkpoint now and then, a log line an iteration; begun, or gone on with."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from bptt.diagnostics import Alert, TrainingWatch
from bptt.errors import InputError as ModelError
from bptt.files import meta
from bptt.iteration import model_of
from bptt.model import Model
from bptt.records import Record
from bptt.run import Run
from bptt.trace import Trace
from bptt.training import Training
from rnntui.reports.checkpoint import Checkpoint, again, read_checkpoint, write_checkpoint
from rnntui.reports.training_log import read_log, shortened
from rnntui.reports.training_record import FORMAT, event_of, line_of
from rnntui.safe import InputError, check_output, open_output
from rnntui.sources.source import Source
from rnntui.training.plan import Plan
from rnntui.training.progress import sentence

SECONDS = 10.0
"""Between two checkpoints."""
Show = Callable[[Record], None]
"""Called after each iteration."""
_UNTOLD = ("data", "parameters", "source", "cell")
"""Settings of which it is only said that they differ."""


@dataclass(frozen=True)
class Files:
    """What is written, and how."""

    checkpoint: str
    log: str
    resume: bool = False
    """Whether to go on from what is there."""
    force: bool = False
    """Whether to replace what is there."""
    options: str = ""
    """What was typed, kept in the checkpoint to be told to who types less."""

    def check(self) -> None:
        """Raise InputError where nothing could be written, before there is anything to write."""
        if not self.resume:
            check_output(self.checkpoint, self.force)
            check_output(self.log, self.force)


def train(run: Run, source: Source, plan: Plan, files: Files, show: Show) -> tuple[Record | None, tuple[Alert, ...]]:
    """Train the run's model as the plan says and write both files. Whatever ends it early, the last whole iteration is
    kept. Returns the last record and all alerts of this call; no record where there was nothing left to do. Raises
    InputError."""
    model = run.model
    settings = _settings(run, source, plan)
    kept: Checkpoint | None = None
    earlier: list[Record] = []
    size = 0
    if files.resume:
        kept = read_checkpoint(files.checkpoint, model)
        _check_same(files.checkpoint, kept, settings)
        size, earlier = read_log(files.log, kept.iteration)
    watch = _Watch(model, earlier, plan.every)
    training = plan.training(model, source, run, watch)
    if kept is not None:
        _restore(training, kept, files.checkpoint)
    with _opened(files.log, size) as log:
        if not size:
            log.write(line_of({**meta(model, FORMAT), "T": run.T, "B": run.B, "settings": settings}))
        _go_on(
            training,
            model,
            Checkpoint(settings, training.checkpoint(), files.options),
            log,
            files.checkpoint,
            watch,
            show,
        )
    found = training.records
    alerts = (alert for record in found for alert in record.alerts if isinstance(alert, Alert))
    return (found[-1] if found else None), tuple(alerts)


def _go_on(
    training: Training, model: Model, last: Checkpoint, log: BinaryIO, path: str, watch: _Watch, show: Show
) -> None:
    written, due = -1, time.monotonic() + SECONDS
    try:
        while training.iteration < training.iterations:
            record = training.run(1)
            assert record is not None  # an iteration was made
            log.write(watch.line(record))  # first: a log that is ahead of its checkpoint can be cut
            last = Checkpoint(last.settings, training.checkpoint(), last.options)
            show(record)
            if time.monotonic() >= due:
                _keep(training, model, last, log, path)
                written, due = last.iteration, time.monotonic() + SECONDS
    finally:
        if written != last.iteration:
            _keep(training, model, last, log, path)


def _keep(training: Training, given: Model, checkpoint: Checkpoint, log: BinaryIO, path: str) -> None:
    log.flush()
    # not the training's model: what cut it short may have come between two of its lines
    model = model_of(given, checkpoint.state["parameters"], training.updater)
    with open_output(path, force=True) as file:
        write_checkpoint(file, model, checkpoint)


class _Watch:
    """The alerts of a training of which some iterations were made before."""

    def __init__(self, start: Model, earlier: list[Record], every: int) -> None:
        self._watch = TrainingWatch(start=start)
        self._records = earlier
        self._every = every
        for count in range(1, len(earlier) + 1):
            self._watch.look(earlier, count)

    def __call__(self, records: Sequence[Record], trace: Trace) -> tuple[Alert, ...]:
        self._records.append(shortened(records[-1], self._every))
        return self._watch.look(self._records, len(self._records), trace)

    def line(self, record: Record) -> bytes:
        """The record as a line of the log."""
        return line_of(event_of(replace(shortened(record, self._every), alerts=record.alerts), alert_text))


def alert_text(alert: Alert) -> str:
    """An alert with the place at which it began."""
    gradient = "∇" if alert.phase == "backward" else ""
    return sentence(alert, "" if alert.t is None else f"{alert.phase} t={alert.t} {gradient}{alert.name}")


def _settings(run: Run, source: Source, plan: Plan) -> dict[str, Any]:
    """What decides the numbers of a training, as JSON gives it back, but for how long it is."""
    window, stride = run.schedule.truncation
    found = {
        "cell": run.model.cell.source,
        "parameters": _digest(*run.model.parameters.values()),
        "source": {name: value for name, value in source.description.items() if len(str(value)) <= 1_000},
        "data": _digest(source.x, source.y),
        "window": window,
        "stride": stride,
        **{name: value for name, value in asdict(plan).items() if name != "iterations"},
    }
    return dict(json.loads(json.dumps(found)))


def _digest(*arrays: NDArray[Any]) -> str:
    found = sha256()
    for array in arrays:
        found.update(f"{array.dtype.str}{array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:16]


def _check_same(path: str, kept: Checkpoint, settings: Mapping[str, object]) -> None:
    """Raise InputError where a checkpoint is of another training."""
    for name, value in settings.items():
        there = kept.settings.get(name)
        if there != value:
            said = {"data": "other data", "parameters": "other first parameters"}.get(name, f"another {name}")
            said = said if name in _UNTOLD else f"--{name} {there}, not {value}"
            raise InputError(path, "", f"was trained with {said}: {again(kept.options, path)}")


def _restore(training: Training, kept: Checkpoint, path: str) -> None:
    if kept.iteration > training.iterations:
        reason = f"has {kept.iteration} iterations already: give --iterations {kept.iteration} or more"
        raise InputError(path, "", reason)
    try:
        training.restore(kept.state)
    except ModelError as error:
        raise InputError(path, "", error.reason) from None


@contextmanager
def _opened(path: str, size: int) -> Iterator[BinaryIO]:
    """The log, cut to its first `size` bytes. Raises InputError where writing fails."""
    try:
        with Path(path).open("r+b" if size else "wb") as file:
            file.truncate(size)
            file.seek(size)
            yield file
    except OSError as error:
        if str(error.filename) not in ("None", path):
            raise
        reason = error.strerror or str(error)
        raise InputError(path, "", f"cannot be written: {reason[:1].lower()}{reason[1:]}") from None
