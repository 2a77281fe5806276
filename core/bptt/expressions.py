"""The nodes that equations are made of, and `shift`, which moves an expression in time.

An expression is a tree of frozen dataclasses. At a time t every node stands for an array (batch, unit);
a scalar (a number, a norm, a loss) stands for (batch, 1). Times are relative: `lag` k means t − k, and a
negative lag, which only the backward pass produces, means a later time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Var:
    """The variable `name` at time t − lag."""

    name: str
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Grad:
    """∇name at time t − lag: the derivative of the total loss with respect to that variable."""

    name: str
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: a matrix to the left of `@`, anywhere else a vector."""

    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """A constant, the same for every unit."""

    value: float


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of two or more terms; a subtracted term is a Product that begins with Number(−1)."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """An elementwise product (⊙) of two or more factors; a scalar factor multiplies every unit."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """An elementwise quotient."""

    numerator: Expression
    denominator: Expression


@dataclass(frozen=True, slots=True)
class Power:
    """An elementwise power with a whole constant exponent."""

    base: Expression
    exponent: int


@dataclass(frozen=True, slots=True)
class MatVec:
    """`matrix @ vector`, or `matrixᵀ @ vector` where `transposed`."""

    matrix: Param
    vector: Expression
    transposed: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one argument: an entry of `functions.FUNCTIONS`."""

    function: str
    argument: Expression


@dataclass(frozen=True, slots=True)
class Slope:
    """The elementwise derivative f′ at `argument`; `output` is f(argument), a variable where one holds it."""

    function: str
    argument: Expression
    output: Expression


@dataclass(frozen=True, slots=True)
class Pullback:
    """Jᵀ `gradient` for a function that mixes units (softmax, sum, norm, layer_norm …) at `argument`."""

    function: str
    argument: Expression
    output: Expression
    gradient: Expression


@dataclass(frozen=True, slots=True)
class Outer:
    """The outer product left · rightᵀ, summed over the batch: a gradient of a matrix."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Tick:
    """The 0/1 clock of `hold(every, ·)`: 1 where (t − 1) mod every = 0; `negated`: 1 minus that."""

    every: int
    lag: int = 0
    negated: bool = False

    def on(self, t: int) -> bool:
        """Whether it is 1 at time t."""
        return ((t - self.lag - 1) % self.every == 0) != self.negated


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss function of a prediction and the targets y[t]; exactly 0 where there is no target."""

    function: str
    prediction: Expression
    lag: int = 0


@dataclass(frozen=True, slots=True)
class LossSlope:
    """∂loss/∂prediction, e.g. p − onehot(y) for cross_entropy; exactly 0 where there is no target.

    `predicted` is the expression of what is predicted: softmax or σ of the prediction, a variable where the
    text has one, or the prediction itself. `weighted`: the constant ∇loss[t] (1, or 1/N for a mean loss) is
    folded in, so that the line reads p − onehot(y) as in the books.
    """

    function: str
    prediction: Expression
    predicted: Expression
    lag: int = 0
    weighted: bool = False


Expression = (
    Var
    | Grad
    | Param
    | Number
    | Sum
    | Product
    | Quotient
    | Power
    | MatVec
    | Call
    | Slope
    | Pullback
    | Outer
    | Tick
    | Loss
    | LossSlope
)

_NODES = (
    Var,
    Grad,
    Param,
    Number,
    Sum,
    Product,
    Quotient,
    Power,
    MatVec,
    Call,
    Slope,
    Pullback,
    Outer,
    Tick,
    Loss,
    LossSlope,
)
_FIELDS = {node: tuple(field.name for field in fields(node)) for node in _NODES}

MINUS_ONE = Number(-1.0)
ONE = Number(1.0)


def children(expression: Expression) -> tuple[Expression, ...]:
    """The direct parts of a node, in reading order; a matrix counts as a part of its product."""
    parts: list[Expression] = []
    for name in _FIELDS[type(expression)]:
        part = getattr(expression, name)
        if isinstance(part, tuple):
            parts.extend(part)
        elif isinstance(part, _NODES):
            parts.append(part)
    return tuple(parts)


def walk(expression: Expression) -> Iterator[Expression]:
    """The node and everything under it, the node first."""
    yield expression
    for part in children(expression):
        yield from walk(part)


def rewrite(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The same tree with `change` applied to each direct part (not to the node itself)."""
    new: dict[str, object] = {}
    for name in _FIELDS[type(expression)]:
        part = getattr(expression, name)
        if isinstance(part, tuple):
            new[name] = tuple(change(item) for item in part)
        elif isinstance(part, _NODES):
            new[name] = change(part)
        else:
            new[name] = part
    return type(expression)(**new)  # type: ignore[arg-type]  # the fields are those of the same node type


def shift(expression: Expression, steps: int) -> Expression:
    """The expression as it reads `steps` later: every t becomes t + steps."""
    if steps == 0:
        return expression

    def move(node: Expression) -> Expression:
        moved = rewrite(node, move)
        match moved:
            case Var(name, lag):
                return Var(name, lag - steps)
            case Grad(name, lag):
                return Grad(name, lag - steps)
            case Tick(every, lag, negated):
                return Tick(every, lag - steps, negated)
            case Loss(function, prediction, lag):
                return Loss(function, prediction, lag - steps)
            case LossSlope(function, prediction, predicted, lag, weighted):
                return LossSlope(function, prediction, predicted, lag - steps, weighted)
        return moved

    return move(expression)


def add(*terms: Expression) -> Expression:
    """A sum with nested sums laid flat and zeros left out; Number(0) where nothing is left."""
    flat: list[Expression] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Sum) else (term,))
    flat = [term for term in flat if term != Number(0.0)]
    if not flat:
        return Number(0.0)
    return flat[0] if len(flat) == 1 else Sum(tuple(flat))


def multiply(*factors: Expression) -> Expression:
    """A product laid flat, its constants gathered into one in front; a factor 1 is left out."""
    flat: list[Expression] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Product) else (factor,))
    constant = 1.0
    rest: list[Expression] = []
    for factor in flat:
        if isinstance(factor, Number):
            constant *= factor.value
        else:
            rest.append(factor)
    if not rest:
        return Number(constant)
    if constant != 1.0:
        rest.insert(0, Number(constant))
    return rest[0] if len(rest) == 1 else Product(tuple(rest))


def negate(expression: Expression) -> Expression:
    """−expression; a negated sum stays one bracketed factor."""
    return multiply(MINUS_ONE, expression)


def split_sign(expression: Expression) -> tuple[bool, Expression]:
    """(negative, the expression without its minus sign)."""
    match expression:
        case Number(value) if value < 0:
            return True, Number(-value)
        case Product((Number(value), *rest)) if value < 0:
            return True, multiply(Number(-value), *rest)
    return False, expression


def split_constant(expression: Expression) -> tuple[float, Expression]:
    """(constant, the rest): 2·f ⊙ g as 2 and f ⊙ g; the rest is Number(1) where nothing else is left."""
    match expression:
        case Number(value):
            return value, ONE
        case Product((Number(value), *rest)):
            return value, multiply(*rest)
    return 1.0, expression
