"""What a query may ask beyond one run: other runs, the same model trained, all times at once, recorded results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.expressions import Var, walk
from bptt.norms import spectral_radius
from bptt.query_derivatives import numeric
from bptt.query_nodes import (
    Application,
    Constant,
    Elsewhere,
    Fact,
    Node,
    Recorded,
    Reference,
    Series,
    Sweep,
    Transposed,
    Wiring,
)
from bptt.query_values import PENDING, Evaluation, Found, Pending, QueryError, ShapeCheck
from bptt.run import Run

Array = NDArray[np.floating]

FUNCTIONS: Mapping[str, int] = {
    "first": 2,
    "last": 2,
    "first_below": 2,
    "first_above": 2,
    "angle": 2,
    "spectral_radius": 1,
    "spectral_norm": 1,
}
"""Function that only these queries have → how many arguments it takes."""
FACTS = ("accuracy", "parameters", "operations", "memory", "seconds")


class Context(Protocol):
    """A configuration among others: its model, how it is trained, and the others by name."""

    @property
    def cell(self) -> Cell:
        """Of its model."""

    @property
    def run(self) -> Run:
        """The one that is shown of it: what a bare name reads."""

    @property
    def cases(self) -> Mapping[str, Context]:
        """The others, by name."""

    @property
    def iterations(self) -> int:
        """Of its training; 0 where it has none."""

    def after(self, iterations: int) -> Run:
        """The run of its model after so many training iterations, −1 for all of them. Raises QueryError."""

    def series(self, name: str, gradient: bool, t: int | None) -> Array:
        """(iterations,): a number of every iteration. Raises QueryError where there is none of this name."""

    def recorded(self, path: tuple[str | int, ...]) -> float | Array:
        """A number or a list of them in a file of recorded results. Raises QueryError where there is none."""

    def fact(self, name: str, run: Run) -> float:
        """One of FACTS about a run of its model. Raises QueryError where it has no such number."""


class _Beyond(Evaluation):
    """Values of the nodes that look beyond one run; the others are those of the class beside it."""

    context: Context

    def value(self, node: Node) -> Found:
        """The value; PENDING where it needs what the cursor has not reached. Raises QueryError."""
        match node:
            case Transposed(part, text):
                return self._transposed(self.value(part), text)
            case Sweep(kind, part):
                return self._swept(kind, part, node.text)
            case Elsewhere():
                return self._elsewhere(node)
            case Series(name, gradient, time):
                return self._series(name, gradient, None if time is None else time.at(self.t, self.run.T))
            case Recorded(path):
                return self.context.recorded(path)
            case Fact(name):
                return self._fact(name)
            case Wiring(kind, part):
                return float(self._step(part) if kind == "step" else self._reads(part))
            case Application("numeric_forward", (Reference() as asked, _)):
                return self._differences(node, asked)
            case Application(function) if function in FUNCTIONS:
                return self._function(node)
        return super().value(node)

    def at(self, t: int, sequence: int) -> _Beyond:
        """The same evaluation at another time or for another sequence."""
        raise NotImplementedError

    @staticmethod
    def _transposed(found: Found, text: str) -> Found:
        if isinstance(found, Pending):
            return PENDING
        if np.ndim(found) != 2:
            raise QueryError(f"{text}: only a matrix can be transposed")
        return np.asarray(found).T

    def _swept(self, kind: str, part: Node, text: str) -> Found:
        if kind == "all":
            found = [self.at(self.t, sequence).value(part) for sequence in range(self.run.B)]
        else:
            found = [self.at(t, self.sequence).value(part) for t in range(1, self.run.T + 1)]
        if any(isinstance(value, Pending) for value in found):
            return PENDING
        rows = np.array(found, dtype=float)
        if kind == "over" and rows.ndim != 1:
            raise QueryError(f"{text}: over takes a single number at each time: take one component, or a norm")
        return float(rows.mean()) if kind == "share" else rows

    def _elsewhere(self, node: Elsewhere) -> Found:
        raise NotImplementedError

    def _series(self, name: str, gradient: bool, t: int | None) -> Found:
        return self.context.series(name, gradient, t)

    def _fact(self, name: str) -> Found:
        if self.position is not None and self.position < len(self.run):
            return PENDING
        return self.context.fact(name, self.run)

    def _step(self, part: Reference) -> int:
        """The number of the step that computes a variable or gradient, from 1; 0 for what is there from the start."""
        return self.run.schedule.written(part.name, self.time(part), part.gradient) + 1

    def _reads(self, part: Reference) -> int:
        """At how many places of the equations, at all times of the run, a variable is read."""
        t = self.time(part)
        nodes = (node for equation in self.cell.equations for node in walk(equation.expression))
        return sum(isinstance(n, Var) and n.name == part.name and 1 <= t + n.lag <= self.run.T for n in nodes)

    def _differences(self, node: Application, asked: Reference) -> Found:
        """∂loss/∂parameter by forward differences over a step that the query gives."""
        step = self.value(node.arguments[1])
        assert not isinstance(step, Pending)  # a constant, by the reader
        return numeric(self.run, asked.name, float(step), node.text, forward=True)

    def _function(self, node: Application) -> Found:
        values = [self.value(argument) for argument in node.arguments]
        arrays = [np.asarray(value, dtype=float) for value in values if not isinstance(value, Pending)]
        if len(arrays) < len(values):
            return PENDING
        first = arrays[0]
        if node.function in ("spectral_radius", "spectral_norm"):
            return _spectral(node.function, first, node.text)
        if node.function == "angle":
            return _angle(first, arrays[1], node.text)
        if first.ndim != 1 or arrays[1].ndim:
            raise QueryError(f"{node.text}: {node.function} takes a series, like record(loss), and a number")
        bound = float(arrays[1])
        if node.function in ("first", "last"):
            if not bound.is_integer() or not 1 <= bound <= len(first):
                raise QueryError(f"{node.text}: there are 1…{len(first)} of them, not {bound:g}")
            count = int(bound)
            return first[:count] if node.function == "first" else first[-count:]
        met = first < bound if node.function == "first_below" else first > bound
        return float(met.argmax() + 1) if met.any() else -1.0


class ContextEvaluation(_Beyond):
    """Works out nodes on the runs of one context."""

    def __init__(self, context: Context, run: Run, t: int, sequence: int = 0, position: int | None = None) -> None:
        super().__init__(run, t, sequence, position)
        self.context = context

    def at(self, t: int, sequence: int) -> ContextEvaluation:
        """The same evaluation at another time or for another sequence."""
        return ContextEvaluation(self.context, self.run, t, sequence, self.position)

    def _elsewhere(self, node: Elsewhere) -> Found:
        there = self.context.cases[node.case] if node.case else self.context
        run = there.run if node.iterations is None else there.after(node.iterations)
        run.fill(len(run))
        return ContextEvaluation(there, run, self.t, self.sequence).value(node.part)

    def _finished(self) -> ContextEvaluation:
        self.run.fill(len(self.run))
        return ContextEvaluation(self.context, self.run, self.t, self.sequence)


class ContextShapes(_Beyond, ShapeCheck):
    """Finds what does not fit, and trains and computes nothing."""

    def __init__(self, context: Context, run: Run, t: int, sequence: int = 0) -> None:
        super().__init__(run, t, sequence)
        self.context = context

    def at(self, t: int, sequence: int) -> ContextShapes:
        """The same evaluation at another time or for another sequence."""
        return ContextShapes(self.context, self.run, t, sequence)

    def _elsewhere(self, node: Elsewhere) -> Found:
        there = self.context.cases[node.case] if node.case else self.context
        return ContextShapes(there, there.after(0), self.t, self.sequence).value(node.part)

    def _series(self, name: str, gradient: bool, t: int | None) -> Found:
        if t is not None and not 1 <= t <= self.run.T:
            raise QueryError(f"∇{name}[{t}] does not exist: this run has {name}[1] … {name}[{self.run.T}]")
        return np.zeros(self.context.iterations)

    def _fact(self, name: str) -> Found:
        return 1.0

    def _differences(self, node: Application, asked: Reference) -> Found:
        if not isinstance(node.arguments[1], Constant) or not node.arguments[1].value > 0:
            raise QueryError(f"{node.text}: the step is a number above 0, like 1e-5")
        return self._numeric(asked, node.arguments[1].value, node.text)

    def _finished(self) -> ContextShapes:
        return self


def _spectral(function: str, matrix: Array, text: str) -> float:
    if matrix.ndim != 2 or (function == "spectral_radius" and matrix.shape[0] != matrix.shape[1]):
        raise QueryError(f"{text}: {function} takes a {'square ' if function == 'spectral_radius' else ''}matrix")
    if function == "spectral_radius":
        return spectral_radius(matrix)
    return float(np.linalg.norm(matrix, 2)) if np.isfinite(matrix).all() else float("nan")


def _angle(a: Array, b: Array, text: str) -> float:
    """In degrees, by Kahan's formula, which is exact for small angles too; NaN where one of the two is 0."""
    if a.shape != b.shape:
        raise QueryError(f"{text}: the two have different shapes, {a.shape} and {b.shape}")
    with np.errstate(all="ignore"):
        a, b = a / np.sqrt((a * a).sum()), b / np.sqrt((b * b).sum())
        return float(np.degrees(2 * np.arctan2(np.sqrt(((a - b) ** 2).sum()), np.sqrt(((a + b) ** 2).sum()))))
