"""What is asked to be done: an equation to be written, a fault to be found, a run to be changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from bptt.edit_text import parse_edits
from bptt.edits import Edit
from bptt.errors import InputError as ModelError
from bptt.faults import FAULTS, first_difference
from bptt.language import EquationError
from bptt.model import Model
from bptt.queries import Query, QueryError, parse_query, show
from bptt.query_nodes import Application, Reference, TotalLoss, walk
from bptt.run import Run
from bptt.scheme import SCREEN
from rnntui.course.answers import AnswerError
from rnntui.course.asked import AGAIN, Judged, Kind, Situation
from rnntui.course.reached import reached
from rnntui.places import PlaceError, parse_place, position_of

_AGREE = 1e-7
_SEEDS = (1, 2)
"""Of the parameters with which an equation is tried, beside the run's own: zeros in those would make many equal."""


@dataclass(frozen=True)
class EquationAsked:
    """A right-hand side, judged by its values at every time, with other parameters too."""

    query: Query
    """What it is of: a variable or its gradient at t."""
    target: Reference
    answer: str
    kind: ClassVar[Kind] = "equation"
    form: ClassVar[str] = "the right-hand side, like M.T @ v[t] + u[t]"

    def choices(self, situation: Situation) -> tuple[str, ...]:
        """None."""
        return ()

    def judge(self, text: str, situation: Situation) -> Judged:
        """Judge a right-hand side. Raises AnswerError for what is none."""
        if not text.strip():
            raise AnswerError(f"write {self.form}")
        typed = text.partition("=")[2] if self._has_left_side(text) else text
        try:
            query = parse_query(typed, self.query.cell, self.query.context)
        except EquationError as error:
            raise AnswerError(f"{error.reason}") from None
        self._check(query)
        for run in self._runs(situation.run):
            wrong = self._differs(query, run)
            if wrong:
                return Judged(
                    False, wrong if run is situation.run else f"{AGAIN} With other weights it differs.", False
                )
        return Judged(True, "yes: the same numbers at every t.")

    def _has_left_side(self, text: str) -> bool:
        left, equals, right = text.partition("=")
        return bool(equals) and not right.startswith("=") and left.rstrip()[-1:] not in "<>!"

    def _check(self, query: Query) -> None:
        if query.is_condition:
            raise AnswerError("this is true or false: write what the number is computed from")
        for node in walk(query.root):
            match node:
                case Reference(name, time, gradient) if (name, gradient) == (self.target.name, self.target.gradient):
                    if time == self.target.time:
                        raise AnswerError(f"{self.query.text} itself cannot stand on its own right-hand side")
                case Reference(gradient=True) if not self.target.gradient:
                    raise AnswerError("no gradient is read on the way forward")
                case TotalLoss() | Application("numeric" | "total"):
                    raise AnswerError("write it from variables at a time, and parameters")

    @staticmethod
    def _runs(run: Run) -> Iterator[Run]:
        yield run
        model = run.model
        for seed in _SEEDS:
            drawn = Model.create(
                model.cell, model.inputs, model.hidden, model.outputs, seed, init={"default": {"normal": 0.7}}
            )
            random = np.random.default_rng(seed)
            filled = {n: a if a.ndim == 2 else random.normal(0, 0.7, a.shape) for n, a in drawn.parameters.items()}
            yield Run(model.replaced(filled), run.x, run.y)

    def _differs(self, query: Query, run: Run) -> str:
        """Where the values differ, in a line; empty where they agree."""
        known = 0
        for t in range(1, run.T + 1):
            right = np.asarray(self.query.value(run, t))
            try:
                found = np.asarray(query.value(run, t))
            except QueryError as error:
                if t in (1, run.T):  # the neighbour that is read does not exist there
                    continue
                return f"{AGAIN} {error}"
            known += 1
            if found.shape != right.shape:
                return f"{AGAIN} The shapes differ: {found.shape or 'a number'}, not {right.shape or 'a number'}."
            if not np.allclose(found, right, rtol=_AGREE, atol=_AGREE, equal_nan=True):
                return f"{AGAIN} At t = {t} yours gives {show(found)}, not {show(right)}."
        return "" if known else f"{AGAIN} It can be computed at no t."

    def told(self, situation: Situation) -> str:
        """The equation."""
        return f"{self.query.text} = {self.answer}"

    def typed(self, situation: Situation) -> str:
        """The right-hand side."""
        return self.answer


@dataclass(frozen=True)
class BugAsked:
    """The first line of a run that is wrong."""

    fault: str
    wrong: Run
    true: Run
    kind: ClassVar[Kind] = "bug"
    form: ClassVar[str] = ""

    @cached_property
    def first(self) -> int:
        """The index of the first step whose value differs from the true run's; −1 where none does."""
        found = first_difference(self.wrong, self.true)
        return -1 if found is None else found

    def choices(self, situation: Situation) -> tuple[str, ...]:
        """None."""
        return ()

    def judge(self, text: str, situation: Situation) -> Judged:
        """Judge `here`, the line at the cursor, or a place. Raises AnswerError for anything else."""
        position = self._position(text.strip(), situation)
        if position == 0:
            raise AnswerError("nothing is computed here: step to the line that you mean")
        index = position - 1
        step = self.wrong.at(index)
        name = f"∇{step.target}" if step.phase == "backward" else step.target
        if index == self.first:
            return Judged(True, f"yes: {name} at t = {step.t} is the first wrong line; {FAULTS[self.fault].about}.")
        if index < self.first:
            return Judged(False, f"not this time: {name} at t = {step.t} is right, and so is all before it.", False)
        if self._same(index):
            return Judged(False, f"not this time: {name} at t = {step.t} has the right value.", False)
        return Judged(False, f"not this time: {name} at t = {step.t} is wrong, and something before it was.", False)

    def _same(self, index: int) -> bool:
        return np.allclose(self.wrong.at(index).value, self.true.at(index).value, rtol=1e-9, atol=0, equal_nan=True)

    def _position(self, text: str, situation: Situation) -> int:
        if text == "here":
            return situation.position
        if not text.startswith(("∇", "grad(", "backward", "here ")):
            raise AnswerError("step to the first wrong line and say here, or name it: ∇h t=3")
        try:
            return position_of(self.wrong, parse_place(text.removeprefix("here ")), situation.position)
        except PlaceError as error:
            raise AnswerError(str(error)) from None

    def truth(self, position: int) -> str:
        """What the true run has where so many steps are done; empty before the first."""
        if position == 0:
            return ""
        step = self.true.at(position - 1)
        value = np.asarray(step.value)
        one = value if step.equation.kind == "parameter" else value[0]
        name = f"∇{step.target}" if step.phase == "backward" else step.target
        return f"true: {name} at t = {step.t} is {show(one)}"

    def told(self, situation: Situation) -> str:
        """The line, its time, and what is wrong."""
        step, right = self.wrong.at(self.first), self.true.at(self.first)
        return f"{step.equation} at t = {step.t}, for {right.equation}: {FAULTS[self.fault].about}"

    def typed(self, situation: Situation) -> str:
        """Its place."""
        step = self.wrong.at(self.first)
        return f"∇{step.target} t={step.t}"


def _changed(edit: Edit, run: Run) -> int:
    """How many numbers of a parameter an edit changes; 0 where it is of a variable."""
    parameter = run.model.parameters.get(edit.name)
    return 0 if parameter is None else int(np.prod(parameter.shape[len(edit.index) :]))


@dataclass(frozen=True)
class TrialAsked:
    """Something to be changed until a goal is met."""

    allow: tuple[str, ...]
    goal: Query
    solution: tuple[str, ...]
    example: str
    """An edit as it is written, without its number."""
    kind: ClassVar[Kind] = "try"

    def choices(self, situation: Situation) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def form(self) -> str:
        """The form of an edit of the first thing that may be changed."""
        return f"an edit like {self.example}, or undo"

    def read(self, text: str, run: Run, classes: Sequence[str] = ()) -> tuple[Edit, ...]:
        """The edits that are typed; `classes`: what units of inputs and outputs are called. Raises AnswerError for what
        is none, and for what may not be changed."""
        typed = text.strip().removeprefix("set ")
        if not typed:
            raise AnswerError(f"write {self.form}")
        try:
            edits = parse_edits(typed, run.model.cell, run.T, classes)
        except ModelError as error:
            raise AnswerError(error.reason) from None
        refused = next(filter(None, (self._refused(edit, run) for edit in edits)), "")
        if refused:
            raise AnswerError(refused)
        return edits

    def _refused(self, edit: Edit, run: Run) -> str:
        """Why an edit is not one that is asked for; empty where it is."""
        if edit.name not in self.allow:
            return (
                f"{SCREEN.called(edit.name)} may not be changed here: only {', '.join(map(SCREEN.called, self.allow))}"
            )
        count = _changed(edit, run)
        solution = (made for text in self.solution for made in parse_edits(text, run.model.cell, run.T))
        if 1 < count > sum(_changed(made, run) for made in solution):
            return f"{edit} would change {count} numbers at once: write which one, like {self.example}"
        return ""

    def judge(self, text: str, situation: Situation) -> Judged:
        """Judge what the edits have made of the run; the text is not looked at."""
        refused = next(filter(None, (self._refused(edit, situation.run) for edit in situation.edits)), "")
        if refused:
            return Judged(False, f"{refused}. Undo it.", settled=False)
        try:
            met, found = reached(self.goal, situation.run, situation.t)
        except QueryError as error:
            return Judged(False, f"not yet: {error}", settled=False)
        return Judged(True, f"yes: {found}") if met else Judged(False, f"not yet: {found}", settled=False)

    def told(self, situation: Situation) -> str:
        """The edits of the solution, spelled as the screen spells its names."""
        return "for example " + ", ".join(
            re.sub(r"^\w+", lambda name: SCREEN.called(name[0]), text) for text in self.solution
        )

    def typed(self, situation: Situation) -> str:
        """The first edit of the solution."""
        return self.solution[0]
