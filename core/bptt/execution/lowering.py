"""Functions, losses and their slopes written out in the few operations that the fast path computes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bptt.execution.series import TARGETS, WEIGHT, Line, Series, gradient
from bptt.expressions import (
    Call,
    Expression,
    Grad,
    Loss,
    LossSlope,
    MatVec,
    Number,
    Param,
    Power,
    Product,
    Pullback,
    Quotient,
    Slope,
    Sum,
    Var,
    add,
    multiply,
    negate,
    rewrite,
)
from bptt.functions import FUNCTIONS
from bptt.slopes import SLOPES

HALF = Number(0.5)


def _shifted(z: Expression) -> Expression:
    return add(z, negate(Call("max", z)))


def _powers(z: Expression) -> Expression:
    return Call("exp", _shifted(z))


def _softmax(z: Expression) -> Expression:
    return Quotient(_powers(z), Call("sum", _powers(z)))


def _cross_entropy(z: Expression, y: Expression) -> Expression:
    return add(Call("log", Call("sum", _powers(z))), negate(Call("pick", _shifted(z))))


LOSSES: dict[str, Callable[[Expression, Expression], Expression]] = {
    "cross_entropy": _cross_entropy,
    "squared_error": lambda z, y: multiply(HALF, Call("sum", Power(add(z, negate(y)), 2))),
    "binary_cross_entropy": lambda z, y: Call("sum", add(Call("softplus", z), negate(multiply(y, z)))),
}
"""A loss from (prediction, targets as rows), before times without a target are set to 0. "pick" is the component of
the target's class."""
CALLS: dict[str, Callable[[Expression], Expression]] = {"softmax": _softmax}


def lower(expression: Expression, weighted: bool) -> Expression:
    """The same value in the operations of the fast path, ∇v as the series "∇v". `weighted`: for a mean loss, where
    ∇loss[t] is the series `WEIGHT`, else it is 1. "masked" sets times without a target to 0."""
    lowered = rewrite(expression, lambda part: lower(part, weighted))
    match lowered:
        case Grad(name, lag):
            return Var(gradient(name), lag)
        case Call(function, Number(value)):
            result = FUNCTIONS[function].value(np.full((1, 1), value))
            return Number(float(result[0, 0]))
        case Call(function, argument) if function in CALLS:
            return CALLS[function](argument)
        case Loss(function, prediction, lag) if function in LOSSES:
            return Call("masked", LOSSES[function](prediction, Var(TARGETS, lag)))
        case LossSlope(_, _, predicted, lag, direct):
            slope = add(predicted, negate(Var(TARGETS, lag)))
            return Call("masked", multiply(slope, Var(WEIGHT)) if direct and weighted else slope)
        case Sum(terms):
            return add(*terms)
        case Product(factors):
            return multiply(*factors)
    return lowered


def split(expression: Expression, series: Series, lines: list[Line], root: bool = True) -> Expression:
    """The expression with a name for every function's argument, for what a matrix multiplies, and for every function
    that is not the whole right-hand side; new lines are put at the end of `lines`."""

    def operand(part: Expression) -> Expression:
        part = split(part, series, lines, False)
        return part if isinstance(part, Var) else series.named(part, lines)

    match expression:
        case MatVec(matrix, vector, transposed):
            return MatVec(matrix, operand(vector), transposed)
        case Call("masked", argument):
            return Call("masked", split(argument, series, lines, False))
        case Call(function, argument):
            made: Expression = Call(function, operand(argument))
        case Slope(function, argument, output) if function in SLOPES:
            made = SLOPES[function](operand(argument), operand(output))
        case Slope(function, argument, output):
            made = Slope(function, operand(argument), operand(output))
        case Pullback(function, argument, output, passed):
            made = Pullback(function, operand(argument), operand(output), operand(passed))
        case _:
            return rewrite(
                expression, lambda part: part if isinstance(part, Param) else split(part, series, lines, False)
            )
    return made if root else series.named(made, lines)
