"""What leaves the loop over time: parts of an expression that read nothing of the loop, computed for all times before
it and read in it like variables."""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from typing import Any

import numpy as np

from bptt.execution.whole import Whole
from bptt.expressions import Expression, Grad, Number, Param, Product, Sum, Tick, Var, add, multiply, rewrite, walk
from bptt.tape import Tape


class Hoist:
    """The parts taken out of one loop, on a tape of its own beside the run's."""

    def __init__(self, tape: Tape, loop: Collection[str], backward: bool) -> None:
        """`loop`: the names computed in it, values in the forward pass, gradients in the backward pass."""
        self.tape = copy(tape)
        self.tape.values = dict(tape.values)
        self.tape.gradients = dict(tape.gradients)
        self.tape.before = dict(tape.before)
        self._kind = Grad if backward else Var
        self._loop = frozenset(loop)
        self._parts: list[tuple[str, Expression, int]] = []
        self._names: dict[tuple[Expression, int], str] = {}

    def reads_loop(self, expression: Expression) -> bool:
        """Whether an expression reads anything that the loop computes."""
        return any(isinstance(node, self._kind) and node.name in self._loop for node in walk(expression))

    def out(self, expression: Expression, last: int) -> Expression:
        """The expression with such parts replaced; `last`: the latest time at which it is read."""
        if not self.reads_loop(expression):
            if isinstance(expression, Number | Param | Var | Grad | Tick):
                return expression
            return self._part(expression, last)
        match expression:
            case Sum(terms):
                inside = [self.out(term, last) for term in terms if self.reads_loop(term)]
                return add(*self._gathered(Sum, terms, last), *inside)
            case Product(factors) if not any(isinstance(factor, Tick) for factor in factors):
                inside = [self.out(factor, last) for factor in factors if self.reads_loop(factor)]
                return multiply(*self._gathered(Product, factors, last), *inside)
            case Product():
                return expression  # a clock decides whether its other factors are computed at all
        return rewrite(expression, lambda node: self.out(node, last))

    def _gathered(self, kind: type[Sum | Product], parts: tuple[Expression, ...], last: int) -> tuple[Expression, ...]:
        """The parts that read nothing of the loop, as one."""
        outside = tuple(part for part in parts if not self.reads_loop(part))
        if len(outside) < 2:
            return tuple(self.out(part, last) for part in outside)
        return (self._part(kind(outside), last),)

    def _part(self, expression: Expression, last: int) -> Expression:
        name = self._names.setdefault((expression, last), f"part {len(self._names)}")
        if all(known != name for known, _, _ in self._parts):
            self._parts.append((name, expression, last))
            self.tape.before[name] = 0
        return Var(name)

    def compute(self, whole: Whole) -> None:
        """Compute the parts, for all times at which they are read."""
        for name, expression, last in self._parts:
            value: Any = whole.value(expression, 1, last) if last >= 1 else 0.0
            value = np.asarray(value)
            shape = (max(last, 1), *(value.shape[-2:] if value.ndim > 1 else (1, 1)))
            self.tape.values[name] = np.broadcast_to(value, shape)
