"""The backward equations of a cell that is being written."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from bptt.cell import Cell
from rnntui.reports.coloured_rows import Row, coloured_rows
from rnntui.widgets.palette import Palette

LEAST = 24
"""Columns that an equation is laid out in at least."""


class BackwardPane(VerticalScroll):
    """One backward timestep, each term in the colour of where it comes from."""

    DEFAULT_CSS = """
    BackwardPane { width: 1fr; height: 1fr; background: $background; padding: 0 1; scrollbar-size-vertical: 1; }
    BackwardPane Static { height: auto; width: 1fr; }
    """

    def __init__(self, palette: Palette, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._palette = palette
        self._cell: Cell | None = None
        self._is_old = False

    @property
    def cell(self) -> Cell | None:
        """What is shown."""
        return self._cell

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="backward-text")

    def tell(self, cell: Cell | None, palette: Palette, old: bool = False) -> None:
        """Show a cell's equations; `old`: the text has changed since, and cannot be read."""
        self._cell, self._palette, self._is_old = cell, palette, old
        self._draw()

    def on_resize(self) -> None:
        """Equations are laid out for a width."""
        self._draw()

    def _draw(self) -> None:
        cell, palette = self._cell, self._palette
        muted = palette.colour("muted")
        if cell is None:
            text = Content.styled("What follows from the equations will stand here.", muted)
        else:
            width = max(LEAST, self.scrollable_content_region.width)
            head = "backward, t = T … 1"
            if self._is_old:
                head += "   of the text before it was wrong"
            rows = [row for equation in cell.backward for row in coloured_rows(cell, equation, width)]
            text = Content.assemble(Content.styled(head, muted), *(self._row(row) for row in rows))
        self.query_one("#backward-text", Static).update(text)

    def _row(self, row: Row) -> Content:
        parts: list[Content | str] = ["\n"]
        for run in row:
            colour = self._palette.colour("faint" if self._is_old else run.colour or "text")
            parts.append(Content.styled(run.text, f"bold {colour}" if run.bold else colour))
        return Content.assemble(*parts)
