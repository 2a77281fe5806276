"""Which variables are gates: they lie between 0 and 1 and multiply something that is not constant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bptt.cell import Cell
from bptt.expressions import Call, Expression, Number, Product, Sum, Var, split_sign, walk
from rnntui.explain.ranges import Range, within_one
from rnntui.explain.roads import Reading, flattened

Places = tuple[Reading, ...]


def find_gates(
    cell: Cell, readings: Mapping[str, Places], parts: Mapping[str, Expression], ranges: Mapping[str, Range]
) -> dict[str, Places]:
    """Gate → the places where it multiplies something. An exponential is a gate too, though it may exceed 1; what is
    read out is none."""
    found: dict[str, Places] = {}
    left_out = {cell.probability, cell.prediction, cell.loss, *parts, *cell.arguments}
    for name, definition in cell.definitions.items():
        exponential = isinstance(definition, Call) and definition.function == "exp"
        if name not in left_out and (exponential or within_one(ranges[name])):
            places = tuple(reading for reading in readings[name] if _multiplies(reading))
            if places:
                found[name] = places
    for product in _products(cell, parts):
        for loser in _losers(cell, product, found):
            found[loser] = tuple(place for place in found[loser] if not _stands_in(place, loser, product))
    return {name: places for name, places in found.items() if places}


def _multiplies(reading: Reading) -> bool:
    """Whether it stands, unsquashed and at its own time, as a factor beside something that is not constant."""
    if reading.lag:
        return False
    for place, (kind, what) in enumerate(reading.path):
        below = reading.path[place:]
        if kind == "times" and _reads_variables(what) and all(step in ("times", "sign") for step, _ in below):
            return True
    return False


def _reads_variables(what: object) -> bool:
    return any(isinstance(node, Var) for node in walk(what))  # type: ignore[arg-type]  # "times" carries an expression


def _products(cell: Cell, parts: Mapping[str, Expression]) -> Iterator[Product]:
    for name, definition in cell.definitions.items():
        if name not in parts:
            yield from (node for node in walk(flattened(definition, parts)) if isinstance(node, Product))


def _losers(cell: Cell, product: Product, gates: Mapping[str, object]) -> list[str]:
    """Where a product has gates only, they look alike: the one whose comment says gate is it, else the left one."""
    names = [_gate_name(factor) for factor in product.factors if not isinstance(factor, Number)]
    if len(names) < 2 or any(name not in gates for name in names):
        return []
    said = [name for name in names if "gate" in cell.comments.get(name, "").lower()]
    gate = said[0] if len(said) == 1 else names[0]
    return [name for name in names if name != gate]


def _gate_name(factor: Expression) -> str:
    """The variable that a factor is: u of `u` and of `1 − u`; empty for anything else."""
    match factor:
        case Var(name, 0):
            return name
        case Sum((Number(), Product() as rest)):
            _, inner = split_sign(rest)
            return inner.name if isinstance(inner, Var) and inner.lag == 0 else ""
    return ""


def _stands_in(place: Reading, name: str, product: Product) -> bool:
    """Whether this place is the variable's factor in the product."""
    others = [factor for factor in product.factors if _gate_name(factor) != name]
    return all(factor in place.factors for factor in others if not isinstance(factor, Number))
