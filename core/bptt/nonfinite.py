"""The first step of a run that made a NaN or an infinity."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bptt.run import Run


def first_nonfinite(run: Run) -> int | None:
    """Its index; None where every value is finite. The run is computed to its end."""
    run.fill(len(run))
    found = len(run)
    for name in run.model.cell.definitions:
        found = min([found, *(index for index in run.nonfinite(name) if index is not None)])
    for parameter in run.model.parameters:
        # a sum that is not finite stays so: its first such position can be searched for by halves
        if _overflown(run, parameter, found):
            positions = range(1, len(run) + 1)
            found = bisect_left(positions, True, hi=found, key=partial(_overflown, run, parameter))
    return found if found < len(run) else None


def _overflown(run: Run, parameter: str, position: int) -> bool:
    return not np.isfinite(run.sum_so_far(parameter, position)).all()
