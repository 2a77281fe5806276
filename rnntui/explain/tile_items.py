"""One expression at one time, opened into tiles: which parts become columns, matrices and operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bptt.cell import Cell
from bptt.expressions import (
    MINUS_ONE,
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
    Quotient,
    Slope,
    Sum,
    Tick,
    Var,
    shift,
    split_sign,
    walk,
)
from bptt.functions import FUNCTIONS
from rnntui.explain.labels import Labels
from rnntui.explain.marks import HIDDEN, Mark, Read
from rnntui.explain.shapes import Shapes
from rnntui.explain.tile_plan import Array, Column, Family, Line, Matrix, Operator, Row

SUM, SUMMAND, FACTOR, ENCLOSED = range(4)
"""What stands around an expression, and so which of its parts need brackets."""


@dataclass(frozen=True)
class Reading:
    """Which exact identities are used to save room."""

    pick: bool = False
    """A matrix times a one-hot x is the column it picks."""
    bias_in: bool = False
    """A bias is added into the picked column."""
    fold: bool = False
    """An inner product of plain vectors is one column."""

    def __str__(self) -> str:
        done = (
            (self.pick, "one-hot picked"),
            (self.bias_in, "bias added in"),
            (self.fold, "inner product folded"),
        )
        return ", ".join(text for used, text in done if used)


class Opener:
    """Opens expressions of one cell at one time. Every number comes from `read`, and so no mask can leak."""

    def __init__(self, cell: Cell, t: int, read: Read, labels: Labels) -> None:
        self._cell = cell
        self._t = t
        self._read = read
        self._labels = labels
        self._shapes = Shapes(cell, t, read)
        self._columns: dict[Expression, Column] = {}

    def open(self, expression: Expression, reading: Reading, around: int = SUMMAND) -> Line:
        """The items of an expression; `around` decides on brackets."""
        if self._is_atom(expression):
            return (self.column(expression),)
        match expression:
            case Number(value):
                return (Operator(f"{value:g}".replace("-", "−")),)
            case Sum(terms):
                return self._bracketed(self._sum(terms, reading), around >= FACTOR)
            case Product(factors):
                return self._product(expression, factors, reading, around)
            case Quotient(numerator, denominator):
                over = (Operator("/"),)
                items = self.open(numerator, reading, FACTOR) + over + self.open(denominator, reading, ENCLOSED)
                return self._bracketed(items, around >= ENCLOSED)
            case Power(base, exponent):
                return (*self.open(base, reading, ENCLOSED), Operator(self._labels.superscript(exponent)))
            case MatVec():
                return self._matrix_product(expression, reading, around)
            case Call(function, argument):
                return self._call(function, argument, reading)
            case Outer(left, right):
                return (self.column(left), Operator("·"), self._row(right))
            case Loss():
                return self._loss(expression)
            case LossSlope():
                return self._loss_slope(expression, around)
        return (self.column(expression),)

    def column(self, expression: Expression, label: str = "") -> Column:
        """The value of an expression as one column."""
        if label or expression not in self._columns:
            values, mark = self.read((expression,))
            name = label or self._labels.of(expression, self._t)
            owner = expression.name if isinstance(expression, Var | Grad) else ""
            column = Column(name, values, self.family(expression), mark, owner)
            if label:
                return column
            self._columns[expression] = column
        return self._columns[expression]

    def result(self, expressions: Sequence[Expression], label: str) -> Column:
        """The sum of some expressions as one column."""
        values, mark = self.read(expressions)
        gradient = any(self.family(expression) == "gradient" for expression in expressions)
        return Column(label, values, "gradient" if gradient else "value", mark)

    def matrix(self, expressions: Sequence[Expression], label: str) -> Matrix | Column:
        """The sum of some expressions that stand for a matrix, or for a vector."""
        values, mark = self.read(expressions)
        return Matrix(label, values, "gradient", mark) if values.ndim == 2 else Column(label, values, "gradient", mark)

    def read(self, expressions: Sequence[Expression]) -> tuple[Array, Mark | None]:
        """The sum of some expressions and no mark; or zeros of its shape and why it may not be shown."""
        total: Array | None = None
        for expression in expressions:
            value = self._read(expression, self._t)
            if isinstance(value, Mark):
                return np.zeros(self._shapes.of(expressions[0])), value
            value = np.atleast_1d(np.asarray(value, dtype=float))
            with np.errstate(all="ignore"):
                total = value if total is None else total + value
        return (np.zeros(1) if total is None else total), None

    def family(self, expression: Expression) -> Family:
        """Which colours the values of an expression take."""
        if any(isinstance(node, Grad | LossSlope | Outer) for node in walk(expression)):
            return "gradient"
        return "unit" if self._within_one(expression) else "value"

    def _within_one(self, expression: Expression) -> bool:
        """Whether an expression is certain to lie between 0 and 1."""
        match expression:
            case Tick():
                return True
            case Slope(function):
                return function in ("sigmoid", "tanh", "relu")
            case Call(function):
                return FUNCTIONS[function].lowest >= 0 and FUNCTIONS[function].highest <= 1
            case Var(name):
                definition = self._cell.definitions.get(name)
                if isinstance(definition, Call | Slope | Tick):
                    return self._within_one(definition)
                # a complement such as `i = 1 − f`; no other sum or product is followed, for a state may be its own past
                return definition is not None and _is_complement(definition) and self._within_one(definition)
            case Product(factors):
                return all(self._within_one(factor) for factor in factors)
            case Sum((Number(1.0), Product((Number(-1.0), rest)))):
                return self._within_one(rest)
        return False

    def _is_atom(self, expression: Expression) -> bool:
        match expression:
            case Var() | Grad() | Param() | Slope() | Tick():
                return True
            case Call(function, Var(name)):
                return name not in self._cell.arguments and not FUNCTIONS[function].scalar
            case Power(Var(), _):
                return True
        return _is_complement(expression)

    def _sum(self, terms: Sequence[Expression], reading: Reading) -> Line:
        items: Line = ()
        for place, term in enumerate(terms):
            negative, term = split_sign(term)
            if place or negative:
                items += (Operator("−" if negative else "+"),)
            items += self.open(term, reading, FACTOR if negative and isinstance(term, Sum) else SUMMAND)
        return items

    def _product(self, whole: Expression, factors: Sequence[Expression], reading: Reading, around: int) -> Line:
        plain = all(self._is_atom(factor) or isinstance(factor, Number) for factor in factors)
        if reading.fold and plain and around != SUMMAND:
            return (self.column(whole),)
        items: Line = ()
        if factors[0] == MINUS_ONE:
            items, factors = (Operator("−"),), factors[1:]
        for place, factor in enumerate(factors):
            if place and not isinstance(factors[place - 1], Number):
                items += (Operator("⊙"),)
            items += self.open(factor, reading, ENCLOSED if isinstance(factor, MatVec | Quotient) else FACTOR)
        return items

    def _matrix_product(self, product: MatVec, reading: Reading, around: int) -> Line:
        if reading.pick:
            picked = self._picked(product)
            if picked is not None:
                return (picked,)
        values, mark = self.read((product.matrix,))
        values = values.T if product.transposed else values
        matrix = Matrix(self._labels.matrix(product.matrix.name, product.transposed), values, "value", mark)
        vector = self.open(product.vector, reading, SUM)
        items = (matrix, *self._bracketed(vector, len(vector) > 1))
        return self._bracketed(items, around >= ENCLOSED)

    def _picked(self, product: MatVec) -> Column | None:
        """The column of the matrix that a one-hot x picks; None where x is not one-hot."""
        match product:
            case MatVec(Param(name), Var("x", lag) as x, False):
                values, mark = self.read((x,))
                if mark is None and _is_one_hot(values):
                    token = self._labels.token(int(values.argmax()), self._t - lag)
                    return self.column(product, f"{self._labels.matrix(name)}[{token}]")
        return None

    def _call(self, function: str, argument: Expression, reading: Reading) -> Line:
        """A named argument is shown as what it stands for."""
        if isinstance(argument, Var) and argument.name in self._cell.arguments:
            argument = shift(self._cell.definitions[argument.name], -argument.lag)
        inside = self.open(argument, reading, SUM)
        return (Operator(f"{self._labels.function(function)}("), *inside, Operator(")"))

    def _row(self, expression: Expression) -> Row:
        values, mark = self.read((expression,))
        label = self._labels.of(expression, self._t)
        label = f"({label})ᵀ" if isinstance(expression, Sum | Product) else f"{label}ᵀ"
        return Row(label, values, self.family(expression), mark)

    def _loss(self, loss: Loss) -> Line:
        """−log of the probability of what came, where that is what the loss computes; else its value."""
        slope = LossSlope(loss.function, loss.prediction, loss.prediction, loss.lag)
        values, mark = self.read((loss,))
        mark = mark or (HIDDEN if self.hides_probability(loss) else None)
        if mark is None and not values.any() and not self.read((slope,))[0].any():
            return (Operator("0  (no target here)"),)
        if loss.function == "cross_entropy":
            probability = np.exp(-values) if mark is None else np.zeros(1)
            label = self._labels.probability_of_target(loss, self._t, (self.read((slope,))[0], mark))
            return (Operator("−log"), Column(label, probability, "unit", mark))
        if loss.function == "squared_error":
            return (Operator("½‖"), self.column(slope, self._labels.of(slope, self._t)), Operator("‖²"))
        return (self.column(loss),)

    def hides_probability(self, loss: Loss) -> bool:
        """Whether the probability of what came is hidden, which the loss would tell."""
        name = self._cell.probability
        if name is None or loss.prediction != Var(self._cell.prediction):
            return False
        return self.read((Var(name, loss.lag),))[1] is HIDDEN

    def _loss_slope(self, slope: LossSlope, around: int) -> Line:
        """What is predicted − what came, in front of it the 1/N of a mean loss."""
        parts = self.prediction_and_truth(slope)
        if parts is None:
            return (self.column(slope),)
        predicted, truth, scale = parts
        difference = (predicted, Operator("−"), truth)
        if scale == 1:
            return self._bracketed(difference, around >= FACTOR)
        return (Operator(f"{scale:.3g}"), *self._bracketed(difference, True))

    def prediction_and_truth(self, slope: LossSlope) -> tuple[Column, Column, float] | None:
        """p, y and w of a slope w · (p − y); None where there is no target, or p − y is no one-hot difference."""
        predicted = self.column(slope.predicted)
        difference, mark = self.read((replace(slope, weighted=False),))
        label = self._labels.truth(slope.lag, self._t)
        mark = predicted.mark or mark
        if mark:
            return predicted, Column(label, np.zeros_like(difference), "value", mark), 1.0
        truth = predicted.values - difference
        if not difference.any():
            return None
        if slope.function == "cross_entropy":
            onehot = np.round(truth)
            if not (_is_one_hot(onehot) and np.allclose(truth, onehot, rtol=0, atol=1e-6)):
                return None
            truth = onehot
        largest = int(np.argmax(np.abs(difference)))
        scale = float(self.read((slope,))[0][largest] / difference[largest])
        return (predicted, Column(label, truth, "value"), scale) if np.isfinite(scale) else None

    @staticmethod
    def _bracketed(items: Line, needed: bool) -> Line:
        return (Operator("("), *items, Operator(")")) if needed else items


def _is_complement(expression: Expression) -> bool:
    """Whether this is 1 − u, or another constant − u."""
    return isinstance(expression, Sum) and (
        len(expression.terms) == 2
        and isinstance(expression.terms[0], Number)
        and isinstance(expression.terms[1], Product)
        and len(expression.terms[1].factors) == 2
        and expression.terms[1].factors[0] == MINUS_ONE
        and isinstance(expression.terms[1].factors[1], Var)
    )


def _is_one_hot(values: Array) -> bool:
    return bool(np.isin(values, (0, 1)).all() and values.sum() == 1)
