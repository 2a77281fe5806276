"""The dims of every variable and parameter, found by unification over the equations' expressions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from bptt.equation import Equation
from bptt.expressions import Call, Expression, Grad, Loss, MatVec, Number, Param, Tick, Var, children, walk
from bptt.functions import FUNCTIONS
from bptt.source_line import EquationError, noted, together

SCALAR = "scalar"


@dataclass(frozen=True)
class Shapes:
    """Dims by name: inputs, hidden, outputs, and for a variable also scalar."""

    variables: Mapping[str, str]
    parameters: Mapping[str, tuple[str, ...]]
    """(dim,) of a vector, (row dim, column dim) of a matrix."""


def is_scalar(expression: Expression, scalars: Collection[str]) -> bool:
    """Whether an expression is one number a sequence, given which variables are."""
    match expression:
        case Number() | Tick() | Loss():
            return True
        case Var(name) | Grad(name):
            return name in scalars
        case Param() | MatVec():
            return False
        case Call(function) if FUNCTIONS[function].scalar:
            return True
    parts = children(expression)
    return bool(parts) and all(is_scalar(part, scalars) for part in parts)


def infer(equations: Sequence[Equation], source: str = "") -> Shapes:
    """Find all dims. Raises EquationError where two dims meet that differ, with the place in `source`, the text of
    the equations; of several equations that are wrong the first, the others with it."""
    solver = _Solver(source.replace("\r\n", "\n").split("\n"))
    faults: list[EquationError] = []
    for equation in equations:
        with noted(faults):
            solver.take(equation)
    if faults:
        raise together(faults)
    return solver.solution()


class _Solver:
    """Union-find over dims: inputs and outputs are fixed, what stays free is hidden."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._parent: dict[str, str] = {}
        self._scalars: set[str] = set()
        self._names: list[str] = []
        self._matrices: set[str] = set()
        self._vectors: set[str] = set()
        self._order: dict[str, None] = {}
        self._equation: Equation | None = None

    def take(self, equation: Equation) -> None:
        """Add one equation's constraints."""
        self._equation = equation
        self._names.append(equation.target)
        if is_scalar(equation.expression, self._scalars):
            self._scalars.add(equation.target)
        dim = self._dim(equation.expression)
        if dim is not None:
            self._unify(f"variable {equation.target}", dim, equation.target, equation.target)

    def solution(self) -> Shapes:
        """Dims by name, once every equation has been taken."""
        variables = {
            name: SCALAR if name in self._scalars else self._resolved(f"variable {name}") for name in self._names
        }
        parameters: dict[str, tuple[str, ...]] = {}
        for name in self._order:
            if name in self._matrices:
                parameters[name] = (self._resolved(f"rows {name}"), self._resolved(f"columns {name}"))
            else:
                parameters[name] = (self._resolved(f"vector {name}"),)
        return Shapes(variables, parameters)

    def _find(self, dim: str) -> str:
        while (parent := self._parent.get(dim, dim)) != dim:
            dim = parent
        return dim

    def _resolved(self, dim: str) -> str:
        root = self._find(dim)
        return root if root in ("inputs", "outputs") else "hidden"

    def _unify(self, a: str, b: str, what: str, at: str) -> None:
        """`what` gets both dims; `at`: the name to point at where they differ."""
        a, b = self._find(a), self._find(b)
        if a == b:
            return
        if {a, b} == {"inputs", "outputs"}:
            self._fail(f"{what} would have to have both the inputs' and the outputs' size: put a matrix between", at)
        if a in ("inputs", "outputs"):
            a, b = b, a
        self._parent[a] = b

    def _fail(self, reason: str, at: str) -> NoReturn:
        equation = self._equation
        assert equation is not None  # set by take, before anything can fail
        line = max(equation.line, 1)
        typed = self._lines[line - 1].rstrip() if line <= len(self._lines) else ""
        code = typed.partition("#")[0]
        # the right-hand side first: the left names the target only
        found = re.search(rf"\b{re.escape(at)}\b", code[code.find("=") + 1 :])
        place = found.start() + code.find("=") + 1 if found else 0
        raise EquationError(reason, line, place + 1, typed or equation.text)

    def _parameter(self, name: str, matrix: bool) -> None:
        self._order[name] = None
        (self._matrices if matrix else self._vectors).add(name)
        if name in self._matrices and name in self._vectors:
            self._fail(
                f"{name} is used both as a matrix (before @) and as a vector: give one of them another name", name
            )

    def _dim(self, expression: Expression) -> str | None:
        """The dim of an expression, None for a scalar, which goes with any."""
        match expression:
            case Var("x"):
                return "inputs"
            case Var(name):
                return None if name in self._scalars else f"variable {name}"
            case Param(name):
                self._parameter(name, matrix=False)
                return f"vector {name}"
            case MatVec(matrix, vector):
                self._parameter(matrix.name, matrix=True)
                dim = self._dim(vector)
                if dim is None:
                    reason = f"the right of {matrix.name} @ is a single number: a matrix multiplies a vector"
                    self._fail(reason, matrix.name)
                self._unify(f"columns {matrix.name}", dim, f"the right of {matrix.name} @", matrix.name)
                return f"rows {matrix.name}"
            case Loss(function, prediction):
                dim = self._dim(prediction)
                if dim is not None:
                    self._unify(dim, "outputs", "the loss's prediction", function)
                return None
            case Call(function, argument):
                dim = self._dim(argument)
                return None if FUNCTIONS[function].scalar else dim
        whole: str | None = None
        for part in children(expression):
            dim = self._dim(part)
            if whole is None:
                whole = dim
            elif dim is not None:
                target = self._equation.target if self._equation else ""
                self._unify(whole, dim, target, _first_name(part) or target)
        return whole


def _first_name(expression: Expression) -> str:
    """The name that a part of an equation begins with."""
    return next((node.name for node in walk(expression) if isinstance(node, Var | Param)), "")
