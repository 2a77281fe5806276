"""The pane of the blame matrix: which loss reaches which time, and what a truncation window cuts."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import reactive

from rnntui.widgets.blame_grid import Grid
from rnntui.widgets.blame_painter import HEAD, BlamePainter
from rnntui.widgets.blame_picture import Picture
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View


class BlamePane(Rows):
    """Draws a Picture; a click puts the lens on a cell."""

    picture: reactive[Picture | None] = reactive(None, layout=False, repaint=False)

    class CellWanted(Message):
        """Put the lens on the loss of t and the time k."""

        def __init__(self, t: int, k: int) -> None:
            super().__init__()
            self.t = t
            self.k = k

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.grid: Grid | None = None
        """Where the cells stand, once they were drawn."""

    def watch_picture(self) -> None:
        """Draw again."""
        self.watch_view()

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """All rows."""
        if self.picture is None:
            return []
        rows, self.grid = drawn(self.picture, view, width, height)
        return rows

    def on_click(self, event: events.Click) -> None:
        """Say which cell was clicked."""
        grid = self.grid
        row = event.y - 1 - HEAD
        if grid is None or not 0 <= row < grid.height:
            return
        column = grid.columns.under(event.x)
        if column is not None:
            t = grid.lanes[grid.lanes_of(row)[-1]][1]
            self.post_message(self.CellWanted(t, min(t, grid.columns.starts[column])))


def drawn(picture: Picture, view: View, width: int, height: int) -> tuple[list[list[Segment]], Grid | None]:
    """(the rows of a picture, its grid: None while it is computed)."""
    palette = view.palette
    canvas = Canvas(width, height, palette.style("text"))
    if picture.blame is None:
        T = len(picture.reach)
        canvas.put(1, 1, f"carrying {T} losses back, each by itself … {picture.done:.0%}", palette.style("muted"))
        return canvas.rows(), None
    painter = BlamePainter(picture, picture.blame, palette, canvas)
    painter.paint()
    return canvas.rows(), painter.grid
