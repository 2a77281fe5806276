"""Where everything of a duel stands: two Scores of a few tracks on the same columns, bars, two lines of text; a pure
function of cells and room."""

from __future__ import annotations

from dataclasses import dataclass

from rnntui.duel import DuelFrame
from rnntui.explain.duel_tracks import duel_tracks
from rnntui.explain.roles import roles_of
from rnntui.frame import Frame
from rnntui.widgets.columns import columns_of
from rnntui.widgets.score_layout import Band, Layout, gutter_of

GUTTER = 7
"""Columns at least for the names: `‖∇h‖`, `10⁻¹²`."""
FIXED = 6
"""Rows besides tracks and bars: two headings of sides, the times, the heading of the bars, two lines of text."""
WIDE = (14, 12)
AIRY = 28
"""From so many rows on there is a blank one between the parts."""
MOST_BARS = 20
NUMBERED = 6
"""From so many rows on the bars have their numbers beneath."""


@dataclass(frozen=True)
class DuelLayout:
    """Rows are counted from the top of the picture."""

    sides: tuple[Layout, Layout]
    """Row 0 of each, the times, is drawn for A only."""
    tops: tuple[int, int]
    """The row of each side's heading; A's times follow it, and then the tracks."""
    bars: int
    """The row of the bars' heading."""
    bar_rows: int
    """Rows of the bars themselves."""
    numbers: bool
    """Whether two rows of numbers stand beneath them."""
    foot: int
    """The first of the two lines of text."""

    def hit(self, x: int, y: int) -> tuple[int, int, int] | None:
        """(side, x, row within its layout) under a cell of the picture; None where there are no times."""
        for side, (layout, top) in enumerate(zip(self.sides, self.tops, strict=True)):
            row = y - top - 1 + side
            if (side == 0 or row > 0) and 0 <= row < _rows(layout) and layout.columns.under(x) is not None:
                return side, x, row
        return None


def duel_layout(duel: DuelFrame, width: int, height: int, zoom: int = 0) -> DuelLayout:
    """The layout for a width and height; `zoom` as in the Score."""
    gap = 1 if height >= AIRY else 0
    rest = max(0, height - FIXED - 2 * gap)
    frames = (duel.a, duel.b)
    gutter = max(GUTTER, *(gutter_of(frame.run.model.cell, frame.run.model.cell.source, width) for frame in frames))
    lens = duel.a.lens
    t = duel.a.t if lens.following else min(max(1, lens.slot.t), duel.a.run.T)
    run = duel.a.run
    stretches = () if run.overview is None else run.overview.begins
    columns = columns_of(run.T, width, gutter, zoom or _wide(run.T, width - gutter), t, None, stretches)
    for is_open in (True, False):
        sides = [
            _bands(frame, rest * 3 // 8 if gap else rest // 3, name, side == 0, is_open)
            for side, (frame, name) in enumerate(zip(frames, duel.compared, strict=True))
        ]
        if all(band.full for bands in sides for band in bands if band.track.kind == "gradient"):
            break  # the two are easier to compare where both have numbers, or neither
    layouts = [Layout(columns, bands) for bands in sides]
    second = 1 + _rows(layouts[0]) + gap
    bars = second + _rows(layouts[1]) + gap
    room = min(MOST_BARS, height - bars - 3)
    numbers = columns.written and room >= NUMBERED
    rows = max(0, room - 2 * numbers)
    return DuelLayout((layouts[0], layouts[1]), (0, second), bars, rows, numbers, bars + 1 + max(0, room))


def _wide(T: int, width: int) -> int:
    """Columns a time where there is more room than the widest that fits by itself needs; else 0."""
    return next((pitch for pitch in WIDE if T * pitch <= width), 0)


def _rows(layout: Layout) -> int:
    """The times and the tracks."""
    return 1 + sum(band.track.rows for band in layout.bands)


def _bands(frame: Frame, room: int, compared: str, inputs: bool, is_open: bool) -> tuple[Band, ...]:
    cell = frame.run.model.cell
    sizes = {name: frame.run.tape.values[name].shape[-1] for name in cell.definitions}
    found: list[Band] = []
    top = 1
    for track in duel_tracks(roles_of(cell), sizes, room, compared, inputs, is_open):
        found.append(Band(track, top))
        top += track.rows
    return tuple(found)
