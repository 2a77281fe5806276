"""From a cell's forward equations to its backward ones, by reverse-mode differentiation of the expressions.

For every variable v: ∇v[t] = Σ over the equations that read v of (∂equation/∂v)ᵀ ∇equation, where an equation
that reads v[t−k] contributes from time t + k (Werbos 1990). Nothing here knows a cell by name.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bptt.equation import Equation, Term
from bptt.expressions import (
    MINUS_ONE,
    ONE,
    Call,
    Expression,
    Grad,
    Loss,
    LossSlope,
    MatVec,
    Number,
    Outer,
    Param,
    Power,
    Product,
    Pullback,
    Quotient,
    Slope,
    Sum,
    Tick,
    Var,
    add,
    multiply,
    negate,
    rewrite,
    shift,
    split_constant,
    split_sign,
    walk,
)
from bptt.functions import FUNCTIONS, LOSSES
from bptt.shapes import is_scalar

Path = tuple[tuple[str, object], ...]


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
    pull = _Pullbacks(definitions, loss, scalars)
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
    backward = tuple(_backward(definitions, arguments, loss, influential, terms, parameter_terms))
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


class _Pullbacks:
    """Walks one equation from its root to its leaves, carrying the gradient and the road it takes."""

    def __init__(self, definitions: Mapping[str, Expression], loss: str, scalars: Collection[str]) -> None:
        self._definitions = definitions
        self._loss = loss
        self._scalars = scalars
        readers = [name for name, e in definitions.items() for node in walk(e) if node == Var(loss)]
        self._direct = isinstance(definitions[loss], Loss) and not readers

    def leaves(self, consumer: str) -> list[tuple[Var | Param, Expression, Path]]:
        found: list[tuple[Var | Param, Expression, Path]] = []
        self._pull(self._definitions[consumer], Grad(consumer), (), found, consumer)
        return found

    def _scalar(self, expression: Expression) -> bool:
        return is_scalar(expression, self._scalars)

    def _fit(self, part: Expression, whole: Expression, gradient: Expression) -> Expression:
        """A scalar that stands for every unit gathers the gradients of all units."""
        if self._scalar(part) and not self._scalar(whole):
            return _linear(gradient, lambda rest: Call("sum", rest))
        return gradient

    def _pull(
        self,
        node: Expression,
        gradient: Expression,
        path: Path,
        found: list[tuple[Var | Param, Expression, Path]],
        root: str = "",
    ) -> None:
        """`root` names the variable whose whole right-hand side `node` is; empty below the root."""
        match node:
            case Var() | Param():
                found.append((node, gradient, path))
            case Sum(parts):
                for part in parts:
                    self._pull(part, self._fit(part, node, gradient), path, found)
            case Product(factors):
                for place, factor in enumerate(factors):
                    if isinstance(factor, (Number, Tick)):
                        continue
                    others = multiply(*factors[:place], *factors[place + 1 :])
                    step: tuple[str, object] = ("sign" if others == MINUS_ONE else "times", others)
                    passed = self._fit(factor, node, multiply(others, gradient))
                    self._pull(factor, passed, (*path, step), found)
            case Quotient(top, bottom):
                over = ("times", Quotient(ONE, bottom))
                passed = _linear(gradient, lambda rest: Quotient(rest, bottom))
                self._pull(top, self._fit(top, node, passed), (*path, over), found)
                # −top / bottom² is −(the quotient itself) / bottom, where a variable holds it
                by = (Var(root), bottom) if root else (top, _squared(bottom))
                slope = _linear(gradient, lambda rest: negate(multiply(by[0], Quotient(rest, by[1]))))
                below = ("times", negate(Quotient(*by)))
                self._pull(bottom, self._fit(bottom, node, slope), (*path, below), found)
            case Power(base, exponent):
                if exponent == 0:
                    return
                slope = multiply(Number(float(exponent)), base if exponent == 2 else Power(base, exponent - 1))
                slope = Number(1.0) if exponent == 1 else slope
                self._pull(base, multiply(slope, gradient), (*path, ("function", f"power {exponent}")), found)
            case MatVec(matrix, vector, False):
                found.append((matrix, Outer(gradient, vector), path))
                passed = _linear(gradient, lambda rest: MatVec(matrix, rest, True))
                self._pull(vector, passed, (*path, ("matrix", matrix.name)), found)
            case Call(function, argument):
                output = Var(root) if root else node
                step = ("function", function)
                if FUNCTIONS[function].slope is not None:
                    slope = Slope(function, argument, output)
                    bare = isinstance(gradient, Grad)
                    passed = multiply(gradient, slope) if bare else multiply(slope, gradient)
                else:
                    passed = _linear(gradient, lambda rest: Pullback(function, argument, output, rest))
                self._pull(argument, passed, (*path, step), found)
            case Loss(function, prediction, lag):
                direct = root == self._loss and self._direct
                slope = LossSlope(function, prediction, self._predicted(function, prediction), lag, direct)
                passed = slope if direct else multiply(slope, gradient)
                self._pull(prediction, passed, (*path, ("loss", function)), found)

    def _predicted(self, function: str, prediction: Expression) -> Expression:
        """softmax(z) or σ(z), by the name of the variable that holds it where there is one."""
        output = LOSSES[function].output
        if not output:
            return prediction
        wanted = Call(output, prediction)
        names = [name for name, definition in self._definitions.items() if definition == wanted]
        return Var(names[0]) if names else wanted


def _linear(gradient: Expression, make: Callable[[Expression], Expression]) -> Expression:
    """`make` of a gradient, for a linear one: the gradient's constant goes to the front, −Wᵀ∇a, not Wᵀ(−∇a)."""
    match gradient:
        case Product((Number() as constant, *rest)):
            return multiply(constant, make(multiply(*rest)))
    return make(gradient)


def _squared(expression: Expression) -> Expression:
    match expression:
        case Call("sqrt", argument):
            return argument
        case Power(base, exponent):
            return Power(base, 2 * exponent)
    return Power(expression, 2)


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


def is_inlined(name: str, arguments: Mapping[str, str], terms: Sequence[Term], occurrences: Sequence[Term]) -> bool:
    """Whether ∇name is only a stop on the way: the argument of one function, with one term of its own."""
    if len(terms) != 1 or len(occurrences) != 1 or terms[0].lag:
        return False
    as_argument = bool(terms[0].path) and terms[0].path[0][0] == "function"
    return as_argument and (name in arguments or len(terms[0].path) == 1)


def inline(
    expression: Expression,
    arguments: Mapping[str, str],
    terms: Mapping[str, tuple[Term, ...]],
    occurrences: Mapping[str, tuple[Term, ...]],
) -> Expression:
    """Replace each ∇ of a function's argument by its own line, one level deep."""

    def change(node: Expression) -> Expression:
        if isinstance(node, Grad):
            found = terms.get(node.name, ())
            if is_inlined(node.name, arguments, found, occurrences.get(node.name, ())):
                return shift(found[0].expression, -node.lag)
            return node
        changed = rewrite(node, change)
        return multiply(*changed.factors) if isinstance(changed, Product) else changed

    return change(expression)


def _backward(
    definitions: Mapping[str, Expression],
    arguments: Mapping[str, str],
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
