"""The tile picture of one equation: the ladder of ways to make its lines fit, from all open to results only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bptt.cell import Cell
from rnntui.explain.labels import Labels
from rnntui.explain.marks import Read
from rnntui.explain.terms import Explained
from rnntui.explain.tile_items import Reading
from rnntui.explain.tile_lines import TIGHT, TileLines
from rnntui.explain.tile_plan import (
    LARGEST_OPEN,
    THUMBNAIL_COLUMNS,
    THUMBNAIL_VECTOR,
    Column,
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
    for count in range(1, max(len(ladder.form.collapsible) for ladder in ladders) + 1):
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
        self.form = TileLines(cell, explained, read, labels, batch)
        self._width, self._rows = room
        self._thumbnails = thumbnails
        self._batch = batch

    def open(self, reading: Reading) -> Iterator[TilePlan]:
        """All terms open on one line."""
        if reading.bias_in and self.form.bias_place() is None:
            return
        yield from self._fitting((self.form.line(reading),), str(reading))

    def wrapped(self, reading: Reading) -> Iterator[TilePlan]:
        """All terms open on two lines, broken before a term, never before a lone bias."""
        if reading.bias_in and self.form.bias_place() is None:
            return
        note = ", ".join(text for text in (str(reading), "wrapped") if text)
        for place in range(len(self.form.terms) - 1, 0, -1):
            if all(term.colour == "muted" for term in self.form.terms[place:]):
                continue
            yield from self._fitting(self.form.lines(reading, frozenset(), place), note)

    def collapsed(self, count: int) -> Iterator[TilePlan]:
        """On one line, `count` terms as their results."""
        if count <= len(self.form.collapsible):
            chosen = frozenset(self.form.collapsible[:count])
            yield from self._fitting((self.form.line(TIGHT, chosen),), f"{count} collapsed")

    def results(self) -> Iterator[TilePlan]:
        """Every term as its result, on one line or on as many as there is room for."""
        every = frozenset(range(len(self.form.terms)))
        widths = ((1, 5), (1, 4))
        yield from self._fitting((self.form.line(TIGHT, every),), "results", widths)
        for lines in self._result_lines(every):
            yield from self._fitting(lines, "results", widths)

    def parameter(self) -> Iterator[TilePlan]:
        """∇W += column · row = result, then without the result, then the result only."""
        parts = [merged(self.form.sides(reading)) for reading in (Reading(), TIGHT)]
        expressions = [expression for term in self.form.terms for expression in term.expressions]
        result = self.form.opener.matrix(expressions, "Σ batch" if self._batch > 1 else "this t")
        equals: Line = (Operator("="), result)
        head: Line = (self.form.left,)
        if len(parts[0]) > 1 and (self._batch == 1 or isinstance(result, Matrix)):
            yield from self._fitting((head + parts[0] + equals,), self._batch_note())
        for part in parts:
            yield from self._fitting((head + part,), self._batch_note())
        yield from self._fitting(((*head, result),), "result", WIDTHS + NARROW)

    def _batch_note(self) -> str:
        return "Σ batch" if self._batch > 1 else ""

    def _result_lines(self, every: frozenset[int]) -> Iterator[tuple[Line, ...]]:
        """The results broken into two lines, three lines …, as even as they come."""
        for count in range(2, len(self.form.terms) + 1):
            size = -(-len(self.form.terms) // count)
            lines: list[Line] = []
            items = self.form.line(TIGHT, every)
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
