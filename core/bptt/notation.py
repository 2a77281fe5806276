"""Expressions as mathematics in Unicode, under the schemes of `bptt.scheme`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

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
from bptt.scheme import BOOK, LEIBNIZ, SCHEMES, SCREEN, SUBSCRIPTS, SUPERSCRIPTS, TEXT, Scheme
from bptt.slopes import spell_out

__all__ = [
    "BOOK",
    "LEIBNIZ",
    "SCHEMES",
    "SCREEN",
    "SUBSCRIPTS",
    "SUPERSCRIPTS",
    "TEXT",
    "Leaf",
    "Scheme",
    "join_terms",
    "render",
    "render_equation",
    "render_factor",
    "render_target",
    "signed_terms",
]

_PRIMES = {2: "′", 3: "″"}
_SUM, _PRODUCT, _POWER, _PREFIXED, _ATOM = 1, 2, 3, 4, 5
"""How tightly a text holds together; what is looser than its place needs is put in brackets."""


Leaf = Callable[[Expression], str | None]
"""What to write for a Var, Grad, Param or Tick instead of its symbol; None for the symbol."""


def render(
    expression: Expression,
    scheme: Scheme = TEXT,
    t: int | None = None,
    arguments: Mapping[str, str] | None = None,
    leaf: Leaf | None = None,
) -> str:
    """An expression at time t (None: the letter t). `arguments`: named argument → its owner."""
    return _Printer(scheme, t, arguments or {}, leaf).at_least(spell_out(expression), _SUM)


def render_factor(
    expression: Expression,
    scheme: Scheme = TEXT,
    t: int | None = None,
    arguments: Mapping[str, str] | None = None,
) -> str:
    """The same, in brackets where it would not hold together as a factor of a product."""
    return _Printer(scheme, t, arguments or {}, None).at_least(spell_out(expression), _POWER)


def render_target(
    equation: Equation,
    scheme: Scheme = TEXT,
    t: int | None = None,
    arguments: Mapping[str, str] | None = None,
) -> str:
    """The left-hand side: `h[t]`, `∇h[t]`, or `∇W`; of a cut the word."""
    if equation.kind == "cut":
        return "cut"
    printer = _Printer(scheme, t, arguments or {}, None)
    if equation.kind == "forward":
        return printer.variable(equation.target, 0)
    if equation.kind == "gradient":
        return printer.gradient(equation.target, 0)
    return scheme.gradient.format(v=scheme.called(equation.target))


def render_equation(
    equation: Equation,
    scheme: Scheme = TEXT,
    t: int | None = None,
    arguments: Mapping[str, str] | None = None,
    leaf: Leaf | None = None,
) -> str:
    """A whole equation: `∇h[t] = Wᵀ∇a[t+1] + Vᵀ∇z[t]`, `∇W += ∇a[t] h[t-1]ᵀ`."""
    if equation.kind == "cut":
        return equation.text
    sign = "+=" if equation.kind == "parameter" and not equation.overwrites else "="
    side = render(equation.expression, scheme, t, arguments, leaf)
    return f"{render_target(equation, scheme, t, arguments)} {sign} {side}"


def signed_terms(
    expressions: Iterable[Expression],
    scheme: Scheme = TEXT,
    t: int | None = None,
    arguments: Mapping[str, str] | None = None,
) -> list[tuple[bool, str]]:
    """(is subtracted, text) of each summand, so that a line can be put together piece by piece: `join_terms` of
    it is `render` of the sum. A summand that is itself a sum keeps its own signs inside its text."""
    printer = _Printer(scheme, t, arguments or {}, None)
    return [printer.signed(spell_out(expression)) for expression in expressions]


def join_terms(terms: Iterable[tuple[bool, str]]) -> str:
    """The pieces of `signed_terms` as one line; 0 where there are none."""
    line = ""
    for negative, text in terms:
        line += ((" − " if negative else " + ") if line else ("−" if negative else "")) + text
    return line or "0"


@dataclass(frozen=True)
class _Printer:
    """Writes expressions without Slope and LossSlope (see `spell_out`)."""

    scheme: Scheme
    t: int | None
    arguments: Mapping[str, str]
    leaf: Leaf | None

    def variable(self, name: str, lag: int) -> str:
        return self.scheme.at(self.scheme.called(name), lag, self.t)

    def gradient(self, name: str, lag: int) -> str:
        if name not in self.arguments:
            return self.scheme.gradient.format(v=self.variable(name, lag))
        owner = self.arguments[name]
        number = name.rpartition(owner)[2]
        alike = [other for other, its in self.arguments.items() if its == owner]
        count = int(number) if number.isdigit() else alike.index(name) + 1
        mark = _PRIMES.get(count, str(count)) if count > 1 else ""
        shown = self.scheme.at(self.scheme.called(owner) + mark, lag, self.t)
        return self.scheme.delta.format(v=self.variable(name, lag), g=shown)

    def at_least(self, expression: Expression, tightness: int) -> str:
        text, holds = self._text(expression)
        if holds >= tightness:
            return text
        return f"({self._sum(expression.terms, True)})" if isinstance(expression, Sum) else f"({text})"

    def signed(self, expression: Expression) -> tuple[bool, str]:
        """A summand of a longer line; a sum is not put in brackets."""
        if not isinstance(expression, Sum):
            text, holds = self._text(expression)
            if holds == _SUM and text.startswith("−"):
                return True, text[1:]
            return False, text if holds >= _PRODUCT else f"({text})"
        negative, _ = split_sign(expression.terms[0])
        text = join_terms(self.signed(term) for term in expression.terms)
        return negative, text[1:] if negative else text

    def _text(self, node: Expression) -> tuple[str, int]:
        if isinstance(node, (Var, Grad, Param, Tick)):
            shown = self.leaf(node) if self.leaf is not None else None
            return (shown, _ATOM) if shown is not None else self._symbol(node)
        match node:
            case Number(value):
                text = number(value, 6, "−")
                return text, _SUM if text.startswith("−") else _PREFIXED if "e" in text else _ATOM
            case Sum(terms):
                return self._sum(terms, False), _SUM
            case Product(factors):
                return self._product(factors)
            case Quotient(top, bottom):
                return self._quotient(top, bottom)
            case Power(base, exponent):
                return self._power(base, exponent), _POWER
            case MatVec(matrix, vector, transposed):
                return self._matrix_product(matrix, vector, transposed), _PRODUCT
            case Call(function, argument):
                return self._call(function, argument)
            case Pullback(function, argument, output, gradient):
                return self._pullback(function, argument, output, gradient)
            case Outer(left, right):
                return self._outer(left, right)
            case Loss(function, prediction, lag):
                return self._loss(function, prediction, lag), _ATOM
            case Slope(function, argument):
                return f"{function}′({self.at_least(argument, _SUM)})", _ATOM
            case LossSlope(function, prediction, _, lag):
                return self._loss(f"{function}′", prediction, lag), _ATOM

    def _symbol(self, node: Var | Grad | Param | Tick) -> tuple[str, int]:
        match node:
            case Var(name, lag):
                # h⁽⁵⁾² would read as a power of the time
                return self.variable(name, lag), _PREFIXED if self.scheme.time == "superscript" else _ATOM
            case Grad(name, lag):
                return self.gradient(name, lag), _PREFIXED
            case Param(name):
                return self.scheme.called(name), _ATOM
            case Tick(_, lag, negated):
                return ("¬" if negated else "") + self.scheme.at("tick", lag, self.t), _PREFIXED

    def _sum(self, terms: tuple[Expression, ...], inside: bool) -> str:
        """`inside`: it stands in brackets, where a short difference is written tight: (n−h) ⊙ ∇h."""
        pieces = [self.signed(term) for term in terms]
        (first, left), (second, right), *more = pieces
        short = inside and " " not in left + right
        tight = self.scheme.tight and not more and (short or isinstance(terms[0], Number))
        return f"{left}−{right}" if tight and second and not first else join_terms(pieces)

    def _product(self, factors: tuple[Expression, ...]) -> tuple[str, int]:
        negative, positive = split_sign(Product(factors))
        if negative:
            return f"−{self.at_least(positive, _PRODUCT)}", _SUM
        text = ""
        for place, factor in enumerate(factors):
            # a matrix product needs no brackets at the end: all that follows W is what it multiplies
            # nor does a quotient there: a ⊙ (b / c) is (a ⊙ b) / c
            bare = isinstance(factor, (MatVec, Quotient)) and place == len(factors) - 1
            piece = self.at_least(factor, _PRODUCT if bare else _POWER)
            by = "" if place == 0 else "·" if isinstance(factors[place - 1], Number) else " ⊙ "
            text += by + piece
        return text, _PRODUCT

    def _quotient(self, top: Expression, bottom: Expression) -> tuple[str, int]:
        """a ⊙ b / c needs no brackets above, unless a matrix would seem to multiply the whole quotient."""
        negative, above = split_sign(top)
        if negative:
            return f"−{self._quotient(above, bottom)[0]}", _SUM
        plain = isinstance(above, Product) and not isinstance(above.factors[-1], MatVec | Quotient)
        shown = self.at_least(above, _PRODUCT) if plain else self._apart(above)
        return f"{shown} / {self._apart(bottom)}", _PRODUCT

    def _outer(self, left: Expression, right: Expression) -> tuple[str, int]:
        """A constant in front of a column needs no brackets: −0.1·∇v[t] h[t-1]ᵀ."""
        constant, rest = split_constant(left)
        row = self._transposed(right)
        if constant == 1.0 or isinstance(left, Number):
            return f"{self.at_least(left, _POWER)} {row}", _PRODUCT
        size = "" if abs(constant) == 1 else f"{number(abs(constant), 6)}·"
        sign = "−" if constant < 0 else ""
        return f"{sign}{size}{self.at_least(rest, _POWER)} {row}", _SUM if sign else _PRODUCT

    def _apart(self, part: Expression) -> str:
        """One side of a quotient; ∂L/∂h has a stroke of its own."""
        text = self.at_least(part, _POWER)
        return f"({text})" if isinstance(part, Grad) and "/" in text else text

    def _power(self, base: Expression, exponent: int) -> str:
        raised = str(exponent).translate(SUPERSCRIPTS)
        match base:
            case Call(("tanh" | "sigmoid" | "sin" | "cos" | "log") as function, argument) if exponent > 1:
                return f"{_CALLED.get(function, function)}{raised}({self.at_least(argument, _SUM)})"
        return self.at_least(base, _ATOM) + raised

    def _transposed(self, vector: Expression) -> str:
        return self.at_least(vector, _PREFIXED) + "ᵀ"

    def _matrix_product(self, matrix: Param, vector: Expression, transposed: bool) -> str:
        name = self.at_least(matrix, _ATOM) + ("ᵀ" if transposed else "")
        inner = self.at_least(vector, _PRODUCT if isinstance(vector, MatVec) else _POWER)
        apart = not self.scheme.dot and not transposed and not inner.startswith("(")
        return f"{name}{self.scheme.dot}{' ' if apart else ''}{inner}"

    def _call(self, function: str, argument: Expression) -> tuple[str, int]:
        if function == "sqrt":
            inner = self.at_least(argument, _ATOM)
            return f"√{inner}", _PREFIXED
        inner = self.at_least(argument, _SUM)
        before, after = _FENCES.get(function, (f"{_CALLED.get(function, function)}(", ")"))
        return f"{before}{inner}{after}", _ATOM

    def _loss(self, function: str, prediction: Expression, lag: int) -> str:
        target = self.at_least(Var("y", lag), _SUM)
        return f"{function}({self.at_least(prediction, _SUM)}, {target})"

    def _pullback(
        self, function: str, argument: Expression, output: Expression, gradient: Expression
    ) -> tuple[str, int]:
        match function:
            case "softmax":
                p, g = self.at_least(output, _POWER), self.at_least(gradient, _POWER)
                return (
                    f"{p} ⊙ ({self.at_least(gradient, _PRODUCT)} − {self._transposed(output)}{g})",
                    _PRODUCT,
                )
            case "sum":
                return self._text(gradient)
            case "mean":
                return f"{self._apart(gradient)} / dim({self.at_least(argument, _SUM)})", _PRODUCT
            case "norm":
                a = self._apart(argument)
                return (
                    f"{self.at_least(gradient, _POWER)} ⊙ {a} / {self._call('norm', argument)[0]}",
                    _PRODUCT,
                )
            case "max" | "min":
                a = self.at_least(argument, _SUM)
                return f"{self.at_least(gradient, _POWER)} ⊙ [{a} = {function}({a})]", _PRODUCT
        jacobian = {"layer_norm": "J_ln", "batch_norm": "J_bn"}.get(function, f"J_{function}")
        inner = self.at_least(gradient, _POWER)
        return f"{jacobian}({self.at_least(argument, _SUM)})ᵀ{self.scheme.dot}{inner}", _PRODUCT


_CALLED = {"sigmoid": "σ", "sum": "Σ"}
_FENCES = {"norm": ("‖", "‖"), "abs": ("|", "|"), "step": ("[", " > 0]")}
