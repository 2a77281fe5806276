"""A run computed as a whole: forward, then backward, each with a loop over time for what recurs and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.evaluation import Interpreter
from bptt.execution.plan import plan_of
from bptt.execution.whole import Whole
from bptt.tape import Tape

Array = NDArray[np.floating]
MakeInterpreter = Callable[[Tape], Interpreter]


class Execution:
    """Full BPTT over t = 1…T on one tape whose inputs and initial states are there."""

    def __init__(self, cell: Cell, tape: Tape, whole: Whole, interpreter: MakeInterpreter, weight: float) -> None:
        """`interpreter`: makes one for a tape; `weight`: ∇loss[t]."""
        self._cell = cell
        self._plan = plan_of(cell)
        self._tape = tape
        self._whole = whole
        self._interpreter = interpreter
        self._weight = weight

    def forward(self) -> None:
        """Fill all values."""
        for name in self._plan.forward.before:
            self._value(name)
        self._forward_loop()
        for name in self._plan.forward.after:
            self._value(name)

    def _value(self, name: str) -> None:
        T = self._tape.T
        self._tape.values[name][-T:] = self._whole.value(self._cell.definitions[name], 1, T)

    def _forward_loop(self) -> None:
        tape, plan = self._tape, self._plan
        if not plan.lines:
            return
        compiled = self._interpreter(plan.parts.computed(tape, self._whole))
        steps = [
            (tape.values[name], tape.before[name] - 1, compiled.compile(expression)) for name, expression in plan.lines
        ]
        for t in range(1, tape.T + 1):
            for slots, row, evaluate in steps:
                slots[t + row] = evaluate(t)

    def backward(self) -> None:
        """Fill all gradients of times 1…T; the values must be there."""
        for name in self._plan.backward.before:
            self._gradient(name)
        self._backward_loop()
        for name in self._plan.backward.after:
            self._gradient(name)

    def _gradient(self, name: str) -> None:
        self._tape.gradients[name][-self._tape.T :] = self._weight if name == self._cell.loss else 0
        for term in self._cell.terms[name]:
            self._whole.add(self._tape.gradients[name], term.expression, term.lag)

    def _backward_loop(self) -> None:
        tape, plan = self._tape, self._plan
        if not plan.terms:
            return
        for terms in plan.terms:
            for lag, expression in terms.outside:
                self._whole.add(tape.gradients[terms.name], expression, lag)
        compiled = self._interpreter(plan.backward_parts.computed(tape, self._whole))
        steps = [
            (
                tape.gradients[terms.name],
                tape.before[terms.name] - 1,
                [(tape.T - lag, compiled.compile(expression)) for lag, expression in terms.inside],
            )
            for terms in plan.terms
        ]
        for t in range(tape.T, 0, -1):
            for slots, row, inside in steps:
                for last, evaluate in inside:
                    if t <= last:
                        slots[t + row] += evaluate(t)

    def total(self, parameter: str, like: Array) -> Array:
        """∇parameter, one product over all times a term, in the shape of `like`."""
        total = np.zeros_like(like)
        for term in self._cell.parameter_terms.get(parameter, ()):
            total += self._whole.total(term.expression, 1, self._tape.T, like)
        return total

    def inputs(self) -> Array:
        """∇x, (T, B, D)."""
        rows = np.zeros_like(self._tape.values["x"][-self._tape.T :])
        for term in self._cell.terms["x"]:
            self._whole.add(rows, term.expression, term.lag)
        return rows
