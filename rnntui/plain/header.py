"""What is said before the first step: the cell, its sizes, what it reads, its equations."""

from __future__ import annotations

from bptt.cell import Cell
from rnntui.reports.derivation import in_text
from rnntui.safe import clean
from rnntui.session import Session


def header_lines(session: Session) -> list[str]:
    """Cell, sizes and source on two lines, then the forward equations."""
    run, model = session.run, session.run.model
    layers = f", {model.layers} layers" if model.layers > 1 else ""
    reads = f" on {session.source.title}" if session.source else ""
    batch = f", B = {run.B}" if run.B > 1 else ""
    drawn = "" if model.seed is None else f", seed {model.seed}"
    schedule = run.schedule
    return [
        f"{clean(session.title)}{reads}",
        f"inputs {model.inputs}, hidden {model.hidden}{layers}, outputs {model.outputs}, T = {run.T}{batch}, "
        f"{model.dtype.name}{drawn}; {len(run)} steps: "
        f"{run.T} × {len(schedule.forward)} forward, "
        f"{schedule.moments(len(run))[0]} × {len(schedule.backward)} backward{_cuts(session)}",
        "",
        *_parts(session.cell)[0],
    ]


def _cuts(session: Session) -> str:
    """Of a truncated run, how often it is cut, and its window and stride."""
    schedule = session.run.schedule
    if not schedule.truncated:
        return ""
    cuts = sum(within.lo > 1 for within in schedule.passes)
    passes = f"window {schedule.window}, stride {schedule.stride}: {schedule.count} passes"
    return f", {cuts} cut{'s' * (cuts != 1)}; {passes}"


def backward_lines(session: Session) -> list[str]:
    """The backward equations."""
    return _parts(session.cell)[1]


def _parts(cell: Cell) -> tuple[list[str], list[str]]:
    lines = in_text(cell)
    border = lines.index("")
    return lines[:border], lines[border + 1 :]
