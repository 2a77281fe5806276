"""The forms in which one step can be explained: its terms with their names, the preferred form first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bptt.cell import Cell
from bptt.equation import Equation
from bptt.expressions import Call, Expression, Grad, Number, Param, Product, Sum, Var, split_sign, walk
from bptt.notation import SCREEN, Scheme, render
from rnntui.explain.backward_terms import FEW, backward_terms, parameter_terms
from rnntui.explain.explained import Colour, Explained, NamedTerm
from rnntui.explain.forward_terms import forward_terms
from rnntui.explain.roles import roles_of

__all__ = ["Colour", "Explained", "NamedTerm", "explain"]


def explain(
    cell: Cell, equation: Equation, t: int, weight: float = 1.0, scheme: Scheme = SCREEN
) -> tuple[Explained, ...]:
    """The forms of a step's equation at t, the preferred first: a gradient of few terms with each ∇ of a function's
    argument replaced by its own line, then as it is computed.

    `equation`: that of the step (`Run.at`), which has only the terms that exist at t; `weight`: ∇loss of each time;
    `scheme`: which words are used for keep, take in and show."""
    if equation.kind == "forward":
        return (_forward(cell, equation, t, scheme),)
    if equation.kind == "parameter":
        shares = _told_apart(parameter_terms(cell, equation.terms))
        return (Explained(equation.target, "parameter", t, "", shares, False),)
    terms = backward_terms(cell, roles_of(cell), equation.target, equation.terms)
    if equation.target == cell.loss and _counts(equation.expression):
        terms = (NamedTerm("the start", "start", (Number(weight),), "loss"), *terms)
    terms = _told_apart(terms)
    plain = Explained(equation.target, "gradient", t, "", terms, False)
    inlined = tuple(_inlined(cell, term) for term in terms)
    if inlined == terms or len(terms) > FEW:
        return (plain,)
    return replace(plain, terms=inlined, inlined=True), plain


def _forward(cell: Cell, equation: Equation, t: int, scheme: Scheme) -> Explained:
    expression, function = equation.expression, ""
    if isinstance(equation.expression, Call):
        expression, function = equation.expression.argument, equation.expression.function
    terms = _told_apart(forward_terms(cell, roles_of(cell), equation.target, expression, function, scheme))
    return Explained(equation.target, "forward", t, function, terms, False)


def _inlined(cell: Cell, term: NamedTerm) -> NamedTerm:
    if len(term.expressions) > 1:
        return term
    return replace(term, expressions=(cell.expand(term.expressions[0]),))


def _counts(gradient: Expression) -> bool:
    """Whether ∇loss[t] begins at this time; in a truncated run an earlier pass may have carried that loss back."""
    return Number(1.0) in (gradient.terms if isinstance(gradient, Sum) else (gradient,))


def _told_apart(terms: Sequence[NamedTerm]) -> tuple[NamedTerm, ...]:
    """Terms of one name get the variable they read beside it, else their first factor, else a number."""
    named = list(terms)
    for name in dict.fromkeys(term.name for term in terms):
        places = [place for place, term in enumerate(terms) if term.name == name and term.colour != "muted"]
        if len(places) > 1:
            alike = [terms[place] for place in places]
            additions = next(found for found in _additions(alike) if all(found) and len(set(found)) == len(found))
            for place, addition in zip(places, additions, strict=True):
                term = terms[place]
                named[place] = replace(term, name=f"{name} {addition}", short=f"{term.short} {addition}")
    return tuple(named)


def _additions(alike: Sequence[NamedTerm]) -> Iterator[list[str]]:
    """The ways to tell terms of one name apart, one addition a term."""
    expressions = [term.expressions[0] for term in alike]
    yield [_steps_on(expression) for expression in expressions]
    yield [_variable(expression) for expression in expressions]
    yield [_first_factor(expression) for expression in expressions]
    yield [f"({place})" for place in range(1, len(alike) + 1)]


def _steps_on(gradient: Expression) -> str:
    """From how far in the future a term of a gradient comes; empty for any other."""
    lags = {node.lag for node in walk(gradient) if isinstance(node, Grad) and node.lag < 0}
    steps = -min(lags, default=0)
    return f"{steps} step{'s' if steps > 1 else ''} on" if steps else ""


def _variable(expression: Expression) -> str:
    """What a term reads: its last variable, of the past if there is one, with how far back it lies."""
    found = [node for node in walk(expression) if isinstance(node, Var)]
    found = [node for node in found if node.lag > 0 and node.name != "x"] or found
    if not found:
        return ""
    back = f" {found[-1].lag} back" if found[-1].lag > 1 else ""
    return SCREEN.called(found[-1].name) + back


def _first_factor(expression: Expression) -> str:
    """`by W`, `by 1−u`; empty where a term has no factor with a short name."""
    _, expression = split_sign(expression)
    if isinstance(expression, Product):
        text = render(expression.factors[0], SCREEN, 0).translate(_NO_TIMES)
        return f"by {text}" if len(text) <= LONGEST_FACTOR else ""
    matrix = next((node.name for node in walk(expression) if isinstance(node, Param)), "")
    return f"by {SCREEN.called(matrix)}" if matrix else ""


LONGEST_FACTOR = 6
_NO_TIMES = dict.fromkeys(map(ord, "₀₁₂₃₄₅₆₇₈₉₊₋"))
