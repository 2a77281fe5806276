"""The equation pane: one step as symbols, as tiles, as one component term by term, and as a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from rich.segment import Segment

from rnntui.explain.cut import cut_text
from rnntui.reports.step_text import CARRIED
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.cell_listing import CellListing
from rnntui.widgets.next_line import paint_next
from rnntui.widgets.rows import Rows
from rnntui.widgets.step_picture import LEFT, StepPicture
from rnntui.widgets.update_picture import UpdatePicture
from rnntui.widgets.view import View

COVERED = "An equation is asked for: none is shown until it is answered or given up."
START = ("Press → to compute the first equation.", "Press → to begin.", "Press →")


class EquationPane(Rows):
    """Explains the step at the cursor, or the one that wrote what the lens is on."""

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """The pane's rows."""
        return equation_rows(view, width, height)

    def tells(self, text: str) -> bool:
        """Whether a text can be read in the pane now, over whatever rows."""
        if self.view is None or not (self.display and self.size):
            return False
        rows = self.build(self.view, *self.size)
        words = " ".join("".join(segment.text for segment in row) for row in rows).split()
        return text in " ".join(words)


def equation_rows(view: View, width: int, height: int) -> list[list[Segment]]:
    """The pane as rows no wider than `width`, exactly `height` of them."""
    canvas = Canvas(width, height, view.palette.style("text"))
    if width > LEFT and height > 0:
        if view.covered:
            for y, row in enumerate(wrap(COVERED, width - LEFT)[:height]):
                canvas.put(LEFT, y, row, view.palette.style("muted", italic=True))
        elif view.frame.update is not None and view.frame.lens.following:
            UpdatePicture(view.frame, view.frame.update, view.palette, view.ahead).paint(canvas)
        elif view.frame.inspected is not None and view.frame.inspected.phase == "cut":
            _paint_cut(canvas, view)
        elif view.frame.inspected is not None:
            StepPicture(view, view.frame.inspected, width, height).paint(canvas)
        elif view.frame.current is None and view.frame.lens.following:
            _paint_start(canvas, view)
        else:
            _paint_given(canvas, view)
    return canvas.rows()


def _paint_start(canvas: Canvas, view: View) -> None:
    """Nothing is computed yet: the cell's equations, and what to press."""
    palette, height = view.palette, canvas.height
    room = canvas.width - LEFT
    text = next((text for text in map(palette.keys, START) if len(text) <= room), "")
    canvas.put(LEFT, 0, text, palette.style("text", bold=True))
    cell = view.frame.run.model.cell
    gap = 1 if len(cell.equations) + 2 <= height else 0
    listing = CellListing(cell, palette, room, height - 1 - gap)
    listing.paint(canvas, LEFT, 1 + gap)
    if view.ahead and 1 + gap + listing.height < height:
        paint_next(canvas, LEFT, height - 1, view.frame, palette, view.scheme)


def _paint_cut(canvas: Canvas, view: View) -> None:
    """Between two blocks of a truncated run: what is a constant from here, and what that means."""
    palette, room = view.palette, canvas.width - LEFT
    assert view.frame.current is not None  # the lens never rests on a cut
    said = "cut: " + cut_text(view.frame.current.equation.text, view.scheme)
    rows = [(row, palette.style("loss", bold=True)) for row in wrap(said, room)]
    rows += [("", palette.style("text"))]
    rows += [(row, palette.style("muted", italic=True)) for row in wrap(CARRIED, room)]
    for y, (row, style) in enumerate(rows[: canvas.height]):
        canvas.put(LEFT, y, row, style)
    if view.ahead and len(rows) < canvas.height:
        paint_next(canvas, LEFT, canvas.height - 1, view.frame, palette, view.scheme)


def _paint_given(canvas: Canvas, view: View) -> None:
    """The lens is on what no step computes: an input, an initial state."""
    slot, palette = view.frame.lens.slot, view.palette
    scheme = view.scheme
    name = scheme.at(scheme.called(slot.name), 0, slot.t)
    shown = scheme.gradient.format(v=name) if slot.gradient else name
    end = canvas.put(LEFT, 0, shown, palette.style("backward" if slot.gradient else "forward", bold=True))
    texts = (" is given: no equation computes it.", " is given.", "")
    canvas.put(
        end, 0, next(text for text in texts if end + len(text) <= canvas.width or not text), palette.style("text")
    )
    if view.ahead and canvas.height > 1:
        paint_next(canvas, LEFT, canvas.height - 1, view.frame, palette, view.scheme)
