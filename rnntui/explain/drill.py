"""One component of one equation, product by product: rows that sum to the number shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from bptt.cell import Cell
from bptt.expressions import (
    Expression,
    Grad,
    Loss,
    LossSlope,
    MatVec,
    Number,
    Product,
    Sum,
    Tick,
    Var,
    children,
    split_sign,
    walk,
)
from bptt.functions import FUNCTIONS
from rnntui.explain.labels import Labels
from rnntui.explain.marks import Mark, Read
from rnntui.explain.terms import Explained, NamedTerm
from rnntui.explain.tile_items import Opener
from rnntui.explain.tile_plan import Array

LONGEST_OPERAND = 12
"""Letters of an operand that are written out; a longer one is an ellipsis in brackets."""


@dataclass(frozen=True)
class DrillRow:
    """One product, or the sum of a whole term."""

    label: str
    value: float
    colour: str
    term: int
    """Which term it belongs to, from 0; −1 for the rest of several terms."""
    numbers: tuple[float, ...] = ()
    """What is multiplied, in the order of the label; empty for a sum."""


@dataclass(frozen=True)
class Subtotal:
    """The sum of one term."""

    name: str
    value: float
    colour: str


@dataclass(frozen=True)
class Drill:
    """What one component is made of. Hidden: there are no numbers in it at all."""

    target: str
    """The component, as it is written: `∇h₅[2]`."""
    rows: tuple[DrillRow, ...]
    function: str
    """The root function, as it is written; empty where there is none."""
    total: float
    """The sum of the rows: the argument of the root function, if there is one."""
    result: float
    """The component itself."""
    subtotals: tuple[Subtotal, ...]
    hidden: bool = False
    gradient: bool = False


@np.errstate(all="ignore")
def drill(
    cell: Cell,
    explained: Explained,
    read: Read,
    unit: int,
    rows: int,
    tokens: Sequence[str] | None = None,
    vocabulary: Sequence[str] | None = None,
) -> Drill | None:
    """One component in at most `rows` rows (never fewer than one); None for what is not a sum of products of units:
    a loss, a softmax, a parameter's gradient."""
    if explained.kind == "parameter" or not _is_drillable(explained):
        return None
    labels = Labels(cell, tokens, vocabulary)
    gradient = explained.kind == "gradient"
    node: Expression = Grad(explained.target) if gradient else Var(explained.target)
    value = read(node, explained.t)
    opened = _Products(cell, explained.t, read, labels, unit)
    target = f"{labels.of(node, explained.t)}[{unit}]"
    function = labels.function(explained.function) if explained.function else ""
    terms: list[list[DrillRow]] = []
    if not isinstance(value, Mark):
        unit = opened.unit = min(unit, len(value) - 1)
        target = labels.of(node, explained.t) + (f"[{unit}]" if len(value) > 1 else "")
        terms = [opened.of_term(term, n) for n, term in enumerate(explained.terms)]
    if isinstance(value, Mark) or opened.hidden:
        return Drill(target, (), function, 0.0, 0.0, (), hidden=True, gradient=gradient)
    sums = [float(sum(row.value for row in found)) for found in terms]
    subtotals = tuple(
        Subtotal(term.short or term.name, total, term.colour) for term, total in zip(explained.terms, sums, strict=True)
    )
    fitted = _fitted(explained.terms, terms, sums, max(1, rows))
    total = float(sum(sums))
    return Drill(target, fitted, function, total, float(value[unit]), subtotals, gradient=gradient)


def _is_drillable(explained: Explained) -> bool:
    if explained.function and FUNCTIONS[explained.function].slope is None:
        return False
    expressions = [expression for term in explained.terms for expression in term.expressions]
    return not any(isinstance(node, Loss) for expression in expressions for node in walk(expression))


def _fitted(
    terms: Sequence[NamedTerm], opened: Sequence[list[DrillRow]], sums: Sequence[float], room: int
) -> tuple[DrillRow, ...]:
    """Every product where there is room; else every term as one row, the shortest terms opened while they fit."""
    order = sorted(range(len(opened)), key=lambda n: len(opened[n]))
    shown = range(len(opened))
    rest: tuple[DrillRow, ...] = ()
    if len(opened) > room:
        shown = range(room - 1)
        value = float(sum(sums[room - 1 :]))
        rest = (DrillRow(f"{len(opened) - room + 1} more terms", value, "muted", -1),)
    left = room - len(shown) - len(rest)
    whole: set[int] = set()
    for n in order:
        if n in shown and len(opened[n]) - 1 <= left:
            whole.add(n)
            left -= max(0, len(opened[n]) - 1)
    rows: list[DrillRow] = []
    for n in shown:
        if n in whole:
            rows.extend(opened[n])
        else:
            name = terms[n].short or terms[n].name
            rows.append(DrillRow(f"{name}   Σ of {len(opened[n])}", sums[n], terms[n].colour, n))
    return (*rows, *rest)


Numbers = tuple[float, ...]
Words = tuple[str, ...]
_Product = tuple[str, Numbers]
"""(label, what is multiplied)."""


class _Products:
    """Spells out one unit of an expression as products of numbers."""

    def __init__(self, cell: Cell, t: int, read: Read, labels: Labels, unit: int) -> None:
        self._cell = cell
        self._t = t
        self._read = read
        self._labels = labels
        self._opener = Opener(cell, t, read, labels)
        self.unit = unit
        self.hidden = False

    def of_term(self, term: NamedTerm, n: int) -> list[DrillRow]:
        """The rows of one term."""
        found = [row for expression in term.expressions for row in self._rows(expression, (), ())]
        return [DrillRow(label, prod(numbers), term.colour, n, numbers) for label, numbers in found]

    def _rows(self, expression: Expression, front: Numbers, before: Words) -> list[_Product]:
        """Each product in `front` · expression[unit]; `before`: how what stands in front of it is written."""
        match expression:
            case Number(value):
                return [(_joined(before, f"{value:g}"), (*front, value))]
            case Sum(terms) if before == () or _opens(expression):
                return [row for term in terms for row in self._rows(term, front, before)]
            case Product(factors):
                return self._product(factors, front, before)
            case MatVec():
                return self._matrix_product(expression, front, before)
            case LossSlope():
                return self._loss_slope(expression, front, before)
        value = self._component(expression, self.unit)
        return [(_joined(before, self._indexed(expression, self.unit)), (*front, value))]

    def _product(self, factors: Sequence[Expression], front: Numbers, before: Words) -> list[_Product]:
        clocks = [part for part in factors if isinstance(part, Tick)]
        if any(self._component(clock, self.unit) == 0 for clock in clocks):
            # the branch not taken is not computed: its NaN does not count
            return [(_joined(before, self._labels.of(clocks[0], self._t)), (0.0,))]
        inner = next((part for part in factors if _opens(part)), None)
        plain = [part for part in factors if part is not inner]
        front += tuple(self._component(part, self.unit) for part in plain)
        labels = [self._indexed(part, self.unit) for part in plain if part != Number(-1.0)]
        if inner is not None:
            return self._rows(inner, front, (*before, *labels))
        return [(_joined(before, " × ".join(labels)), front)]

    def _matrix_product(self, product: MatVec, front: Numbers, before: Words) -> list[_Product]:
        matrix = self._value(product.matrix)
        vector = self._value(product.vector)
        if matrix is None or vector is None:
            return []
        name = self._labels.matrix(product.matrix.name)
        operand = self._operand(product.vector)
        rows: list[_Product] = []
        for j in range(matrix.shape[0 if product.transposed else 1]):
            row, column = (j, self.unit) if product.transposed else (self.unit, j)
            weight, value = float(matrix[row, column]), float(vector[min(j, len(vector) - 1)])
            if isinstance(product.vector, Var) and product.vector.name == "x" and weight * value == 0:
                continue
            place = self._labels.place(product.matrix.name, row, column)
            label = f"{name}{place}·{operand}[{self._labels.unit_of(product.vector, j)}]"
            rows.append((_joined(before, label), (*front, weight, value)))
        return rows or [(_joined(before, f"{name}·{operand}"), (0.0,))]

    def _loss_slope(self, slope: LossSlope, front: Numbers, before: Words) -> list[_Product]:
        """What is predicted and what came, each a row."""
        parts = self._opener.prediction_and_truth(slope)
        if parts is None or before:
            value = self._component(slope, self.unit)
            return [(_joined(before, self._indexed(slope, self.unit)), (*front, value))]
        predicted, truth, scale = parts
        if truth.mark is not None:
            self.hidden = True
            return []
        unit = min(self.unit, len(truth.values) - 1)
        index = self._labels.unit_of(slope.prediction, unit)
        written = "" if scale == 1 else f"{scale:.3g}·"
        front = front if scale == 1 else (*front, scale)
        return [
            (f"{written}{predicted.label}[{index}]", (*front, float(predicted.values[unit]))),
            (f"−{written}{truth.label}[{index}]", (*front, -float(truth.values[unit]))),
        ]

    def _value(self, expression: Expression) -> Array | None:
        """The numbers of an expression; None, and the whole drill hidden, where they may not be shown."""
        value = self._read(expression, self._t)
        if isinstance(value, Mark):
            self.hidden = True
            return None
        return np.atleast_1d(np.asarray(value, dtype=float))

    def _component(self, expression: Expression, unit: int) -> float:
        value = self._value(expression)
        return 0.0 if value is None else float(value[min(unit, len(value) - 1)])

    def _indexed(self, expression: Expression, unit: int) -> str:
        """`h₃[1]`, `(n₄−h₃)[1]`, `‖h₃‖`: a scalar and a number have no index."""
        if isinstance(expression, Number | Tick):
            return self._labels.of(expression, self._t)
        value = self._value(expression)
        index = "" if value is None or len(value) == 1 else f"[{self._labels.unit_of(expression, unit)}]"
        return f"{self._operand(expression)}{index}"

    def _operand(self, expression: Expression) -> str:
        """The vector that is indexed: a name, δ where it is the gradient of a named argument, or a short formula."""
        sent = self._gradient_that_reads(expression)
        label = self._labels.of(sent or expression, self._t)
        if sent or not children(expression) or not set("+−⊙·/ ") & set(label):
            return label
        return f"({label})" if len(label) <= LONGEST_OPERAND else "(…)"

    def _gradient_that_reads(self, expression: Expression) -> Grad | None:
        """∇a where the expression is what ∇a was inlined to."""
        lags = {node.lag for node in walk(expression) if isinstance(node, Grad)}
        if not isinstance(expression, Product) or len(lags) != 1:
            return None
        lag = lags.pop()
        for name in self._cell.definitions:
            node = Grad(name, lag)
            expanded = self._cell.expand(node)
            if expanded != node and expanded == expression:
                return node
        return None


def _joined(before: Words, label: str) -> str:
    return "·".join((*before, label))


def _opens(expression: Expression) -> bool:
    """Whether an expression is spelt out further inside a product."""
    _, expression = split_sign(expression)
    if isinstance(expression, Sum | Product):
        return any(_opens(part) for part in children(expression))
    return isinstance(expression, MatVec)
