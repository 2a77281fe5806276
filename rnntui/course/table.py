"""Numbers of several runs, or recorded ones, side by side: what a lesson's table holds, and its lines."""

from __future__ import annotations

from dataclasses import dataclass

from bptt.queries import Query, QueryError, show
from rnntui.course.configuration import Configuration
from rnntui.safe import clean

_GAP = "  "
NONE = "—"
"""Stands for a number that a run does not have."""


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    label: str
    configuration: Configuration
    """Whose run answers."""
    queries: tuple[Query | None, ...]
    """One for each column, of this run's cell; None where that has no such names."""


@dataclass(frozen=True)
class Table:
    """A table with a row for each run, or for each entry of a recorded file."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]

    def cells(self, t: int) -> list[list[str]]:
        """The texts of the rows, the headings first; — where a run has no such number."""
        return [["", *(clean(heading) for heading in self.headings)], *(self._row(row, t) for row in self.rows)]

    def _row(self, row: Row, t: int) -> list[str]:
        run = row.configuration.run
        found = [clean(row.label)]
        for query in row.queries:
            try:
                found.append(NONE if query is None else show(query.value(run, min(t, run.T))))
            except QueryError:
                found.append(NONE)
        return found

    def lines(self, t: int) -> tuple[str, ...]:
        """The table as lines of equal length: names left, numbers right."""
        cells = self.cells(t)
        widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
        lines = []
        for row in cells:
            first, *others = (
                text.ljust(w) if n == 0 else text.rjust(w) for n, (text, w) in enumerate(zip(row, widths, strict=True))
            )
            lines.append(_GAP.join((first, *others)))
        rule = "─" * len(lines[0])
        return (lines[0], rule, *lines[1:])
