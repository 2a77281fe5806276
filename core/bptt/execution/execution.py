"""A run computed as a whole: forward, then backward, each with a loop over time for what recurs and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.evaluation import Interpreter
from bptt.execution.hoisting import Hoist
from bptt.execution.order import Order, order_of
from bptt.execution.whole import Whole
from bptt.expressions import Expression, Grad, Var, walk
from bptt.tape import Tape

Array = NDArray[np.floating]
MakeInterpreter = Callable[[Tape], Interpreter]


class Execution:
    """Full BPTT over t = 1…T on one tape whose inputs and initial states are there."""

    def __init__(self, cell: Cell, tape: Tape, whole: Whole, interpreter: MakeInterpreter, weight: float) -> None:
        """`interpreter`: makes one for a tape; `weight`: ∇loss[t]."""
        self._cell = cell
        self._tape = tape
        self._whole = whole
        self._interpreter = interpreter
        self._weight = weight
        self._gradients = [e.target for e in cell.backward if e.kind == "gradient"]

    def forward(self) -> None:
        """Fill all values."""
        order = _forward_order(self._cell)
        for name in order.before:
            self._value(name)
        self._forward_loop(order)
        for name in order.after:
            self._value(name)

    def _value(self, name: str) -> None:
        values = self._tape.values[name]
        T = self._tape.T
        # time after time where a name that does not recur is read before it is there: it is not, by `order_of`
        values[len(values) - T :] = self._whole.value(self._cell.definitions[name], 1, T)

    def _forward_loop(self, order: Order) -> None:
        T = self._tape.T
        hoist = Hoist(self._tape, order.loop, backward=False)
        lines = [(name, hoist.out(self._cell.definitions[name], T)) for name in order.loop]
        hoist.compute(self._whole)
        compiled = self._interpreter(hoist.tape)
        steps = [
            (self._tape.values[name], self._tape.before[name] - 1, compiled.compile(expression))
            for name, expression in lines
        ]
        for t in range(1, T + 1) if steps else ():
            for slots, row, evaluate in steps:
                slots[t + row] = evaluate(t)

    def backward(self) -> None:
        """Fill all gradients of times 1…T; the values must be there."""
        order = _backward_order(self._cell, self._gradients)
        for name in order.before:
            self._gradient(name)
        self._backward_loop(order)
        for name in order.after:
            self._gradient(name)

    def _gradient(self, name: str) -> None:
        slots, T = self._tape.gradients[name], self._tape.T
        times = slots[len(slots) - T :]
        times[:] = self._weight if name == self._cell.loss else 0
        for term in self._cell.terms[name]:
            if term.lag < T:
                times[: T - term.lag] += self._whole.value(term.expression, 1, T - term.lag)

    def _backward_loop(self, order: Order) -> None:
        T, tape = self._tape.T, self._tape
        hoist = Hoist(tape, order.loop, backward=True)
        lines: list[tuple[str, list[tuple[int, Expression]]]] = []
        for name in order.loop:
            slots = tape.gradients[name]
            times = slots[len(slots) - T :]
            times[:] = self._weight if name == self._cell.loss else 0
            inside: list[tuple[int, Expression]] = []
            for term in self._cell.terms[name]:
                last = T - term.lag
                if last < 1:
                    continue
                if hoist.reads_loop(term.expression):
                    inside.append((last, hoist.out(term.expression, last)))
                else:
                    times[:last] += self._whole.value(term.expression, 1, last)
            lines.append((name, inside))
        hoist.compute(self._whole)
        compiled = self._interpreter(hoist.tape)
        steps = [
            (tape.gradients[name], tape.before[name] - 1, [(last, compiled.compile(e)) for last, e in found])
            for name, found in lines
        ]
        for t in range(T, 0, -1) if steps else ():
            for slots, row, terms in steps:
                for last, evaluate in terms:
                    if t <= last:
                        slots[t + row] += evaluate(t)

    def total(self, parameter: str, like: Array) -> Array:
        """∇parameter, one product over all times a term."""
        total = np.zeros_like(like)
        for term in self._cell.parameter_terms.get(parameter, ()):
            total += self._whole.total(term.expression, 1, self._tape.T, like)
        return total

    def inputs(self) -> Array:
        """∇x, (T, B, D)."""
        T = self._tape.T
        rows = np.zeros_like(self._tape.values["x"][len(self._tape.values["x"]) - T :])
        for term in self._cell.terms["x"]:
            if term.lag < T:
                rows[: T - term.lag] += self._whole.value(term.expression, 1, T - term.lag)
        return rows


def _forward_order(cell: Cell) -> Order:
    return order_of(
        {
            name: [node.name for node in walk(definition) if isinstance(node, Var)]
            for name, definition in cell.definitions.items()
        }
    )


def _backward_order(cell: Cell, gradients: list[str]) -> Order:
    return order_of(
        {
            name: [node.name for term in cell.terms[name] for node in walk(term.expression) if isinstance(node, Grad)]
            for name in gradients
        }
    )
