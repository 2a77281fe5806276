"""Where everything of the Score stands: a pure function of the cell, the room and the phase, so that rows and columns
move only when the phase turns or someone asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from textual.geometry import Offset

from bptt.cell import Cell
from bptt.notation import SCREEN
from rnntui.explain.roles import roles_of
from rnntui.explain.tracks import Shown, Track, Wanted, plan_tracks
from rnntui.frame import Frame, Slot
from rnntui.widgets.columns import Columns, columns_of

NAMES = (3, 9)
"""The fewest and the most letters of a name in the gutter."""
BESIDE_NAMES = 4
"""Screen columns of the gutter besides the name: a margin, a unit's number, the lens."""


@dataclass(frozen=True)
class Band:
    """A track at its place."""

    track: Track
    top: int
    """Its first screen row."""

    @property
    def gradient(self) -> bool:
        """Whether it shows gradients."""
        return self.track.kind in ("logit gradient", "gradient", "skyline", "shares")

    @property
    def full(self) -> bool:
        """Whether every unit has a row of its own."""
        return self.track.rows >= self.track.units

    @cached_property
    def lanes(self) -> tuple[tuple[int, int], ...]:
        """(first unit, unit after the last) of each lane: a row each in a full band, else half a row."""
        units = self.track.units
        count = units if self.full else min(units, 2 * self.track.rows)
        return tuple((lane * units // count, (lane + 1) * units // count) for lane in range(count))

    def lanes_of_row(self, row: int) -> tuple[tuple[int, int], ...]:
        """The lanes of one row, one or two, counted from the band's top; none below the last."""
        return self.lanes[row : row + 1] if self.full else self.lanes[2 * row : 2 * row + 2]


@dataclass(frozen=True)
class Layout:
    """The header is row 0; below it the bands."""

    columns: Columns
    bands: tuple[Band, ...]

    def hit(self, x: int, y: int) -> tuple[int, Slot | None, int] | None:
        """(time, slot, unit) under a screen cell; without a slot on the header; None where there is nothing."""
        column = self.columns.under(x)
        if column is None:
            return None
        t = self.columns.starts[column]
        if y == 0:
            return t, None, 0
        band = self.band(y)
        if band is None:
            return None
        unit = self._unit(band, y - band.top, x - self.columns.x(column))
        return None if unit is None else (t, Slot(band.track.name, t, band.gradient), unit)

    def place(self, slot: Slot, unit: int) -> Offset | None:
        """Where a number stands; None where it is not shown."""
        column = self.columns.of(slot.t)
        for band in self.bands:
            if column is not None and (band.track.name, band.gradient) == (slot.name, slot.gradient):
                for row in range(band.track.rows):
                    if any(first <= unit < end for first, end in band.lanes_of_row(row)):
                        return Offset(self.columns.x(column), band.top + row)
        return None

    def band(self, y: int) -> Band | None:
        """The track in a screen row."""
        return next((band for band in self.bands if 0 <= y - band.top < band.track.rows), None)

    def _unit(self, band: Band, row: int, x: int) -> int | None:
        track = band.track
        match track.kind:
            case "input" | "rule" | "edge" | "shares":
                return None
            case "loss" | "skyline":
                return 0
            case "meter" | "candidate":
                lanes = self.bars(track.units)
                return lanes[min(max(x // self.bar_width(track.units), 0), len(lanes) - 1)][0]
        lanes = band.lanes_of_row(row)
        return lanes[0][0] if lanes else None

    def bars(self, units: int) -> tuple[tuple[int, int], ...]:
        """(first unit, unit after the last) of each bar of a meter."""
        count = min(units, self.columns.number)
        return tuple((bar * units // count, (bar + 1) * units // count) for bar in range(count))

    def bar_width(self, units: int) -> int:
        """Screen columns of each bar of a meter: several where there are few units."""
        return max(1, self.columns.number // units)


def layout_of(
    frame: Frame,
    width: int,
    height: int,
    zoom: int = 0,
    shown: Shown = "both",
    first: int | None = None,
    wanted: tuple[Wanted, ...] = (),
) -> Layout:
    """The layout for a frame. The lens opens its own track, and is followed, only while it is off the cursor; `first`:
    the time to begin with instead, where not all are visible; `wanted`: what keeps its rows before all else."""
    run, lens = frame.run, frame.lens
    cell = run.model.cell
    sizes = tuple((name, run.tape.values[name].shape[-1]) for name in cell.definitions)
    phase = "backward" if frame.phase in ("backward", "update") else "forward"
    looked_at = "" if lens.following else lens.slot.name
    t = frame.t if lens.following else min(max(1, lens.slot.t), run.T)
    stretches = () if run.overview is None else run.overview.begins
    columns = _columns(run.T, width, gutter_of(cell, cell.source, width), zoom, t, first, stretches)
    room = max(0, height - 1)
    return Layout(columns, _bands(cell, cell.source, sizes, room, phase, looked_at, columns.written, shown, wanted))


_columns = lru_cache(64)(columns_of)


@lru_cache(64)
def _bands(
    cell: Cell,
    source: str,
    sizes: tuple[tuple[str, int], ...],
    room: int,
    phase: str,
    lens: str,
    edges: bool,
    shown: Shown,
    wanted: tuple[Wanted, ...],
) -> tuple[Band, ...]:
    bands: list[Band] = []
    top = 1
    roles = roles_of(cell)
    for track in plan_tracks(roles, dict(sizes), room, phase, lens, edges, shown, wanted) if room else ():
        if track.rows > room + 1 - top:
            break
        bands.append(Band(track, top))
        top += track.rows
    return tuple(bands)


@lru_cache(64)
def gutter_of(cell: Cell, source: str, width: int) -> int:
    """Room for the longest name, and for a state's with its ∇, in at most a quarter of the width."""
    roles = roles_of(cell)
    longest = max((len(SCREEN.called(name)) + (name in roles.states) for name in roles.order), default=0)
    return min(min(max(longest, NAMES[0]), NAMES[1]) + BESIDE_NAMES, max(4, width // 4))
