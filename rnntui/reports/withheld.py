"""What a blank sheet must not print: the equations and the numbers that its questions ask for, wherever they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bptt.cell import Cell
from bptt.equation import Equation
from bptt.expressions import Grad, Param, Var, walk
from bptt.queries import Query, Reading
from rnntui.course.asked import NumberAsked, SignAsked
from rnntui.course.exercises import EquationAsked
from rnntui.course.prose import HIDDEN, Prose
from rnntui.course.script import Script, Stop
from rnntui.frame import Frame, Slot
from rnntui.reports.step_text import place_line, step_lines, step_value, value_lines


@dataclass(frozen=True)
class Withheld:
    """Of one lesson; what no question asks for is printed as elsewhere."""

    stops: tuple[Stop, ...] = ()
    """Those whose answers are not to be told; none in a worked solution."""

    @classmethod
    def of(cls, script: Script) -> Withheld:
        """What the questions of a lesson ask for."""
        return cls(tuple(stop for stop in script.stops if stop.question is not None))

    def readings(self, stop: Stop) -> frozenset[Reading]:
        """What any question about the run of a stop hides, not only its own."""
        found = [
            other.question.hidden
            for other in self.stops
            if other.question is not None and other.shown.configuration is stop.shown.configuration
        ]
        return frozenset[Reading]().union(*found)

    def slots(self, stop: Stop) -> frozenset[Slot]:
        """The same, as a session hides it."""
        return frozenset(Slot(name, t, gradient) for name, t, gradient in self.readings(stop) if t is not None)

    def fill(self, prose: Prose, stop: Stop) -> str:
        """A text of a stop, ??? for what is hidden anywhere and for any number that is asked for."""
        numbers = {(query.root, other.t) for other in self.stops for query in _asked(other)}
        text = prose.pieces[0]
        for query, piece in zip(prose.queries, prose.pieces[1:], strict=True):
            one = Prose(("", ""), (query,)).at(stop.shown.true, stop.t, self.readings(stop))
            text += (HIDDEN if (query.root, stop.t) in numbers else one) + piece
        return text

    def tells(self, cell: Cell, equation: Equation) -> bool:
        """Whether an equation is one that is asked for, or one that is read off it: the argument of its function, and
        what the gradient is that flows through it."""
        forward, gradients = self._targets(cell)
        if equation.kind == "forward":
            return equation.target in forward
        consumers = {term.consumer for term in equation.terms}
        if consumers & forward or (equation.kind == "gradient" and equation.target in gradients):
            return True
        return bool(consumers & gradients) and equation.text != equation.stepped

    def _targets(self, cell: Cell) -> tuple[frozenset[str], frozenset[str]]:
        """Variables of which equations are asked, and those of which gradients; with what each is written through."""
        found: tuple[set[str], set[str]] = set(), set()
        for stop in self.stops:
            if stop.question is not None and isinstance(stop.question.asked, EquationAsked):
                target = stop.question.asked.target
                through = _inlined(cell, target.name) if target.gradient else _argument(cell, target.name)
                found[target.gradient].update({target.name}, through)
        return frozenset(found[0]), frozenset(found[1])

    def written(self, cell: Cell, equations: Sequence[Equation]) -> tuple[str, ...]:
        """Equations as lines, … for the right-hand side of one that is not to be told."""
        return tuple(f"{str(e).partition(' ')[0]} = …" if self.tells(cell, e) else str(e) for e in equations)

    def told(self, cell: Cell, equations: Sequence[Equation]) -> tuple[Equation, ...]:
        """Those of the equations that may be told."""
        return tuple(equation for equation in equations if not self.tells(cell, equation))

    def lines(self, frame: Frame) -> tuple[str, ...]:
        """The step at a frame's cursor; its place and value alone where its equation is not to be told."""
        step = frame.current
        if step is None or not self.tells(frame.run.model.cell, step.equation):
            return tuple(step_lines(frame))
        gradient = "∇" * (step.phase == "backward")
        time = f"[{step.t}]" * (step.equation.kind != "parameter")
        values = value_lines(f"{gradient}{step.target}{time} =", step_value(frame, step))
        return place_line(frame), *(f"  {line}" for line in values)


def _asked(stop: Stop) -> list[Query]:
    """The number that a stop asks for, or asks the sign of."""
    asked = stop.question.asked if stop.question is not None else None
    return [asked.query] if isinstance(asked, NumberAsked | SignAsked) else []


def _argument(cell: Cell, name: str) -> set[str]:
    """What the equation of a variable is a function of, where that is one variable alone; and the variable in whose
    equation a named argument stands."""
    nodes = list(walk(cell.definitions[name])) if name in cell.definitions else []
    read = {node.name for node in nodes if isinstance(node, Var)}
    alone = len(read) == 1 and not any(isinstance(node, Param) for node in nodes)
    return (read if alone else set()) | {cell.arguments.get(name, name)}


def _inlined(cell: Cell, name: str) -> set[str]:
    """Variables whose gradients stand written out in the line of another's."""
    lines = [equation for equation in cell.backward if equation.kind == "gradient" and equation.target == name]
    return {
        node.name
        for line in lines
        if line.expanded is not None
        for node in walk(line.expression)
        if isinstance(node, Grad) and Grad(node.name, node.lag) not in set(walk(line.expanded))
    }
