"""A widget made of rows: its lines are built once, when they are painted, and kept until something changes."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from rnntui.widgets.view import View


class Rows(Widget):
    """Draws a View as rows of segments. A burst of changes is built once, at the next paint."""

    DEFAULT_CSS = "Rows { width: 1fr; height: 1fr; }"

    view: reactive[View | None] = reactive(None, layout=False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._built: list[Strip] | None = None
        self._built_for = Size(0, 0)

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """The rows, at most `height` of them; each is cut or filled to `width`."""
        raise NotImplementedError

    def fill_style(self, view: View) -> Style:
        """What the blank part of a row looks like."""
        return view.palette.style("text")

    def watch_view(self) -> None:
        """Build again at the next paint."""
        self._built = None

    def render_line(self, y: int) -> Strip:
        """One row of the widget."""
        view, size = self.view, self.size
        if view is None or size.width < 1:
            return Strip.blank(size.width)
        if self._built is None or self._built_for != size:
            fill = self.fill_style(view)
            rows = self.build(view, size.width, size.height)
            self._built = [Strip(row).adjust_cell_length(size.width, fill) for row in rows[: size.height]]
            self._built_for = size
        if y < len(self._built):
            return self._built[y]
        return Strip.blank(size.width, self.fill_style(view))
