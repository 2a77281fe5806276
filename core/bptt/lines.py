"""The line of a step as it stands at its time: only the terms that exist there, only the branch that is taken."""

from __future__ import annotations

from dataclasses import replace

from bptt.cell import Cell
from bptt.equation import Equation
from bptt.expressions import Expression, Number, Product, Sum, Tick, Var, add, multiply, rewrite, walk
from bptt.gradients import exists, makes_loss
from bptt.passes import Pass

_Reads = tuple[tuple[str, int | None], ...]
"""(name, how many steps later than t; None for a parameter)."""


class Lines:
    """A cell's equations at their times. Near the end of its pass a gradient has no future, and before the pass's block
    no loss; `hold` takes one of its two branches."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._furthest = {id(e): max((term.lag for term in e.terms), default=0) for e in cell.backward}
        self._clocks = {
            id(e): tuple(node for node in walk(e.expression) if isinstance(node, Tick))
            for e in (*cell.equations, *cell.backward)
        }
        self._always: dict[int, _Reads] = {
            id(e): tuple(_split(read) for read in e.reads) for e in cell.equations if not self._clocks[id(e)]
        }
        """What the equations read that are the same at every time."""
        self._made: dict[tuple[object, ...], tuple[Equation, _Reads]] = {}

    def at(self, equation: Equation, t: int, within: Pass) -> tuple[Equation, tuple[str, ...]]:
        """(the line, what it reads with its times: `h[3]`, `∇a[5]`, `W`) of one of the cell's equations at t, in a
        pass; a cut's is as it is."""
        if equation.kind == "cut":
            return equation, ()
        known = id(equation)
        if known in self._always:
            reads = self._always[known]
            return equation, tuple([name if later is None else f"{name}[{t + later}]" for name, later in reads])
        furthest, clocks = self._furthest.get(known, 0), self._clocks[known]
        left, early = min(within.hi - t, furthest), max(0, min(within.losses_from - t, furthest + 1))
        key = known, left, early, tuple([clock.on(t) for clock in clocks]) if clocks else ()
        made = self._made.get(key)
        if made is None:
            line = self._line(equation, t, within)
            made = self._made[key] = line, tuple(_split(read) for read in line.reads)
        line, reads = made
        return line, tuple([name if later is None else f"{name}[{t + later}]" for name, later in reads])

    def _line(self, equation: Equation, t: int, within: Pass) -> Equation:
        if equation.kind == "forward":
            if not self._clocks[id(equation)]:
                return equation
            taken = _taken(equation.expression, t)
            held = taken == Var(equation.target, 1)
            side = f"{equation.target}[t-1]" if held else _inside_hold(equation.text)
            return replace(equation, expression=taken, text=f"{equation.target}[t] = {side}")
        existing = [term for term in equation.terms if exists(term.lag, makes_loss(term), t, within)]
        terms = [replace(term, expression=_taken(term.expression, t)) for term in existing]
        terms = [term for term in terms if term.expression != Number(0.0)]
        line = equation
        counts = t >= within.losses_from or equation.target != self._cell.loss
        if tuple(terms) != equation.terms or not counts:
            line = self._cell.shortened(equation, tuple(terms), counts)
        if line.expanded is not None and any(isinstance(node, Tick) for node in walk(line.expanded)):
            line = replace(line, text=line.stepped, expanded=None)
        return line


def _taken(expression: Expression, t: int) -> Expression:
    """The expression with each clock of a hold as it stands at t; what a clock switches off is left out."""
    if isinstance(expression, Tick):
        return Number(float(expression.on(t)))
    taken = rewrite(expression, lambda part: _taken(part, t))
    match taken:
        case Product(factors):
            return Number(0.0) if Number(0.0) in factors else multiply(*factors)
        case Sum(terms):
            return add(*terms)
    return taken


def _inside_hold(text: str) -> str:
    """The expression in `v[t] = hold(4, expression)`, as its author typed it."""
    return text.partition(",")[2].rstrip().removesuffix(")").strip()


def timed(read: str, t: int) -> str:
    """What a line reads, `h[t-1]`, with its time at t: `h[3]`."""
    return _timed(*_split(read), t)


def _timed(name: str, later: int | None, t: int) -> str:
    return name if later is None else f"{name}[{t + later}]"


def _split(read: str) -> tuple[str, int | None]:
    name, bracket, rest = read.partition("[")
    return (name, int(rest[1:-1] or 0)) if bracket else (name, None)
