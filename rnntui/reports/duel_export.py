"""A duel as a file: the norms of every state's gradient in both runs, as tidy CSV or as JSON.

CSV has one row a number: `side` (A, B), `cell`, `state`, `t` (1…T), `sequence` (of the batch, from 0), `norm` (nan, inf
where not finite).
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO

from rnntui.duel import LETTERS, Duel
from rnntui.explain.marks import Mark
from rnntui.explain.scales import scales_of
from rnntui.reports.record import header_of
from rnntui.safe import clean

COLUMNS = ("side", "cell", "state", "t", "sequence", "norm")
FORMAT = ("rnntui-duel", 1)


@dataclass(frozen=True)
class _Series:
    """The norms of one state's gradient, in one run."""

    side: str
    cell: str
    state: str
    norms: Any
    """(T, B)."""


def write_csv(duel: Duel, file: BinaryIO) -> None:
    """Side by side, state by state, time by time. Floats in the fewest digits that read back as the same number."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for series in chain.from_iterable(_series(duel, side) for side in range(2)):
        for t, row in enumerate(series.norms.tolist(), 1):
            for sequence, norm in enumerate(row):
                writer.writerow((series.side, series.cell, series.state, t, sequence, repr(norm)))
    file.write(text.getvalue().encode())


def write_json(duel: Duel, file: BinaryIO) -> None:
    """One object: format, version, `runs` (of A and B what an export's header says of a run, the state that is
    compared, `norms` of every state as lists by sequence and time), `kept` (of A and B) and `ratio` in the shown
    sequence, `sentence`; null for what is not finite or not there."""
    kept, ratio, names = duel.standing.kept, duel.standing.ratio, duel.frame.compared
    runs = [_run(duel, side, names[side]) for side in range(2)]
    about = {
        "format": FORMAT[0],
        "version": FORMAT[1],
        "runs": dict(zip(LETTERS, runs, strict=True)),
        "sequence": duel.sides[0].sequence,
        "kept": dict(zip(LETTERS, map(_number, kept), strict=True)),
        "ratio": _number(ratio),
        "sentence": duel.standing.sentence,
    }
    file.write(json.dumps(about, allow_nan=False, ensure_ascii=False).encode() + b"\n")


EXPORTERS: Mapping[str, Callable[[Duel, BinaryIO], None]] = {"csv": write_csv, "json": write_json}
"""Suffix without its dot → what writes it."""


def _run(duel: Duel, side: int, compared: str) -> dict[str, Any]:
    session = duel.sides[side]
    header: dict[str, Any] = {"title": clean(session.title)}
    if session.source is not None:
        header |= json.loads(header_of(session.run, session.source))
    norms = {
        series.state: [[_number(norm) for norm in row] for row in series.norms.T.tolist()]
        for series in _series(duel, side)
    }
    return {**header, "compared": compared, "norms": norms}


def _series(duel: Duel, side: int) -> Iterator[_Series]:
    session = duel.sides[side]
    session.run.fill(len(session.run))
    for state in duel.states(side):
        norms = scales_of(session.run).norms(state)
        yield _Series(LETTERS[side], clean(session.title), state, norms)


def _number(value: float | Mark) -> float | None:
    return None if isinstance(value, Mark) or not math.isfinite(value) else value
