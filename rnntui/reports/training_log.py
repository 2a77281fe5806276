"""The log of a training that can be gone on with: JSON Lines as `training_record` writes them, read again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from bptt.records import Record
from bptt.scoring import Score
from rnntui.reports.training_record import FORMAT
from rnntui.safe import InputError, read_lines

MOST_TIMES = 4_096
"""Times of whose gradients the norms are written down; those of longer sequences are not."""
_PART = re.compile(r"[^.\[\]]+|\[\d+\]")


def shortened(record: Record, every: int) -> Record:
    """What is written down of a record: norms over time and held-out scores of every so many iterations only, and the
    norms of the first. The last one's score is not, so that a training which goes on is the same as one that did."""
    scored = record.iteration % every == 0
    few = all(len(norms) <= MOST_TIMES for norms in record.time_norms.values())
    return replace(
        record,
        time_norms=record.time_norms if few and (scored or record.iteration == 1) else {},
        holdout=record.holdout if scored else None,
    )


def read_log(path: str, count: int) -> tuple[int, list[Record]]:
    """(bytes of the header and the first `count` records, those records without their alerts). Raises InputError where
    the file is not the log of a training that came so far."""
    size, records = 0, []
    for number, line in enumerate(islice(read_lines(path), count + 1), 1):
        size += len(line.encode())
        try:
            found = json.loads(line)
            if number > 1:
                records.append(_record(_whole(found)))
            elif found["format"] != FORMAT:
                raise ValueError
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            raise InputError(path, str(number), "is not a line of a training's log: give the log it wrote") from None
    if [record.iteration for record in records] != list(range(1, count + 1)):
        reason = f"has {len(records)} iterations in a row, but the checkpoint has {count}: give the log beside it"
        raise InputError(path, "", reason)
    return size, records


def _whole(event: dict[str, Any]) -> dict[str, Any]:
    """The event with what is not finite in its places again."""
    for path, kind in event.get("nonfinite", {}).items():
        *parts, last = (int(part[1:-1]) if part[0] == "[" else part for part in _PART.findall(path))
        place: Any = event
        for part in parts:
            place = place[part]
        place[last] = float(kind)
    return event


def _record(event: dict[str, Any]) -> Record:
    score = event.get("holdout")
    return Record(
        iteration=int(event["iteration"]),
        loss=float(event["loss"]),
        rate=float(event["rate"]),
        norm=float(event["norm"]),
        norms=_floats(event["norms"]),
        gradient_norms=_floats(event["gradient_norms"]),
        time_norms={name: np.array(norms, float) for name, norms in event.get("time_norms", {}).items()},
        holdout=None if score is None else _score(score),
    )


def _score(found: dict[str, Any]) -> Score:
    accuracy = found["accuracy"]
    return Score(float(found["loss"]), None if accuracy is None else float(accuracy), int(found["targets"]))


def _floats(found: dict[str, Any]) -> dict[str, float]:
    return {name: float(number) for name, number in found.items()}
