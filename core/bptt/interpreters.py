"""Makes what computes a run's equations on any tape, its edits put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bptt.edited import EditedInterpreter
from bptt.edits import Constants, Edit
from bptt.evaluation import Interpreter
from bptt.model import Model
from bptt.tape import Tape
from bptt.targets import Targets


@dataclass(frozen=True, eq=False)
class Interpreters:
    """Of one run."""

    model: Model
    targets: Targets
    edits: Sequence[Edit]
    T: int

    @cached_property
    def constants(self) -> Constants:
        """What the edits hold."""
        return Constants(self.edits, self.model.cell, self.T)

    def __call__(self, tape: Tape, weight: float, sequence: int | None = None) -> Interpreter:
        """What computes the equations on a tape; `weight`: ∇loss[t]; `sequence`: the only one that is on that tape."""
        targets = self.targets if sequence is None else self.targets.only(sequence)
        constants = self.constants
        if sequence is not None:
            constants = Constants(self.edits, self.model.cell, self.T, sequence)
        if not constants:
            return Interpreter(tape, self.model.parameters, targets, weight)
        return EditedInterpreter(tape, self.model.parameters, targets, weight, constants)
