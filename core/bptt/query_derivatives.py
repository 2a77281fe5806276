"""Derivatives that a query may ask for and that no step computes, kept for their run."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from bptt.edits import variable_edits
from bptt.errors import InputError
from bptt.gradcheck import STEP, numeric_gradient
from bptt.query_arithmetic import QueryError
from bptt.run import Run
from bptt.single_loss import SingleLoss

Array = NDArray[np.floating]
_MOST_WORK = 500_000
"""Entries × times × equations of the largest parameter that `numeric` differentiates: some seconds."""
_MOST_KEPT = 8
"""Single losses whose gradients are kept for a run; each takes as much memory as the run's own."""

_numeric_kept: WeakKeyDictionary[Run, dict[tuple[str, float, bool], Array]] = WeakKeyDictionary()
_single_kept: WeakKeyDictionary[Run, dict[int, SingleLoss]] = WeakKeyDictionary()


def numeric(run: Run, parameter: str, step: float = STEP, text: str = "numeric", forward: bool = False) -> Array:
    """The total loss differentiated by central differences of a step, or by forward ones, kept for the run. Raises
    QueryError where that would take too long."""
    kept = _numeric_kept.setdefault(run, {})
    key = parameter, step, forward
    if key not in kept:
        check_work(run, parameter, text)
        states = {name: run.tape.initial(name) for name in run.model.cell.lags if name != "x"}
        initial = {name: rows[0] if len(rows) == 1 else rows for name, rows in states.items()}
        edits = variable_edits(run.edits, run.model)
        kept[key] = numeric_gradient(run.model, run.x, run.y, parameter, step, initial, edits, forward)
    return kept[key]


def check_work(run: Run, parameter: str, text: str) -> None:
    """Raise QueryError where `numeric` would take too long."""
    work = run.model.parameters[parameter].size * run.T * len(run.schedule.forward)
    if work > _MOST_WORK:
        raise QueryError(f"{text} would take {2 * work:,} steps, and {2 * _MOST_WORK:,} are allowed: use fewer units")


def single_loss(run: Run, at: int) -> SingleLoss:
    """The gradients of L[at] alone; the latest are kept for the run."""
    kept = _single_kept.setdefault(run, {})
    if at not in kept:
        if len(kept) == (_MOST_KEPT if run.overview is None else 1):
            del kept[next(iter(kept))]
        try:
            kept[at] = SingleLoss(run, at)
        except InputError as error:
            raise QueryError(str(error)) from None
    return kept[at]
