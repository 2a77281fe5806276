"""How large a lesson's runs may be, and how long its trainings."""

from __future__ import annotations

from bptt.cell import Cell
from bptt.errors import InputError as ModelError
from bptt.functions import LOSSES
from bptt.model import Model
from bptt.training import Training
from rnntui.course.description import Description
from rnntui.course.document import Path
from rnntui.course.reading import Reading
from rnntui.sources import Source
from rnntui.sources.cost import MAX_SECONDS, cost_of

_LINE = 2e-6
"""Seconds that one line of a cell takes in a training, at each time, its products not counted."""
_OPERATIONS = 2e9
"""Multiplications and additions a second in its products."""


def check_cost(reading: Reading, sections: Description, cell: Cell, source: Source, window: int | None) -> None:
    """Raise InputError for data that the loss does not fit, and for a run that is too large."""
    classes = any(LOSSES[name].classes for name in cell.loss_functions)
    if classes != (source.kind == "classes"):
        takes = "classes" if classes else "values"
        reason = f"the loss {cell.loss_functions[-1]} takes {takes}, and the data gives {source.kind}"
        raise reading.fault(sections.place("data"), f"{reason}: use another loss or other data")
    model, bptt = sections.model, sections.bptt
    try:
        stacked = cell.stacked(model.layers)
    except ModelError as error:
        raise reading.fault(sections.place("model", "layers"), error.reason) from None
    sizes = source.inputs, model.hidden, source.outputs, source.T, source.B
    try:
        cost = cost_of(stacked, *sizes, window=window, stride=bptt.stride)
    except ModelError as error:
        raise reading.fault(sections.place("bptt", error.argument), error.reason) from None
    if cost.excess:
        reason = f"{cost.excess}: use fewer units or less data"
        raise reading.fault(sections.place("model", "hidden"), reason)


def check_training(reading: Reading, at: Path, model: Model, training: Training) -> None:
    """Raise InputError for a training that takes too long for a lesson."""
    first = training.open(1)
    T, B = len(first.run.x), first.run.B
    lines = len(model.cell.equations) + len(model.cell.backward)
    operations = 6 * B * sum(array.size for array in model.parameters.values())
    seconds = training.iterations * T * (lines * _LINE + operations / _OPERATIONS)
    if seconds > MAX_SECONDS:
        reason = (
            f"this would take about {seconds:,.0f} s, over the limit of {MAX_SECONDS:.0f} s: train less, or record it"
        )
        raise reading.fault((*at, "iterations"), reason)
