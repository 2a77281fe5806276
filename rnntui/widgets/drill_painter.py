"""Paints one component term by term: each product as a number and a signed bar, their sum, and what it becomes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rich.style import Style

from bptt.numerals import cell_text, scientific
from rnntui.explain.drill import Drill, DrillRow, Subtotal
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.palette import LEVELS, Palette

LONGEST_BAR = 14
SHORTEST_BAR = 3
"""Screen cells on one side of the centre line; with less room there are no bars."""
ROOMY_BAR = 6
"""The numbers that are multiplied are shown where this much is left to the bars."""
SHORTEST_LABEL = 6
WIDE = 58
"""From this width on the subtotals stand beside the sum."""
_BETWEEN = re.compile(r" × |·|   ")


class DrillPainter:
    """Paints one drill into a given width."""

    def __init__(self, drill: Drill, palette: Palette, width: int, heading: str = "term by term") -> None:
        self._drill = drill
        self._heading = heading
        self._palette = palette
        self._width = width
        self._numbers = [signed(row.value) for row in drill.rows]
        self._total = signed(drill.total)
        self._number_width = max((len(text) for text in (*self._numbers, self._total)), default=0)
        labels = [row.label for row in drill.rows]
        room = width - self._number_width - 2
        self._labels = [shortened(label, room) for label in labels]
        self._label_width = max((len(label) for label in (*self._labels, "Σ = ")), default=0)
        left = room - self._label_width - 2
        self._factors = [factors(row.numbers) for row in drill.rows]
        widest = max((len(text) for text in self._factors), default=0)
        if widest and left - widest - 2 < 2 * ROOMY_BAR + 1:
            self._factors, widest = [""] * len(drill.rows), 0
        self._lead = self._label_width + (widest + 2 if widest else 0)
        left = room - self._lead - 2
        half = min(LONGEST_BAR, (left - 1) // 2)
        self._half = half if half >= SHORTEST_BAR else 0

    @property
    def fits(self) -> bool:
        """Whether every number is whole and every label says something."""
        room = self._width - self._number_width - 2
        head = len(self._drill.target) + 2
        return room >= SHORTEST_LABEL and head <= self._width and len(self._result()) + 4 <= self._width

    @property
    def height(self) -> int:
        """The rows it takes."""
        if self._drill.hidden:
            return 2
        apart = bool(self._function()) and not self._result_fits()
        return 2 + len(self._drill.rows) + apart + bool(self._own_row())

    def paint(self, canvas: Canvas, x: int, y: int) -> int:
        """Paint from (x, y) on; returns the row after the last."""
        drill, palette = self._drill, self._palette
        hue = "backward" if drill.gradient else "forward"
        end = canvas.put(x, y, f" {drill.target} ", palette.style("background", hue, bold=True))
        if drill.hidden:
            canvas.put(x, y + 1, " hidden until you predict ", palette.style("background", "loss", bold=True))
            return y + 2
        if end + 2 + len(self._heading) <= x + self._width:
            canvas.put(end + 2, y, self._heading, palette.style("muted"))
        size = max((abs(row.value) for row in drill.rows if math.isfinite(row.value)), default=0.0)
        for number, row in enumerate(drill.rows):
            y += 1
            self._row(canvas, x, y, row, number, size)
        return self._sum(canvas, x, y + 1, hue)

    def _row(self, canvas: Canvas, x: int, y: int, row: DrillRow, number: int, size: float) -> None:
        palette = self._palette
        canvas.put(x, y, self._labels[number], palette.style(row.colour))
        canvas.put(x + self._label_width + 2, y, self._factors[number], palette.style("muted"))
        at = x + self._lead + 1
        trouble = not math.isfinite(row.value)
        style = palette.style("trouble" if trouble else "text", bold=True)
        at = canvas.put(at, y, self._numbers[number].rjust(self._number_width), style)
        if not self._half:
            return
        centre = at + 2 + self._half
        if trouble:
            canvas.put(centre - self._half, y, "NaN" if math.isnan(row.value) else "inf", style)
        elif size:
            halves = round(abs(row.value) / size * self._half * 2)
            whole, rest = divmod(halves, 2)
            if row.value < 0:
                bar = "▐" * rest + "█" * whole or "▕"
                canvas.put(centre - len(bar), y, bar, self._bar(0))
            elif row.value > 0:
                canvas.put(centre + 1, y, "█" * whole + "▌" * rest or "▏", self._bar(LEVELS - 1))
        canvas.put(centre, y, "│", palette.style("muted"))

    def _bar(self, level: int) -> Style:
        if self._palette.colourless:
            return self._palette.style("text")
        colour = self._palette.level_colour("gradient" if self._drill.gradient else "value", level)
        return Style(color=colour, bgcolor=self._palette.colour("background"))

    def _sum(self, canvas: Canvas, x: int, y: int, hue: str) -> int:
        """The sum as a chip, what the function makes of it, and the sums of the terms."""
        palette = self._palette
        text, muted = palette.style("text"), palette.style("muted")
        at = x + self._lead
        canvas.put(at - 4, y, "Σ = ", text)
        trouble = not math.isfinite(self._drill.total)
        chip = palette.style("background", "trouble" if trouble else hue, bold=True)
        end = canvas.put(at, y, f" {self._total.rjust(self._number_width)} ", chip)
        if self._function():
            if self._result_fits():
                end += 2
            else:
                y, end = y + 1, max(x, at - len(self._function()))
                end = min(end, x + self._width - len(self._result()))
            end = canvas.put(end, y, self._function(), text)
            end = canvas.put(end, y, signed(self._drill.result), palette.style(hue, bold=True))
        end += 3
        own = self._own_row()
        if own:
            y, end = y + 1, x
        for subtotal in own or self._beside():
            end = canvas.put(end, y, f"{subtotal.name} ", muted)
            end = canvas.put(end, y, signed(subtotal.value), palette.style(subtotal.colour, bold=True)) + 3
        return y + 1

    def _function(self) -> str:
        name = self._drill.function
        return f"{name}(Σ) = " if name else ""

    def _result(self) -> str:
        return self._function() + (signed(self._drill.result) if self._drill.function else "")

    def _result_fits(self) -> bool:
        return self._after_sum() + 2 + len(self._result()) <= self._width

    def _after_sum(self) -> int:
        return self._lead + self._number_width + 2

    def _subtotals(self) -> Sequence[Subtotal]:
        """The sums of the terms, where they say more than the rows."""
        several = len(self._drill.subtotals) > 1 and len(self._drill.rows) > len(self._drill.subtotals)
        return self._drill.subtotals if several else ()

    def _beside(self) -> Sequence[Subtotal]:
        after = self._after_sum() + (2 + len(self._result()) if self._result_fits() and self._function() else 0)
        fits = self._width >= WIDE and after + 3 + _length(self._subtotals()) <= self._width
        return self._subtotals() if fits else ()

    def _own_row(self) -> Sequence[Subtotal]:
        found = self._subtotals()
        return found if not self._beside() and _length(found) <= self._width else ()


def signed(value: float) -> str:
    """A number with its sign and three decimals, or three digits and a power of ten where those would say little."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+inf" if value > 0 else "−inf"
    if value == 0:
        return "0"
    size = abs(value)
    if 0.0095 <= size < 9999.5:
        text = f"{size:.3f}" if size < 99.95 else f"{size:.1f}"
    else:
        text = scientific(size).replace("-", "−")
    return ("−" if value < 0 else "+") + text


def factors(numbers: Sequence[float]) -> str:
    """The numbers that are multiplied, as short as on tiles: `+.66 × −.12`; empty where there is only one."""
    if len(numbers) < 2:
        return ""
    return " × ".join(cell_text(number).strip() for number in numbers).replace("-", "−")


def shortened(label: str, room: int) -> str:
    """The label in at most `room` letters: whole factors, then an ellipsis, never a part of a number."""
    if len(label) <= room:
        return label
    cuts = [match.start() for match in _BETWEEN.finditer(label) if match.end() + 1 <= room]
    return label[: cuts[-1]] + " …" if cuts and cuts[-1] + 2 <= room else "…"


def _length(subtotals: Sequence[Subtotal]) -> int:
    return sum(len(total.name) + 1 + len(signed(total.value)) for total in subtotals) + 3 * (len(subtotals) - 1)
