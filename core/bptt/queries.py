"""Queries: the equation language with absolute times, components, gradients and comparisons, asked of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bptt.cell import Cell
from bptt.numerals import number, vector_text
from bptt.query_nodes import Component, Node, Reference, TotalLoss, is_condition, walk
from bptt.query_reader import read_query
from bptt.query_values import PENDING, Evaluation, Found, Pending, QueryError, ShapeCheck, Value
from bptt.run import Run

__all__ = ["PENDING", "Pending", "Query", "QueryError", "Reading", "parse_query", "show"]


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
        while isinstance(node, Component):
            node = node.part
        return node if isinstance(node, Reference) else None

    def value(self, run: Run, t: int, sequence: int = 0) -> Value:
        """The answer of the finished run, with the cursor at time t: a number, a truth value, a vector (unit,) or a
        matrix. A variable is that of one sequence of the batch; losses and parameters' gradients are the whole
        batch's. Raises QueryError."""
        run.fill(len(run))
        found = Evaluation(run, t, sequence).value(self.root)
        assert not isinstance(found, Pending)  # nothing is, in a finished run
        return found

    def value_at(self, run: Run, position: int, sequence: int = 0) -> Found:
        """The answer as it stands after `position` steps: ∇W is the sum so far; PENDING where the cursor has not
        reached what is asked for, which makes a condition false. Raises QueryError."""
        run.fill(position)
        found = Evaluation(run, _time_at(run, position), sequence, position).value(self.root)
        return False if isinstance(found, Pending) and self.is_condition else found

    def check(self, run: Run, t: int) -> None:
        """Raise QueryError for a time, component or shape that does not exist in `run`; computes nothing of it."""
        ShapeCheck(run, t).value(self.root)

    def slots(self, run: Run, t: int) -> frozenset[Reading]:
        """What is read with the cursor at t, gradients of parameters and single losses included. Raises QueryError
        for a time that does not exist."""
        evaluation = ShapeCheck(run, t)
        found: set[Reading] = set()
        for node in walk(self.root):
            match node:
                case Reference(name, None, gradient):
                    found.add(Reading(name, None, gradient))
                case Reference(name, _, gradient):
                    found.add(Reading(name, evaluation.time(node), gradient))
                case TotalLoss():
                    found.update(Reading(self.cell.loss, time, False) for time in range(1, run.T + 1))
        return frozenset(found)


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


def parse_query(text: str, cell: Cell) -> Query:
    """Read a query about runs of `cell`. Raises EquationError with the place in the text as typed."""
    return Query(text, cell, read_query(text, cell))


def _time_at(run: Run, position: int) -> int:
    return run.schedule.place(position - 1).t if position else 1
