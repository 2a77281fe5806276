"""The parameters of a run as they are shared by every timestep: which belong to a step, and how far the sums of their
gradients are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.equation import Equation
from bptt.expressions import Grad, Param, Var, walk
from bptt.run import Run
from rnntui.explain.marks import HIDDEN, PENDING, Mark
from rnntui.frame import Frame
from rnntui.reports.step_text import sum_is_hidden

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Shared:
    """One parameter at one moment."""

    name: str
    values: Array
    """(row, column); a vector is one column."""
    gradient: Array | Mark
    """What is summed of ∇parameter so far, in the same shape, or why there is none to show."""
    summed: int
    """How many timesteps are in that sum."""
    total: int
    """How many there will be."""
    used: bool
    """Whether the current step reads it."""
    adds: bool
    """Whether the current step adds to its gradient."""


def ranked(frame: Frame) -> tuple[str, ...]:
    """The names of all parameters: first those of the current equation, then those that stand in one line of the cell
    with them, then by size. A step without parameters has those of the step before."""
    parameters = frame.run.model.parameters
    current, together = _around(frame)
    return tuple(
        sorted(parameters, key=lambda name: (name not in current, name not in together, -parameters[name].size))
    )


def shared(frame: Frame, name: str) -> Shared:
    """A parameter as it is seen now."""
    run = frame.run
    values = _as_matrix(run.model.parameters[name])
    summed, total = progress(run, name, frame.position)
    gradient: Array | Mark = PENDING
    if sum_is_hidden(frame, name):
        gradient = HIDDEN
    elif summed:
        gradient = _as_matrix(frame.parameter_gradient(name))
    step = frame.current
    adds = step is not None and step.equation.kind == "parameter" and step.target == name
    used = step is not None and name in parameters_in(step.equation)
    return Shared(name, values, gradient, summed, total, used, adds)


def progress(run: Run, name: str, position: int) -> tuple[int, int]:
    """(timesteps that are in the sum of ∇parameter after `position` steps, timesteps that will be)."""
    places = [place for place, line in enumerate(run.schedule.backward) if _adds_to(line, name)]
    times, done = run.schedule.moments(position)
    total, _ = run.schedule.moments(len(run))
    return times + bool(places and places[-1] < done), total


def hidden_shares(frame: Frame, name: str) -> frozenset[int]:
    """The times whose share of ∇parameter reads something that a question hides."""
    nodes = [node for term in frame.run.model.cell.parameter_terms[name] for node in walk(term.expression)]
    return frozenset(
        slot.t + node.lag
        for slot in frame.hidden
        for node in nodes
        if isinstance(node, (Var, Grad)) and (node.name, isinstance(node, Grad)) == (slot.name, slot.gradient)
    )


def done_times(frame: Frame, name: str) -> NDArray[np.bool_]:
    """(T,): the times that have given their share to ∇parameter."""
    run, position = frame.run, frame.position
    if run.schedule.truncated and not run.schedule.overlapping:
        first, end = frame.computed(name, gradient=True)
        within = run.schedule.pass_at(position)
        times = np.arange(1, run.T + 1)
        return np.asarray((times < within.lo) | ((first <= times) & (times < end)))
    if run.schedule.truncated:
        written = run.schedule.written
        return np.array([written(name, t, True, position) < position for t in range(1, run.T + 1)])
    summed, _ = progress(run, name, position)
    return np.arange(run.T) >= run.T - summed


def parameters_in(equation: Equation) -> frozenset[str]:
    """The parameters that a line shows."""
    if equation.kind == "parameter":
        return frozenset((equation.target,))
    expression = equation.expression if equation.expanded is None else equation.expanded
    return frozenset(node.name for node in walk(expression) if isinstance(node, Param))


def _around(frame: Frame) -> tuple[frozenset[str], frozenset[str]]:
    """(the parameters of the current step or of the nearest before it that has some, all that stand in one line of
    the cell with them)."""
    schedule, cell = frame.run.schedule, frame.run.model.cell
    for index in range(frame.position - 1, max(-1, frame.position - 1 - len(schedule.backward)), -1):
        current = parameters_in(schedule.place(index).equation)
        if current:
            return current, _together(cell, current)
    return frozenset(), frozenset()


@lru_cache(256)
def _together(cell: Cell, names: frozenset[str]) -> frozenset[str]:
    lines = (parameters_in(equation) for equation in cell.equations)
    return names.union(*(line for line in lines if line & names))


def _adds_to(equation: Equation, name: str) -> bool:
    return equation.kind == "parameter" and equation.target == name


def _as_matrix(values: Array) -> Array:
    return values if values.ndim == 2 else values.reshape(-1, 1)
