"""The wires of a cell's circuit: each is one factor of an equation, with what it is made of and the valves on its
way in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bptt.cell import Cell
from bptt.equation import Term
from bptt.expressions import (
    Call,
    Expression,
    Grad,
    MatVec,
    Number,
    Param,
    Product,
    Sum,
    Tick,
    Var,
    children,
    multiply,
    negate,
    rewrite,
    split_sign,
    walk,
)
from rnntui.explain.roles import Roles

Kind = Literal["variable", "rest", "past", "function", "matrix", "parameter", "number", "clock", "other"]
"""rest: 1 − variable; past: a variable of an earlier time; function: f(…) without a name of its own."""


@dataclass(frozen=True, slots=True)
class Valve:
    """A gate on the way into a wire's variable."""

    gate: str
    on: Expression
    """What it multiplies: a state, or a matrix product with one."""
    share: Expression | None
    """What of the gate's gradient comes by this way; None where no single place can be told."""
    alone: bool
    """Whether all of its gradient does."""


@dataclass(frozen=True, slots=True)
class Wire:
    """One factor of a term."""

    kind: Kind
    expression: Expression
    variable: str
    """The variable that it is, or is 1 less; empty for any other kind."""
    argument: str
    """The named argument of a function without a name of its own; empty elsewhere."""
    share: Expression | None
    """The gradient that comes by this wire to what the wire is; of `rest`, to its variable."""
    alone: bool
    """Whether all of its variable's gradient comes by this wire."""
    meter: bool
    """Whether it lies between 0 and 1 because it is a gate or a clock."""
    sources: tuple[Var, ...]
    """What it is made of, x last; nothing for a state, which has a circuit of its own."""
    valves: tuple[Valve, ...]
    formula: Expression | None
    """How it is made of its sources, without valves and the subscripts of matrices; None where nothing is summed."""


class WireMaker:
    """Makes the wires of one cell."""

    def __init__(self, cell: Cell, roles: Roles) -> None:
        self._cell = cell
        self._roles = roles

    def term(self, term: Expression, gradient: Expression | None) -> tuple[bool, tuple[Wire, ...], tuple[str, ...]]:
        """(whether it is subtracted, its wires: gates first, the parts that it passes through). `gradient`: that of
        the sum it stands in."""
        through = tuple(node.name for node in walk(term) if isinstance(node, Var) and node.name in self._roles.parts)
        negative, positive = split_sign(self._roles.flat(term))
        factors = positive.factors if isinstance(positive, Product) else (positive,)
        arriving = negate(gradient) if negative and gradient is not None else gradient
        wires = self.factors(factors, (), arriving)
        return negative, tuple(sorted(wires, key=lambda wire: not wire.meter)), through

    def factors(
        self, factors: Sequence[Expression], others: Sequence[Expression], gradient: Expression | None
    ) -> list[Wire]:
        """The wires of factors that are multiplied with one another and with `others`."""
        made = []
        for place, factor in enumerate(factors):
            rest = (*factors[:place], *factors[place + 1 :], *others)
            made.append(self._wire(factor, multiply(*rest, gradient) if gradient is not None else None))
        return made

    def _wire(self, factor: Expression, share: Expression | None) -> Wire:
        kind, variable = self._kind(factor)
        if kind == "rest" and share is not None:
            share = negate(share)
        if variable and share is not None and self._cell.dims.get(variable) == "scalar":
            share = Call("sum", share)
        argument = ""
        if isinstance(factor, Call) and isinstance(factor.argument, Var) and self._is_stop(factor.argument):
            argument = factor.argument.name
        read = Var(variable) if variable else factor
        whole = kind == "past" or variable in self._roles.states
        made_of = () if whole else tuple(dict.fromkeys(self._sources(read, True)))
        return Wire(
            kind=kind,
            expression=factor,
            variable=variable,
            argument=argument,
            share=None if kind in ("number", "clock") else share,
            alone=kind == "variable" and len(self._roles.readings[variable]) == 1,
            meter=kind == "clock" or variable in self._roles.gate_jobs,
            sources=tuple(sorted(made_of, key=lambda node: node.name == "x")),
            valves=() if whole else tuple(self._valves(read)),
            formula=None if whole else self._formula(read),
        )

    def _kind(self, factor: Expression) -> tuple[Kind, str]:
        match factor:
            case Var("x"):
                return "past", ""
            case Var(name, 0):
                return "variable", name
            case Var():
                return "past", ""
            case Sum((Number(1.0), Product((Number(-1.0), Var(name, 0))))) if name != "x":
                return "rest", name
            case Call():
                return "function", ""
            case MatVec():
                return "matrix", ""
            case Param():
                return "parameter", ""
            case Number():
                return "number", ""
            case Tick():
                return "clock", ""
        return "other", ""

    def _is_stop(self, node: Var) -> bool:
        """Whether a variable is only a step of another equation."""
        return node.lag == 0 and self._roles.kinds.get(node.name) in ("pre", "part")

    def _sources(self, node: Expression, outermost: bool = False) -> Iterator[Var]:
        """The variables that an expression is made of, arguments opened, the valves on the way left out."""
        if isinstance(node, Var):
            if node.name in self._cell.definitions and (self._is_stop(node) or (outermost and not node.lag)):
                yield from self._sources(self._cell.definitions[node.name])
            else:
                yield node
            return
        for part in children(node):
            if not (isinstance(node, Product) and self._is_valve(part, node)):
                yield from self._sources(part)

    def _is_valve(self, part: Expression, product: Product) -> bool:
        """Whether a factor is a gate, of something that is not constant."""
        if not (isinstance(part, Var) and part.lag == 0 and part.name in self._roles.gate_jobs):
            return False
        others = [factor for factor in product.factors if factor is not part]
        return any(isinstance(node, Var) for factor in others for node in walk(factor))

    def _valves(self, node: Expression) -> Iterator[Valve]:
        """The gates inside what a wire's variable, or a wire without a variable, is made of."""
        for consumer, product in self._products(node, True):
            for part in product.factors:
                if self._is_valve(part, product) and isinstance(part, Var):
                    on = multiply(*(factor for factor in product.factors if factor is not part))
                    alone = len(self._roles.readings[part.name]) == 1
                    yield Valve(part.name, on, self._share_of(part.name, consumer, product), alone)

    def _products(self, node: Expression, outermost: bool = False, consumer: str = "") -> Iterator[tuple[str, Product]]:
        if isinstance(node, Var):
            if node.name in self._cell.definitions and (self._is_stop(node) or (outermost and not node.lag)):
                yield from self._products(self._cell.definitions[node.name], consumer=node.name)
            return
        if isinstance(node, Product):
            yield consumer, node
        for part in children(node):
            yield from self._products(part, consumer=consumer)

    def _share_of(self, gate: str, consumer: str, product: Product) -> Expression | None:
        """What reaches the gate from this product: of the places in the consumer's equation that read it, the one
        whose next factors are those of the product."""
        others = multiply(*(factor for factor in product.factors if factor != Var(gate)))

        def here(term: Term) -> bool:
            return term.consumer == consumer and term.path[-1:] == (("times", others),)

        found = [term for term in self._cell.occurrences[gate] if here(term)]
        return found[0].expression if len(found) == 1 else None

    def _formula(self, node: Expression) -> Expression | None:
        """The sum that a variable, or a function without a name, is taken of."""
        opened = self._cell.definitions.get(node.name, node) if isinstance(node, Var) else node
        argument = opened.argument if isinstance(opened, Call) else None
        if isinstance(argument, Var) and self._is_stop(argument):
            argument = self._cell.definitions[argument.name]
        if not isinstance(argument, Sum | MatVec) or any(isinstance(node, Grad) for node in walk(argument)):
            return None
        return without_subscripts(self._without_valves(argument))

    def _without_valves(self, expression: Expression) -> Expression:
        if isinstance(expression, Product):
            kept = (factor for factor in expression.factors if not self._is_valve(factor, expression))
            expression = multiply(*kept)
        return rewrite(expression, self._without_valves)


def without_subscripts(expression: Expression) -> Expression:
    """U_f @ x as U @ x: the matrices of all gates read alike."""
    if isinstance(expression, Param):
        return Param(expression.name.split("_")[0] or expression.name)
    return rewrite(expression, without_subscripts)
