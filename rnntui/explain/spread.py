"""A vector unit by unit, such as the probabilities of the classes: rows that sum to its whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bptt.expressions import Var
from rnntui.explain.drill import Drill, DrillRow
from rnntui.explain.labels import Labels
from rnntui.explain.marks import Mark
from rnntui.explain.tile_plan import Array


def spread(name: str, t: int, value: Array | Mark, labels: Labels, rows: int) -> Drill:
    """The value of a variable at t in at most `rows` ≥ 1 rows: where it has more units, the largest ones in their
    order and the rest as one sum."""
    target = labels.of(Var(name), t)
    if isinstance(value, Mark):
        return Drill(target, (), "", 0.0, 0.0, (), hidden=True)
    numbers = [float(number) for number in value]
    kept: Sequence[int] = range(len(numbers))
    if len(numbers) > rows:
        order = np.argsort(-np.abs(value), kind="stable")
        kept = sorted(int(unit) for unit in order[: rows - 1])
    found = [DrillRow(labels.unit_of(Var(name), unit), numbers[unit], "forward", unit) for unit in kept]
    total = sum(numbers)
    if len(kept) < len(numbers):
        rest = total - sum(row.value for row in found)
        found.append(DrillRow(f"{len(numbers) - len(kept)} others", rest, "muted", -1))
    return Drill(target, tuple(found), "", total, total, ())
