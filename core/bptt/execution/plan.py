"""How a cell is computed as a whole: found once from its equations, kept with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bptt.cell import Cell
from bptt.execution.hoisting import Hoist
from bptt.execution.order import Order, order_of
from bptt.expressions import Expression, Grad, Var, walk

_KEPT = 64
"""Cells whose plans are kept."""


@dataclass(frozen=True)
class Terms:
    """The summands of one gradient in the loop, each with how much later what it sends stands."""

    name: str
    outside: tuple[tuple[int, Expression], ...]
    """Those that read nothing of the loop."""
    inside: tuple[tuple[int, Expression], ...]


@dataclass(frozen=True)
class Plan:
    """The order of a cell's forward and backward pass, and what is done in their loops."""

    forward: Order
    lines: tuple[tuple[str, Expression], ...]
    """Variable of the loop → its right-hand side."""
    parts: Hoist
    backward: Order
    terms: tuple[Terms, ...]
    """Of the loop's gradients, in order."""
    backward_parts: Hoist


@lru_cache(maxsize=_KEPT)
def plan_of(cell: Cell) -> Plan:
    """The plan of a cell."""
    forward = order_of(
        {
            name: [node.name for node in walk(definition) if isinstance(node, Var)]
            for name, definition in cell.definitions.items()
        }
    )
    parts = Hoist(forward.loop, backward=False)
    lines = tuple((name, parts.out(cell.definitions[name])) for name in forward.loop)
    backward = order_of(
        {
            equation.target: [
                node.name
                for term in cell.terms[equation.target]
                for node in walk(term.expression)
                if isinstance(node, Grad)
            ]
            for equation in cell.backward
            if equation.kind == "gradient"
        }
    )
    backward_parts = Hoist(backward.loop, backward=True)
    terms = tuple(_terms(cell, name, backward_parts) for name in backward.loop)
    return Plan(forward, lines, parts, backward, terms, backward_parts)


def _terms(cell: Cell, name: str, parts: Hoist) -> Terms:
    found = [(term.lag, term.expression) for term in cell.terms[name]]
    return Terms(
        name,
        tuple((lag, expression) for lag, expression in found if not parts.reads_loop(expression)),
        tuple((lag, parts.out(expression, lag)) for lag, expression in found if parts.reads_loop(expression)),
    )
