"""Between which bounds each variable of a cell is certain to lie, by interval arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

from bptt.cell import Cell
from bptt.expressions import Call, Expression, Loss, Number, Power, Product, Sum, Tick, Var
from bptt.functions import FUNCTIONS

Range = tuple[float, float]
INFINITY = float("inf")
UNBOUNDED: Range = (-INFINITY, INFINITY)


def ranges_of(cell: Cell) -> dict[str, Range]:
    """Variable, named arguments included → (lowest, highest). What is read from an earlier time counts as unbounded,
    for the initial state is the user's."""
    ranges: dict[str, Range] = {}
    for name, definition in cell.definitions.items():
        ranges[name] = range_of(definition, ranges)
    return ranges


def range_of(expression: Expression, ranges: Mapping[str, Range]) -> Range:
    """The bounds of an expression, given those of the variables that it reads at its own time."""
    match expression:
        case Number(value):
            return value, value
        case Tick():
            return 0.0, 1.0
        case Var(name, 0):
            return ranges.get(name, UNBOUNDED)
        case Call(function):
            return FUNCTIONS[function].lowest, FUNCTIONS[function].highest
        case Loss():
            return 0.0, INFINITY
        case Sum(terms):
            bounds = [range_of(term, ranges) for term in terms]
            return sum(low for low, _ in bounds), sum(high for _, high in bounds)
        case Product(factors):
            product: Range = (1.0, 1.0)
            for factor in factors:
                product = _times(product, range_of(factor, ranges))
            return product
        case Power(base, exponent):
            power: Range = (1.0, 1.0)
            for _ in range(exponent):
                power = _times(power, range_of(base, ranges))
            return power if exponent % 2 else (max(0.0, power[0]), power[1])
    return UNBOUNDED


def within_one(bounds: Range) -> bool:
    """Whether the bounds lie within 0 and 1."""
    return bounds[0] >= 0 and bounds[1] <= 1


def _times(left: Range, right: Range) -> Range:
    corners = [0.0 if 0 in (a, b) else a * b for a in left for b in right]
    return min(corners), max(corners)
