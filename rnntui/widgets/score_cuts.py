"""Paints where a truncated run is cut: a line between two times that no gradient crosses."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bptt.schedule import Schedule
from rnntui.widgets.columns import Columns

if TYPE_CHECKING:
    from rnntui.widgets.score_sheet import Sheet

LINE, HERE = "│", "┃"
"""A cut, and the one that the current step makes."""
TICK = "┬"
"""A cut where there is no room between columns for a line: on the rule above the gradients."""
NAME = " cut "


def cuts_of(schedule: Schedule, position: int, columns: Columns) -> frozenset[int]:
    """The visible columns that a cut stands left of. Where passes overlap, they are those on both sides of the pass at
    the cursor; else they are those of all passes."""
    if not schedule.truncated:
        return frozenset()
    within = schedule.pass_at(position)
    stride = schedule.stride

    def is_cut(first: int, end: int) -> bool:
        """Whether there is one right before a time first ≤ t < end."""
        if schedule.overlapping:
            return any(1 < t <= schedule.T and first <= t < end for t in (within.lo, within.hi + 1))
        return (end - 2) // stride > (first - 2) // stride and end > 2

    borders = pairwise((*columns.starts, columns.end))
    return frozenset(column for column, (first, end) in enumerate(borders) if column and is_cut(first, end))


def paint_cuts(sheet: Sheet) -> None:
    """Lines through the row of times and all rows of gradients, between the columns."""
    columns, palette = sheet.columns, sheet.palette
    if not columns.gap:
        return
    rows = [0, *(band.top + row for band in sheet.layout.bands if band.gradient for row in range(band.track.rows))]
    step = sheet.frame.current
    here = columns.of(step.t + 1) if step is not None and step.phase == "cut" else None
    for column in sheet.cuts:
        letter, style = (HERE if column == here else LINE), palette.style("loss", bold=column == here)
        for row in rows:
            sheet.canvas.put(columns.x(column) - (columns.gap + 1) // 2, row, letter, style)


def paint_ticks(sheet: Sheet, y: int) -> None:
    """The cuts as ticks on the rule in row `y`, where there is no room for lines; the first says what they are."""
    columns, style = sheet.columns, sheet.palette.style("loss")
    if columns.gap:
        return
    places = sorted(columns.x(column) for column in sheet.cuts)
    for x in places:
        sheet.canvas.put(x, y, TICK, style)
    if places and all(x - places[0] > len(NAME) for x in places[1:]):
        sheet.canvas.put(places[0] + 1, y, NAME, style)
