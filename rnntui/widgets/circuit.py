"""The circuit pane: the cell as a road with valves for the unit under the lens, forward or with every arrow turned."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from bptt.cell import Cell
from rnntui.explain.circuit import circuit_of, rows_of
from rnntui.explain.circuit_readings import Ink, Look
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View

LEFT = 1
"""The blank column before the drawing, as in the equation pane."""
EQUATION = 15
"""The rows that an equation takes beside its tiles: line, heading, some terms, what comes next."""
MOST_UNITS, THUMBNAIL = 12, 4
"""Tiles of more units are thumbnails of this many rows."""


class CircuitPane(Rows):
    """Draws the circuit that what is inspected stands in."""

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """The pane's rows."""
        return circuit_rows(view, width, height)


def circuit_fits(cell: Cell, units: int, height: int) -> bool:
    """Whether the pane has room below the equation pane in a column of `height` rows: the same at every step, so that
    nothing jumps. `units`: as many as a state has."""
    rows = rows_of(cell)
    tiles = units if units <= MOST_UNITS else THUMBNAIL
    return rows > 0 and height - rows - 1 >= EQUATION + tiles


def circuit_rows(view: View, width: int, height: int) -> list[list[Segment]]:
    """The circuit as rows no wider than `width`, exactly `height` of them: below a rule where there is one row more
    than the circuits of the cell take."""
    palette = view.palette
    canvas = Canvas(width, height, palette.style("text"))
    top = 1 if height > rows_of(view.frame.run.model.cell) else 0
    if top:
        canvas.put(0, 0, "─" * width, palette.style("rule"))
    frame = view.frame
    slot, unit = frame.lens.slot, frame.lens.unit
    schedule, t = frame.run.schedule, max(1, slot.t)
    lo = schedule.pass_covering(t, frame.position).lo if schedule.truncated else 0
    look = Look(slot.name, t, unit, slot.gradient, frame.inspected, frame.run.T, lo)
    circuit = circuit_of(frame.run.model.cell, look, frame.evaluate, width - LEFT, height - top)
    if circuit is not None:
        for stroke in circuit.strokes:
            canvas.put(LEFT + stroke.x, top + stroke.y, stroke.text, _style(stroke.ink, circuit.backward, palette))
    return canvas.rows()


def _style(ink: Ink, backward: bool, palette: Palette) -> Style:
    hue = "backward" if backward else "forward"
    match ink:
        case "title":
            return palette.style("lens", bold=True)
        case "node" | "name":
            return palette.style(hue, bold=True)
        case "rail" | "value" | "share":
            return palette.style(hue, italic=ink == "share")
        case "lit":
            return palette.style("background", hue, bold=True)
        case "box":
            return palette.style("text", "panel", bold=True)
        case "meter":
            return palette.style("forward", "panel")
        case "hidden":
            return palette.style("background", "loss", bold=True)
        case "trouble":
            return palette.style("background", "trouble", bold=True)
        case "cut":
            return palette.style("loss", bold=True)
    return palette.style("muted")
