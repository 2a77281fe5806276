"""A training as lines of text, one for some of its iterations, and one for each alert."""

from __future__ import annotations

from collections.abc import Iterator

from bptt.diagnostics import Alert
from bptt.numerals import number
from bptt.records import Record
from rnntui.sources.source import Source
from rnntui.training.practice import Practice
from rnntui.training.progress import sentence


def heading(practice: Practice, source: Source) -> str:
    """What is trained, and how: `rnn H=4 on 'hello' T=4: 100 iterations of adam, rate 0.01`."""
    model, plan = practice.training.model, practice.plan
    batch = f" B={source.B}" if source.B > 1 else ""
    size = f"H={model.hidden}" + (f"×{model.layers}" if model.layers > 1 else "")
    return (
        f"{model.cell.name} {size} on {source.title} T={source.T}{batch}: {practice.target} iterations of {plan.said}"
    )


def lines(practice: Practice, record: Record) -> Iterator[str]:
    """What there is to print after an iteration: its alerts always, its numbers after every so many."""
    if record.iteration in (1, practice.target) or record.iteration % practice.plan.every == 0:
        yield numbers(record, practice.target)
    for alert in record.alerts:
        if isinstance(alert, Alert):
            yield f"! {alert_text(alert, practice)}"


def numbers(record: Record, total: int) -> str:
    """An iteration's numbers in one line."""
    width = len(str(total))
    parts = [f"iter {record.iteration:>{width}}/{total}", f"L {_column(record.loss)}", f"‖∇θ‖ {_column(record.norm)}"]
    parts.append(f"rate {number(record.rate)}")
    if record.holdout is not None:
        parts.append(f"held out L {_column(record.holdout.loss)}")
        if record.holdout.accuracy is not None:
            parts.append(f"{record.holdout.accuracy:.0%} right")
    return "  ".join(parts).rstrip()


def alert_text(alert: Alert, practice: Practice) -> str:
    """An alert with the place at which it began."""
    return sentence(alert, practice.origins.get(alert.iteration or 0, ""))


def _column(value: float) -> str:
    return f"{number(value):<9}"
