"""From a cell's forward equations to its backward ones, by reverse-mode differentiation of the expressions.

For every variable v: ∇v[t] = Σ over the equations that read v of (∂equation/∂v)ᵀ ∇equation, where an equation
that reads v[t−k] contributes from time t + k (Werbos 1990). Nothing here knows a cell by name.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bptt.equation import Equation, Term
from bptt.expressions import (
    Call,
    Expression,
    Loss,
    Number,
    Param,
    Product,
    Sum,
    Var,
    add,
    multiply,
    rewrite,
    shift,
    split_constant,
    split_sign,
    walk,
)
from bptt.pullbacks import Pullbacks
from bptt.shapes import is_scalar


@dataclass(frozen=True)
class Derivation:
    """All that follows from a cell's forward equations."""

    definitions: dict[str, Expression]
    """Variable → right-hand side in order of evaluation, compound arguments named."""
    arguments: dict[str, str]
    """Named argument → the variable in whose equation it stands."""
    loss: str
    occurrences: dict[str, tuple[Term, ...]]
    """Variable (and x) → every place that reads it, whether the loss depends on that place or not."""
    terms: dict[str, tuple[Term, ...]]
    """Variable (and x) → the summands of its gradient; terms that share a gradient are joined."""
    parameter_terms: dict[str, tuple[Term, ...]]
    """Parameter → the summands of its contribution at one t."""
    backward: tuple[Equation, ...] = field(default=())
    """One backward timestep, in order; their texts are written by the cell."""


def derive(
    equations: Sequence[Equation],
    loss: str,
    scalars: Collection[str],
    origins: Mapping[str, tuple[str, int]] | None = None,
) -> Derivation:
    """Differentiate a cell's equations. `scalars` are the variables with one number a sequence; `origins`: name in a
    stacked cell → (the author's name, the layer)."""
    definitions, arguments = name_arguments(equations, origins)
    scalars = set(scalars)
    for name in definitions:
        if is_scalar(definitions[name], scalars):
            scalars.add(name)
    pull = Pullbacks(definitions, loss, scalars)
    influential = _influential(definitions, loss)
    occurrences: dict[str, list[Term]] = {"x": [], **{name: [] for name in definitions}}
    parameters: dict[str, list[Term]] = {}
    for consumer in definitions:
        for leaf, gradient, path in pull.leaves(consumer):
            if isinstance(leaf, Param):
                parameters.setdefault(leaf.name, []).append(Term(gradient, consumer, 0, path))
            else:
                term = Term(shift(gradient, leaf.lag), consumer, leaf.lag, path)
                occurrences.setdefault(leaf.name, []).append(term)
    terms = {
        name: _ordered(name, _joined(term for term in found if term.consumer in influential), loss, definitions)
        for name, found in occurrences.items()
    }
    parameter_terms = {
        name: _joined(term for term in found if term.consumer in influential) for name, found in parameters.items()
    }
    backward = tuple(_backward(definitions, loss, influential, terms, parameter_terms))
    return Derivation(
        definitions,
        arguments,
        loss,
        {name: tuple(found) for name, found in occurrences.items()},
        terms,
        parameter_terms,
        backward,
    )


def name_arguments(
    equations: Sequence[Equation], origins: Mapping[str, tuple[str, int]] | None = None
) -> tuple[dict[str, Expression], dict[str, str]]:
    """Give every compound argument of a function a name: `a_f`, the next in the same equation `a_f2`, from left to
    right and from outside in; `pre_f` where the author uses that name; in layer 2 of a stacked cell `a2_f`. Returns
    (definitions in order of evaluation, argument → owner)."""
    origins = origins or {}
    taken = {equation.target for equation in equations}
    for equation in equations:
        taken.update(node.name for node in walk(equation.expression) if isinstance(node, (Var, Param)))
    definitions: dict[str, Expression] = {}
    arguments: dict[str, str] = {}
    for equation in equations:
        owner = equation.target
        count = 0

        def fresh(owner: str = owner) -> str:
            nonlocal count
            count += 1
            number = "" if count == 1 else str(count)
            stems = itertools.chain(("a", "pre", "pre_a"), (f"pre{n}" for n in itertools.count(2)))
            own, layer = origins.get(owner, (owner, None))
            names = (f"{stem}_{own}{number}" if layer is None else f"{stem}{layer}_{own}{number}" for stem in stems)
            name = next(name for name in names if name not in taken)
            taken.add(name)
            return name

        def name_inside(node: Expression, owner: str = owner) -> Expression:
            match node:
                case Call(function, argument) if not isinstance(argument, (Var, Param, Number)):
                    name = fresh()
                    definitions[name], arguments[name] = name_inside(argument), owner
                    return Call(function, Var(name))
                case Loss(function, prediction, lag) if not isinstance(prediction, Var):
                    name = fresh()
                    definitions[name], arguments[name] = name_inside(prediction), owner
                    return Loss(function, Var(name), lag)
            return rewrite(node, name_inside)

        definitions[owner] = name_inside(equation.expression)
    return definitions, arguments


def _influential(definitions: Mapping[str, Expression], loss: str) -> set[str]:
    """The variables on which the loss depends, itself included."""
    reached = {loss}
    frontier = [loss]
    while frontier:
        for node in walk(definitions[frontier.pop()]):
            if isinstance(node, Var) and node.name in definitions and node.name not in reached:
                reached.add(node.name)
                frontier.append(node.name)
    return reached


def _joined(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Terms that send the same gradient by different factors become one: (n − h) ⊙ ∇g, not two terms."""
    groups: dict[tuple[object, ...], list[Term]] = {}
    for term in terms:
        groups.setdefault((term.consumer, term.lag, _factors(term.expression)[-1]), []).append(term)
    joined: list[Term] = []
    for group in groups.values():
        if len(group) == 1:
            joined.append(group[0])
            continue
        gradient = _factors(group[0].expression)[-1]
        weights: dict[Expression, float] = {}
        for term in group:
            constant, rest = split_constant(multiply(*_factors(term.expression)[:-1]))
            for part in rest.terms if isinstance(rest, Sum) else (rest,):
                weight, plain = split_constant(part)
                weights[plain] = weights.get(plain, 0.0) + constant * weight
        factors = [multiply(Number(weight), rest) for rest, weight in weights.items() if weight]
        factors.sort(key=lambda factor: split_sign(factor)[0])
        whole = multiply(add(*factors), gradient) if factors else Number(0.0)
        if whole != Number(0.0):
            joined.append(replace(group[0], expression=whole))
    return tuple(joined)


def _factors(expression: Expression) -> tuple[Expression, ...]:
    return expression.factors if isinstance(expression, Product) else (expression,)


def _ordered(name: str, terms: tuple[Term, ...], loss: str, definitions: Mapping[str, Expression]) -> tuple[Term, ...]:
    """Own additive road first, then what comes from the future, then this time, the output last; of these each,
    what is added before what is subtracted."""
    prediction = {node.prediction.name for node in walk(definitions[loss]) if isinstance(node, Loss)}  # type: ignore[union-attr]  # named by name_arguments

    def rank(term: Term) -> tuple[bool, bool, bool, bool]:
        own = term.consumer == name and all(kind in ("times", "sign") for kind, _ in term.path)
        subtracted, _ = split_sign(term.expression)
        return (not own, term.lag == 0, term.consumer in prediction or term.consumer == loss, subtracted)

    return tuple(sorted(terms, key=rank))


def _backward(
    definitions: Mapping[str, Expression],
    loss: str,
    influential: Collection[str],
    terms: Mapping[str, tuple[Term, ...]],
    parameter_terms: Mapping[str, tuple[Term, ...]],
) -> Iterable[Equation]:
    for name in reversed(tuple(definitions)):
        if name not in influential:
            continue
        seed = (Number(1.0),) if name == loss else ()
        expression = add(*seed, *(term.expression for term in terms[name]))
        yield Equation(name, expression, "gradient", terms=terms[name])
        for parameter, found in parameter_terms.items():
            sent = tuple(term for term in found if term.consumer == name)
            if sent:
                yield Equation(parameter, add(*(term.expression for term in sent)), "parameter", terms=sent)
