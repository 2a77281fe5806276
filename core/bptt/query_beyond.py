"""The reader of queries that may look beyond one run: other runs by name, trainings, all times, recorded results."""

from __future__ import annotations

import ast

from bptt.cell import Cell
from bptt.query_context import FACTS, FUNCTIONS, Context
from bptt.query_nodes import (
    Application,
    Component,
    Elsewhere,
    Fact,
    Node,
    Operation,
    Recorded,
    Reference,
    Series,
    Sweep,
    Time,
    Transposed,
    Wiring,
)
from bptt.query_reader import Reader
from bptt.query_text import parsed
from bptt.source_line import SourceLine, near

OTHER = "other"
"""The name of the run that a lesson compares its own with."""
_SERIES = ("loss", "rate", "norm", "holdout", "accuracy")


def read_beyond(text: str, cell: Cell, context: Context) -> Node:
    """The root of a query. Raises EquationError with the place in the text as typed."""
    tree, line = parsed(text)
    return _ContextReader(line, cell, context).node(tree)


class _ContextReader(Reader):
    """Reads what a plain query may hold, and what only a lesson has."""

    def __init__(self, line: SourceLine, cell: Cell, context: Context) -> None:
        super().__init__(line, cell)
        self.context = context

    def node(self, tree: ast.expr) -> Node:
        """Any query, a number or a condition. Raises EquationError."""
        match tree:
            case ast.Call(func=ast.Name(id=name)) if not tree.keywords:
                made = self._beyond(name, tree)
                if made is not None:
                    return made
            case ast.Attribute(value=part, attr="T"):
                return Transposed(self.number(part), ast.unparse(part))
            case ast.Attribute():
                self.line.fail("only .T, the transposed matrix, can follow a name: W.T", tree)
            case ast.Name(id=name) if name in FACTS and name not in (*self.cell.parameters, *self.variables):
                return Fact(name)
            case ast.Subscript(value=ast.Name(id="loss"), slice=place):
                series = Series("loss", False, None, "loss")
                self._check_training(tree)
                return Component(series, self._counted(place), "loss")
            case ast.Subscript(value=ast.Call(func=ast.Name(id="record")) as called, slice=place):
                return Component(self.node(called), self._counted(place), ast.unparse(called))
        return super().node(tree)

    def _beyond(self, name: str, tree: ast.Call) -> Node | None:
        """The node of a function that only a lesson has; None for any other name."""
        text = ast.unparse(tree)
        match name, tree.args:
            case "case", [ast.Name(id=case), part]:
                return self._elsewhere(case, part, tree, text)
            case "other", [part]:
                return self._elsewhere(OTHER, part, tree, text)
            case (("before" | "after"), [part, *rest]) if len(rest) < (2 if name == "after" else 1):
                self._check_training(tree)
                return Elsewhere("", self._iterations(name, rest), self.node(part), text)
            case (("over" | "all"), [part]):
                return Sweep(name, self.number(part), text)
            case "share", [part]:
                return Sweep(name, self.condition(part), text)
            case "record", [part]:
                self._check_training(tree)
                return self._series(part, text)
            case "recorded", [part]:
                return Recorded(self._path(part), text)
            case "reach", [ast.Name(id=state)] if state not in ("t", "T", "loss", *self.cell.parameters):
                if state not in self.variables:
                    self.unknown(state, tree.args[0])
                return _reach(state, text)
            case (("step" | "reads"), [part]):
                return self._wiring(name, part, text)
            case "numeric_forward", [asked, step]:
                return Application(name, (self._whole_gradient(asked), self.number(step)), text)
            case (
                "case"
                | "other"
                | "before"
                | "after"
                | "over"
                | "all"
                | "share"
                | "record"
                | "recorded"
                | "reach"
                | "step"
                | "reads",
                _,
            ):
                self.line.fail(f"write {_FORMS[name]}", tree)
        if name in FUNCTIONS:
            if len(tree.args) != FUNCTIONS[name]:
                self.line.fail(f"{name} takes {FUNCTIONS[name]} argument{'s' * (FUNCTIONS[name] > 1)}", tree)
            return Application(name, tuple(self.number(argument) for argument in tree.args), text)
        return None

    def _elsewhere(self, case: str, part: ast.expr, tree: ast.Call, text: str) -> Node:
        known = self.context.cases
        if case not in known:
            if case == OTHER:
                self.line.fail("there is no other run: write a compare section", tree)
            close = near(case, list(known)) or (f"; there are {', '.join(known)}" if known else "; write cases")
            self.line.fail(f"no case is called {case!r}{close}", tree.args[0])
        there = known[case]
        if there is self.context:
            case = ""  # the same model: what is hidden here is hidden there
        return Elsewhere(case, None, _ContextReader(self.line, there.cell, there).node(part), text)

    def _iterations(self, name: str, rest: list[ast.expr]) -> int:
        if not rest:
            return 0 if name == "before" else -1
        count = self.line.whole(rest[0])
        if count is None or not 0 <= count <= self.context.iterations:
            self.line.fail(f"the number of iterations is a whole one, 0…{self.context.iterations}", rest[0])
        return count

    def _check_training(self, tree: ast.expr) -> None:
        if not self.context.iterations:
            self.line.fail("nothing is trained here: write a training section", tree)

    def _counted(self, tree: ast.expr) -> Node:
        """A place in a series: from 0, or from the end, −1 the last."""
        match tree:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() as count):
                back = self.line.whole(count)
                if back is not None and 1 <= back <= self.context.iterations:
                    return self.number(ast.copy_location(ast.Constant(self.context.iterations - back), tree))
                self.line.fail(f"there are {self.context.iterations} iterations", tree)
        return self.number(tree)

    def _series(self, tree: ast.expr, text: str) -> Node:
        match tree:
            case ast.Name(id=name) if name in _SERIES:
                return Series(name, False, None, text)
        match self.node(tree):
            case Reference(name, None, gradient, None):
                return Series(name, gradient, None, text)
            case Reference(name, Time() as time, True, None) if name in self.cell.lags and name != "x":
                return Series(name, True, time, text)
        listed = ", ".join(_SERIES)
        self.line.fail(f"record takes {listed}, W, grad(W), or the gradient of a state: grad(h[1])", tree)

    def _wiring(self, kind: str, tree: ast.expr, text: str) -> Node:
        match self.node(tree):
            case Reference(_, Time(), gradient, None) as part if kind == "step" or not gradient:
                return Wiring(kind, part, text)
        self.line.fail(f"write {_FORMS[kind]}", tree)

    def _path(self, tree: ast.expr) -> tuple[str | int, ...]:
        match tree:
            case ast.Name(id=name):
                return (name,)
            case ast.Attribute(value=part, attr=name):
                return (*self._path(part), name)
            case ast.Subscript(value=part, slice=place) if (count := self.line.whole(place)) is not None:
                return (*self._path(part), count)
        self.line.fail("a recorded number is named like remedies.rnn.solved, or remedies.rnn.losses[3]", tree)

    def _whole_gradient(self, tree: ast.expr) -> Node:
        node = self.number(tree)
        match node:
            case Reference(_, None, True, None):
                return node
        self.line.fail("numeric takes the gradient of a whole parameter, like numeric_forward(grad(W), 1e-5)", tree)


_FORMS = {
    "case": "case(NAME, expression), like case(relu, loss)",
    "other": "other(expression), like other(norm(grad(h[1])))",
    "before": "before(expression), the same without training",
    "after": "after(expression), or after(expression, 50) for 50 iterations",
    "over": "over(expression), a number at each t",
    "all": "all(expression), for every sequence of the batch",
    "share": "share(condition), the share of times at which it holds",
    "record": "record(loss), record(W), record(grad(W)) or record(grad(h[1]))",
    "recorded": "recorded(NAME.KEY…), NAME as in the recorded section",
    "reach": "reach(h), of a state: ‖∇h[1]‖ / ‖∇h[T]‖ over the batch",
    "step": "step(h[3]) or step(grad(h[3])): which step of the run computes it",
    "reads": "reads(h[3]): how often the equations read it",
}


def _reach(state: str, text: str) -> Node:
    """‖∇state[1]‖ / ‖∇state[T]‖, over batch and units."""

    def size(time: Time) -> Node:
        return Application("norm", (Sweep("all", Reference(state, time, True), text),), text)

    return Operation("/", (size(Time(offset=1)), size(Time(T=1))), text)
