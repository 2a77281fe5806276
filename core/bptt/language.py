"""The equation language: text → expressions, through a whitelist over Python's own parser, never `eval`."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Sequence

from bptt.equation import Equation
from bptt.expressions import (
    Call,
    Expression,
    Loss,
    MatVec,
    Number,
    Param,
    Power,
    Quotient,
    Tick,
    Var,
    add,
    multiply,
    negate,
    split_constant,
)
from bptt.functions import FUNCTIONS, LOSSES
from bptt.source_line import EquationError, SourceLine, near, noted, together

__all__ = ["EquationError", "parse_equations"]

MAX_TEXT = 8_000
MAX_LAG = 64
MAX_POWER = 8
QUERY_FUNCTIONS = ("onehot", "isnan", "isfinite", "argmax", "rel_error", "numeric", "total", "cosine")
"""Functions that only queries have."""
RESERVED = frozenset({"x", "y", "t", "T", "loss", "grad", "hold", *FUNCTIONS, *LOSSES, *QUERY_FUNCTIONS})
"""Names that an author may not give to a variable or parameter."""
_CALLABLE = ("hold", *FUNCTIONS, *LOSSES)
_TARGET = re.compile(r"\s*([^\W\d]\w*)\s*\[\s*t\s*\]\s*=")
"""The left-hand side of a line that may be wrong at its right."""


def parse_equations(source: str) -> tuple[Equation, ...]:
    """Read a cell's text: one equation a line, `name[t] = …`, a comment after #. Raises EquationError for
    the first fault, the others with it."""
    if not isinstance(source, str):
        raise EquationError(f"equations are a text, not {type(source).__name__}")
    if len(source) > MAX_TEXT:
        raise EquationError(f"{len(source):,} characters, and {MAX_TEXT:,} are allowed: a cell is a page of equations")
    reader = _Equations()
    for number, typed in enumerate(source.replace("\r\n", "\n").split("\n"), start=1):
        code, _, comment = typed.partition("#")
        if code.strip():
            reader.read(code.rstrip(), comment.strip(), typed.rstrip(), number)
    return reader.finish()


class _Equations:
    """Reads equation after equation, and checks what can only be seen from the whole."""

    def __init__(self) -> None:
        self.equations: list[Equation] = []
        self.lines: dict[str, int] = {}
        self.parameters: dict[str, tuple[SourceLine, ast.AST]] = {}
        self.reads: list[tuple[str, int, SourceLine, ast.AST]] = []
        self.faults: list[EquationError] = []

    def read(self, code: str, comment: str, typed: str, number: int) -> None:
        """Add the equation of one line, or what is wrong with it."""
        with noted(self.faults):
            self._read(code, comment, typed, number)
        named = _TARGET.match(code)
        if named:  # also where the right is wrong: what reads it is not
            self.lines.setdefault(named[1], number)

    def _read(self, code: str, comment: str, typed: str, number: int) -> None:
        indent = len(code) - len(code.lstrip())
        columns = {place: place + indent for place in range(len(code) + 1)}
        line = SourceLine(code.strip(), typed, number, columns)
        tree = line.parse("exec")
        body = tree.body if isinstance(tree, ast.Module) else []
        if len(body) != 1 or not isinstance(body[0], ast.Assign) or len(body[0].targets) != 1:
            line.fail("an equation has the form name[t] = …, one a line")
        target = self._target(line, body[0].targets[0])
        self.lines[target] = number
        expression = _Reader(line, target, self).whole_side(body[0].value)
        text = " ".join(code.split())
        self.equations.append(Equation(target, expression, "forward", comment, text, number))

    def _target(self, line: SourceLine, node: ast.expr) -> str:
        match node:
            case ast.Subscript(value=ast.Name() as named, slice=ast.Name(id="t")):
                name = line.name(named)
            case _:
                line.fail("the left-hand side must be a variable at the present, like h[t]", node)
        if name in RESERVED:
            line.fail(f"{name!r} has a meaning of its own in this language: choose another name", node)
        if name in self.lines:
            line.fail(f"{name!r} is defined a second time; the first is in line {self.lines[name]}", node)
        return name

    def finish(self) -> tuple[Equation, ...]:
        """The equations, once all names are known. Raises EquationError."""
        if not self.lines and not self.faults:
            raise EquationError(
                "the text holds no equation: write at least one, like h[t] = tanh(W @ h[t-1] + U @ x[t])"
            )
        for name, lag, line, node in self.reads:
            if name not in self.lines:
                self._fail(line, f"no equation defines {name!r}{near(name, [*self.lines, 'x'])}", node)
            elif lag == 0 and self.lines[name] >= line.line:
                hint = f"write {name}[t-1] for its value one step earlier, or move its equation up"
                self._fail(line, f"{name}[t] is read before it is defined: {hint}", node)
        for name, (line, node) in self.parameters.items():
            if name in self.lines:
                reason = f"{name!r} is a variable (line {self.lines[name]}): write {name}[t] or {name}[t-1]"
                self._fail(line, reason, node)
        if self.faults:
            raise together(self.faults)
        return tuple(self.equations)

    def _fail(self, line: SourceLine, reason: str, node: ast.AST) -> None:
        self.faults.append(line.error(reason, node))


class _Reader:
    """Turns one right-hand side into an expression."""

    def __init__(self, line: SourceLine, target: str, equations: _Equations) -> None:
        self.line = line
        self.target = target
        self.equations = equations

    def whole_side(self, node: ast.expr) -> Expression:
        """A whole right-hand side: the only place for hold(k, …), which is sugar for a clock."""
        match node:
            case ast.Call(func=ast.Name(id="hold"), args=args, keywords=[]):
                every = self.line.whole(args[0]) if len(args) == 2 else None
                if every is None or every < 1:
                    self.line.fail("hold takes a whole number ≥ 1 and an expression, like hold(4, tanh(…))", node)
                self.equations.reads.append((self.target, 1, self.line, node))
                held = multiply(Tick(every, negated=True), Var(self.target, 1))
                return add(multiply(Tick(every), self.side(args[1])), held)
        return self.side(node)

    def side(self, node: ast.expr) -> Expression:
        """Any expression of the language. Raises EquationError."""
        match node:
            case ast.Constant():
                return Number(self.line.number(node))
            case ast.Name():
                return self._parameter(node)
            case ast.Subscript():
                return self._variable(node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return negate(self.side(operand))
            case ast.BinOp(op=ast.MatMult()):
                return self._matrix_product(node)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(left, right)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._sum(*self._sides(left, right), node)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                first, second = self._sides(left, right)
                return self._sum(first, negate(second), node)
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return self._finite(multiply(*self._sides(left, right)), node)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._quotient(left, right, node)
            case ast.Call():
                return self._call(node)
            case ast.Tuple(elts=parts):
                raise self._parted(parts)
        self.line.fail(_refusal(node), node)

    def _parted(self, parts: Sequence[ast.expr]) -> EquationError:
        """Commas where none has a place, and what is wrong with what stands between them."""
        faults: list[EquationError] = []
        with noted(faults):
            self.line.check_commas(parts)
        if not faults:
            faults.append(
                self.line.error("a comma has no place here: an equation has no lists", self.line.comma(parts))
            )
        for part in parts:
            with noted(faults):
                self.side(part)
        return together(faults)

    def _sides(self, left: ast.expr, right: ast.expr) -> tuple[Expression, Expression]:
        """Both operands of an operator, or what is wrong with both."""
        found: list[Expression] = []
        faults: list[EquationError] = []
        for node in (left, right):
            with noted(faults):
                found.append(self.side(node))
        if faults:
            raise together(faults)
        return found[0], found[1]

    def _sum(self, left: Expression, right: Expression, node: ast.expr) -> Expression:
        if isinstance(left, Number) and isinstance(right, Number):
            return self._finite(Number(left.value + right.value), node)
        return add(left, right)

    def _quotient(self, left: ast.expr, right: ast.expr, node: ast.expr) -> Expression:
        below = self.side(right)
        if below == Number(0.0):
            self.line.fail("this divides by zero", right)
        above = self.side(left)
        if isinstance(above, Number) and isinstance(below, Number):
            return self._finite(Number(above.value / below.value), node)
        return Quotient(above, below)

    def _finite(self, result: Expression, node: ast.expr) -> Expression:
        """What was worked out of constants alone, unless it has left the range of numbers."""
        constant, _ = split_constant(result)
        if not math.isfinite(constant):
            self.line.fail("this number is too large", node)
        return result

    def _parameter(self, node: ast.Name) -> Expression:
        name = self.line.name(node)
        if name in ("x", "y", "t", "T", "loss", "grad"):
            hint = (
                "write x[t]"
                if name == "x"
                else "y is read only inside a loss"
                if name == "y"
                else "it has no value here"
            )
            self.line.fail(f"{name!r} cannot be used like this: {hint}", node)
        if name in RESERVED:
            self.line.fail(f"{name} is a function: write {name}(…)", node)
        self.equations.parameters.setdefault(name, (self.line, node))
        return Param(name)

    def _variable(self, node: ast.Subscript) -> Expression:
        if not isinstance(node.value, ast.Name):
            self.line.fail("components cannot be read in an equation: an equation speaks of whole vectors", node)
        name = self.line.name(node.value)
        lag = self._lag(name, node.slice)
        if name == "y":
            self.line.fail("y may be read only inside a loss, like cross_entropy(z[t], y[t])", node)
        if name in RESERVED and name != "x":
            self.line.fail(f"{name!r} has a meaning of its own in this language: choose another name", node)
        if name != "x":
            self.equations.reads.append((name, lag, self.line, node))
        return Var(name, lag)

    def _lag(self, name: str, index: ast.expr) -> int:
        match index:
            case ast.Name(id="t"):
                return 0
            case ast.BinOp(left=ast.Name(id="t"), op=ast.Sub(), right=right) if (
                k := self.line.whole(right)
            ) is not None:
                if not 1 <= k <= MAX_LAG:
                    self.line.fail(f"a step back of {k}: write t-1 … t-{MAX_LAG}", right)
                return k
            case ast.BinOp(left=ast.Name(id="t"), op=ast.Add()):
                self.line.fail(
                    f"{name} is read in the future: an equation may read {name}[t-1], not what comes later",
                    index,
                )
        self.line.fail("a time is t or t-1, t-2, …", index)

    def _power(self, left: ast.expr, right: ast.expr) -> Expression:
        exponent = self.line.whole(right)
        if exponent is None or not 0 <= exponent <= MAX_POWER:
            self.line.fail(f"the exponent must be a whole number from 0 to {MAX_POWER}", right)
        base = self.side(left)
        if exponent == 0:
            return Number(1.0)
        if isinstance(base, Number):
            return self._finite(multiply(*[base] * exponent), left)
        return base if exponent == 1 else Power(base, exponent)

    def _matrix_product(self, node: ast.BinOp) -> Expression:
        """`W @ A @ v` is parsed as (W @ A) @ v and read as W @ (A @ v)."""
        matrices: list[ast.expr] = []
        left: ast.expr = node
        vector: ast.expr | None = None
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.MatMult):
            if vector is None:
                vector = left.right
            else:
                matrices.append(left.right)
            left = left.left
        matrices.append(left)
        assert vector is not None  # the first turn of the loop sets it
        if isinstance(vector, ast.Name) and vector.id not in RESERVED and isinstance(matrices[-1], ast.Subscript):
            shown = ast.unparse(matrices[-1])
            self.line.fail(f"a matrix stands to the left of @: write {vector.id} @ {shown}", node)
        result = self.side(vector)
        if isinstance(result, Number):
            self.line.fail("the right of @ must be a vector, not a number: write * for a number", vector)
        for matrix in matrices:
            if not isinstance(matrix, ast.Name):
                self.line.fail("the left of @ must be a parameter, a bare name like W", matrix)
            parameter = self._parameter(matrix)
            assert isinstance(parameter, Param)  # a bare name gives nothing else
            result = MatVec(parameter, result)
        return result

    def _call(self, node: ast.Call) -> Expression:
        if not isinstance(node.func, ast.Name):
            self.line.fail("only the functions of the language can be called, by their names", node)
        name = self.line.name(node.func)
        if name == "grad":
            self.line.fail("an equation takes no gradients: they are derived from it", node)
        if name in QUERY_FUNCTIONS:
            self.line.fail(f"{name} belongs to watches, breakpoints and lessons, not to an equation", node)
        if name not in _CALLABLE:
            raise self._unknown(name, node)
        if node.keywords:
            self.line.fail(f"{name} takes no named arguments", node)
        if name == "hold":
            self.line.fail("hold must be the whole right-hand side: v[t] = hold(4, …)", node)
        if name in LOSSES:
            return self._loss(name, node)
        self.line.check_commas(node.args)
        if len(node.args) != 1 or isinstance(node.args[0], ast.Starred):
            self.line.fail(f"{name} takes one argument, and there are {len(node.args) or 'none'}", node)
        return Call(name, self.side(node.args[0]))

    def _unknown(self, name: str, node: ast.Call) -> EquationError:
        """A function that there is not, and what is wrong with what it is given."""
        close = near(name, _CALLABLE)
        reason = f"no function is called {name!r}{close or '; there are ' + ', '.join(_CALLABLE)}"
        faults = [self.line.error(reason, node)]
        for argument in node.args:
            with noted(faults):
                self.side(argument)
        return together(faults)

    def _loss(self, name: str, node: ast.Call) -> Expression:
        match node.args:
            case [prediction, ast.Subscript(value=ast.Name(id="y"), slice=ast.Name(id="t"))]:
                return Loss(name, self.side(prediction))
        self.line.fail(f"{name} takes a prediction and y[t], like {name}(z[t], y[t])", node)


def _refusal(node: ast.expr) -> str:
    match node:
        case ast.UnaryOp(op=ast.UAdd()):
            return "a + sign in front has no meaning here: leave it out"
        case ast.Compare() | ast.BoolOp():
            return "comparisons have no place in an equation"
        case ast.BinOp():
            return "of operators an equation has only + - * / ** and @"
        case ast.List():
            return "an equation has no lists"
    return f"this ({type(node).__name__.lower()}) has no place in an equation"
