"""The picture of a duel: A's tracks, B's on the same columns, the two gradients as paired bars, and what is kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message

from rnntui.duel import LETTERS
from rnntui.frame import Frame, Slot
from rnntui.safe import clean, cut
from rnntui.standing import Piece, Standing, few
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.duel_bars import DuelBars
from rnntui.widgets.duel_layout import DuelLayout, duel_layout
from rnntui.widgets.duel_view import SIDES, DuelView
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows
from rnntui.widgets.score import paint
from rnntui.widgets.view import View

LONGEST_TITLE = 24
HEADINGS = (
    "   how long the gradient {note} is at each time, log scale",
    "   the gradient {note}, log scale",
    "   the gradient {note}",
    "   {note}",
    "",
)


class DuelPicture(Rows):
    """Draws a DuelView; a click puts the lens on a cell, or the cursor on a time."""

    class LensWanted(Message):
        """Put the lens of a side, 0 or 1, on one unit of a slot."""

        def __init__(self, side: int, slot: Slot, unit: int) -> None:
            super().__init__()
            self.side = side
            self.slot = slot
            self.unit = unit

    class TimeWanted(Message):
        """Go to a time."""

        def __init__(self, t: int) -> None:
            super().__init__()
            self.t = t

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """All rows."""
        return draw_duel(view, width, height) if isinstance(view, DuelView) else []

    @property
    def pitch(self) -> int:
        """Screen columns a time now; 0 where several times share one."""
        layout = self._layout()
        if layout is None:
            return 0
        columns = layout.sides[0].columns
        return 0 if columns.joined else columns.pitch

    def on_click(self, event: events.Click) -> None:
        """Say what was clicked."""
        layout = self._layout()
        if layout is None:
            return
        found = layout.hit(event.x, event.y)
        if found is None:
            if layout.bars < event.y < layout.foot:
                column = layout.sides[0].columns.under(event.x)
                if column is not None:
                    self.post_message(self.TimeWanted(layout.sides[0].columns.starts[column]))
            return
        side, x, row = found
        hit = layout.sides[side].hit(x, row)
        if hit is not None:
            t, slot, unit = hit
            self.post_message(self.TimeWanted(t) if slot is None else self.LensWanted(side, slot, unit))

    def _layout(self) -> DuelLayout | None:
        view = self.view
        if not isinstance(view, DuelView):
            return None
        return duel_layout(view.duel, self.size.width, self.size.height, view.zoom)


def draw_duel(view: DuelView, width: int, height: int) -> list[list[Segment]]:
    """The duel in `width` × `height` cells."""
    palette, duel = view.palette, view.duel
    layout = duel_layout(duel, width, height, view.zoom)
    standing = duel.standing
    rows: list[list[Segment]] = []
    for side, (own, top) in enumerate(zip(view.sides(), layout.tops, strict=True)):
        bands = layout.sides[side].bands
        used = 1 + sum(band.track.rows for band in bands)
        canvas = Canvas(width, used, palette.style("text"))
        paint(own, layout.sides[side], canvas)
        heading = Canvas(width, top - len(rows) + 1, palette.style("text"))
        _side(heading, heading.height - 1, side, own.frame, standing, palette)
        rows += heading.rows()
        rows += canvas.rows()[side:]  # the times stand once
    lower = Canvas(width, max(0, height - len(rows)), palette.style("text"))
    above = len(rows)
    hue = "backward" if duel.a.phase == "backward" else "forward"
    bars = DuelBars(standing, layout.sides[0].columns, lower, palette, hue)
    _bars_heading(lower, layout.bars - above, view, standing)
    bars.paint(layout.bars + 1 - above, layout.bar_rows)
    if layout.numbers:
        bars.numbers(layout.bars + 1 + layout.bar_rows - above)
    _foot(lower, layout.foot - above, duel.a, standing, palette)
    return (rows + lower.rows())[:height]


def _side(canvas: Canvas, y: int, side: int, frame: Frame, standing: Standing, palette: Palette) -> None:
    """` A  rnn H=4   loss 0.040`"""
    model = frame.run.model
    layers = f"×{model.layers}" if model.layers > 1 else ""
    x = canvas.put(0, y, f" {LETTERS[side]} ", palette.style("background", SIDES[side], bold=True))
    title = cut(clean(frame.title), LONGEST_TITLE)
    x = canvas.put(x + 1, y, f"{title} H={model.hidden}{layers}", palette.style("text", bold=True))
    loss = loss_of(frame)
    if loss is not None:
        x = canvas.put(x, y, f"   loss {few(loss)}", palette.style("muted"))
    label = (standing.a, standing.b)[side].label
    canvas.put(x, y, f"   compared by {label}", palette.style("muted"))


def loss_of(frame: Frame) -> float | None:
    """The losses of the shown sequence, added up; None where one is not computed, or hidden."""
    loss = frame.run.model.cell.loss
    if any(slot.name == loss for slot in frame.hidden):
        return None
    if frame.computed(loss)[1] <= frame.run.T:
        return None
    with np.errstate(all="ignore"):
        return float(frame.run.times(loss, False, frame.position)[:, frame.sequence].sum())


def _bars_heading(canvas: Canvas, y: int, view: DuelView, standing: Standing) -> None:
    """The two colours, and what the bars are."""
    palette = view.palette
    x = 0
    for side, one in enumerate((standing.a, standing.b)):
        mark = "▒▒" if side and palette.inked else "██"
        x = canvas.put(x + (2 if side else 1), y, mark, palette.style(SIDES[side]))
        title = cut(clean(one.frame.title), LONGEST_TITLE)
        x = canvas.put(x, y, f" {one.letter} {title} {one.label}", palette.style(SIDES[side], bold=True))
    headings = [heading.format(note=view.note or "of the loss") for heading in HEADINGS]
    text = next(text for text in headings if x + cell_len(text) <= canvas.width or not text)
    canvas.put(x, y, text, palette.style("muted"))


def _foot(canvas: Canvas, y: int, frame: Frame, standing: Standing, palette: Palette) -> None:
    """What is kept on the way back; and both lengths at the time that is looked at."""
    t = frame.t if frame.lens.following else min(max(1, frame.lens.slot.t), frame.run.T)
    lines = _lines(standing.pieces, canvas.width - 2)
    if len(lines) == 1 and standing.first < standing.end:
        lines += _lines(standing.at(t), canvas.width - 2)[:1]
    for place, line in enumerate(lines[:2]):
        x = 1
        for piece in line:
            role = {"A": SIDES[0], "B": SIDES[1], "=": "text"}.get(piece.of, "muted" if place else "text")
            x = canvas.put(x, y + place, piece.text, palette.style(role, bold=bool(piece.of)))


def _lines(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """Pieces in lines no longer than `width`, broken at blanks between words."""
    lines: list[list[Piece]] = [[]]
    used = 0
    for piece in pieces:
        for place, word in enumerate(piece.text.split(" ")):
            text = word if place == 0 else f" {word}"
            if used + cell_len(text.rstrip()) > width and place:
                lines.append([])
                used, text = 0, word
            lines[-1].append(Piece(text, piece.of))
            used += cell_len(text)
    return lines
