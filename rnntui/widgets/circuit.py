"""The circuit pane: the cell as a road with valves for the unit under the lens, forward or with every arrow turned."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from rnntui.explain.circuit import circuit_of
from rnntui.explain.circuit_readings import Ink
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View

LEFT = 1
"""The blank column before the drawing, as in the equation pane."""


class CircuitPane(Rows):
    """Draws the circuit that what is inspected stands in."""

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """The pane's rows."""
        return circuit_rows(view, width, height)


def circuit_rows(view: View, width: int, height: int) -> list[list[Segment]]:
    """The circuit as rows no wider than `width`, exactly `height` of them."""
    canvas = Canvas(width, height, view.palette.style("text"))
    circuit = circuit_of(view.frame, width - LEFT, height)
    if circuit is not None:
        for stroke in circuit.strokes:
            canvas.put(LEFT + stroke.x, stroke.y, stroke.text, _style(stroke.ink, circuit.backward, view.palette))
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
    return palette.style("muted")
