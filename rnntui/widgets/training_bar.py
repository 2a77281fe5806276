"""The bar of all iterations: how far the training is, and where one looks; a click or a drag goes there."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.message import Message

from rnntui.widgets.dragged import Dragged
from rnntui.widgets.iteration_columns import IterationColumns
from rnntui.widgets.scrub import MARGIN
from rnntui.widgets.view import View


class TrainingBar(Dragged):
    """What is computed is a thick line, the rest a thin one."""

    DEFAULT_CSS = "TrainingBar { height: 1; width: 1fr; }"

    class Seek(Message):
        """Look at an iteration."""

        def __init__(self, iteration: int) -> None:
            super().__init__()
            self.iteration = iteration

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """One row."""
        progress, palette = view.training, view.palette
        if progress is None:
            return []
        columns = self._columns(view, width)
        done = columns.of(progress.done) + 1 if progress.done else 0
        here = columns.of(progress.iteration)
        line = "━" * done + "─" * (columns.width - done)
        blank, violet, rule = palette.style("text"), palette.style("violet"), palette.style("rule")
        row = [Segment(" " * MARGIN, blank)]
        row += [Segment(letter, violet if n < done else rule) for n, letter in enumerate(line)]
        row[MARGIN + here] = Segment("█", palette.style("lens"))
        return [row]

    def _columns(self, view: View, width: int) -> IterationColumns:
        assert view.training is not None  # else nothing is drawn
        return IterationColumns(max(1, view.training.target, view.training.done), max(1, width - 2 * MARGIN))

    def _seek(self, x: int, y: int) -> None:
        if self.view is not None and self.view.training is not None:
            self.post_message(self.Seek(self._columns(self.view, self.size.width).at(x - MARGIN)))
