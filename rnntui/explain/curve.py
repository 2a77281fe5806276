"""Where the units of a step sit on the curve of its function: on the steep part or on a flat end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bptt.expressions import Call, Expression, Grad, Slope, Var, walk
from bptt.functions import FUNCTIONS
from rnntui.explain.explained import Explained
from rnntui.explain.labels import Labels
from rnntui.explain.marks import Mark, Read
from rnntui.explain.tile_plan import Array

NARROWEST, WIDEST = 3.0, 8.0
"""How far the axis goes on both sides of 0, at least and at most."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A function of one number and its argument for each unit."""

    function: str
    name: str
    """As it is written."""
    arguments: Array
    """(unit,)"""
    backward: bool = False
    """Whether the step is about the slopes."""

    @property
    def reach(self) -> float:
        """The axis runs from −reach to reach."""
        sizes = np.abs(self.arguments)
        return float(np.clip(sizes.max(initial=0, where=np.isfinite(sizes)), NARROWEST, WIDEST))

    def at(self, places: Array) -> Array:
        """The function's values."""
        with np.errstate(all="ignore"):
            return np.asarray(FUNCTIONS[self.function].value(places))

    def slope(self, unit: int) -> float:
        """How steep the curve is where a unit sits."""
        function, place = FUNCTIONS[self.function], self.arguments[[unit]]
        if function.slope is None:
            return float("nan")
        with np.errstate(all="ignore"):
            return float(np.broadcast_to(function.slope(place, function.value(place)), 1)[0])


def curve_of(explained: Explained, read: Read, labels: Labels) -> Curve | None:
    """The curve of a forward step's root function or else of the only function in it, or of the one slope that a
    gradient's only term is multiplied with; None where there is no such thing, or where it may not be seen."""
    found = _function_of(explained)
    if found is None or FUNCTIONS[found[0]].slope is None:
        return None
    function, arguments, whole = found
    target = Grad(explained.target) if explained.kind == "gradient" else Var(explained.target)
    if any(isinstance(read(expression, explained.t), Mark) for expression in (target, *whole)):
        return None
    total: Array | None = None
    for expression in arguments:
        value = read(expression, explained.t)
        if isinstance(value, Mark):
            return None
        with np.errstate(all="ignore"):
            total = value if total is None else total + value
    return (
        None
        if total is None
        else Curve(function, labels.function(function), np.atleast_1d(total), explained.kind == "gradient")
    )


def _function_of(explained: Explained) -> tuple[str, Sequence[Expression], Sequence[Expression]] | None:
    """(function, the summands of its argument, what gives their place on the curve away)."""
    expressions = [expression for term in explained.terms for expression in term.expressions]
    nodes = [node for expression in expressions for node in walk(expression)]
    if explained.kind == "forward":
        if explained.function:
            return explained.function, expressions, ()
        calls = [node for node in nodes if isinstance(node, Call)]
        return (calls[0].function, (calls[0].argument,), calls) if len(calls) == 1 else None
    slopes = [node for node in nodes if isinstance(node, Slope)]
    if explained.kind == "gradient" and len(expressions) == 1 and len(slopes) == 1:
        return slopes[0].function, (slopes[0].argument,), slopes
    return None
