"""How the wiring of a cell is found: the cheapest road from each state down to its past, and from its outputs to it."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bptt.cell import Cell
from bptt.expressions import (
    Call,
    Expression,
    Grad,
    MatVec,
    Number,
    Param,
    Power,
    Product,
    Quotient,
    Slope,
    Sum,
    Var,
    multiply,
    walk,
)
from bptt.functions import FUNCTIONS
from rnntui.explain.roles import Roles, roles_of
from rnntui.explain.wires import WireMaker
from rnntui.explain.wiring import Box, Junction, Road, Stop, Wiring

Cost = tuple[int, ...]
"""(not its own past, matrices and functions that mix units, gates passed through, functions, variables passed
through, lag): the road with the least is drawn."""


def wiring_for(cell: Cell, name: str) -> Wiring | None:
    """The circuit in which a variable stands: its own where it is a belt, or a state that no belt of its level leads
    to; else the first of its level that it stands in; that of the logits' state for what stands in none. None for a
    cell in which nothing recurs."""
    roles = roles_of(cell)
    owner = cell.arguments.get(name, name)
    own = [level for level in roles.levels if owner in level]
    for level in (*own, *(level for level in roles.levels if level not in own)):
        rails = _rails(roles, level)
        if owner in rails:
            return _wiring(cell, owner)
        for rail in rails:
            wiring = _wiring(cell, rail)
            if owner in wiring.names() or name in wiring.names():
                return wiring
    main = next((level for level in roles.levels if roles.main in level), None)
    levels = own or ([main] if main else list(roles.levels))
    return _wiring(cell, _rails(roles, levels[0])[0]) if levels else None


def wirings_of(cell: Cell) -> list[Wiring]:
    """Every circuit of a cell, the level nearest the loss first."""
    roles = roles_of(cell)
    return [_wiring(cell, rail) for level in roles.levels for rail in _rails(roles, level)]


def _rails(roles: Roles, level: tuple[str, ...]) -> list[str]:
    belts = [name for name in roles.order if name in level and name in roles.belts]
    fed = [name for name in roles.states if any(roles.leads(belt, name) or _bends(roles, belt, name) for belt in belts)]
    return belts + [name for name in roles.states if name in level and name not in belts and name not in fed]


def _bends(roles: Roles, belt: str, name: str) -> bool:
    """Whether a variable is made of a belt of its own time unit by unit, a function allowed."""
    return any(
        reading.consumer == name and reading.lag == 0 and not reading.matrices and _elementwise(reading.path)
        for reading in roles.readings[belt]
    )


def _elementwise(path: tuple[tuple[str, object], ...]) -> bool:
    return all(kind != "function" or FUNCTIONS[str(what)].slope is not None for kind, what in path if what in FUNCTIONS)


@lru_cache(64)
def _wiring(cell: Cell, rail: str) -> Wiring:
    roles = roles_of(cell)
    search = _Search(cell, roles)
    level = next(level for level in roles.levels if rail in level)

    def back(node: Var) -> int | None:
        if node.lag == 0 or node.name not in level:
            return None
        return 0 if node.name == rail else 1

    road = search.road(rail, back, False)
    assert road is not None  # what recurs is made of the past
    tapped = {}
    for name in cell.definitions:
        if name != rail and roles.kinds[name] in ("state", "out", "value"):
            found = search.road(name, lambda node: 0 if node == Var(rail) else None, True)
            if found is not None:
                tapped[name] = found
    # what only lies on the way to another is no exit of its own
    passed = {owner for way in tapped.values() for stop in way.stops for owner in _owners(stop)}
    exits = [name for name in tapped if roles.kinds[name] != "value" or name not in passed - {name}]
    exits = [name for name in exits if not any(name in _inner(tapped[other], other) for other in exits)]
    tap = exits[0] if exits else ""
    return Wiring(rail, road, tap, tapped[tap] if tap else None, max(0, len(exits) - 1))


def _owners(stop: Stop) -> tuple[str, ...]:
    return (stop.owner,) if isinstance(stop, Box) else stop.owners


def _inner(road: Road, end: str) -> set[str]:
    return {owner for stop in road.stops for owner in _owners(stop)} - {end}


@dataclass(frozen=True)
class _Leaf:
    """A variable at the end of a way down from the root of an equation."""

    node: Var
    stops: tuple[Stop, ...]
    """From the root down."""
    gradient: Expression | None
    mixed: int
    functions: int


class _Search:
    """Finds the cheapest way from a variable down to what it is made of."""

    def __init__(self, cell: Cell, roles: Roles) -> None:
        self._cell = cell
        self._roles = roles
        self._maker = WireMaker(cell, roles)

    def road(self, root: str, goal: Callable[[Var], int | None], elementwise: bool) -> Road | None:
        """The cheapest road from a node with a `goal` (its rank; None for any other) to the root; `elementwise`:
        by no matrix and no function that mixes units."""
        counter = itertools.count()
        start = _Leaf(Var(root), (), Grad(root), 0, 0)
        frontier: list[tuple[Cost, int, _Leaf]] = [((0,) * 6, next(counter), start)]
        seen: set[str] = set()
        while frontier:
            cost, _, leaf = heapq.heappop(frontier)
            if goal(leaf.node) is not None:
                return Road(leaf.node, tuple(reversed(leaf.stops)), leaf.gradient)
            if leaf.node.lag or leaf.node.name in seen or leaf.node.name not in self._cell.definitions:
                continue
            seen.add(leaf.node.name)
            for found in self._leaves(leaf):
                if not (elementwise and found.mixed):
                    heapq.heappush(frontier, (self._cost(cost, found, goal), next(counter), found))
        return None

    def _cost(self, cost: Cost, leaf: _Leaf, goal: Callable[[Var], int | None]) -> Cost:
        kind = self._roles.kinds.get(leaf.node.name)
        passed = leaf.node.lag == 0
        gate = passed and kind == "gate"
        hop = passed and kind not in ("pre", "part")
        more = (goal(leaf.node) or 0, leaf.mixed, gate, leaf.functions, hop, leaf.node.lag)
        return tuple(a + b for a, b in zip(cost, more, strict=True))

    def _leaves(self, above: _Leaf) -> Iterator[_Leaf]:
        owner = above.node.name
        yield from self._down(self._cell.definitions[owner], _Leaf(above.node, above.stops, Grad(owner), 0, 0), owner)

    def _down(self, node: Expression, way: _Leaf, owner: str) -> Iterator[_Leaf]:
        """The variables under a node of the owner's equation."""
        gradient = way.gradient
        match node:
            case Var():
                yield _Leaf(node, way.stops, gradient, way.mixed, way.functions)
            case Sum(terms):
                for place, term in enumerate(terms):
                    added = self._added(terms[:place] + terms[place + 1 :], gradient, owner)
                    yield from self._down(term, _Leaf(way.node, way.stops + added, gradient, *_counts(way)), owner)
            case Product(factors):
                for place, factor in enumerate(factors):
                    others = factors[:place] + factors[place + 1 :]
                    wires = self._maker.factors(others, (factor,), gradient)
                    stops = tuple(Junction("×", (wire,), (owner,)) for wire in reversed(wires))
                    passed = multiply(*others, gradient) if gradient is not None else None
                    yield from self._down(factor, _Leaf(way.node, way.stops + stops, passed, *_counts(way)), owner)
            case Quotient(top, bottom):
                (wire,) = self._maker.factors((bottom,), (), None)
                passed = Quotient(gradient, bottom) if gradient is not None else None
                stops = (Junction("÷", (wire,), (owner,)),)
                yield from self._down(top, _Leaf(way.node, way.stops + stops, passed, *_counts(way)), owner)
            case MatVec(matrix, vector):
                box = Box(matrix.name, True, owner, node, None, "")
                passed = MatVec(matrix, gradient, True) if gradient is not None else None
                below = _Leaf(way.node, (*way.stops, box), passed, way.mixed + 1, way.functions)
                yield from self._down(vector, below, owner)
            case Call() | Power():
                yield from self._through(node, way, owner)

    def _through(self, node: Call | Power, way: _Leaf, owner: str) -> Iterator[_Leaf]:
        """On through a function, or a power."""
        gradient = way.gradient
        inside = node.argument if isinstance(node, Call) else node.base
        slope: Expression | None = None
        mixed = 0
        if isinstance(node, Call):
            output = Var(owner) if node == self._cell.definitions[owner] else node
            if FUNCTIONS[node.function].slope is not None:
                slope = Slope(node.function, inside, output)
            else:
                mixed = 1
        elif node.exponent > 1:
            slope = multiply(Number(node.exponent), inside if node.exponent == 2 else Power(inside, node.exponent - 1))
        named = isinstance(inside, Var) and inside.lag == 0 and self._roles.kinds.get(inside.name) == "pre"
        name = node.function if isinstance(node, Call) else f"power {node.exponent}"
        box = Box(name, False, owner, node, slope, inside.name if named and isinstance(inside, Var) else "")
        passed = multiply(slope, gradient) if slope is not None and gradient is not None else None
        stops = (*way.stops, box)
        yield from self._down(inside, _Leaf(way.node, stops, passed, way.mixed + mixed, way.functions + 1), owner)

    def _added(self, terms: tuple[Expression, ...], gradient: Expression | None, owner: str) -> tuple[Stop, ...]:
        """The junctions of a sum, from the root down: the last is met first; constants come last of all."""
        made = []
        for term in sorted(terms, key=_is_constant):
            negative, wires, through = self._maker.term(term, gradient)
            made.append(Junction("−" if negative else "+", wires, (owner, *through)))
        return tuple(reversed(made))


def _counts(way: _Leaf) -> tuple[int, int]:
    return way.mixed, way.functions


def _is_constant(term: Expression) -> bool:
    return all(isinstance(node, Param | Number | Product) for node in walk(term))
