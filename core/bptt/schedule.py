"""Step index ↔ (phase, time, equation), both ways in constant time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bptt.cell import Cell
from bptt.equation import Equation

Phase = Literal["forward", "backward"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one step of a run stands."""

    index: int
    """Counted from 0."""
    phase: Phase
    t: int
    """The time, from 1 to T."""
    equation: Equation
    """The cell's equation that this step computes."""


class Schedule:
    """Full backpropagation through time: forward through t = 1…T, then backward through t = T…1."""

    def __init__(self, cell: Cell, T: int) -> None:
        self.T = T
        self.forward = cell.equations
        self.backward = cell.backward
        self.turn = T * len(self.forward)
        """The index of the first backward step."""
        self._owner = {name: cell.arguments.get(name, name) for name in cell.definitions}
        self._forward_place = {equation.target: n for n, equation in enumerate(self.forward)}
        self._gradient_place = {e.target: n for n, e in enumerate(self.backward) if e.kind == "gradient"}
        self._parameter_place = {e.target: n for n, e in enumerate(self.backward) if e.kind == "parameter"}

    def __len__(self) -> int:
        return self.turn + self.T * len(self.backward)

    def place(self, index: int) -> Place:
        """The step at `index`; IndexError outside 0…len−1."""
        if not 0 <= index < len(self):
            raise IndexError(f"step {index} does not exist: the run has steps 0…{len(self) - 1}")
        if index < self.turn:
            t, n = divmod(index, len(self.forward))
            return Place(index, "forward", t + 1, self.forward[n])
        t, n = divmod(index - self.turn, len(self.backward))
        return Place(index, "backward", self.T - t, self.backward[n])

    def index(self, phase: Phase, t: int, target: str = "") -> int | None:
        """The step that computes `target` at t: a variable, in the backward phase its gradient, or a parameter
        (there the last of its steps at t); without target the first step of that time. None where there is none."""
        if not 1 <= t <= self.T:
            return None
        if phase == "forward":
            n = self._forward_place.get(self._owner.get(target, target)) if target else 0
            return None if n is None else (t - 1) * len(self.forward) + n
        n = self._gradient_place.get(target, self._parameter_place.get(target)) if target else 0
        return None if n is None else self.turn + (self.T - t) * len(self.backward) + n

    def written(self, name: str, t: int, gradient: bool = False) -> int:
        """The index of the step that fills a variable's slot at t; −1 for what is there from the start: x, y, the
        initial states, and gradients of variables on which the loss does not depend."""
        if gradient and t < 1:
            return len(self) - 1
        index = self.index("backward" if gradient else "forward", t, name)
        return -1 if index is None else index
