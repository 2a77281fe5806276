"""The pane of the Jacobian lens: what one step does to the state, and many steps to a gradient; a click on a time of
the curve goes there."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import reactive

from rnntui.widgets.canvas import Canvas
from rnntui.widgets.jacobian_curve import Times
from rnntui.widgets.jacobian_painter import JacobianPainter, Lens
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View


class JacobianPane(Rows):
    """Draws a Lens."""

    lens: reactive[Lens | None] = reactive(None, layout=False, repaint=False)

    class TimeWanted(Message):
        """Look at the step of a time."""

        def __init__(self, t: int) -> None:
            super().__init__()
            self.t = t

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._times: Times | None = None

    def watch_lens(self) -> None:
        """Draw again."""
        self.watch_view()

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """All rows."""
        if self.lens is None:
            return []
        rows, self._times = drawn(self.lens, view, width, height)
        return rows

    def on_click(self, event: events.Click) -> None:
        """Say which time was clicked."""
        t = self._times.at(event.x, event.y) if self._times is not None else None
        if t is not None:
            self.post_message(self.TimeWanted(t))


def drawn(lens: Lens, view: View, width: int, height: int) -> tuple[list[list[Segment]], Times | None]:
    """(the rows of a lens, where its curve has the times)."""
    palette = view.palette
    canvas = Canvas(width, height, palette.style("text"))
    if lens.maps is None:
        text = lens.failure or f"working out the maps of {view.frame.run.T} steps …"
        canvas.put(1, 1, text, palette.style("loss" if lens.failure else "muted"))
        return canvas.rows(), None
    times = JacobianPainter(lens, lens.maps, palette, canvas).paint()
    return canvas.rows(), times
