"""A system of equations put in the order in which they can be computed: what does not recur for all times at once,
what recurs one time after another and as little of it as possible."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bptt.execution.series import Line, Series
from bptt.expressions import (
    Call,
    Expression,
    MatVec,
    Number,
    Param,
    Product,
    Sum,
    Tick,
    Var,
    add,
    multiply,
    rewrite,
    split_constant,
    walk,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Equations that are computed together."""

    lines: tuple[Line, ...]
    """In an order in which each finds what it reads at the same time."""
    recurs: bool
    """Whether they go one time after another; else each is computed for all times at once."""


def stages(lines: Iterable[Line], series: Series) -> tuple[Stage, ...]:
    """The stages of a system, first to last. Whatever in a loop does not depend on the loop gets a line of its own
    before it; so does every sum of matrix products inside another expression."""
    system = {line.name: line for line in lines}
    parted: list[Line] = []
    for component in _components(system):
        inside = set(component) if _recurs(component, system) else set()
        for name in component:
            before: list[Line] = []
            expression = hoist(system[name].expression, inside, series, before) if inside else system[name].expression
            parted += [
                _biased(line, inside, series, before) for line in _separated(Line(name, expression), inside, series)
            ]
            parted += [part for line in before for part in _separated(line, (), series)]
    system = {line.name: line for line in parted}
    made: list[Stage] = []
    waiting: list[Line] = []
    for component in _components(system):
        found = [system[name] for name in component]
        if not _recurs(component, system):
            waiting += found
            continue
        made += [Stage(tuple(waiting), False), Stage(tuple(_in_order(found)), True)]
        waiting = []
    made.append(Stage(tuple(waiting), False))
    return tuple(stage for stage in made if stage.lines)


def _recurs(component: Collection[str], system: Mapping[str, Line]) -> bool:
    return len(component) > 1 or any(name in system[name].reads for name in component)


def _components(system: Mapping[str, Line]) -> list[list[str]]:
    """The strongly connected components of who reads whom, at any time, those that are read first (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        path.append(name)
        for other in sorted(system[name].reads):
            if other in system:
                if other not in index:
                    visit(other)
                    low[name] = min(low[name], low[other])
                elif other in path:
                    low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            component = path[path.index(name) :]
            del path[path.index(name) :]
            found.append([other for other in system if other in component])

    for name in system:
        if name not in index:
            visit(name)
    return found


def _in_order(lines: list[Line]) -> list[Line]:
    """Each after those that it reads at the same time."""
    rest, done = {line.name: line for line in lines}, []
    while rest:
        ready = [line for line in rest.values() if not (line.present & rest.keys())]
        for line in ready:
            done.append(rest.pop(line.name))
    return done


def moves(expression: Expression, inside: Collection[str]) -> bool:
    """Whether an expression depends on one of these series."""
    return any(isinstance(node, Var) and node.name in inside for node in walk(expression))


def hoist(expression: Expression, inside: Collection[str], series: Series, lines: list[Line]) -> Expression:
    """The expression with names for its largest parts that do not depend on `inside`; their lines are put at the end
    of `lines`. A clock stays where it is."""
    if not moves(expression, inside):
        return _fixed(expression, series, lines)
    match expression:
        case Sum(parts):
            still = [part for part in parts if not moves(part, inside)]
            rest = [hoist(part, inside, series, lines) for part in parts if moves(part, inside)]
            return add(*rest, *([_fixed(add(*still), series, lines)] if still else []))
        case Product(parts):
            clocks = [part for part in parts if isinstance(part, Tick)]
            still = [part for part in parts if not isinstance(part, Tick) and not moves(part, inside)]
            rest = [hoist(part, inside, series, lines) for part in parts if moves(part, inside)]
            return multiply(*clocks, *([_fixed(multiply(*still), series, lines)] if still else []), *rest)
    return rewrite(expression, lambda part: part if isinstance(part, Param) else hoist(part, inside, series, lines))


def _fixed(expression: Expression, series: Series, lines: list[Line]) -> Expression:
    if isinstance(expression, Var | Param | Number | Tick):
        return expression
    return series.named(expression, lines)


def _separated(line: Line, inside: Collection[str], series: Series) -> list[Line]:
    """The line, and before it one for each sum of matrix products that stands inside a larger expression."""
    if affine(line.expression) is not None:
        return [line]
    before: list[Line] = []

    def change(node: Expression) -> Expression:
        match node:
            case Sum(parts):
                products = [part for part in parts if _is_product(part)]
                if not products:
                    return rewrite(node, change)
                added = [part for part in parts if _joins(part, inside) and part not in products]
                rest = [change(part) for part in parts if part not in products and part not in added]
                if not rest:
                    return series.named(node, before)
                return add(series.named(add(*products, *added), before), *rest)
            case Product() if _is_product(node):
                constant, product = split_constant(node)
                return multiply(Number(constant), series.named(product, before))
            case MatVec():
                return series.named(node, before)
        return node if isinstance(node, Var | Param | Number | Tick) else rewrite(node, change)

    expression = change(line.expression)
    return [*before, Line(line.name, expression)]


def _biased(line: Line, inside: Collection[str], series: Series, lines: list[Line]) -> Line:
    """In a loop, a bias beside matrix products is a series like the projections that stand in that place in other
    lines, so that they can all be added at once."""
    found = affine(line.expression) if inside else None
    if found is None or not found.bias:
        return line
    parts = line.expression.terms if isinstance(line.expression, Sum) else ()
    bias = [part for part in parts if isinstance(split_constant(part)[1], Param)]
    return Line(line.name, add(*(part for part in parts if part not in bias), series.named(add(*bias), lines)))


def _is_product(part: Expression) -> bool:
    return isinstance(split_constant(part)[1], MatVec)


def _joins(part: Expression, inside: Collection[str]) -> bool:
    """Whether a summand can be added together with matrix products: a parameter, or what stands before a loop."""
    return isinstance(split_constant(part)[1], Param) or (
        isinstance(part, Var) and bool(inside) and part.name not in inside
    )


@dataclass(frozen=True, slots=True)
class Affine:
    """Σ constant · matrix @ series + Σ constant · vector + a series."""

    products: tuple[tuple[float, str, bool, Var], ...]
    """(constant, matrix, whether transposed, what it multiplies)."""
    bias: tuple[tuple[float, str], ...]
    """(constant, parameter)."""
    added: Var | None


def affine(expression: Expression) -> Affine | None:
    """The expression as a sum of matrix products and little else; None where it is something else."""
    parts = expression.terms if isinstance(expression, Sum) else (expression,)
    products: list[tuple[float, str, bool, Var]] = []
    bias: list[tuple[float, str]] = []
    added: list[Var] = []
    for part in parts:
        match split_constant(part):
            case (constant, MatVec(matrix, Var() as vector, transposed)):
                products.append((constant, matrix.name, transposed, vector))
            case (constant, Param(name)):
                bias.append((constant, name))
            case (1.0, Var() as var):
                added.append(var)
            case _:
                return None
    if not products or len(added) > 1:
        return None
    return Affine(tuple(products), tuple(bias), added[0] if added else None)


def is_unary(expression: Expression) -> bool:
    """Whether an expression is a function of one series alone, unit by unit: σ(a), s ⊙ (1 − s)."""
    leaves = {node for node in walk(expression) if isinstance(node, Var | Param | Tick | MatVec)}
    mixing = any(isinstance(node, Call) and node.function not in UNITWISE for node in walk(expression))
    return len(leaves) == 1 and isinstance(next(iter(leaves)), Var) and not isinstance(expression, Var) and not mixing


UNITWISE = frozenset("sigmoid logistic tanh relu softplus exp log sin cos abs sqrt step sign".split())
"""Functions that act on each unit alone."""
