"""The curves of a training over one axis of iterations, alerts on them, a strip below, a crosshair through all."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.message import Message

from rnntui.safe import clean
from rnntui.training.progress import Progress, word
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.curve_panel import GUTTER, CurvePanel
from rnntui.widgets.dragged import Dragged
from rnntui.widgets.iteration_columns import IterationColumns
from rnntui.widgets.palette import Palette
from rnntui.widgets.strip_painter import StripPainter
from rnntui.widgets.view import View

_HEADINGS = 3


class TrainingChart(Dragged):
    """Loss and gradient of every iteration, and one strip."""

    class LookWanted(Message):
        """Look at an iteration, and at a row of the strip."""

        def __init__(self, iteration: int, row: int | None) -> None:
            super().__init__()
            self.iteration = iteration
            self.row = row

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """The pictures, from top to bottom, and the iterations below them."""
        canvas = Canvas(width, height, view.palette.style("text"))
        if view.training is not None and width > 2 * GUTTER and height > 8:
            Picture(view.training, view.palette, width, height).paint(canvas)
        return canvas.rows()

    def _seek(self, x: int, y: int) -> None:
        view = self.view
        if view is not None and view.training is not None:
            picture = Picture(view.training, view.palette, self.size.width, self.size.height)
            self.post_message(self.LookWanted(picture.columns.at(x - GUTTER), picture.row_at(y)))


class Picture:
    """Where everything stands in a room of some size."""

    def __init__(self, progress: Progress, palette: Palette, width: int, height: int) -> None:
        self._progress = progress
        self._palette = palette
        self.columns = IterationColumns(max(1, progress.target, progress.done), max(1, width - GUTTER - 1))
        body = max(3, height - _HEADINGS - 1)
        rows = len(progress.strip.labels)
        room = rows if rows <= body * 4 // 10 else max(1, body * 3 // 10)
        strip = StripPainter(progress.strip, palette, self.columns, room, progress.done)
        self._norm = max(1, (body - strip.height) * 4 // 10)
        self._loss = body - strip.height - self._norm
        self._strip = strip
        self._strip_y = 2 + self._loss + self._norm

    def row_at(self, y: int) -> int | None:
        """The strip's row at a row of the screen; None outside of it."""
        line = y - self._strip_y - 1
        return self._strip.row_at(line) if 0 <= line < self._strip.height else None

    def paint(self, canvas: Canvas) -> None:
        """Paint it all."""
        progress, palette, columns = self._progress, self._palette, self.columns
        seen = progress.columns
        scores = progress.held_out
        canvas.put(1, 0, "loss", palette.style("forward", bold=True))
        loss = CurvePanel(seen.loss, scores, "forward")
        loss.paint(canvas, 1, self._loss, columns, palette, progress.iteration)
        y = 1 + self._loss
        end = canvas.put(1, y, "‖∇θ‖", palette.style("backward", bold=True))
        canvas.put(end, y, "  all gradients of an iteration together", palette.style("muted"))
        norm = CurvePanel(seen.norm, (), "backward")
        norm.paint(canvas, y + 1, self._norm, columns, palette, progress.iteration)
        self._strip.paint(canvas, GUTTER, self._strip_y, (progress.iteration, progress.row))
        self._paint_iterations(canvas, self._strip_y + 1 + self._strip.height)
        self._paint_alerts(canvas, bool(scores))

    def _paint_iterations(self, canvas: Canvas, y: int) -> None:
        """The axis of iterations, the one that is looked at marked."""
        palette, columns = self._palette, self.columns
        canvas.put(0, y, "iter".rjust(GUTTER - 2), palette.style("faint"))
        label = f" {self._progress.iteration} "
        left = GUTTER + columns.of(self._progress.iteration) - len(label) // 2
        left = max(0, min(left, canvas.width - len(label)))
        for iteration in columns.ticks():
            text = str(iteration)
            x = min(GUTTER + columns.of(iteration) - len(text) // 2, canvas.width - len(text))
            if x + len(text) <= left or x >= left + len(label):
                canvas.put(x, y, text, palette.style("muted"))
        canvas.put(left, y, label, palette.style("background", "lens", bold=True))

    def _paint_alerts(self, canvas: Canvas, scored: bool) -> None:
        """In words over the column at which each began; a mark alone where there is no room for words."""
        palette, free = self._palette, GUTTER
        for alert in self._progress.alerts:
            column = GUTTER + self.columns.of(min(alert.iteration or 1, self.columns.total))
            style = palette.alert(alert.severity)
            said = clean(word(alert))
            if column + 1 - len(said) >= free and column + 1 + len(said) > canvas.width:
                free = canvas.put(column - len(said), 0, f"{said}▼", style) + 1
            elif max(column, free) + 1 + len(said) <= canvas.width:
                free = canvas.put(max(column, free), 0, f"▼{said}", style) + 1
            elif column >= free:
                free = canvas.put(column, 0, "▼", style) + 1
        if scored:
            text = "○ held out"
            x = canvas.width - len(text) - 1
            if x >= free:
                canvas.put(x, 0, text, palette.style("input"))
