"""One iteration in numbers: loss, norms, what its update does, and the alerts of the training in full."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from rich.segment import Segment

from bptt.numerals import number
from rnntui.safe import clean, cut
from rnntui.training.progress import Progress
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View

LEFT = 1
SHORT = 6
"""Rows below which there are only lines."""


class TrainingSide(Rows):
    """Beside the curves, or in two rows below them."""

    formulas: tuple[str, ...] = ()
    """What the iteration does after its backward pass."""

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """The iteration, its parameters, its update, the alerts; from the top as many as there is room for."""
        canvas = Canvas(width, height, view.palette.style("text"))
        if view.training is not None and view.training.done:
            if height < SHORT:
                _paint_short(canvas, view.training, view.palette)
            else:
                _Side(canvas, view.training, view.palette, self.formulas).paint()
        elif view.training is not None:
            canvas.put(LEFT, 0, "nothing is computed yet", view.palette.style("muted"))
        return canvas.rows()


def _paint_short(canvas: Canvas, progress: Progress, palette: Palette) -> None:
    """A line of numbers, and the alert that is nearest."""
    text, muted = palette.style("text", bold=True), palette.style("muted")
    x = LEFT
    for name, value in _numbers(progress):
        if x + len(name) + len(value) + 3 > canvas.width:
            break
        x = canvas.put(x, 0, f"{name} ", muted)
        x = canvas.put(x, 0, value, text) + 2
    alerts = progress.alerts
    if alerts and canvas.height > 1:
        nearest = min(alerts, key=lambda alert: abs((alert.iteration or 0) - progress.iteration))
        rows = wrap(clean(progress.sentence(nearest)), canvas.width - LEFT - 3)[: canvas.height - 1]
        canvas.put(LEFT, 1, "!", palette.alert(nearest.severity))
        for y, row in enumerate(rows):
            canvas.put(LEFT + 2, 1 + y, row, palette.style("text"))


def _numbers(progress: Progress) -> list[tuple[str, str]]:
    """(name, number) of the iteration that is looked at."""
    columns, place = progress.columns, progress.iteration - 1
    found = [
        ("L", number(float(columns.loss[place]), minus="−")),
        ("‖∇θ‖", number(float(columns.norm[place]))),
        ("rate", number(float(columns.rate[place]), 3)),
    ]
    strip = progress.strip
    value = strip.at(progress.iteration, progress.row)
    if value is not None and strip.labels:
        label = strip.labels[progress.row]
        name = strip.title.split()[0]
        found.append((f"{name} at t={label}" if strip.row_name else f"of {label}", number(value, 3)))
    scored = [score for iteration, score in columns.scores if iteration <= progress.iteration]
    if scored:
        found.append(("held out", number(scored[-1].loss, 3)))
        if scored[-1].accuracy is not None:
            found.append(("right", f"{scored[-1].accuracy:.0%}"))
    return found


class _Side:
    """Fills a canvas from its top."""

    def __init__(self, canvas: Canvas, progress: Progress, palette: Palette, formulas: Sequence[str]) -> None:
        self._canvas = canvas
        self._progress = progress
        self._palette = palette
        self._formulas = formulas
        self._y = 0

    def paint(self) -> None:
        """One part after the other, a blank row between them."""
        self._paint_numbers()
        self._paint_parameters()
        self._paint_update()
        self._paint_alerts()
        hint = "enter steps through this iteration"
        if self._y < self._canvas.height:
            self._canvas.put(LEFT, self._canvas.height - 1, hint, self._palette.style("faint"))

    def _line(self, text: str, role: str = "text", bold: bool = False, x: int = LEFT) -> None:
        self._canvas.put(x, self._y, text, self._palette.style(role, bold=bold))
        self._y += 1

    def _paint_numbers(self) -> None:
        progress, palette = self._progress, self._palette
        x = self._canvas.put(
            LEFT, 0, f" iteration {progress.iteration} ", palette.style("background", "lens", bold=True)
        )
        self._canvas.put(x, 0, f" of {progress.target}", palette.style("muted"))
        self._y = 1
        for name, value in _numbers(progress):
            x = self._canvas.put(LEFT, self._y, f"{name:<14}", palette.style("muted"))
            self._line(value, bold=True, x=x)
        self._y += 1

    def _paint_parameters(self) -> None:
        """Each parameter's norm, and that of its gradient as a number and a bar."""
        columns, place = self._progress.columns, self._progress.iteration - 1
        gradients = {name: float(row[place]) for name, row in columns.gradient_norms.items()}
        largest = max((size for size in gradients.values() if size < float("inf")), default=0.0)
        room = max(2, self._canvas.height // 3)
        names = sorted(gradients, key=lambda name: -gradients[name])[:room] if len(gradients) > room else gradients
        wide = min(12, max((len(name) for name in gradients), default=1))
        self._line(f"{'':<{wide}}  {'size':<9} {'gradient':<9}", "muted")
        for name in names:
            size = number(float(columns.norms[name][place]), 3)
            x = self._canvas.put(LEFT, self._y, cut(clean(name), wide).ljust(wide), self._palette.style("forward"))
            x = self._canvas.put(
                x, self._y, f"  {size:<9} {number(gradients[name], 3):<9} ", self._palette.style("text")
            )
            self._line(_bar(gradients[name], largest, self._canvas.width - x - 1), "backward", x=x)
        if len(names) < len(gradients):
            self._line(f"… and {len(gradients) - len(names)} smaller gradients", "faint")
        self._y += 1

    def _paint_update(self) -> None:
        self._line("after the backward pass", "violet", bold=True)
        for formula in self._formulas:
            for row in wrap(clean(formula), self._canvas.width - LEFT - 2):
                self._line(row, x=LEFT + 1)
        self._y += 1

    def _paint_alerts(self) -> None:
        for alert in self._progress.alerts:
            rows = wrap(clean(self._progress.sentence(alert)), self._canvas.width - LEFT - 3)
            if self._y + len(rows) >= self._canvas.height:
                return
            self._canvas.put(LEFT, self._y, "!", self._palette.alert(alert.severity))
            for row in rows:
                self._line(row, x=LEFT + 2)


def _bar(size: float, largest: float, width: int) -> str:
    """A bar in half columns."""
    if not (0 < size < float("inf")) or not largest or width < 1:
        return ""
    halves = max(1, round(size / largest * 2 * width))
    return "█" * (halves // 2) + "▌" * (halves % 2)
