"""Classic mistakes in a backward pass, as data: each is planted into the lines of any cell that has room for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from bptt.cell import Cell
from bptt.derivation import Derivation
from bptt.equation import Equation, Term
from bptt.errors import InputError, near, quoted
from bptt.expressions import (
    ONE,
    Expression,
    Grad,
    MatVec,
    Number,
    Outer,
    Power,
    Product,
    Quotient,
    Slope,
    Var,
    add,
    multiply,
    negate,
    rewrite,
    shift,
)
from bptt.run import Run

_AGREE = 1e-9
"""Values that differ by less, relatively to the largest of them, are the same."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake."""

    about: str
    """What is wrong, in a few words: is written where `what is written` where the truth is."""
    plant: Callable[[Cell, Equation], Equation | None]
    """A backward equation with the mistake in it; None where there is no room for it."""


def faulty(cell: Cell, fault: str, of: str | None = None) -> Cell:
    """The cell with one wrong backward line; `of`: the variable or parameter whose gradient is to be wrong, the first
    in the order of the backward pass that has room for the fault where it is left out.

    Raises InputError for an unknown fault or name, and where there is no room for it."""
    if fault not in FAULTS:
        raise InputError(f"no fault is called {quoted(fault)}; {near(fault, FAULTS)}", "bug")
    targets = [equation.target for equation in cell.backward]
    if of is not None and of not in targets:
        raise InputError(f"no backward line computes ∇{quoted(of)[1:-1]}; {near(of, targets)}", "of")
    plant = FAULTS[fault].plant
    for place, equation in enumerate(cell.backward):
        if of in (None, equation.target):
            wrong = plant(cell, equation)
            if wrong is not None:
                return _with(cell, place, wrong, f"{fault} in ∇{equation.target}")
    where = f"∇{of} of {cell.name}" if of else f"the backward lines of {cell.name}"
    others = [f"∇{equation.target}" for equation in cell.backward if plant(cell, equation) is not None]
    room = f"; there is in {', '.join(others)}" if others else ""
    raise InputError(f"there is no room for {fault} in {where}: {FAULTS[fault].about}{room}", "bug")


def first_difference(wrong: Run, right: Run) -> int | None:
    """The index of the first step whose value differs; None where none does. Both are computed to their ends."""
    for index in range(len(right)):
        a, b = wrong.at(index).value, right.at(index).value
        scale = sum(float(np.abs(part).max(initial=0, where=np.isfinite(part))) for part in (a, b))
        if not np.allclose(a, b, rtol=0, atol=_AGREE * scale, equal_nan=True):
            return index
    return None


def _with(cell: Cell, place: int, wrong: Equation, name: str) -> Cell:
    """The cell with another backward equation at a place."""
    known = cell._derivation
    bare = list(known.backward)
    bare[place] = wrong
    terms, parameters = dict(known.terms), dict(known.parameter_terms)
    if wrong.kind == "gradient":
        terms[wrong.target] = wrong.terms
    else:
        parameters[wrong.target] = tuple(
            term for e in bare if e.kind == "parameter" and e.target == wrong.target for term in e.terms
        )
    made: Derivation = replace(known, terms=terms, parameter_terms=parameters, backward=tuple(bare))
    return replace(cell, _derivation=made, fault=name)


def _changed(cell: Cell, equation: Equation, terms: tuple[Term, ...]) -> Equation | None:
    """The equation with these terms; None where they are its own."""
    if terms == equation.terms:
        return None
    seed = (Number(1.0),) if equation.target == cell.loss else ()
    made = add(*seed, *(term.expression for term in terms))
    return Equation(equation.target, made, equation.kind, terms=terms)


def _rewritten(
    kind: str, change: Callable[[Cell, Expression], Expression | None]
) -> Callable[[Cell, Equation], Equation | None]:
    """A fault that changes one node in the first term of an equation of a kind that has it."""

    def plant(cell: Cell, equation: Equation) -> Equation | None:
        if equation.kind != kind:
            return None
        for n, term in enumerate(equation.terms):
            expression = _first(cell, term.expression, change)
            if expression != term.expression:
                terms = (*equation.terms[:n], replace(term, expression=expression), *equation.terms[n + 1 :])
                return _changed(cell, equation, terms)
        return None

    return plant


def _first(cell: Cell, expression: Expression, change: Callable[[Cell, Expression], Expression | None]) -> Expression:
    """The expression with its first node that can be changed, changed."""
    done = False

    def visit(node: Expression) -> Expression:
        nonlocal done
        if done:
            return node
        changed = change(cell, node)
        if changed is not None:
            done = True
            return changed
        made = rewrite(node, visit)
        return multiply(*made.factors) if isinstance(made, Product) else made

    return visit(expression)


def _missing_future(cell: Cell, equation: Equation) -> Equation | None:
    """Nothing comes back from later times."""
    if equation.kind != "gradient":
        return None
    now = tuple(term for term in equation.terms if not term.lag)
    return _changed(cell, equation, now) if now else None


def _square(cell: Cell, name: str) -> bool:
    rows, *columns = cell.parameters[name]
    return columns == [rows]


def _untransposed(cell: Cell, node: Expression) -> Expression | None:
    match node:
        case MatVec(matrix, vector, True) if _square(cell, matrix.name):
            return MatVec(matrix, vector, False)
    return None


def _out_of_order(cell: Cell, node: Expression) -> Expression | None:
    """(Wᵀ∇h) ⊙ slope for Wᵀ(∇h ⊙ slope)."""
    match node:
        case MatVec(matrix, Grad(name, lag), True) if _square(cell, matrix.name):
            found = cell.terms[name]
            if len(found) != 1 or found[0].lag:
                return None
            factors = found[0].expression.factors if isinstance(found[0].expression, Product) else ()
            slopes = [factor for factor in factors if isinstance(factor, Slope)]
            others = [factor for factor in factors if not isinstance(factor, Slope)]
            if slopes and others:
                passed = MatVec(matrix, shift(multiply(*others), -lag), True)
                return multiply(passed, *(shift(slope, -lag) for slope in slopes))
    return None


def _slope_by(
    make: Callable[[Slope], Expression], functions: tuple[str, ...]
) -> Callable[[Cell, Expression], Expression | None]:
    def change(cell: Cell, node: Expression) -> Expression | None:
        return make(node) if isinstance(node, Slope) and node.function in functions else None

    return change


def _late(cell: Cell, node: Expression) -> Expression | None:
    match node:
        case Outer(left, Var(name, lag)) if lag > 0 and name != "x":
            return Outer(left, Var(name, lag - 1))
    return None


def _overwritten(cell: Cell, equation: Equation) -> Equation | None:
    if equation.kind != "parameter":
        return None
    return replace(equation, overwrites=True)


def _other_gate(cell: Cell, equation: Equation) -> Equation | None:
    """The gradient of another function's argument, one that is computed before."""
    if equation.kind != "parameter":
        return None
    order = [e.target for e in cell.backward if e.kind == "gradient"]

    def change(cell: Cell, node: Expression) -> Expression | None:
        match node:
            case Outer(Grad(name, lag), right) if name in cell.arguments:
                other = next(_others(cell, name, order), None)
                return None if other is None else Outer(Grad(other, lag), right)
        return None

    return _rewritten("parameter", change)(cell, equation)


def _others(cell: Cell, name: str, order: list[str]) -> Iterator[str]:
    """Arguments like `name` that come earlier in the backward pass, the nearest first; of the same function first."""

    def function(argument: str) -> str:
        definition = cell.definitions[cell.arguments[argument]]
        return getattr(definition, "function", "")

    earlier = [
        n for n in reversed(order[: order.index(name)]) if n in cell.arguments and cell.dims[n] == cell.dims[name]
    ]
    yield from sorted(earlier, key=lambda other: function(other) != function(name))


FAULTS: dict[str, Fault] = {
    "missing-future": Fault("the part from the future is left out", _missing_future),
    "order": Fault("Wᵀ comes before the slope: (Wᵀ∇h) ⊙ (1 − h²)", _rewritten("gradient", _out_of_order)),
    "transpose": Fault("W stands for Wᵀ", _rewritten("gradient", _untransposed)),
    "square": Fault(
        "(1 − h)² stands for 1 − h²",
        _rewritten("gradient", _slope_by(lambda s: Power(add(ONE, negate(s.output)), 2), ("tanh",))),
    ),
    "inverse": Fault(
        "1/(1 − h²) stands for 1 − h²",
        _rewritten("gradient", _slope_by(lambda s: Quotient(ONE, s), ("tanh", "sigmoid"))),
    ),
    "no-slope": Fault(
        "the slope is left out",
        _rewritten("gradient", _slope_by(lambda s: ONE, ("tanh", "sigmoid", "relu", "softplus", "sin", "cos"))),
    ),
    "index": Fault("h[t] stands for h[t-1]", _rewritten("parameter", _late)),
    "overwrite": Fault("= stands for +=", _overwritten),
    "gate": Fault("the gradient of another gate is taken", _other_gate),
}
"""Name → fault."""
