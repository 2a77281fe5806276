"""The gradient of one equation carried from its root to its leaves: the rule of each node."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

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
    multiply,
    negate,
    walk,
)
from bptt.functions import FUNCTIONS, LOSSES
from bptt.shapes import is_scalar

Path = tuple[tuple[str, object], ...]
"""See `bptt.equation.Term`."""


class Pullbacks:
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
