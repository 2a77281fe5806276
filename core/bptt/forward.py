"""The forward equations of a run, as what writes them on a tape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.evaluation import Evaluator, Interpreter
from bptt.tape import Tape

Array = NDArray[np.floating]


class Forward:
    """Writes an equation's named arguments and then itself."""

    def __init__(self, cell: Cell, tape: Tape, interpreter: Interpreter) -> None:
        self._parts: dict[str, list[tuple[Array, int, Evaluator]]] = {e.target: [] for e in cell.equations}
        for name, definition in cell.definitions.items():
            slots, row = tape.values[name], tape.before[name] - 1
            owner = cell.arguments.get(name, name)
            self._parts[owner].append((slots, row, interpreter.definition(name, definition)))

    def compute(self, target: str, t: int) -> None:
        """Write the equation of `target` at time t; whatever it reads is there."""
        for slots, row, evaluate in self._parts[target]:
            slots[t + row] = evaluate(t)

    def through(self, lo: int, hi: int) -> None:
        """Write every equation at times lo…hi."""
        for t in range(lo, hi + 1):
            for target in self._parts:
                self.compute(target, t)
