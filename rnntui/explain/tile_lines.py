"""The lines of tiles of one equation: each term open, folded, or as its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bptt.cell import Cell
from bptt.expressions import Expression, Grad, MatVec, Param, Var, split_sign, walk
from rnntui.explain.labels import Labels
from rnntui.explain.marks import Read
from rnntui.explain.terms import Explained, NamedTerm
from rnntui.explain.tile_items import SUMMAND, Opener, Reading
from rnntui.explain.tile_plan import Column, Item, Line, Matrix, Operator, merged

TIGHT = Reading(pick=True, fold=True)


class TileLines:
    """Makes the lines of one form of an equation, as long as they come."""

    def __init__(self, cell: Cell, explained: Explained, read: Read, labels: Labels, batch: int) -> None:
        self.explained = explained
        self.terms = explained.terms
        self._labels = labels
        self._batch = batch
        self.opener = Opener(cell, explained.t, read, labels)
        self.left = self._left_side()

    @property
    def collapsible(self) -> list[int]:
        """The terms that can become one column each, the least recurrent first."""
        longer = [n for n, term in enumerate(self.terms) if len(self._term(n, TIGHT)) > 1 and _is_single(term)]
        return sorted(longer, key=lambda n: _importance(self.terms[n]))

    def sides(self, reading: Reading) -> Line:
        """The right side of a parameter's line: every term open, summed over the batch where there is one."""
        items: Line = (Operator("Σ"),) if self._batch > 1 else ()
        for n in range(len(self.terms)):
            items += self._signed(n, reading, leading=n == 0)
        return items

    def _left_side(self) -> Item:
        target, t = self.explained.target, self.explained.t
        match self.explained.kind:
            case "parameter":
                return Operator(f"∇{self._labels.matrix(target)} +=")
            case "gradient":
                column = self.opener.column(Grad(target), self._labels.of(Grad(target), t))
            case _:
                column = self.opener.column(Var(target), self._labels.of(Var(target), t))
        if column.mark is None:
            # what is computed from something hidden would give it away
            for term in self.terms:
                _, mark = self.opener.read(term.expressions)
                if mark is not None:
                    return replace(column, values=np.zeros_like(column.values), mark=mark)
        return column

    def line(self, reading: Reading, collapsed: frozenset[int] = frozenset()) -> Line:
        """All on one line."""
        return self.lines(reading, collapsed, None)[0]

    def lines(self, reading: Reading, collapsed: frozenset[int], wrap: int | None) -> tuple[Line, ...]:
        """The whole equation, the terms in `collapsed` as their results; broken before the term `wrap`."""
        function = self.explained.function
        opening = f"={self._labels.function(function)}(" if function else "="
        lines: list[list[Item]] = [[self.left, Operator(opening)]]
        bias = self.bias_place() if reading.bias_in else None
        for n in range(len(self.terms)):
            if bias is not None and n == bias[0]:
                continue
            if wrap is not None and n == wrap:
                lines.append([Operator(" " * len(_label(self.left)))])
            leading = len(lines) == 1 and len(lines[0]) == 2
            if n in collapsed:
                lines[-1].extend(self._result(n, leading))
            elif bias is not None and n == bias[1]:
                lines[-1].extend(self._with_bias(n, bias[0], leading))
            else:
                lines[-1].extend(self._signed(n, reading, leading))
        if not self.terms:
            lines[-1].append(Operator("0"))
        if function:
            lines[-1].append(Operator(")"))
        return tuple(self._guarded(merged(tuple(line))) for line in lines)

    def _guarded(self, line: Line) -> Line:
        """A hidden left side stays hidden where the right side is one column that equals it."""
        if not isinstance(self.left, Column) or self.left.mark is None or self.explained.function:
            return line
        columns = [item for item in line if isinstance(item, Column | Matrix)]
        if len(columns) != 2 or not isinstance(columns[1], Column) or _is_plain(self.terms):
            return line
        hidden = replace(columns[1], values=np.zeros_like(columns[1].values), mark=self.left.mark)
        return tuple(hidden if item is columns[1] else item for item in line)

    def _term(self, n: int, reading: Reading) -> Line:
        term = self.terms[n]
        if not _is_single(term):
            return (self.opener.result(term.expressions, term.short),)
        return self.opener.open(split_sign(term.expressions[0])[1], reading, SUMMAND)

    def _signed(self, n: int, reading: Reading, leading: bool) -> Line:
        return (*self._sign(n, leading), *self._term(n, reading))

    def _result(self, n: int, leading: bool) -> Line:
        term = self.terms[n]
        expressions: Sequence[Expression] = term.expressions
        if _is_single(term):
            expressions = (split_sign(expressions[0])[1],)
        return (*self._sign(n, leading), self.opener.result(expressions, term.short or term.name))

    def _sign(self, n: int, leading: bool) -> Line:
        term = self.terms[n]
        negative = _is_single(term) and split_sign(term.expressions[0])[0]
        return () if leading and not negative else (Operator("−" if negative else "+"),)

    def bias_place(self) -> tuple[int, int] | None:
        """(term that is a bare bias, term that is one picked column); None where there are not both."""
        bias = picked = None
        for n, term in enumerate(self.terms):
            if not _is_single(term):
                continue
            expression = term.expressions[0]
            if isinstance(expression, Param) and bias is None:
                bias = n
            if isinstance(expression, MatVec) and len(self._term(n, Reading(pick=True))) == 1 and picked is None:
                picked = n
        return None if bias is None or picked is None else (bias, picked)

    def _with_bias(self, n: int, bias: int, leading: bool) -> Line:
        (picked,) = self._term(n, Reading(pick=True))
        addend = self.terms[bias].expressions[0]
        column = self.opener.result((self.terms[n].expressions[0], addend), "")
        label = f"{_label(picked)}+{self._labels.of(addend, self.explained.t)}"
        return (*self._sign(n, leading), replace(column, label=label))


def _label(item: Item) -> str:
    return item.text if isinstance(item, Operator) else item.label


def _is_single(term: NamedTerm) -> bool:
    return len(term.expressions) == 1


def _is_plain(terms: Sequence[NamedTerm]) -> bool:
    """Whether the right side is one variable or gradient and nothing else."""
    return len(terms) == 1 and isinstance(terms[0].expressions[0], Var | Grad) and _is_single(terms[0])


def _importance(term: NamedTerm) -> int:
    """How much of the recurrence a term carries: what collapses first has the least. Bias, peephole, what is new or
    of the same time, the loss, what is taken in, the road through a matrix, the belt."""
    nodes = [node for expression in term.expressions for node in walk(expression)]
    recurrent = any(isinstance(node, Var | Grad) and node.lag != 0 and node != Var("x", node.lag) for node in nodes)
    matrix = any(isinstance(node, MatVec) for node in nodes)
    backward = any(isinstance(node, Grad) for node in nodes)
    if term.colour == "muted":
        return 0
    if term.colour == "violet":
        return 1
    if backward:
        recurrent = any(isinstance(node, Grad) and node.lag < 0 for node in nodes)
    if recurrent:
        return 5 if matrix else 6
    if term.colour == "loss":
        return 3
    return 2 if matrix or backward else 4
