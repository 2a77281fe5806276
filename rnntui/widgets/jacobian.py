"""The pane of the Jacobian lens: what one step does to the state, and many steps to a gradient."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.reactive import reactive

from rnntui.widgets.canvas import Canvas
from rnntui.widgets.jacobian_painter import JacobianPainter, Lens
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View


class JacobianPane(Rows):
    """Draws a Lens."""

    lens: reactive[Lens | None] = reactive(None, layout=False, repaint=False)

    def watch_lens(self) -> None:
        """Draw again."""
        self.watch_view()

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """All rows."""
        return [] if self.lens is None else drawn(self.lens, view, width, height)


def drawn(lens: Lens, view: View, width: int, height: int) -> list[list[Segment]]:
    """The rows of a lens."""
    palette = view.palette
    canvas = Canvas(width, height, palette.style("text"))
    if lens.maps is None:
        text = lens.failure or f"working out the maps of {view.frame.run.T} steps …"
        canvas.put(1, 1, text, palette.style("loss" if lens.failure else "muted"))
    else:
        JacobianPainter(lens, lens.maps, palette, canvas).paint()
    return canvas.rows()
