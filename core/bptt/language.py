"""The equation language: text → expressions, through a whitelist over Python's own parser, never `eval`."""

from __future__ import annotations

import ast
import math
import unicodedata
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import NoReturn

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
)
from bptt.functions import FUNCTIONS, LOSSES

MAX_TEXT = 8_000
MAX_LINE = 500
MAX_NODES = 200
MAX_DEPTH = 40
MAX_LAG = 64
MAX_POWER = 8
RESERVED = frozenset({"x", "y", "t", "T", "loss", "grad", "hold", *FUNCTIONS, *LOSSES})
"""Names that an author may not give to a variable or parameter."""
_CALLABLE = ("hold", *FUNCTIONS, *LOSSES)


class EquationError(ValueError):
    """A text of the equation language that cannot be read; names the place, the cause and the next action."""

    def __init__(self, reason: str, line: int = 1, column: int = 1, source_line: str = "") -> None:
        """`line` and `column` count from 1, in the text as typed."""
        self.reason = reason
        self.line = line
        self.column = column
        self.source_line = source_line
        caret = f"\n    {source_line}\n    {' ' * (column - 1)}^" if source_line else ""
        super().__init__(f"line {line}, column {column}: {reason}{caret}")


def near(name: str, known: Collection[str]) -> str:
    """`; did you mean …?` where a known name is close; empty otherwise."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


class SourceLine:
    """One line being read: parses it within the limits and turns places in the tree into places in the text."""

    def __init__(self, code: str, typed: str = "", line: int = 1, columns: Mapping[int, int] | None = None) -> None:
        """`code` is what is parsed; `typed` the line for the caret; `columns`: place in code → place in typed."""
        self.code = code
        self.typed = typed or code
        self.line = line
        self._columns = columns

    def fail(self, reason: str, at: ast.AST | int = 0) -> NoReturn:
        """Raise EquationError at a node or at a place (from 0) in the code."""
        place = at if isinstance(at, int) else self._place(at)
        if self._columns is not None:
            place = self._columns.get(place, len(self.typed))
        raise EquationError(reason, self.line, min(place, len(self.typed)) + 1, self.typed)

    def _place(self, node: ast.AST) -> int:
        """ast counts columns in bytes of UTF-8."""
        column = getattr(node, "col_offset", 0)
        return len(self.code.encode()[:column].decode(errors="ignore"))

    def parse(self, mode: str) -> ast.AST:
        """The tree of an expression ("eval") or statement ("exec"). Raises EquationError."""
        self._limits()
        try:
            tree: ast.AST = compile(self.code, "<equation>", mode, ast.PyCF_ONLY_AST)
        except SyntaxError as error:
            self.fail(_syntax(error, self.code), max(0, (error.offset or 1) - 1))
        except (RecursionError, MemoryError, ValueError, OverflowError):
            self.fail("this cannot be read as an equation: it is too deep or holds a character that has no place here")
        nodes = sum(1 for node in ast.walk(tree) if isinstance(node, (ast.expr, ast.stmt)))
        if nodes > MAX_NODES:
            self.fail(f"{nodes} parts in one line, and {MAX_NODES} are allowed: split it into several equations")
        if _depth(tree) > MAX_DEPTH:
            self.fail(f"nested more than {MAX_DEPTH} deep: split it into several equations")
        return tree

    def _limits(self) -> None:
        if len(self.typed) > MAX_LINE:
            self.fail(f"{len(self.typed)} characters in one line, and {MAX_LINE} are allowed: split the equation")
        depth = 0
        run = 0
        for place, character in enumerate(self.code):
            if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and character != "\t":
                self.fail(
                    f"the character U+{ord(character):04X} cannot be seen and has no place here: delete it",
                    place,
                )
            if character in "'\"":
                self.fail("text in quotes has no place in an equation", place)
            if character in ";\\{}:&|^~?$`":
                self.fail(f"{character!r} has no place in an equation", place)
            depth += (character in "([") - (character in ")]")
            run = run + 1 if character in "+-~ " else 0
            if depth > MAX_DEPTH or run > 2 * MAX_DEPTH:
                self.fail(f"nested more than {MAX_DEPTH} deep: split it into several equations", place)

    def number(self, node: ast.Constant) -> float:
        """A finite real number. Raises EquationError."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.fail(f"{value!r} is not a number", node)
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self.fail("this number is too large", node)
        return number

    def whole(self, node: ast.expr) -> int | None:
        """A whole number, if the node is one."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        return None

    def name(self, node: ast.Name) -> str:
        """A name as typed; letters that Python would change are refused, so that names stay what they look."""
        start = self._place(node)
        typed = self.code[start : start + len(node.id)]
        if typed != node.id or not node.id.isidentifier():
            self.fail("a name may only hold letters, digits and _ that every font shows alike", node)
        if node.id.startswith("_"):
            self.fail(f"{node.id!r} begins with _: begin a name with a letter", node)
        return node.id


def _syntax(error: SyntaxError, code: str) -> str:
    if code.count("(") != code.count(")"):
        return "a bracket ( or ) is missing"
    if code.count("[") != code.count("]"):
        return "a bracket [ or ] is missing"
    return "this cannot be read: write one equation a line, like h[t] = tanh(U @ x[t] + W @ h[t-1] + b)"


def _depth(tree: ast.AST) -> int:
    deepest = 0
    stack = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        step = isinstance(node, (ast.expr, ast.stmt))
        stack += [(child, depth + step) for child in ast.iter_child_nodes(node)]
    return deepest


def parse_equations(source: str) -> tuple[Equation, ...]:
    """Read a cell's text: one equation a line, `name[t] = …`, a comment after #. Raises EquationError."""
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

    def read(self, code: str, comment: str, typed: str, number: int) -> None:
        """Add the equation of one line."""
        indent = len(code) - len(code.lstrip())
        columns = {place: place + indent for place in range(len(code) + 1)}
        line = SourceLine(code.strip(), typed, number, columns)
        tree = line.parse("exec")
        body = tree.body if isinstance(tree, ast.Module) else []
        if len(body) != 1 or not isinstance(body[0], ast.Assign) or len(body[0].targets) != 1:
            line.fail("an equation has the form name[t] = …, one a line")
        target = self._target(line, body[0].targets[0])
        expression = _Reader(line, target, self).whole_side(body[0].value)
        self.lines[target] = number
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
        if not self.equations:
            raise EquationError(
                "the text holds no equation: write at least one, like h[t] = tanh(W @ h[t-1] + U @ x[t])"
            )
        order = {equation.target: place for place, equation in enumerate(self.equations)}
        for name, lag, line, node in self.reads:
            if name not in order:
                known = [*order, "x"]
                line.fail(f"no equation defines {name!r}{near(name, known)}", node)
            if lag == 0 and self.lines[name] >= line.line:
                hint = f"write {name}[t-1] for its value one step earlier, or move its equation up"
                line.fail(f"{name}[t] is read before it is defined: {hint}", node)
        for name, (line, node) in self.parameters.items():
            if name in order:
                line.fail(f"{name!r} is a variable (line {self.lines[name]}): write {name}[t] or {name}[t-1]", node)
        return tuple(self.equations)


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
                return add(self.side(left), self.side(right))
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return add(self.side(left), negate(self.side(right)))
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return multiply(self.side(left), self.side(right))
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._quotient(left, right)
            case ast.Call():
                return self._call(node)
        self.line.fail(_refusal(node), node)

    def _quotient(self, left: ast.expr, right: ast.expr) -> Expression:
        below = self.side(right)
        if below == Number(0.0):
            self.line.fail("this divides by zero", right)
        above = self.side(left)
        if isinstance(above, Number) and isinstance(below, Number):
            return Number(above.value / below.value)
        return Quotient(above, below)

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
        if name not in _CALLABLE:
            close = near(name, _CALLABLE)
            self.line.fail(f"no function is called {name!r}{close or '; there are ' + ', '.join(_CALLABLE)}", node)
        if node.keywords:
            self.line.fail(f"{name} takes no named arguments", node)
        if name == "hold":
            self.line.fail("hold must be the whole right-hand side: v[t] = hold(4, …)", node)
        if name in LOSSES:
            return self._loss(name, node)
        if len(node.args) != 1 or isinstance(node.args[0], ast.Starred):
            self.line.fail(f"{name} takes one argument, and here are {len(node.args)}", node)
        return Call(name, self.side(node.args[0]))

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
        case ast.Tuple() | ast.List():
            return "an equation has no lists"
    return f"this ({type(node).__name__.lower()}) has no place in an equation"
