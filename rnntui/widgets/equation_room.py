"""How the rows of the equation pane are shared out: pure functions of its height, its depth and what there is."""

from __future__ import annotations

from dataclasses import dataclass

DRILL_KEPT = 8
"""Rows that tiles on two lines leave to the drill, in a pane where both have room."""
ENOUGH = 12
"""Rows of a drill that go before the sentence."""
PICTURE_WIDTH = 20
PICTURE_ROWS = 5
"""A picture that is smaller says nothing."""
PICTURE_GAP = 4
TALL = 20
"""From this height on there is room for all parts."""


@dataclass(frozen=True, slots=True)
class Wants:
    """The rows that each part could take; 0 where there is nothing of it."""

    line: int
    tiles: int = 0
    least_drill: int = 0
    """Fewer rows say nothing."""
    most_drill: int = 0
    sentence: int = 0
    next: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """Some rows of the pane."""

    top: int
    rows: int


@dataclass(frozen=True, slots=True)
class Room:
    """Which part stands where; None: it has no room."""

    line: Span
    tiles: Span | None
    drill: Span | None
    sentence: Span | None
    next: Span | None


@dataclass(frozen=True, slots=True)
class Place:
    """A free part of the pane."""

    left: int
    top: int
    width: int
    rows: int


def rows_for_tiles(height: int, depth: int, line: int) -> int:
    """How many rows the tiles may take below a line of `line` rows."""
    if depth in (1, 3):
        return 0
    kept = DRILL_KEPT + 2 if depth == 0 and height >= TALL else 0
    return max(0, height - line - kept)


def steady(line: int, tiles: int, height: int) -> int:
    """The rows kept for the line, so that what is below stays where it is from step to step: two, or three in a tall
    pane, where that takes nothing from the tiles."""
    kept = max(line, 3 if height >= TALL else 2)
    return kept if kept + tiles < height else line


def divide(height: int, wants: Wants) -> Room:
    """The rows of the pane: first the line and the tiles, then what comes next, the drill, the sentence; what is
    left over opens the drill further and sets the parts apart."""
    line = min(height, wants.line)
    left = height - line
    tiles = wants.tiles if wants.tiles <= left else 0
    left -= tiles
    coming = min(wants.next, left)
    left -= coming
    wish = max(wants.least_drill, min(wants.most_drill, ENOUGH))
    drill = min(wish, left) if wants.least_drill <= left else 0
    left -= drill
    sentence = wants.sentence if wants.sentence <= left - (1 if drill else 0) else 0
    left -= sentence
    gaps = {"drill": 0, "sentence": 0, "tiles": 0}
    for part, there in (("drill", drill), ("sentence", sentence)):
        if there and left:
            gaps[part] = 1
            left -= 1
    if drill:
        more = min(left, wants.most_drill - drill)
        drill, left = drill + more, left - more
    if tiles and left:
        gaps["tiles"] = 1
    top = line
    spans: list[Span | None] = []
    for part, rows in (("tiles", tiles), ("drill", drill), ("sentence", sentence)):
        top += gaps[part] if rows else 0
        spans.append(Span(top, rows) if rows else None)
        top += rows
    return Room(Span(0, line), spans[0], spans[1], spans[2], Span(height - 1, 1) if coming else None)


def free_place(room: Room, width: int, height: int, tiles_width: int) -> Place | None:
    """Where a picture of its own has room beside what is shown: beneath it, or right of the tiles; None where neither
    is large enough."""
    shown = [span for span in (room.line, room.tiles, room.drill, room.sentence) if span]
    top = max(span.top + span.rows for span in shown) + 1
    bottom = height - (2 if room.next else 0)
    if bottom - top >= PICTURE_ROWS and width - 1 >= PICTURE_WIDTH:
        return Place(1, top, width - 2, bottom - top)
    left = tiles_width + PICTURE_GAP
    if room.tiles and room.tiles.rows >= PICTURE_ROWS and width - left - 1 >= PICTURE_WIDTH:
        return Place(left, room.tiles.top, width - left - 1, room.tiles.rows)
    return None
