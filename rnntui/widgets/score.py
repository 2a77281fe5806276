"""The Score: values, gates, gradients and their norms as tracks on one axis of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.segment import Segment
from textual import events
from textual.geometry import Offset
from textual.message import Message

from rnntui.explain.tracks import Kind
from rnntui.frame import Slot
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.pointed import described
from rnntui.widgets.rows import Rows
from rnntui.widgets.score_bars import paint_loss, paint_shares, paint_skyline
from rnntui.widgets.score_cuts import paint_cuts
from rnntui.widgets.score_head import paint_edge, paint_input, paint_rule, paint_times
from rnntui.widgets.score_layout import Band, Layout, layout_of
from rnntui.widgets.score_meters import paint_candidate, paint_meter
from rnntui.widgets.score_sheet import Sheet
from rnntui.widgets.score_tiles import paint_tiles
from rnntui.widgets.view import View

PAINTERS: Mapping[Kind, Callable[[Sheet, Band], None]] = {
    "loss": paint_loss,
    "probability": paint_tiles,
    "meter": paint_meter,
    "candidate": paint_candidate,
    "value": paint_tiles,
    "edge": paint_edge,
    "input": paint_input,
    "rule": paint_rule,
    "logit gradient": paint_tiles,
    "gradient": paint_tiles,
    "skyline": paint_skyline,
    "shares": paint_shares,
}
RIGHT = 3
"""The number of the mouse's right button."""
WHEEL = 4
"""Turns of the wheel by which all that is visible has gone by."""


class Score(Rows):
    """Column 5 is t = 5 from top to bottom; a click puts the lens on a cell, or the cursor on a time."""

    class LensWanted(Message):
        """Put the lens on one unit of a slot."""

        def __init__(self, slot: Slot, unit: int) -> None:
            super().__init__()
            self.slot = slot
            self.unit = unit

    class BreakWanted(Message):
        """Set or take away a breakpoint at a slot."""

        def __init__(self, slot: Slot) -> None:
            super().__init__()
            self.slot = slot

    class TimeWanted(Message):
        """Go to a time."""

        def __init__(self, t: int) -> None:
            super().__init__()
            self.t = t

    class Pointed(Message):
        """The mouse is over something else."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text
            """What is under it, in a few words; empty where there is nothing."""

    class ZoomWanted(Message):
        """Make the columns wider or narrower."""

        def __init__(self, wider: bool) -> None:
            super().__init__()
            self.wider = wider

    class PanWanted(Message):
        """Begin with another time."""

        def __init__(self, first: int) -> None:
            super().__init__()
            self.first = first

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pointed = ""

    @property
    def pitch(self) -> int:
        """Screen columns a time now; 0 where several times share one."""
        if self.view is None:
            return 0
        columns = self._layout(self.view).columns
        return 0 if columns.joined else columns.pitch

    def is_visible(self, t: int) -> bool:
        """Whether a time has a column now."""
        return self.view is not None and self._layout(self.view).columns.of(t) is not None

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """All rows, the row of times first."""
        return draw(view, width, height)

    def hit(self, x: int, y: int) -> tuple[int, Slot | None, int] | None:
        """(time, slot, unit) under a screen cell; without a slot on the row of times; None where there is nothing."""
        if self.view is None:
            return None
        return self._layout(self.view).hit(x, y)

    def place(self, slot: Slot, unit: int) -> Offset | None:
        """The cell of the widget at which a number stands; None where it is not shown."""
        return None if self.view is None else self._layout(self.view).place(slot, unit)

    def on_click(self, event: events.Click) -> None:
        """Say what was clicked."""
        found = self.hit(event.x, event.y)
        if found is None:
            return
        t, slot, unit = found
        if event.button == RIGHT:
            if slot is not None:
                self.post_message(self.BreakWanted(slot))
            return
        self.post_message(self.TimeWanted(t) if slot is None else self.LensWanted(slot, unit))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say what is under the mouse."""
        if self.view is not None:
            self._point(described(self.view, self._layout(self.view), event.x, event.y))

    def on_leave(self) -> None:
        """Nothing is."""
        self._point("")

    def watch_view(self) -> None:
        """What was under the mouse is something else now."""
        super().watch_view()
        self._pointed = ""

    def _point(self, text: str) -> None:
        if text != self._pointed:
            self._pointed = text
            self.post_message(self.Pointed(text))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """To later times; with ctrl zoom out."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """To earlier times; with ctrl zoom in."""
        self._wheel(event, -1)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """To later times."""
        self._wheel(event, 1)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """To earlier times."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, way: int) -> None:
        event.stop()
        if event.ctrl:
            self.post_message(self.ZoomWanted(way < 0))
        elif self.view is not None:
            columns = self._layout(self.view).columns
            if len(columns) < columns.T and not columns.joined:
                step = max(1, len(columns) // WHEEL)
                last = columns.T - len(columns) + 1
                first = min(max(1, columns.starts[0] + way * step), last)
                self.post_message(self.PanWanted(first))

    def _layout(self, view: View) -> Layout:
        return _layout_in(view, self.size.width, self.size.height)


def _layout_in(view: View, width: int, height: int) -> Layout:
    return layout_of(view.frame, width, height, view.zoom, view.shown, view.first, view.wanted)


def draw(view: View, width: int, height: int) -> list[list[Segment]]:
    """The Score of a view in `width` × `height` cells."""
    layout = _layout_in(view, width, height)
    canvas = Canvas(width, height, view.palette.style("text"))
    paint(view, layout, canvas)
    return canvas.rows()


def paint(view: View, layout: Layout, canvas: Canvas) -> Sheet:
    """Paint the row of times and the tracks of a layout; returns what they were painted on."""
    sheet = Sheet(view, layout, canvas)
    paint_cuts(sheet)
    paint_times(sheet)
    for band in layout.bands:
        PAINTERS[band.track.kind](sheet, band)
    return sheet
