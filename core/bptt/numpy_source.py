"""Expressions as lines of NumPy for one sequence, to be pasted into a Python session.

The lines read `h[t]`, a row of an array indexed by time whose row 0 is the initial state; `dh[t]` for ∇h[t]; `W` for
a parameter and `dW` for the sum of its gradient; `y[t]`, a class number or a row of values, at a time that has a
target. ∇L[t] is 1. What they call beyond NumPy is in `PREAMBLE`.
"""

from __future__ import annotations

import math

from bptt.equation import Equation
from bptt.expressions import (
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
    split_sign,
)
from bptt.functions import VARIANCE_FLOOR
from bptt.slopes import spell_out

PREAMBLE = f"""\
import numpy as np

def sigmoid(a):
    return 1 / (1 + np.exp(-a))

def softmax(a):
    powers = np.exp(a - np.max(a))
    return powers / np.sum(powers)

def layer_norm(a):
    return (a - np.mean(a)) / np.sqrt(np.var(a) + {VARIANCE_FLOOR!r})

def onehot(k):  # K: the number of classes
    return np.eye(K)[k]
"""
"""Python source of the functions in the lines. batch_norm and its pullback need the whole batch: they are the
reader's to define."""

_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 4
_CALLED = {"tanh": "np.tanh({})", "relu": "np.maximum(0, {})", "softplus": "np.logaddexp(0, {})", "exp": "np.exp({})",
           "log": "np.log({})", "sin": "np.sin({})", "cos": "np.cos({})", "abs": "np.abs({})", "sqrt": "np.sqrt({})",
           "sum": "np.sum({})", "mean": "np.mean({})", "max": "np.max({})", "min": "np.min({})",
           "norm": "np.linalg.norm({})", "sign": "np.sign({})"}  # fmt: skip


def numpy_source(expression: Expression, t: int | None = None) -> str:
    """The expression as Python source at time t (None: the letter t): `W.T @ (dh[t+1] * (1 - h[t+1]**2))`."""
    return _Source(t).at_least(spell_out(expression), _SUM)


def numpy_equation(equation: Equation, t: int | None = None) -> str:
    """The whole line: `dh[t] = W.T @ da[t+1] + V.T @ dz[t]`, `dW += np.outer(da[t], h[t-1])`."""
    source = _Source(t)
    side = source.at_least(spell_out(equation.expression), _SUM)
    if equation.kind == "parameter":
        return f"d{equation.target} += {side}"
    d = "d" if equation.kind == "gradient" else ""
    return f"{d}{equation.target}[{source.time(0)}] = {side}"


class _Source:
    """Writes expressions without Slope and LossSlope (see `spell_out`) at one time."""

    def __init__(self, t: int | None) -> None:
        self._t = t

    def time(self, lag: int) -> str:
        return ("t" if lag == 0 else f"t{-lag:+d}") if self._t is None else str(self._t - lag)

    def at_least(self, expression: Expression, tightness: int) -> str:
        text, holds = self._text(expression)
        return text if holds >= tightness else f"({text})"

    def _text(self, node: Expression) -> tuple[str, int]:
        match node:
            case Var(name, lag):
                return f"{name}[{self.time(lag)}]", _ATOM
            case Grad(name, lag):
                return f"d{name}[{self.time(lag)}]", _ATOM
            case Param(name):
                return name, _ATOM
            case Number(value):
                return _number(value)
            case Tick(every, lag, negated):
                return f"float(({self.time(lag)} - 1) % {every} {'!=' if negated else '=='} 0)", _ATOM
            case Sum(terms):
                return self._sum(terms), _SUM
            case Product(factors):
                negative, positive = split_sign(node)
                if negative:
                    return f"-{self.at_least(positive, _PRODUCT)}", _SUM
                return " * ".join(self.at_least(factor, _POWER) for factor in factors), _PRODUCT
            case Quotient(top, bottom):
                return f"{self.at_least(top, _POWER)} / {self.at_least(bottom, _POWER)}", _PRODUCT
            case Power(base, exponent):
                return f"{self._base(base)}**{exponent}", _POWER
            case MatVec(matrix, vector, transposed):
                name = matrix.name + (".T" if transposed else "")
                return f"{name} @ {self.at_least(vector, _POWER)}", _PRODUCT
            case Call("step", argument):
                return f"1.0 * ({self.at_least(argument, _SUM)} > 0)", _PRODUCT
            case Call(function, argument):
                return _CALLED.get(function, function + "({})").format(self.at_least(argument, _SUM)), _ATOM
            case Pullback(function, argument, output, gradient):
                return self._pullback(function, argument, output, gradient)
            case Outer(left, right):
                return f"np.outer({self.at_least(left, _SUM)}, {self.at_least(right, _SUM)})", _ATOM
            case Loss(function, prediction, lag):
                return self._loss(function, prediction, lag)
            case Slope(function, argument):
                return f"{function}_slope({self.at_least(argument, _SUM)})", _ATOM
            case LossSlope(function, prediction, _, lag):
                return f"{function}_slope({self.at_least(prediction, _SUM)}, y[{self.time(lag)}])", _ATOM

    def _sum(self, terms: tuple[Expression, ...]) -> str:
        text = ""
        for place, term in enumerate(terms):
            negative, positive = split_sign(term)
            piece = self.at_least(positive, _PRODUCT)
            text += ("-" if negative else "") + piece if place == 0 else (" - " if negative else " + ") + piece
        return text

    def _base(self, base: Expression) -> str:
        # a float: a power of a Python int could leave NumPy's range
        return repr(base.value) if isinstance(base, Number) and base.value >= 0 else self.at_least(base, _ATOM)

    def _loss(self, function: str, prediction: Expression, lag: int) -> tuple[str, int]:
        y = f"y[{self.time(lag)}]"
        whole, part = self.at_least(prediction, _SUM), self.at_least(prediction, _ATOM)
        match function:
            case "cross_entropy":
                return f"np.logaddexp.reduce({whole}) - {part}[{y}]", _SUM
            case "squared_error":
                return f"0.5 * np.sum(({self.at_least(prediction, _PRODUCT)} - {y})**2)", _PRODUCT
            case "binary_cross_entropy":
                return f"np.sum(np.logaddexp(0, {whole}) - {y} * {part})", _ATOM
        return f"{function}({whole}, {y})", _ATOM

    def _pullback(
        self, function: str, argument: Expression, output: Expression, gradient: Expression
    ) -> tuple[str, int]:
        a, f, g = (self.at_least(part, _SUM) for part in (argument, output, gradient))
        factor_f, factor_g = self.at_least(output, _POWER), self.at_least(gradient, _POWER)
        term_g = self.at_least(gradient, _PRODUCT)
        match function:
            case "softmax":
                return f"{factor_f} * ({term_g} - np.sum({factor_f} * {factor_g}))", _PRODUCT
            case "sum":
                return f"{factor_g} * np.ones_like({a})", _PRODUCT
            case "mean":
                return f"{factor_g} * np.ones_like({a}) / np.size({a})", _PRODUCT
            case "norm":
                return f"{factor_g} * {self.at_least(argument, _POWER)} / np.linalg.norm({a})", _PRODUCT
            case "max" | "min":
                return f"{factor_g} * (np.arange(np.size({a})) == np.arg{function}({a}))", _PRODUCT
            case "layer_norm":
                centred = f"{term_g} - np.mean({g}) - {factor_f} * np.mean({factor_g} * {factor_f})"
                return f"({centred}) / np.sqrt(np.var({a}) + {VARIANCE_FLOOR!r})", _PRODUCT
        return f"{function}_pullback({a}, {f}, {g})", _ATOM


def _number(value: float) -> tuple[str, int]:
    if not math.isfinite(value):
        return ("np.nan", _ATOM) if math.isnan(value) else ("np.inf", _ATOM) if value > 0 else ("-np.inf", _SUM)
    text = str(int(value)) if value.is_integer() and abs(value) < 1e6 else repr(value)
    return text, _SUM if text.startswith("-") else _ATOM
