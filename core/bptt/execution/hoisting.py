"""What leaves the loop over time: parts of an expression that read nothing of the loop, computed for all times before
it and read in it like variables."""

from __future__ import annotations

from collections.abc import Collection
from copy import copy

import numpy as np

from bptt.execution.whole import Whole
from bptt.expressions import Expression, Grad, Number, Param, Product, Sum, Tick, Var, add, multiply, rewrite, walk
from bptt.tape import Tape


class Hoist:
    """The parts taken out of one loop; they belong to the cell, whatever run they are computed for."""

    def __init__(self, loop: Collection[str], backward: bool) -> None:
        """`loop`: the names computed in it, values in the forward pass, gradients in the backward pass."""
        self._kind = Grad if backward else Var
        self._loop = frozenset(loop)
        self._parts: dict[tuple[Expression, int], str] = {}

    def reads_loop(self, expression: Expression) -> bool:
        """Whether an expression reads anything that the loop computes."""
        return any(isinstance(node, self._kind) and node.name in self._loop for node in walk(expression))

    def out(self, expression: Expression, lag: int = 0) -> Expression:
        """The expression with such parts replaced; it is read at t = 1…T − lag."""
        if not self.reads_loop(expression):
            if isinstance(expression, Number | Param | Var | Grad | Tick):
                return expression
            return self._part(expression, lag)
        match expression:
            case Sum(terms):
                inside = [self.out(term, lag) for term in terms if self.reads_loop(term)]
                return add(*self._gathered(Sum, terms, lag), *inside)
            case Product(factors) if not any(isinstance(factor, Tick) for factor in factors):
                inside = [self.out(factor, lag) for factor in factors if self.reads_loop(factor)]
                return multiply(*self._gathered(Product, factors, lag), *inside)
            case Product():
                return expression  # a clock decides whether its other factors are computed at all
        return rewrite(expression, lambda node: self.out(node, lag))

    def _gathered(self, kind: type[Sum | Product], parts: tuple[Expression, ...], lag: int) -> tuple[Expression, ...]:
        """The parts that read nothing of the loop, as one."""
        outside = tuple(part for part in parts if not self.reads_loop(part))
        if len(outside) < 2:
            return tuple(self.out(part, lag) for part in outside)
        return (self._part(kind(outside), lag),)

    def _part(self, expression: Expression, lag: int) -> Expression:
        return Var(self._parts.setdefault((expression, lag), f"part {len(self._parts)}"))

    def computed(self, tape: Tape, whole: Whole) -> Tape:
        """The tape with the parts beside its variables."""
        beside = copy(tape)
        beside.values, beside.before = dict(tape.values), dict(tape.before)
        for (expression, lag), name in self._parts.items():
            last = tape.T - lag
            value = np.asarray(whole.value(expression, 1, last) if last >= 1 else 0.0)
            shape = (max(last, 1), *(value.shape[-2:] if value.ndim > 1 else (1, 1)))
            beside.values[name] = np.broadcast_to(value, shape)
            beside.before[name] = 0
        return beside
