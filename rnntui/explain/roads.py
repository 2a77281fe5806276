"""The roads by which one variable reaches another: every read with its path, and the road a state takes to its own
next time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bptt.cell import Cell
from bptt.equation import Term
from bptt.expressions import (
    MINUS_ONE,
    Call,
    Expression,
    Loss,
    MatVec,
    Number,
    Param,
    Power,
    Product,
    Quotient,
    Sum,
    Tick,
    Var,
    rewrite,
    split_sign,
    walk,
)
from bptt.notation import SCREEN

Path = tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One place that reads a variable."""

    consumer: str
    lag: int
    path: Path
    """As in `bptt.equation.Term`, from the consumer's root down to the variable."""

    @property
    def straight(self) -> bool:
        """Whether the road has only + and ⊙: no matrix and no function."""
        return all(kind in ("times", "sign") for kind, _ in self.path) and not any(
            isinstance(node, Quotient) and _divides_by_itself(node) for factor in self.factors for node in walk(factor)
        )

    @property
    def factors(self) -> tuple[Expression, ...]:
        """What the variable is multiplied by on the road, from the root down."""
        found: list[Expression] = []
        for kind, what in self.path:
            if kind == "times":
                found.extend(what.factors if isinstance(what, Product) else (what,))  # type: ignore[arg-type]  # "times" carries an expression
        return tuple(found)

    @property
    def matrices(self) -> tuple[str, ...]:
        """The matrices on the road, from the root down."""
        return tuple(str(what) for kind, what in self.path if kind == "matrix")


@dataclass(frozen=True, slots=True)
class Road:
    """How a state gets from one time to a later one: the label of the edge between two columns of a track."""

    label: str
    """What it is multiplied by: `f`, `¬u` for 1 − u, `1` for nothing, `k` for a constant, `¬t` for a clock; or a matrix
    letter."""
    matrix: bool
    lag: int
    """Over how many columns the edge goes."""

    def forward(self, width: int = 3) -> str:
        """`─f→` in exactly `width` cells."""
        return f"{self._cut(width - 1, '')}→".rjust(width, "─")

    def backward(self, width: int = 3) -> str:
        """`←f─`, `←Wᵀ` in exactly `width` cells."""
        return f"←{self._cut(width - 1, 'ᵀ' if self.matrix else '')}".ljust(width, "─")

    def _cut(self, room: int, mark: str) -> str:
        return self.label[: room - len(mark)] + mark if room > len(mark) else self.label[: max(0, room)]


def find_parts(cell: Cell, gatelike: Collection[str]) -> dict[str, Expression]:
    """The helpers that are only a step of another equation: products without matrix, function and parameter that are
    read once and at their own time (`kept[t] = f[t] * s[t-1]`). What lies between 0 and 1 (`gatelike`) is no part."""
    return {
        name: definition
        for name, definition in cell.definitions.items()
        if isinstance(definition, Product)
        and name not in cell.arguments
        and name not in gatelike
        and len(cell.occurrences[name]) == 1
        and cell.occurrences[name][0].lag == 0
        and any(isinstance(node, Var) for node in walk(definition))
        and not any(isinstance(node, MatVec | Call | Param | Loss) for node in walk(definition))
    }


def readings_of(cell: Cell, parts: Mapping[str, Expression]) -> dict[str, tuple[Reading, ...]]:
    """Variable (and x) → every place that reads it; the roads through parts go on to what reads the part."""

    def step(kind: str, what: object) -> tuple[str, object]:
        return kind, flattened(what, parts) if kind == "times" else what  # type: ignore[arg-type]  # an expression

    def followed(term: Term) -> Reading:
        path = tuple(step(kind, what) for kind, what in term.path)
        if term.consumer not in parts:
            return Reading(term.consumer, term.lag, path)
        above = followed(cell.occurrences[term.consumer][0])
        return Reading(above.consumer, term.lag, above.path + path)

    return {name: tuple(followed(term) for term in found) for name, found in cell.occurrences.items()}


def flattened(expression: Expression, parts: Mapping[str, Expression]) -> Expression:
    """The expression with every part replaced by what it stands for."""
    if isinstance(expression, Var) and expression.lag == 0 and expression.name in parts:
        return flattened(parts[expression.name], parts)
    return rewrite(expression, lambda node: flattened(node, parts))


def straight_roads(state: str, readings: Mapping[str, tuple[Reading, ...]]) -> Iterator[Reading]:
    """The roads from the state's earlier values to its own value of now that have only + and ⊙: for every read at an
    earlier time the one with the fewest stops."""
    for reading in readings[state]:
        if reading.lag > 0 and reading.straight:
            road = _shortest(reading, state, readings)
            if road is not None:
                yield road


def leads(name: str, goal: str, readings: Mapping[str, tuple[Reading, ...]]) -> bool:
    """Whether there is a straight road from one variable to another within one time."""
    starts = (reading for reading in readings[name] if reading.lag == 0 and reading.straight)
    return any(_shortest(start, goal, readings) is not None for start in starts)


def _shortest(start: Reading, goal: str, readings: Mapping[str, tuple[Reading, ...]]) -> Reading | None:
    """The start continued by straight reads of the same time up to the goal; None where no road leads there."""
    frontier, seen = [start], {start.consumer}
    while frontier:
        here = next((reading for reading in frontier if reading.consumer == goal), None)
        if here is not None:
            return here
        onward: list[Reading] = []
        for here in frontier:
            for step in readings[here.consumer]:
                if step.lag == 0 and step.straight and step.consumer not in seen:
                    seen.add(step.consumer)
                    onward.append(Reading(step.consumer, start.lag, step.path + here.path))
        frontier = onward
    return None


def road_of(cell: Cell, state: str, readings: Mapping[str, tuple[Reading, ...]], gates: Collection[str]) -> Road:
    """The road a state takes to its next time: straight where there is such a road, else through a matrix of its own
    equation, else through any."""
    belts = sorted(straight_roads(state, readings), key=lambda reading: (reading.lag, len(reading.path)))
    if belts:
        return Road(_factor_label(belts[0], gates), False, belts[0].lag)
    later = [reading for reading in readings[state] if reading.lag > 0]

    def rank(reading: Reading) -> tuple[bool, bool, int]:
        own = _leads_to(reading.consumer, state, cell, readings)
        return not own, not reading.matrices, reading.lag

    road = min(later, key=rank)
    if road.matrices:
        return Road(SCREEN.called(road.matrices[0])[:1], True, road.lag)
    return Road(_factor_label(road, gates), False, road.lag)


def _leads_to(consumer: str, state: str, cell: Cell, readings: Mapping[str, tuple[Reading, ...]]) -> bool:
    """Whether the consumer is the state, or the argument of the function that the state is."""
    if state in (consumer, cell.arguments.get(consumer)):
        return True
    return any(r.consumer == state and r.path[:1] and r.path[0][0] == "function" for r in readings[consumer])


def _factor_label(reading: Reading, gates: Collection[str]) -> str:
    """The factor that says the most: a clock, a gate, a variable, a constant."""
    signs = sum(kind == "sign" for kind, _ in reading.path) + reading.factors.count(MINUS_ONE)
    minus = "−" if signs % 2 else ""
    factors = [factor for factor in reading.factors if factor != MINUS_ONE]
    if not factors:
        return minus + "1"
    return minus + min(_label_of(factor, gates) for factor in factors)[1]


def _label_of(factor: Expression, gates: Collection[str]) -> tuple[int, str]:
    """(rank, label)."""
    match factor:
        case Tick(negated=negated):
            return 0, "¬t" if negated else "t"
        case Var(name) if name in gates:
            return 1, SCREEN.called(name)
        case Sum((Number(1.0), Product((Number(-1.0), Var(name))))):
            return 1, "¬" + SCREEN.called(name)
        case Number():
            return 4, "k"
        case Param(name):
            return 3, SCREEN.called(name) if len(SCREEN.called(name)) == 1 else "k"
    names = [SCREEN.called(node.name) for node in walk(factor) if isinstance(node, Var)]
    return (2, names[0]) if names else (4, "k")


def _divides_by_itself(quotient: Quotient) -> bool:
    """Whether this is −a/b², the factor on the road of a denominator, and so no straight road."""
    negative, _ = split_sign(quotient.numerator)
    return negative and isinstance(quotient.denominator, Power) and quotient.denominator.exponent == 2
