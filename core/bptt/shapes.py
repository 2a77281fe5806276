"""The dims of every variable and parameter, found by unification over the equations' expressions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bptt.equation import Equation
from bptt.expressions import Call, Expression, Grad, Loss, MatVec, Number, Param, Tick, Var, children
from bptt.functions import FUNCTIONS
from bptt.language import EquationError

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


def infer(equations: Sequence[Equation]) -> Shapes:
    """Find all dims. Raises EquationError where two dims meet that differ."""
    solver = _Solver()
    for equation in equations:
        solver.take(equation)
    return solver.solution()


class _Solver:
    """Union-find over dims: inputs and outputs are fixed, what stays free is hidden."""

    def __init__(self) -> None:
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
            self._unify(f"variable {equation.target}", dim, equation.target)

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

    def _unify(self, a: str, b: str, what: str) -> None:
        a, b = self._find(a), self._find(b)
        if a == b:
            return
        if {a, b} == {"inputs", "outputs"}:
            self._fail(f"{what} would have to have both the inputs' and the outputs' size: put a matrix between")
        if a in ("inputs", "outputs"):
            a, b = b, a
        self._parent[a] = b

    def _fail(self, reason: str) -> None:
        equation = self._equation
        assert equation is not None  # set by take, before anything can fail
        raise EquationError(reason, max(equation.line, 1), 1, equation.text)

    def _parameter(self, name: str, matrix: bool) -> None:
        self._order[name] = None
        (self._matrices if matrix else self._vectors).add(name)
        if name in self._matrices and name in self._vectors:
            self._fail(f"{name} is used both as a matrix (before @) and as a vector: give one of them another name")

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
                    self._fail(f"the right of {matrix.name} @ is a single number: a matrix multiplies a vector")
                else:
                    self._unify(f"columns {matrix.name}", dim, f"the right of {matrix.name} @")
                return f"rows {matrix.name}"
            case Loss(_, prediction):
                dim = self._dim(prediction)
                if dim is not None:
                    self._unify(dim, "outputs", "the loss's prediction")
                return None
            case Call(function, argument):
                dim = self._dim(argument)
                return None if FUNCTIONS[function].scalar else dim
        dims = [dim for part in children(expression) if (dim := self._dim(part)) is not None]
        for dim in dims[1:]:
            self._unify(dims[0], dim, f"{self._equation.target if self._equation else ''}")
        return dims[0] if dims else None
