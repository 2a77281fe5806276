"""Symptoms of a training: numbers that blow up or fade, a loss that stands still, held-out data that goes astray."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bptt.diagnostics.alert import Alert
from bptt.model import Model
from bptt.numerals import number
from bptt.packing import norm_of
from bptt.records import Record
from bptt.schedule import Phase
from bptt.trace import Trace

Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class TrainingThresholds:
    """From where on something is a symptom."""

    growth: float = 4.0
    """How many times larger all parameters together are than at most `within` iterations before."""
    within: int = 10
    shrunk: float = 0.1
    """The norm of a matrix, relative to that before the first iteration."""
    patience: int = 50
    """Iterations before a loss can be said to stand still."""
    still: float = 0.95
    """The loss of the last fifth, relative to that of the tenth after the first tenth."""
    high: float = 0.5
    """… and relative to that at the start: what has come down farther has learned something."""
    late: float = 0.98
    """The share of the last quarter of the times in Σ‖∇state[t]‖."""
    jump: float = 2.0
    """The held-out loss, relative to the best so far."""
    steady: float = 1.2
    """The training loss at a jump, relative to that at the score before."""


DEFAULT = TrainingThresholds()


def training_alerts(
    records: Sequence[Record], start: Model | None = None, thresholds: TrainingThresholds = DEFAULT
) -> tuple[Alert, ...]:
    """All symptoms of a training so far, in the order in which they were noticed, each once. `start`: the model before
    the first iteration, without which growth and shrinking are told from the first record on."""
    watch = TrainingWatch(thresholds, start)
    return tuple(alert for count in range(1, len(records) + 1) for alert in watch.look(records, count))


class TrainingWatch:
    """Looks at a training as it goes on, for `Training(watch=)`; each symptom is reported once."""

    def __init__(self, thresholds: TrainingThresholds = DEFAULT, start: Model | None = None) -> None:
        self._thresholds = thresholds
        self._start = None if start is None else _norms(start)
        self._seen: set[tuple[str, str]] = set()

    def __call__(self, records: Sequence[Record], trace: Trace) -> tuple[Alert, ...]:
        """What the last record shows for the first time; `trace`: of its iteration."""
        if self._start is None:
            self._start = _norms(trace.model)
        return self.look(records, len(records), trace)

    def look(self, records: Sequence[Record], count: int, trace: Trace | None = None) -> tuple[Alert, ...]:
        """What the first `count` records show for the first time; `trace`: of the last iteration, where what made a
        first number that is not finite is looked for."""
        found = []
        for alert in self._all(records, count, trace):
            key = alert.kind, "" if alert.kind == "nonfinite" else alert.name
            if key not in self._seen:
                self._seen.add(key)
                found.append(alert)
        return tuple(found)

    def _all(self, records: Sequence[Record], count: int, trace: Trace | None) -> Iterator[Alert]:
        yield from self._nonfinite(records[count - 1], trace)
        yield from self._growing(records, count)
        yield from self._shrinking(records, count)
        yield from self._jump(records, count)
        if count >= self._thresholds.patience and (count % self._thresholds.patience == 0):
            yield from self._stalled(records, count)
            yield from self._late(records, count)

    def _nonfinite(self, record: Record, trace: Trace | None) -> Iterator[Alert]:
        for what, value in (("the loss", record.loss), ("the gradient", record.norm)):
            if not math.isfinite(value):
                alert = _alert("nonfinite", "error", record, f"{what} is {_said(value)}")
                yield alert if trace is None else _placed(alert, trace)
                return
        for name, value in record.norms.items():
            if not math.isfinite(value):
                yield _alert("nonfinite", "error", record, f"‖{name}‖ is {_said(value)} after the update")
                return

    def _growing(self, records: Sequence[Record], count: int) -> Iterator[Alert]:
        now = records[count - 1]
        earlier = records[max(0, count - 1 - self._thresholds.within) : count - 1]
        before = [(record.iteration, record.norms) for record in earlier]
        if self._start is not None and count <= self._thresholds.within:
            before.insert(0, (now.iteration - count, self._start))
        total = _total(now.norms)
        for iteration, norms in reversed(before):
            size = _total(norms)
            if size and total >= self._thresholds.growth * size and math.isfinite(total):
                name = max(now.norms, key=lambda key: now.norms[key])
                since = now.iteration - iteration
                over = "one iteration" if since == 1 else f"{since} iterations"
                grown = f"the parameters grew from {_said(size)} to {_said(total)} in {over}, {name} most of all"
                yield _alert("growing", "error", now, grown)
                return

    def _shrinking(self, records: Sequence[Record], count: int) -> Iterator[Alert]:
        now = records[count - 1]
        start = self._start or records[0].norms
        for name, size in now.norms.items():
            first = start.get(name, 0.0)
            if first and size < self._thresholds.shrunk * first and _was_whole(records[:count], name, first):
                yield _alert(
                    "shrinking", "warning", now, f"‖{name}‖ has faded from {_said(first)} to {_said(size)}", name
                )

    def _stalled(self, records: Sequence[Record], count: int) -> Iterator[Alert]:
        losses = np.array([record.loss for record in records[:count]])
        if not np.isfinite(losses).all():
            return
        tenth = count // 10
        first, early, late = (
            float(np.median(p)) for p in (losses[:tenth], losses[tenth : 2 * tenth], losses[-2 * tenth :])
        )
        limits = self._thresholds
        if late >= limits.still * early and late >= limits.high * first and late > 0:
            began = next(n for n in range(count) if np.median(losses[n : n + tenth]) <= late / limits.still)
            said = f"the loss stands still at {_said(late)} since iteration {records[began].iteration}"
            yield Alert("stalled", "warning", f"{said[0].upper()}{said[1:]}, {count - began} iterations.",
                        iteration=records[began].iteration)  # fmt: skip

    def _late(self, records: Sequence[Record], count: int) -> Iterator[Alert]:
        kept = [record for record in records[:count] if record.time_norms]
        shares = [_late_share(record) for record in kept]
        over = [share >= self._thresholds.late for share in shares]
        if len(over) < 2 or not over[-1] or sum(over) < len(over) / 2:
            return
        began = kept[len(over) - next((n for n, late in enumerate(reversed(over)) if not late), len(over))]
        T = len(next(iter(began.time_norms.values())))
        said = f"{shares[-1]:.1%} of the gradient over time falls on the last {T - T * 3 // 4} of {T} times"
        yield _alert("late moves, early stalls", "warning", began, f"{said}: late ones move, early ones stall")

    def _jump(self, records: Sequence[Record], count: int) -> Iterator[Alert]:
        now = records[count - 1]
        if now.holdout is None:
            return
        scored = [place for place in range(count) if records[place].holdout is not None]
        if len(scored) < 2:
            return
        scores = [score.loss for place in scored if (score := records[place].holdout) is not None]
        best = min(scores[:-1])
        before, after = (_median_loss(records, place + 1) for place in scored[-2:])
        jumped = not scores[-1] <= self._thresholds.jump * best
        if math.isfinite(best) and jumped and after <= self._thresholds.steady * before:
            training = f"the training loss went from {_said(before)} to {_said(after)}"
            yield _alert(
                "held-out jump", "warning", now,
                f"the held-out loss jumped to {_said(scores[-1])}, its best was {_said(best)}, while {training}",
            )  # fmt: skip


def _alert(kind: str, severity: str, record: Record, said: str, name: str = "") -> Alert:
    sentence = f"Iteration {record.iteration}: {said}."
    return Alert(kind, severity, sentence, name, iteration=record.iteration)  # type: ignore[arg-type]  # kinds are written above


def _placed(alert: Alert, trace: Trace) -> Alert:
    """The alert with the equation that made the first number that is not finite, as the run goes."""
    cell = trace.model.cell
    backward = [equation.target for equation in cell.backward if equation.kind == "gradient"]
    phases: tuple[tuple[Phase, Mapping[str, Array], Sequence[str]], ...] = (
        ("forward", trace.values, tuple(cell.definitions)),
        ("backward", trace.grads, backward),
    )
    for phase, arrays, names in phases:
        # (variables, T)
        bad = np.array([~np.isfinite(arrays[name].reshape(len(arrays[name]), -1)).all(axis=1) for name in names])
        times = np.flatnonzero(bad.any(axis=0))
        if len(times):
            row = int(times[0] if phase == "forward" else times[-1])
            name = names[int(bad[:, row].argmax())]
            return replace(alert, name=name, phase=phase, t=row + 1)
    return alert


def _norms(model: Model) -> dict[str, float]:
    return {name: norm_of(array.reshape(-1)) for name, array in model.parameters.items()}


def _total(norms: Mapping[str, float]) -> float:
    return math.hypot(*norms.values())


def _was_whole(records: Iterable[Record], name: str, first: float) -> bool:
    """Whether a norm was once at least half of what it began with."""
    return any(record.norms[name] >= first / 2 for record in records)


def _late_share(record: Record) -> float:
    """Of Σ‖∇state[t]‖ over all states, the share of the last quarter; 0 where there are fewer than 8 times."""
    sizes = np.sqrt(sum(np.asarray(norms, float) ** 2 for norms in record.time_norms.values()))
    T = len(np.atleast_1d(sizes))
    total = float(np.sum(sizes))
    return float(sizes[T * 3 // 4 :].sum()) / total if T >= 8 and total > 0 else 0.0


def _median_loss(records: Sequence[Record], count: int) -> float:
    return float(np.median([record.loss for record in records[max(0, count - 5) : count]]))


def _said(value: float) -> str:
    return number(value, 3, minus="−")
