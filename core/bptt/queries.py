"""Queries: the equation language with absolute times, components, gradients and comparisons, asked of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from bptt.cell import Cell
from bptt.numerals import number, vector_text
from bptt.query_beyond import read_beyond
from bptt.query_context import Context, ContextEvaluation, ContextShapes
from bptt.query_nodes import (
    Comparison,
    Component,
    Fact,
    Logic,
    Node,
    Reference,
    Sweep,
    TotalLoss,
    Transposed,
    is_condition,
    parts,
)
from bptt.query_reader import read_query
from bptt.query_values import PENDING, Evaluation, Found, Pending, QueryError, ShapeCheck, Value
from bptt.run import Run

__all__ = ["PENDING", "Context", "Pending", "Query", "QueryError", "Reading", "parse_query", "show"]


class Reading(NamedTuple):
    """Something that a query reads."""

    name: str
    t: int | None
    """None for a parameter."""
    gradient: bool


@dataclass(frozen=True)
class Query:
    """A question to a run, read and checked against a cell's names."""

    text: str
    """As typed."""
    cell: Cell
    root: Node
    context: Context | None = field(default=None, compare=False, repr=False)
    """What lies beyond one run; None where a query is about that run alone."""

    def __str__(self) -> str:
        return self.text

    @property
    def is_condition(self) -> bool:
        """Whether the answer is true or false."""
        return is_condition(self.root)

    @property
    def reference(self) -> Reference | None:
        """What is asked for, where the query is one variable, parameter or gradient, or a component of it."""
        node = self.root
        while isinstance(node, Component | Transposed):
            node = node.part
        return node if isinstance(node, Reference) else None

    def value(self, run: Run, t: int, sequence: int = 0) -> Value:
        """The answer of the finished run, with the cursor at time t: a number, a truth value, a vector (unit,) or a
        matrix. A variable is that of one sequence of the batch; losses and parameters' gradients are the whole
        batch's. Raises QueryError."""
        run.fill(len(run))
        found = self._evaluation(run, t, sequence).value(self.root)
        assert not isinstance(found, Pending)  # nothing is, in a finished run
        return found

    def value_at(self, run: Run, position: int, sequence: int = 0) -> Found:
        """The answer as it stands after `position` steps: ∇W is the sum so far; PENDING where the cursor has not
        reached what is asked for, which makes a condition false. Raises QueryError."""
        run.fill(position)
        found = self._evaluation(run, _time_at(run, position), sequence, position).value(self.root)
        return False if isinstance(found, Pending) and self.is_condition else found

    def explained(self, run: Run, t: int) -> str:
        """A condition with its sides in numbers, `0.25 < 0.1 and 3 > 2`, or its text where it is made of something else
        than comparisons. Raises QueryError."""
        run.fill(len(run))
        return self._sides(self.root, self._evaluation(run, t)) or self.text.strip()

    def _sides(self, node: Node, evaluation: Evaluation) -> str:
        match node:
            case Comparison(operators, operands):
                values = [show(evaluation.value(operand)) for operand in operands]
                return values[0] + "".join(f" {o} {v}" for o, v in zip(operators, values[1:], strict=True))
            case Logic("and" | "or" as word, operands):
                sides = [self._sides(operand, evaluation) for operand in operands]
                return f" {word} ".join(sides) if all(sides) else ""
        return ""

    def check(self, run: Run, t: int) -> None:
        """Raise QueryError for a time, component or shape that does not exist in `run`; computes nothing of it."""
        self._shapes(run, t).value(self.root)

    def _evaluation(self, run: Run, t: int, sequence: int = 0, position: int | None = None) -> Evaluation:
        if self.context is None:
            return Evaluation(run, t, sequence, position)
        return ContextEvaluation(self.context, run, t, sequence, position)

    def _shapes(self, run: Run, t: int) -> ShapeCheck:
        return ShapeCheck(run, t) if self.context is None else ContextShapes(self.context, run, t)

    def slots(self, run: Run, t: int) -> frozenset[Reading]:
        """What is read with the cursor at t, gradients of parameters and single losses included. Raises QueryError
        for a time that does not exist."""
        return frozenset(self._slots(self.root, run, t))

    def _slots(self, node: Node, run: Run, t: int) -> set[Reading]:
        found: set[Reading] = set()
        match node:
            case Reference(name, None, gradient):
                found.add(Reading(name, None, gradient))
            case Reference(name, _, gradient):
                found.add(Reading(name, self._shapes(run, t).time(node), gradient))
            case TotalLoss() | Fact("accuracy"):
                found.update(Reading(self.cell.loss, time, False) for time in range(1, run.T + 1))
        times = range(1, run.T + 1) if isinstance(node, Sweep) and node.kind != "all" else (t,)
        for part in parts(node):
            # where the same model has learned, its times are those of the run shown
            found.update(*(self._slots(part, run, time) for time in times))
        return found


def show(value: Found) -> str:
    """A value in prose: `0.1234`, `true`, `[+.12 -.11 +.23 +.16 …]`, a matrix row by row, `pending`."""
    if isinstance(value, Pending):
        return "pending"
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    array = np.asarray(value)
    if array.ndim == 0:
        return number(float(array), minus="−")
    if array.ndim == 1:
        return vector_text(array)
    rows = [vector_text(row) for row in array[:4]]
    return f"[{' '.join([*rows, '…'] if len(array) > 4 else rows)}]"


def parse_query(text: str, cell: Cell, context: Context | None = None) -> Query:
    """Read a query about runs of `cell`, and about what else `context` knows. Raises EquationError with the place in
    the text as typed."""
    root = read_query(text, cell) if context is None else read_beyond(text, cell, context)
    return Query(text, cell, root, context)


def _time_at(run: Run, position: int) -> int:
    return run.schedule.place(position - 1).t if position else 1
