"""The value of a query's nodes on a run: when it is finished, as it stands at the cursor, or its shape alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bptt.expressions import Grad, walk
from bptt.gradcheck import STEP
from bptt.gradients import exists, makes_loss
from bptt.query_arithmetic import (
    PENDING,
    Found,
    Pending,
    QueryError,
    Value,
    applied,
    comparison,
    component,
    logic,
    operation,
)
from bptt.query_derivatives import check_work, numeric, single_loss
from bptt.query_nodes import (
    Application,
    Clock,
    Comparison,
    Component,
    Constant,
    Logic,
    Node,
    Operation,
    Reference,
    Target,
    Time,
    TotalLoss,
)
from bptt.run import Run

__all__ = ["PENDING", "Evaluation", "Found", "Pending", "QueryError", "ShapeCheck", "Value", "numeric", "single_loss"]

Array = NDArray[np.floating]


class Evaluation:
    """Works out nodes on one run for one sequence of its batch."""

    def __init__(self, run: Run, t: int, sequence: int = 0, position: int | None = None) -> None:
        """`t`: the cursor's time; `position`: how many steps lie behind it, None for the finished run."""
        self.run = run
        self.cell = run.model.cell
        self.t = t
        self.sequence = sequence
        self.position = position

    def value(self, node: Node) -> Found:
        """The value; PENDING where it needs what the cursor has not reached. Raises QueryError."""
        match node:
            case Constant(number):
                return number
            case Clock(name):
                return float(self.t if name == "t" else self.run.T)
            case TotalLoss():
                return self._loss()
            case Target(time):
                return self._target(self._time(time, "y", 1))
            case Reference():
                return self._reference(node)
            case Component(part, index, text):
                return component(self.value(part), self.value(index), text)
            case Operation():
                return operation(node, [self.value(operand) for operand in node.operands])
            case Application():
                return self._application(node)
            case Comparison():
                return comparison(node, [self.value(operand) for operand in node.operands])
            case Logic(operator, operands):
                return logic(operator, [self.value(operand) for operand in operands])
        raise QueryError("this can be asked only in a lesson")

    def time(self, node: Reference) -> int:
        """The time of a variable. Raises QueryError where the run does not keep it."""
        assert node.time is not None  # only a parameter has none
        return self._time(node.time, node.name, 1 - self.run.tape.before[node.name], node.gradient)

    def _time(self, time: Time, name: str, first: int, gradient: bool = False) -> int:
        t = time.at(self.t, self.run.T)
        if not first <= t <= self.run.T:
            shown = f"∇{name}[{t}]" if gradient else f"{name}[{t}]"
            raise QueryError(f"{shown} does not exist: this run has {name}[{first}] … {name}[{self.run.T}]")
        return t

    # -- what is read; the shape check replaces these

    def _reached(self, index: int) -> bool:
        return self.position is None or index < self.position

    def _loss(self) -> Found:
        if not self._reached(self.run.schedule.known - 1):
            return PENDING
        return self.run.loss

    def _target(self, t: int) -> Found:
        found = self.run.y[t - 1][self.sequence]
        return np.array(found, dtype=float) if np.ndim(found) else float(found)

    def _reference(self, node: Reference) -> Found:
        if node.time is None:
            return self._parameter(node)
        t = self.time(node)
        at = None if node.of is None else self._time(node.of, self.cell.loss, 1)
        if node.gradient and node.name == "x" and at is None:
            return self._input_gradient(t)
        if not self._reached(self._written(node, t)):
            return PENDING
        if at is not None:
            rows = single_loss(self.run, at).gradient(node.name, t)
        else:
            rows = self.run.read(node.name, t, node.gradient, self.position)
        if self.cell.dims.get(node.name) != "scalar":
            return np.array(rows[self.sequence])
        whole = node.name == self.cell.loss and not node.gradient
        return float(rows.sum() if whole else rows[self.sequence, 0])

    def _written(self, node: Reference, t: int) -> int:
        if node.name == "x" and node.gradient:
            return len(self.run) - 1
        return self.run.schedule.written(node.name, t, node.gradient, self.position)

    def _parameter(self, node: Reference) -> Found:
        if not node.gradient:
            return self.run.model.parameters[node.name]
        if self.position is not None and not self._reached(self._first_share(node.name)):
            return PENDING
        if node.of is not None:
            return single_loss(self.run, self._time(node.of, self.cell.loss, 1)).parameter(node.name)
        return self.run.sum_so_far(node.name, len(self.run) if self.position is None else self.position)

    def _first_share(self, parameter: str) -> int:
        """The index of the first step that adds to a parameter's gradient."""
        schedule = self.run.schedule
        places = (n for n, e in enumerate(schedule.backward) if e.kind == "parameter" and e.target == parameter)
        return schedule.turn + next(places, 0)

    def _input_gradient(self, t: int) -> Found:
        """∇x[t], which no step computes."""
        schedule, position = self.run.schedule, self.position
        within = schedule.pass_covering(t, position)
        for term in self.cell.terms["x"]:
            if exists(term.lag, makes_loss(term), t, within):
                for node in walk(term.expression):
                    if isinstance(node, Grad):
                        written = schedule.written(node.name, t - node.lag, True, position)
                        if not self._reached(written):
                            return PENDING
        return np.array(self.run.input_gradient(t, position)[self.sequence])

    def _numeric(self, node: Node, step: float, text: str) -> Found:
        assert isinstance(node, Reference)  # the reader lets nothing else through
        return numeric(self.run, node.name, step, text)

    # -- what is made of it

    def _application(self, node: Application) -> Found:
        function, text = node.function, node.text
        if function == "total":
            return self._finished().value(node.arguments[0])
        if function == "numeric":
            step = next((part.value for part in node.arguments if isinstance(part, Constant)), STEP)
            return self._numeric(node.arguments[0], step, text)
        values = [self.value(argument) for argument in node.arguments]
        if any(isinstance(value, Pending) for value in values):
            return PENDING
        arrays = [np.asarray(value, dtype=float) for value in values]
        with np.errstate(all="ignore"):
            return applied(function, arrays, self.run.model.outputs, text)

    def _finished(self) -> Evaluation:
        self.run.fill(len(self.run))
        return Evaluation(self.run, self.t, self.sequence)


class ShapeCheck(Evaluation):
    """Evaluates on zeros of the right shape: finds times, components and shapes that do not fit, and computes
    nothing of the run."""

    def _loss(self) -> Found:
        return 0.0

    def _reference(self, node: Reference) -> Found:
        if node.of is not None:
            self._time(node.of, self.cell.loss, 1)
        if node.time is None:
            return np.zeros_like(self.run.model.parameters[node.name])
        self.time(node)
        if self.cell.dims.get(node.name) == "scalar":
            return 0.0
        return np.zeros(self.run.read(node.name, 1).shape[-1])

    def _numeric(self, node: Node, step: float, text: str) -> Found:
        assert isinstance(node, Reference)  # the reader lets nothing else through
        check_work(self.run, node.name, text)
        return np.zeros_like(self.run.model.parameters[node.name])

    def _finished(self) -> Evaluation:
        return self
