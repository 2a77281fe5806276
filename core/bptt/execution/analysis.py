"""What of a cell recurs and what does not, forward and backward, found from its equations alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bptt.cell import Cell
from bptt.equation import Term
from bptt.execution.lowering import lower, split
from bptt.execution.series import WEIGHT, Line, Series, gradient
from bptt.execution.stages import Affine, Stage, affine, stages
from bptt.expressions import (
    Call,
    Expression,
    Number,
    Outer,
    Product,
    Sum,
    Var,
    add,
    multiply,
    negate,
    rewrite,
    shift,
    split_constant,
    walk,
)


@dataclass(frozen=True, slots=True)
class Share:
    """A summand of a parameter's gradient: constant · Σ_t left[t] · right[t]ᵀ, or constant · Σ_t left[t] of a
    vector."""

    parameter: str
    constant: float
    left: str
    right: Var | None


@dataclass(frozen=True)
class Analysis:
    """The stages of a cell."""

    series: Series
    forward: tuple[Stage, ...]
    backward: tuple[Stage, ...]
    """Reads at a negative lag are of later times; 0 after T."""
    shares: tuple[Share, ...]
    negated: Mapping[str, str]
    """Variable → the series that is kept in its place, minus the variable."""
    waiting: Mapping[str, tuple[str, int]]
    """Series of what is sent to a variable's gradient so many times earlier → (variable, how many)."""
    weighted: bool
    """Whether ∇loss[t] is a series."""


@lru_cache(maxsize=64)
def analyse(cell: Cell, weighted: bool) -> Analysis:
    """`weighted`: for a mean loss."""
    series = Series(cell.dims, cell.parameters)
    lines: list[Line] = []
    for name, definition in cell.definitions.items():
        expression = split(lower(definition, weighted), series, lines)
        lines.append(series.record(name, expression, cell.dims[name]))
    negated = _negate_arguments(lines, series, cell)
    forward = stages(lines, series)
    pass_back = _Backward(cell, series, weighted)
    system, shares = pass_back.lines()
    return Analysis(series, forward, stages(system, series), shares, negated, pass_back.waiting, weighted)


def _negate_arguments(lines: list[Line], series: Series, cell: Cell) -> dict[str, str]:
    """Keep −a in place of a wherever a is affine and read by σ alone: 1 / (1 + e^−a) then needs no negation in the
    loop, since the signs go into the weights."""
    negated: dict[str, str] = {}
    readers: dict[str, list[Line]] = {}
    for line in lines:
        for name in line.reads:
            readers.setdefault(name, []).append(line)
    for place, line in enumerate(lines):
        read_by = readers.get(line.name, [])
        of = Call("sigmoid", Var(line.name))
        if line.name in cell.lags or not _is_affine(line.expression) or [r.expression for r in read_by] != [of]:
            continue
        kept = f"−{line.name}"
        series.forget(line.expression)
        terms = line.expression.terms if isinstance(line.expression, Sum) else (line.expression,)
        lines[place] = series.record(kept, add(*map(negate, terms)), series.dims[line.name])
        where = lines.index(read_by[0])
        lines[where] = Line(read_by[0].name, Call("logistic", Var(kept)))
        negated[line.name] = kept
    return negated


def _is_affine(expression: Expression) -> bool:
    found = affine(expression)
    return isinstance(found, Affine) and found.added is None


class _Backward:
    """The backward equations as a system of lines."""

    def __init__(self, cell: Cell, series: Series, weighted: bool) -> None:
        self._cell = cell
        self._series = series
        self._weighted = weighted
        self._lines: list[Line] = []
        self._unknown = {gradient(e.target) for e in cell.backward if e.kind == "gradient"}
        for name in self._unknown:
            series.dims[name] = cell.dims[name[1:]]
        self._system: dict[str, Expression] = {}
        self.waiting: dict[str, tuple[str, int]] = {}

    def lines(self) -> tuple[list[Line], tuple[Share, ...]]:
        """(every line that the parameters' gradients need, those gradients)."""
        for equation in self._cell.backward:
            if equation.kind == "gradient":
                self._system[gradient(equation.target)] = self._sum(equation.target)
        shares = tuple(share for name in self._cell.parameters for share in self._shares(name))
        # with the gradients of the states, every other follows without a recursion
        states = [gradient(name) for name in self._cell.lags if gradient(name) in self._unknown]
        made = {line.name: line for line in self._lines}
        wanted = states + [share.left for share in shares] + [share.right.name for share in shares if share.right]
        ordered: dict[str, Line] = {}
        while wanted:
            name = wanted.pop()
            if name in ordered:
                continue
            if name in made:
                ordered[name] = made[name]
            elif name in self._system:
                before: list[Line] = []
                expression = split(self._inlined(self._system[name]), self._series, before)
                made |= {line.name: line for line in before}
                ordered[name] = self._series.record(name, expression, self._series.dims[name])
            else:
                continue
            wanted += ordered[name].reads
        return list(ordered.values()), shares

    def _sum(self, name: str) -> Expression:
        """∇name[t]: what is sent at t, and what was sent at later times and waits there in a series of its own."""
        parts: list[Expression] = []
        if name == self._cell.loss:
            parts.append(Var(WEIGHT) if self._weighted else Number(1.0))
        by_lag: dict[int, list[Term]] = {}
        for term in self._cell.terms[name]:
            by_lag.setdefault(term.lag, []).append(term)
        for lag, terms in by_lag.items():
            sent = add(*(lower(shift(term.expression, -lag), self._weighted) for term in terms))
            if lag == 0:
                parts.append(sent)
            elif isinstance(sent, Var) and sent.name in self._unknown:
                parts.append(Var(sent.name, -lag))
            else:
                waiting = f"∇{name}‹{lag}"
                self._series.dims[waiting] = self._cell.dims[name]
                self._unknown.add(waiting)
                self.waiting[waiting] = name, lag
                self._system[waiting] = sent
                parts.append(Var(waiting, -lag))
        return add(*parts)

    def _inlined(self, expression: Expression) -> Expression:
        """The expression without gradients that are only a factor times another: their factors are multiplied
        together, so that the loop has one product in place of a chain."""

        def change(node: Expression) -> Expression:
            node = rewrite(node, change)
            match node:
                case Var(name, 0) if name in self._system:
                    thin = self._system[name]
                    if isinstance(thin, Number) or (isinstance(thin, Var) and not thin.lag):
                        return change(thin)
                case Product(factors):
                    return multiply(*(self._thin(factor) for factor in factors))
            return node

        return change(expression)

    def _thin(self, factor: Expression) -> Expression:
        if isinstance(factor, Var) and not factor.lag and factor.name in self._system:
            made = self._system[factor.name]
            moving = [part for part in made.factors if self._moves(part)] if isinstance(made, Product) else []
            if len(moving) == 1 and isinstance(moving[0], Var) and not moving[0].lag:
                return self._inlined(made)
        return factor

    def _moves(self, expression: Expression) -> bool:
        return any(isinstance(node, Var) and node.name in self._unknown for node in walk(expression))

    def _shares(self, parameter: str) -> Iterable[Share]:
        for term in self._cell.parameter_terms.get(parameter, ()):
            constant, rest = split_constant(lower(term.expression, self._weighted))
            if isinstance(rest, Outer):
                inner, left = split_constant(rest.left)
                right = rest.right if isinstance(rest.right, Var) else self._named(rest.right)
                yield Share(parameter, constant * inner, self._named(left).name, right)
            elif len(self._cell.parameters[parameter]) == 1:
                yield Share(parameter, constant, self._named(rest).name, None)
            else:
                raise AssertionError(f"a matrix's gradient is a sum of outer products, not {rest}")

    def _named(self, expression: Expression) -> Var:
        if isinstance(expression, Var) and not expression.lag:
            return expression
        expression = split(self._inlined(expression), self._series, self._lines)
        return self._series.named(expression, self._lines)
