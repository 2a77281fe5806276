"""Expressions as LaTeX."""

from __future__ import annotations

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
    split_constant,
    split_sign,
)
from bptt.numerals import number
from bptt.slopes import spell_out

_SUM, _PRODUCT, _FACTOR, _ATOM = 1, 2, 3, 4
"""How tightly a text holds together; a power or transpose needs an atom."""
_GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
)
_OPERATORS = {"tanh": r"\tanh", "exp": r"\exp", "log": r"\log", "sin": r"\sin", "cos": r"\cos", "max": r"\max",
              "min": r"\min", "sigmoid": r"\sigma"}  # fmt: skip
_FENCES = {
    "norm": (r"\left\lVert ", r" \right\rVert"),
    "abs": (r"\left\lvert ", r" \right\rvert"),
    "step": (r"\left[", r" > 0\right]"),
    "sqrt": (r"\sqrt{", "}"),
}


def latex_equation(equation: Equation) -> str:
    """A whole equation: `h_{t} = \\tanh\\left(a_{t}\\right)`."""
    side = latex(equation.expression)
    if equation.kind == "forward":
        return f"{_timed(equation.target, 0)} = {side}"
    if equation.kind == "gradient":
        return rf"\nabla {_timed(equation.target, 0)} = {side}"
    return rf"\nabla {_name(equation.target)} \mathrel{{+}}= {side}"


def latex(expression: Expression) -> str:
    """An expression, its braces and \\left \\right balanced; needs amsmath."""
    return _at_least(spell_out(expression), _SUM)


def _name(name: str) -> str:
    stem, *indices = [part for part in name.split("_") if part] or [""]
    return _stem(stem) + (f"_{{{','.join(map(_word, indices))}}}" if indices else "")


def _timed(name: str, lag: int) -> str:
    when = "t" if lag == 0 else f"t{-lag:+d}"
    stem, *indices = [part for part in name.split("_") if part] or [""]
    return f"{_stem(stem)}_{{{','.join([*map(_word, indices), when])}}}"


def _stem(stem: str) -> str:
    """A letter with the number of its layer above: h2 is h^{(2)}."""
    letters = stem.rstrip("0123456789")
    digits = stem[len(letters) :]
    return _word(letters) + f"^{{({digits})}}" if letters and digits else _word(stem)


def _word(word: str) -> str:
    if word in _GREEK:
        return f"\\{word}"
    if word == "":
        return "{}"
    return word if len(word) == 1 or word.isdigit() else rf"\mathit{{{word}}}"


def _at_least(expression: Expression, tightness: int) -> str:
    text, holds = _text(expression)
    return text if holds >= tightness else rf"\left({text}\right)"


def _text(node: Expression) -> tuple[str, int]:
    match node:
        case Var(name, lag):
            return _timed(name, lag), _ATOM
        case Grad(name, lag):
            return rf"\nabla {_timed(name, lag)}", _FACTOR
        case Param(name):
            return _name(name), _ATOM
        case Number(value):
            return _number(value)
        case Tick(_, lag, negated):
            return (r"\neg " if negated else "") + rf"\mathrm{{tick}}{_timed('', lag)[2:]}", _FACTOR
        case Sum(terms):
            return _sum(terms), _SUM
        case Product(factors):
            return _product(factors)
        case Quotient(top, bottom):
            return rf"\frac{{{_at_least(top, _SUM)}}}{{{_at_least(bottom, _SUM)}}}", _FACTOR
        case Power(base, exponent):
            return _power(base, exponent), _FACTOR
        case MatVec(matrix, vector, transposed):
            power = r"^{\top}" if transposed else ""
            inner = _at_least(vector, _PRODUCT if isinstance(vector, MatVec) else _FACTOR)
            return f"{{{_name(matrix.name)}}}{power} {inner}", _PRODUCT
        case Call(function, argument):
            return _call(function, argument), _ATOM
        case Pullback(function, argument, output, gradient):
            return _pullback(function, argument, output, gradient), _PRODUCT
        case Outer(left, right):
            return _outer(left, right)
        case Loss(function, prediction, lag):
            return _loss(_operator(function), prediction, lag), _ATOM
        case Slope(function, argument):
            return rf"{_operator(function)}'\left({_at_least(argument, _SUM)}\right)", _ATOM
        case LossSlope(function, prediction, _, lag):
            return _loss(f"{_operator(function)}'", prediction, lag), _ATOM


def _number(value: float) -> tuple[str, int]:
    negative, size = value < 0, abs(value)
    text = number(size, 6).replace("NaN", r"\mathrm{NaN}").replace("inf", r"\infty")
    mantissa, e, exponent = text.partition("e")
    if e:
        text = rf"{mantissa} \cdot 10^{{{exponent}}}"
    return f"-{text}" if negative else text, _SUM if negative else _PRODUCT if e else _ATOM


def _sum(terms: tuple[Expression, ...]) -> str:
    line = ""
    for term in terms:
        text, holds = _text(term)
        negative = holds == _SUM and text.startswith("-")
        piece = text[1:] if negative else _at_least(term, _PRODUCT)
        line += ((" - " if negative else " + ") if line else ("-" if negative else "")) + piece
    return line


def _product(factors: tuple[Expression, ...]) -> tuple[str, int]:
    negative, positive = split_sign(Product(factors))
    if negative:
        return f"-{_at_least(positive, _PRODUCT)}", _SUM
    text = ""
    for place, factor in enumerate(factors):
        last = place == len(factors) - 1
        bare = (isinstance(factor, MatVec) and last) or (isinstance(factor, Number) and not place)
        by = "" if place == 0 else r" \, " if isinstance(factors[place - 1], Number) else r" \odot "
        text += by + _at_least(factor, _PRODUCT if bare else _FACTOR)
    return text, _PRODUCT


def _outer(left: Expression, right: Expression) -> tuple[str, int]:
    """A constant in front of a column needs no brackets."""
    constant, rest = split_constant(left)
    row = _transposed(right)
    if constant == 1.0 or isinstance(left, Number):
        return rf"{_at_least(left, _FACTOR)} \, {row}", _PRODUCT
    size = "" if abs(constant) == 1 else rf"{_at_least(Number(abs(constant)), _FACTOR)} \, "
    sign = "-" if constant < 0 else ""
    return rf"{sign}{size}{_at_least(rest, _FACTOR)} \, {row}", _SUM if sign else _PRODUCT


def _power(base: Expression, exponent: int) -> str:
    match base:
        case Call(("tanh" | "sigmoid" | "sin" | "cos" | "log") as function, argument) if exponent > 1:
            return rf"{_operator(function)}^{{{exponent}}}\left({_at_least(argument, _SUM)}\right)"
    return f"{{{_at_least(base, _ATOM)}}}^{{{exponent}}}"


def _transposed(vector: Expression) -> str:
    bare = isinstance(vector, Grad)
    return f"{{{_at_least(vector, _FACTOR if bare else _ATOM)}}}^{{\\top}}"


def _operator(function: str) -> str:
    if function.endswith("′"):
        return _operator(function[:-1]) + "'"
    return _OPERATORS.get(function) or r"\operatorname{" + function.replace("_", r"\_") + "}"


def _call(function: str, argument: Expression) -> str:
    if function == "onehot":
        return rf"\mathbf{{1}}_{{{_at_least(argument, _SUM)}}}"
    before, after = _FENCES.get(function, (rf"{_operator(function)}\left(", r"\right)"))
    return f"{before}{_at_least(argument, _SUM)}{after}"


def _loss(name: str, prediction: Expression, lag: int) -> str:
    return rf"{name}\left({_at_least(prediction, _SUM)}, {_timed('y', lag)}\right)"


def _pullback(function: str, argument: Expression, output: Expression, gradient: Expression) -> str:
    a, g = _at_least(argument, _SUM), _at_least(gradient, _FACTOR)
    match function:
        case "softmax":
            p = _at_least(output, _FACTOR)
            return rf"{p} \odot \left({_at_least(gradient, _PRODUCT)} - {_transposed(output)} {g}\right)"
        case "sum":
            return _at_least(gradient, _PRODUCT)
        case "mean":
            return rf"\frac{{{_at_least(gradient, _SUM)}}}{{\dim {_at_least(argument, _ATOM)}}}"
        case "norm":
            return rf"{g} \odot \frac{{{a}}}{{{_call('norm', argument)}}}"
        case "max" | "min":
            return rf"{g} \odot \left[{a} = {_call(function, argument)}\right]"
    return rf"{_operator(function)}'\left({a}\right)^{{\top}} {g}"
