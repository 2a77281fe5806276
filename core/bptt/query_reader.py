"""The reader of queries: text → nodes, for the names of one cell, through the same whitelist as an equation."""

from __future__ import annotations

import ast
from typing import NoReturn

from bptt.cell import Cell
from bptt.functions import FUNCTIONS, LOSSES
from bptt.language import MAX_POWER, QUERY_FUNCTIONS
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
    is_condition,
)
from bptt.query_text import parsed
from bptt.source_line import SourceLine, near

_NO_LISTS = "an expression has no lists: components stand in brackets of their own, h[3][1]"
_FARTHEST = 10**7
"""No number in a time is larger."""
_CALLABLE = tuple(sorted({*FUNCTIONS, *LOSSES, *QUERY_FUNCTIONS, "grad"} - {"batch_norm"}))
_ARITY = dict.fromkeys((*LOSSES, "rel_error", "cosine"), 2)
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.MatMult: "@",
    ast.Pow: "**",
}
_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def read_query(text: str, cell: Cell) -> Node:
    """The root of a query about runs of `cell`. Raises EquationError with the place in the text as typed."""
    tree, line = parsed(text)
    return Reader(line, cell).node(tree)


class Reader:
    """Turns one tree of Python's parser into nodes; the only names are those of one cell."""

    def __init__(self, line: SourceLine, cell: Cell) -> None:
        self.line = line
        self.cell = cell
        self.variables = {*cell.definitions, "x"}

    def node(self, tree: ast.expr) -> Node:
        """Any query, a number or a condition. Raises EquationError."""
        match tree:
            case ast.Constant():
                return Constant(self.line.number(tree))
            case ast.Name():
                return self._bare(tree)
            case ast.Subscript():
                return self._subscript(tree)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Operation("-", (self.number(operand),), ast.unparse(tree))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Logic("not", (self.condition(operand),))
            case ast.BoolOp(op=operator, values=values):
                word = "and" if isinstance(operator, ast.And) else "or"
                return Logic(word, tuple(self.condition(value) for value in values))
            case ast.BinOp():
                return self._operation(tree)
            case ast.Compare():
                return self._comparison(tree)
            case ast.Call():
                return self._call(tree)
            case ast.Tuple(elts=parts):
                self.line.check_commas(parts)
                self.line.fail(_NO_LISTS, tree)
            case ast.List():
                self.line.fail(_NO_LISTS, tree)
            case ast.UnaryOp(op=ast.UAdd()):
                self.line.fail("a + sign in front has no meaning here: leave it out", tree)
        self.line.fail("this has no place in an expression", tree)

    def number(self, tree: ast.expr) -> Node:
        """A query that is no condition. Raises EquationError."""
        node = self.node(tree)
        if is_condition(node):
            self.line.fail("this is true or false: a number is needed here", tree)
        return node

    def condition(self, tree: ast.expr) -> Node:
        """A query that is true or false. Raises EquationError."""
        node = self.node(tree)
        if not is_condition(node):
            self.line.fail("this is a number: and, or, not take conditions, like norm(grad(h[t])) < 0.01", tree)
        return node

    # -- names

    def _bare(self, tree: ast.Name) -> Node:
        name = self.line.name(tree)
        if name in ("t", "T"):
            return Clock(name)
        if name == "loss":
            return TotalLoss()
        if name in self.cell.parameters:
            return Reference(name)
        if name in self.variables or name == "y":
            self.line.fail(f"{name} is a variable and needs a time: write {name}[t], or {name}[3]", tree)
        if name in _CALLABLE:
            self.line.fail(f"{name} is a function: write {name}(…)", tree)
        self.unknown(name, tree)

    def unknown(self, name: str, tree: ast.expr) -> NoReturn:
        """Raise EquationError for a name that the cell does not have."""
        close = near(name, {*self.variables, *self.cell.parameters})
        known = f"; there are {', '.join((*self.cell.definitions, *self.cell.parameters))}"
        self.line.fail(f"{self.cell.name} has no variable or parameter {name!r}{close or known}"[:400], tree)

    def _subscript(self, tree: ast.Subscript) -> Node:
        if isinstance(tree.value, ast.Name):
            name = self.line.name(tree.value)
            if name == "y":
                return Target(self.time(tree.slice))
            if name in self.variables:
                return Reference(name, self.time(tree.slice))
            if name in _CALLABLE:
                self.line.fail(f"{name} is a function: write {name}(…)", tree)
            if name not in self.cell.parameters:
                self.unknown(name, tree)
        part = self.number(tree.value)
        return Component(part, self.number(tree.slice), ast.unparse(tree.value))

    def time(self, tree: ast.expr) -> Time:
        """A whole number, t, T, and sums, differences and multiples of them."""
        match tree:
            case ast.Constant():
                found = Time(offset=self._whole(tree))
            case ast.Name(id="t"):
                found = Time(t=1)
            case ast.Name(id="T"):
                found = Time(T=1)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                found = _scaled(self.time(operand), -1)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
                a, b = self.time(left), _scaled(self.time(right), 1 if isinstance(operator, ast.Add) else -1)
                found = Time(a.t + b.t, a.T + b.T, a.offset + b.offset)
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                a, b = self.time(left), self.time(right)
                if a.t or a.T:
                    a, b = b, a
                if a.t or a.T:
                    self.line.fail("a time is a whole number, t, T, or a sum of these, like t-1", tree)
                found = _scaled(b, a.offset)
            case ast.Tuple():
                self.line.fail("components stand in brackets of their own: write h[3][1]", tree)
            case _:
                self.line.fail("a time is a whole number, t, T, or a sum of these, like t-1", tree)
        if max(abs(found.t), abs(found.T), abs(found.offset)) > _FARTHEST:
            self.line.fail("no run is as long as this", tree)
        return found

    def _whole(self, tree: ast.Constant) -> int:
        whole = self.line.whole(tree)
        if whole is None:
            self.line.fail("a time is a whole number, t, T, or a sum of these, like t-1", tree)
        return whole

    # -- operators

    def _operation(self, tree: ast.BinOp) -> Node:
        operator = _OPERATORS.get(type(tree.op))
        if operator is None:
            self.line.fail("of operators an expression has only + - * / ** and @", tree)
        if operator == "**":
            exponent = self.line.whole(tree.right)
            if exponent is None or exponent > MAX_POWER:
                self.line.fail(f"the exponent must be a whole number from 0 to {MAX_POWER}", tree.right)
        if operator == "@" and isinstance(tree.left, ast.BinOp) and isinstance(tree.left.op, ast.MatMult):
            # W @ A @ v is parsed as (W @ A) @ v and read as W @ (A @ v)
            inner = ast.BinOp(left=tree.left.right, op=tree.op, right=tree.right)
            return self._operation(ast.copy_location(ast.BinOp(tree.left.left, tree.op, self._placed(inner)), tree))
        return Operation(operator, (self.number(tree.left), self.number(tree.right)), ast.unparse(tree))

    @staticmethod
    def _placed(tree: ast.BinOp) -> ast.BinOp:
        return ast.copy_location(tree, tree.left)

    def _comparison(self, tree: ast.Compare) -> Node:
        operators = [_COMPARED.get(type(operator), "") for operator in tree.ops]
        if "" in operators:
            self.line.fail("of comparisons an expression has only < <= > >= == and !=", tree)
        operands = tuple(self.number(part) for part in (tree.left, *tree.comparators))
        return Comparison(tuple(operators), operands, ast.unparse(tree))

    # -- functions

    def _call(self, tree: ast.Call) -> Node:
        if not isinstance(tree.func, ast.Name):
            self.line.fail("only the functions of the language can be called, by their names", tree)
        name = self.line.name(tree.func)
        if name in ("hold", "batch_norm"):
            self.line.fail(f"{name} has a meaning only in an equation: ask for the variable that it makes", tree)
        if name not in _CALLABLE:
            close = near(name, _CALLABLE)
            self.line.fail(f"no function is called {name!r}{close or '; there are ' + ', '.join(_CALLABLE)}", tree)
        if tree.keywords or any(isinstance(argument, ast.Starred) for argument in tree.args):
            self.line.fail(f"{name} takes no named arguments and no lists", tree)
        if name == "grad":
            return self._gradient(tree)
        self.line.check_commas(tree.args)
        wanted = _ARITY.get(name, 1)
        if name == "numeric" and len(tree.args) == 2:
            wanted = 2
        if len(tree.args) != wanted:
            count = "one argument" if wanted == 1 else "two arguments"
            self.line.fail(f"{name} takes {count}, and here {_are(len(tree.args))}", tree)
        if name == "total":
            return Application(name, (self.node(tree.args[0]),), ast.unparse(tree))
        arguments = tuple(self.number(argument) for argument in tree.args)
        if name == "numeric":
            match arguments:
                case (Reference(_, None, True, None),):
                    pass
                case (Reference(_, None, True, None), Constant(step)) if 0 < step <= 1:
                    pass
                case (Reference(_, None, True, None), _):
                    self.line.fail("the step of numeric is a number above 0, at most 1, like 1e-5", tree.args[1])
                case _:
                    self.line.fail("numeric takes the gradient of a whole parameter, like numeric(grad(W))", tree)
        return Application(name, arguments, ast.unparse(tree))

    def _gradient(self, tree: ast.Call) -> Node:
        """grad(v) and grad(v, L[5]); grad(h[3][1]) is a component of the gradient."""
        if len(tree.args) not in (1, 2):
            self.line.fail(f"grad takes a variable at a time, or a parameter, and here {_are(len(tree.args))}", tree)
        of: Time | None = None
        if len(tree.args) == 2:
            match tree.args[1]:
                case ast.Subscript(value=ast.Name(id=name), slice=when) if name == self.cell.loss:
                    of = self.time(when)
                case other:
                    self.line.fail(
                        f"grad's second argument is the loss at a time, like {self.cell.loss}[T]",
                        other,
                    )
        return self._of(tree.args[0], of)

    def _of(self, tree: ast.expr, of: Time | None) -> Node:
        match tree:
            case ast.Name() if tree.id not in self.cell.parameters and tree.id in ("t", "T", "loss"):
                self.line.fail(f"grad takes a variable at a time, or a parameter: {tree.id} is neither", tree)
            case ast.Name() | ast.Subscript():
                return self._graded(self.node(tree), of, tree)
        self.line.fail("grad takes a variable at a time, or a parameter, like grad(h[3]) or grad(W)", tree)

    def _graded(self, node: Node, of: Time | None, tree: ast.expr) -> Node:
        match node:
            case Reference(name, time, False):
                return Reference(name, time, True, of)
            case Component(part, index, text):
                return Component(self._graded(part, of, tree), index, f"grad({text})")
        self.line.fail("grad takes a variable at a time, or a parameter, like grad(h[3]) or grad(W)", tree)


def _scaled(time: Time, by: int) -> Time:
    return Time(time.t * by, time.T * by, time.offset * by)


def _are(count: int) -> str:
    return "there is one" if count == 1 else f"there are {count or 'none'}"
