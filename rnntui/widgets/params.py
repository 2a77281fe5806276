"""The parameters pane: as many of the shared matrices as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.geometry import Offset
from textual.message import Message

from rnntui.widgets.canvas import Canvas
from rnntui.widgets.params_painter import Block, ParamsPainter
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View


class ParamsPane(Rows):
    """Draws as many parameters as there is room for; a click on a number asks for another."""

    class EditWanted(Message):
        """Edit an entry of a parameter."""

        def __init__(self, name: str, index: tuple[int, ...], at: Offset) -> None:
            super().__init__()
            self.name = name
            self.index = index
            self.at = at
            """Where its number stands in the widget."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks: list[Block] = []

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """The pane's rows."""
        canvas = Canvas(width, height, view.palette.style("text"))
        self._blocks = ParamsPainter(view, canvas).paint()
        return canvas.rows()

    def on_click(self, event: events.Click) -> None:
        """Say which entry was clicked."""
        for block in self._blocks:
            index = block.under(event.x, event.y)
            if index is not None:
                at = Offset(block.x + (index[1] if len(index) > 1 else 0) * block.tile, event.y)
                self.post_message(self.EditWanted(block.name, index, at))
                return
