"""The equations of an edited run: a variable v whose components are edited is v° as its equation made it, then v.

∇v° is ∇v with 0 at the edited components; it, and slopes at v°, go back to what the equation reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.edits import Constants
from bptt.equation import Equation, Term
from bptt.evaluation import Evaluator, Interpreter
from bptt.expressions import Expression, Grad, LossSlope, Var, multiply, rewrite
from bptt.lines import Lines, timed
from bptt.passes import Pass
from bptt.tape import Tape
from bptt.targets import Targets

Array = NDArray[np.floating]
MADE = "°"
"""The sign of a variable as its equation made it; no author's name has it."""


def made(name: str) -> str:
    """What a variable is called as its equation made it, before it was edited."""
    return f"{name}{MADE}"


def passed(term: Term) -> Term:
    """A term of a gradient, sent by v° and not by v."""
    name, later = term.consumer, -term.lag

    def change(node: Expression) -> Expression:
        match node:
            case Grad(of, lag) if of == name and lag == later:
                return Grad(made(name), later)
            case Var(of, lag) if of == name and lag == later:
                return Var(made(name), later)  # its own output: no equation reads its target at the present
            case LossSlope(weighted=True):
                return multiply(rewrite(replace(node, weighted=False), change), Grad(made(name), later))
        return rewrite(node, change)

    return replace(term, expression=change(term.expression))


class EditedInterpreter(Interpreter):
    """Computes with constants in place of the edited components."""

    def __init__(
        self, tape: Tape, parameters: Mapping[str, Array], targets: Targets, weight: float, constants: Constants
    ) -> None:
        """Gives the tape slots for v° of each edited v, where it has none."""
        self._constants = constants
        for name in constants:
            tape.add(made(name), name)
        super().__init__(tape, parameters, targets, weight)

    def definition(self, name: str, expression: Expression) -> Evaluator:
        evaluate = super().definition(name, expression)
        if name not in self._constants:
            return evaluate
        constants, slots, row = self._constants, self._tape.values[made(name)], self._tape.before[name] - 1

        def edited(t: int) -> Any:
            slots[t + row] = evaluate(t)
            return constants.made(name, t, slots[t + row])

        return edited

    def pass_over(self, lo: int, hi: int) -> None:
        """Note that no edit holds at times lo…hi, whose values are there: v° is v."""
        for name in self._constants:
            rows = slice(lo + self._tape.before[name] - 1, hi + self._tape.before[name])
            self._tape.values[made(name)][rows] = self._tape.values[name][rows]

    def term(self, term: Term) -> Evaluator:
        return super().term(passed(term) if term.consumer in self._constants else term)

    def _build(self, expression: Expression) -> Evaluator:
        match expression:
            case Grad(name, lag) if name.endswith(MADE):
                return self._passed(name.removesuffix(MADE), lag)
        return super()._build(expression)

    def _passed(self, name: str, lag: int) -> Evaluator:
        """∇v° at t − lag, written into its slot whenever it is read: ∇v may have changed since."""
        constants, offset = self._constants, self._tape.before[name] - 1 - lag
        source, slots = self._tape.gradients[name], self._tape.gradients[made(name)]

        def sent(t: int) -> Any:
            slots[t + offset] = constants.passed(name, t - lag, source[t + offset])
            return slots[t + offset]

        return sent


class EditedLines(Lines):
    """The lines of an edited run: where v is edited, its terms are those of v°."""

    def __init__(self, cell: Cell, constants: Constants) -> None:
        super().__init__(cell)
        self._constants = constants

    def at(self, equation: Equation, t: int, within: Pass) -> tuple[Equation, tuple[str, ...]]:
        line, reads = super().at(equation, t, within)
        edited = [term for term in line.terms if self._constants.at(term.consumer, t + term.lag)]
        if not edited:
            return line, reads
        terms = tuple(passed(term) if term in edited else term for term in line.terms)
        line = self._cell.shortened(line, terms, t >= within.losses_from)
        return line, tuple(timed(read, t) for read in line.reads)
