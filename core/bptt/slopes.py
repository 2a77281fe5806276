"""Slopes written out in ordinary nodes, once for every printer: 1 − h² for tanh, p − onehot(y) for a loss.

Three functions occur only here, since no author may use them: `step` (1 where its argument is above 0), `sign`,
and `onehot` (the row of a class number).
"""

from __future__ import annotations

from collections.abc import Callable

from bptt.expressions import (
    ONE,
    Call,
    Expression,
    LossSlope,
    MatVec,
    Number,
    Power,
    Product,
    Quotient,
    Slope,
    Sum,
    Var,
    add,
    multiply,
    negate,
    rewrite,
)
from bptt.functions import LOSSES

TWO = Number(2.0)
SLOPES: dict[str, Callable[[Expression, Expression], Expression]] = {
    "sigmoid": lambda a, s: multiply(s, add(ONE, negate(s))),
    "tanh": lambda a, h: add(ONE, negate(Power(h, 2))),
    "relu": lambda a, r: Call("step", a),
    "softplus": lambda a, s: Call("sigmoid", a),
    "exp": lambda a, e: e,
    "log": lambda a, _: Quotient(ONE, a),
    "sin": lambda a, _: Call("cos", a),
    "cos": lambda a, _: negate(Call("sin", a)),
    "abs": lambda a, _: Call("sign", a),
    "sqrt": lambda a, r: Quotient(ONE, multiply(TWO, r)),
}
"""f′ from (argument, output), as in `functions.FUNCTIONS`."""


def spell_out(expression: Expression) -> Expression:
    """The same value without Slope and LossSlope, and with nested sums and products laid flat; a slope that is not
    in the table becomes a call of f′."""
    spelled = rewrite(expression, spell_out)
    match spelled:
        case Slope(function, argument, output):
            known = SLOPES.get(function)
            return spell_out(known(argument, output)) if known else Call(f"{function}′", argument)
        case LossSlope(function, _, predicted, lag) if function in LOSSES:
            target: Expression = Var("y", lag)
            target = Call("onehot", target) if LOSSES[function].classes else target
            return add(predicted, negate(target))
        case MatVec(matrix, Product((Number() as constant, *rest)), True):
            return multiply(constant, MatVec(matrix, multiply(*rest), True))
        case Product(factors):
            return _over_one_line(factors)
        case Sum(terms):
            return add(*terms)
    return spelled


def _over_one_line(factors: tuple[Expression, ...]) -> Expression:
    """A product with its factors 1 / a gathered under it: ∇h ⊙ f / a, not (1 / a) ⊙ ∇h ⊙ f."""
    above, below = [], []
    for factor in factors:
        match factor:
            case Quotient(Number(1.0), bottom):
                below.append(bottom)
            case _:
                above.append(factor)
    if not below:
        return multiply(*factors)
    match above:
        case [*others, Quotient(top, bottom)]:
            above, below = [*others, top], [bottom, *below]
    return Quotient(multiply(*above), multiply(*below))


def summands(expression: Expression) -> tuple[Expression, ...]:
    """The terms of an expression once it is written out: one for anything but a sum."""
    spelled = spell_out(expression)
    return spelled.terms if isinstance(spelled, Sum) else (spelled,)
