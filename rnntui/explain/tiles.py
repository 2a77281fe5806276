"""The tile picture of one equation: the ladder of ways to make it fit, from all open to results only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from bptt.cell import Cell
from bptt.expressions import Expression, Grad, MatVec, Param, Var, split_sign, walk
from rnntui.explain.labels import Labels
from rnntui.explain.marks import Read
from rnntui.explain.terms import Explained, NamedTerm
from rnntui.explain.tile_items import SUMMAND, Opener, Reading
from rnntui.explain.tile_plan import (
    LARGEST_OPEN,
    THUMBNAIL_COLUMNS,
    THUMBNAIL_VECTOR,
    Column,
    Item,
    Line,
    Matrix,
    Operator,
    Row,
    TilePlan,
    longest,
    merged,
)

__all__ = ["Column", "Matrix", "Operator", "Row", "TilePlan", "plan_tiles"]

Widths = tuple[int, int]
WIDTHS: tuple[Widths, ...] = ((5, 5), (4, 5), (4, 4), (2, 5), (2, 4))
"""(matrix, vector) screen cells a number, from generous to tight."""
NARROW: tuple[Widths, ...] = ((1, 5), (1, 4))
SIX = 6
"""Above this many units a matrix may be one screen cell a number."""
MANY = 10
"""More terms than this are never opened: as columns of results alone they take a whole line."""
READINGS = (
    Reading(),
    Reading(pick=True),
    Reading(pick=True, bias_in=True),
    Reading(fold=True),
    Reading(pick=True, fold=True),
    Reading(pick=True, bias_in=True, fold=True),
)
TIGHT = Reading(pick=True, fold=True)


@np.errstate(all="ignore")
def plan_tiles(
    cell: Cell,
    alternatives: Sequence[Explained],
    read: Read,
    width: int,
    rows: int,
    tokens: Sequence[str] | None = None,
    vocabulary: Sequence[str] | None = None,
    batch: int = 1,
) -> TilePlan:
    """The first plan that fits into `width` by `rows`; one without lines where none does.

    `alternatives`: the same step in its forms, the preferred first; `tokens`: the input at t = 1, 2, …;
    `vocabulary`: the name of each class; `batch`: sequences that a parameter's gradient is summed over."""
    labels = Labels(cell, tokens, vocabulary)
    for thumbnails in (False, True):
        ladders = [
            _Ladder(cell, explained, read, labels, (width, rows), thumbnails, batch) for explained in alternatives
        ]
        for plan in _climb(ladders):
            return plan
    return TilePlan((), 1, 4, False, "no room for tiles", alternatives[0].inlined)


def _climb(ladders: Sequence[_Ladder]) -> Iterator[TilePlan]:
    """Every plan that fits, in order of preference; only the first is computed."""
    if ladders[0].explained.kind == "parameter":
        for ladder in ladders:
            yield from ladder.parameter()
        return
    if len(ladders[0].explained.terms) > MANY:
        yield from ladders[0].results()
        return
    for reading in READINGS:
        for ladder in ladders:
            yield from ladder.open(reading)
    for reading in READINGS:
        for ladder in ladders:
            yield from ladder.wrapped(reading)
    for count in range(1, max(len(ladder.collapsible) for ladder in ladders) + 1):
        for ladder in ladders:
            yield from ladder.collapsed(count)
    yield from ladders[0].results()


class _Ladder:
    """The ways to draw one form of an equation."""

    def __init__(
        self,
        cell: Cell,
        explained: Explained,
        read: Read,
        labels: Labels,
        room: tuple[int, int],
        thumbnails: bool,
        batch: int,
    ) -> None:
        self.explained = explained
        self._terms = explained.terms
        self._labels = labels
        self._width, self._rows = room
        self._thumbnails = thumbnails
        self._batch = batch
        self._opener = Opener(cell, explained.t, read, labels)
        self._left = self._left_side()

    @property
    def collapsible(self) -> list[int]:
        """The terms that can become one column each, the least recurrent first."""
        longer = [n for n, term in enumerate(self._terms) if len(self._term(n, TIGHT)) > 1 and _is_single(term)]
        return sorted(longer, key=lambda n: _importance(self._terms[n]))

    def open(self, reading: Reading) -> Iterator[TilePlan]:
        """All terms open on one line."""
        if reading.bias_in and self._bias_place() is None:
            return
        yield from self._fitting((self._line(reading),), str(reading))

    def wrapped(self, reading: Reading) -> Iterator[TilePlan]:
        """All terms open on two lines, broken before a term, never before a lone bias."""
        if reading.bias_in and self._bias_place() is None:
            return
        note = ", ".join(text for text in (str(reading), "wrapped") if text)
        for place in range(len(self._terms) - 1, 0, -1):
            if all(term.colour == "muted" for term in self._terms[place:]):
                continue
            yield from self._fitting(self._lines(reading, frozenset(), place), note)

    def collapsed(self, count: int) -> Iterator[TilePlan]:
        """On one line, `count` terms as their results."""
        if count <= len(self.collapsible):
            chosen = frozenset(self.collapsible[:count])
            yield from self._fitting((self._line(TIGHT, chosen),), f"{count} collapsed")

    def results(self) -> Iterator[TilePlan]:
        """Every term as its result, on one line or on as many as there is room for."""
        every = frozenset(range(len(self._terms)))
        widths = ((1, 5), (1, 4))
        yield from self._fitting((self._line(TIGHT, every),), "results", widths)
        for lines in self._result_lines(every):
            yield from self._fitting(lines, "results", widths)

    def parameter(self) -> Iterator[TilePlan]:
        """∇W += column · row = result, then without the result, then the result only."""
        parts = [merged(self._sides(reading)) for reading in (Reading(), TIGHT)]
        expressions = [expression for term in self._terms for expression in term.expressions]
        result = self._opener.matrix(expressions, "Σ batch" if self._batch > 1 else "this t")
        equals: Line = (Operator("="), result)
        head: Line = (self._left,)
        if len(parts[0]) > 1 and (self._batch == 1 or isinstance(result, Matrix)):
            yield from self._fitting((head + parts[0] + equals,), self._batch_note())
        for part in parts:
            yield from self._fitting((head + part,), self._batch_note())
        yield from self._fitting(((*head, result),), "result", WIDTHS + NARROW)

    def _sides(self, reading: Reading) -> Line:
        items: Line = (Operator("Σ"),) if self._batch > 1 else ()
        for n in range(len(self._terms)):
            items += self._signed(n, reading, leading=n == 0)
        return items

    def _batch_note(self) -> str:
        return "Σ batch" if self._batch > 1 else ""

    def _left_side(self) -> Item:
        target, t = self.explained.target, self.explained.t
        match self.explained.kind:
            case "parameter":
                return Operator(f"∇{self._labels.matrix(target)} +=")
            case "gradient":
                column = self._opener.column(Grad(target), self._labels.of(Grad(target), t))
            case _:
                column = self._opener.column(Var(target), self._labels.of(Var(target), t))
        if column.mark is None:
            # what is computed from something hidden would give it away
            for term in self._terms:
                _, mark = self._opener.read(term.expressions)
                if mark is not None:
                    return replace(column, values=np.zeros_like(column.values), mark=mark)
        return column

    def _line(self, reading: Reading, collapsed: frozenset[int] = frozenset()) -> Line:
        return self._lines(reading, collapsed, None)[0]

    def _lines(self, reading: Reading, collapsed: frozenset[int], wrap: int | None) -> tuple[Line, ...]:
        function = self.explained.function
        opening = f"={self._labels.function(function)}(" if function else "="
        lines: list[list[Item]] = [[self._left, Operator(opening)]]
        bias = self._bias_place() if reading.bias_in else None
        for n in range(len(self._terms)):
            if bias is not None and n == bias[0]:
                continue
            if wrap is not None and n == wrap:
                lines.append([Operator(" " * len(_label(self._left)))])
            leading = len(lines) == 1 and len(lines[0]) == 2
            if n in collapsed:
                lines[-1].extend(self._result(n, leading))
            elif bias is not None and n == bias[1]:
                lines[-1].extend(self._with_bias(n, bias[0], leading))
            else:
                lines[-1].extend(self._signed(n, reading, leading))
        if not self._terms:
            lines[-1].append(Operator("0"))
        if function:
            lines[-1].append(Operator(")"))
        return tuple(self._guarded(merged(tuple(line))) for line in lines)

    def _guarded(self, line: Line) -> Line:
        """A hidden left side stays hidden where the right side is one column that equals it."""
        if not isinstance(self._left, Column) or self._left.mark is None or self.explained.function:
            return line
        columns = [item for item in line if isinstance(item, Column | Matrix)]
        if len(columns) != 2 or not isinstance(columns[1], Column) or _is_plain(self._terms):
            return line
        hidden = replace(columns[1], values=np.zeros_like(columns[1].values), mark=self._left.mark)
        return tuple(hidden if item is columns[1] else item for item in line)

    def _term(self, n: int, reading: Reading) -> Line:
        term = self._terms[n]
        if not _is_single(term):
            return (self._opener.result(term.expressions, term.short),)
        return self._opener.open(split_sign(term.expressions[0])[1], reading, SUMMAND)

    def _signed(self, n: int, reading: Reading, leading: bool) -> Line:
        return (*self._sign(n, leading), *self._term(n, reading))

    def _result(self, n: int, leading: bool) -> Line:
        term = self._terms[n]
        expressions: Sequence[Expression] = term.expressions
        if _is_single(term):
            expressions = (split_sign(expressions[0])[1],)
        return (*self._sign(n, leading), self._opener.result(expressions, term.short or term.name))

    def _sign(self, n: int, leading: bool) -> Line:
        term = self._terms[n]
        negative = _is_single(term) and split_sign(term.expressions[0])[0]
        return () if leading and not negative else (Operator("−" if negative else "+"),)

    def _bias_place(self) -> tuple[int, int] | None:
        """(term that is a bare bias, term that is one picked column); None where there are not both."""
        bias = picked = None
        for n, term in enumerate(self._terms):
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
        addend = self._terms[bias].expressions[0]
        column = self._opener.result((self._terms[n].expressions[0], addend), "")
        label = f"{_label(picked)}+{self._labels.of(addend, self.explained.t)}"
        return (*self._sign(n, leading), replace(column, label=label))

    def _result_lines(self, every: frozenset[int]) -> Iterator[tuple[Line, ...]]:
        """The results broken into two lines, three lines …, as even as they come."""
        for count in range(2, len(self._terms) + 1):
            size = -(-len(self._terms) // count)
            lines: list[Line] = []
            items = self._line(TIGHT, every)
            columns = 0
            start = 0
            for place, item in enumerate(items):
                if isinstance(item, Column) and place:
                    columns += 1
                    if columns % size == 0 and place + 1 < len(items):
                        lines.append(items[start : place + 1])
                        start = place + 1
            lines.append(items[start:])
            yield tuple(lines)

    def _fitting(
        self, lines: tuple[Line, ...], note: str, widths: tuple[Widths, ...] | None = None
    ) -> Iterator[TilePlan]:
        """The lines at the first widths of numbers at which they fit."""
        largest = longest(lines)
        if self._thumbnails:
            widths = ((THUMBNAIL_COLUMNS, THUMBNAIL_VECTOR),)
        elif largest > LARGEST_OPEN:
            return
        elif widths is None:
            widths = WIDTHS + NARROW if largest > SIX else WIDTHS
        for matrix_width, vector_width in widths:
            plan = TilePlan(lines, matrix_width, vector_width, self._thumbnails, note, self.explained.inlined)
            if plan.width <= self._width and plan.height <= self._rows:
                yield plan
                return


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
