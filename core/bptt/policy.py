"""Whether a run records everything, or keeps checkpoints and computes the rest again when it is looked at."""

from __future__ import annotations

import math
from typing import Literal

from bptt.errors import InputError, quoted
from bptt.model import Model
from bptt.schedule import Schedule

Policy = Literal["full", "checkpoints"]
POLICIES: tuple[Policy, ...] = ("full", "checkpoints")
LARGEST_TAPE = 1 << 28
"""Bytes of values and gradients above which a run keeps checkpoints, where nothing else is asked for: an LSTM of 64
units over some 24,000 times."""
LARGEST_ARRAY = 1 << 28
"""Bytes of one array over all times that a run with checkpoints still makes when it is asked for it."""
_SHORTEST = 16


def choose_policy(model: Model, schedule: Schedule, B: int, wanted: str | None) -> Policy:
    """`wanted`, or what fits the size; runs whose passes overlap record everything. Raises InputError for anything
    else, and for checkpoints of overlapping passes."""
    if wanted is not None and wanted not in POLICIES:
        raise InputError(f"got {quoted(wanted)}, expected full, checkpoints, or None for what fits the size", "policy")
    if schedule.overlapping:
        if wanted == "checkpoints":
            reason = f"checkpoints go with a stride as large as the window, got window {schedule.window}"
            raise InputError(f"{reason} and stride {schedule.stride}", "policy")
        return "full"
    if wanted is None:
        wanted = "full" if schedule.T * B * model.execution.row_bytes <= LARGEST_TAPE else "checkpoints"
    return "full" if wanted == "full" else "checkpoints"


def segment_length(T: int) -> int:
    """Times between two checkpoints: about √T, so that what is kept and what is computed again are alike in size; even,
    for the halves of which an overview is kept."""
    return max(_SHORTEST, 2 * math.ceil(math.sqrt(T) / 2))
