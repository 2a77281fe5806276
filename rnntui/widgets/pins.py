"""The pane of what is pinned to a run: watches with how they go over time, breakpoints, edits and what they change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from textual import events
from textual.message import Message

from bptt.numerals import number, vector_text
from rnntui.explain.marks import HIDDEN, Mark
from rnntui.plain.pins import BreakPin, Changed, Pins, WatchPin, lens_time
from rnntui.safe import cut
from rnntui.widgets.bars import BLOCKS, bar_glyph
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.palette import Palette
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View

Section = Literal["watch", "breakpoints", "edits"]
EMPTY: dict[Section, str] = {
    "watch": "none; w watches what the lens is on",
    "breakpoints": "none; b sets one at the lens",
    "edits": "none; i changes what the lens is on",
}
ADDS: dict[Section, str] = {
    "watch": "w adds · W lists",
    "breakpoints": "b sets · c goes on",
    "edits": "i edits · u undoes",
}
LEFT = 2
VALUE = 9
"""Screen columns of a watch's value."""
LEAST_SPARK, LEAST_TEXT = 8, 12
LOG_FROM = 1e3
"""A watch whose numbers are all positive and this far apart is drawn on a logarithmic axis."""


class PinsPane(Rows):
    """Draws what is pinned; a click asks for the list of it."""

    class ListWanted(Message):
        """Show the list that was clicked."""

        def __init__(self, section: Section) -> None:
            super().__init__()
            self.section = section

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sections: list[tuple[int, Section]] = []

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """The pane's rows."""
        canvas = Canvas(width, height, view.palette.style("text"))
        if view.pins is not None:
            self._sections = _Painter(view, view.pins, canvas).paint()
        return canvas.rows()

    def on_click(self, event: events.Click) -> None:
        """Say which part was clicked."""
        for top, section in reversed(self._sections):
            if event.y >= top:
                self.post_message(self.ListWanted(section))
                return


def rows_wanted(pins: Pins) -> int:
    """The rows in which all that is pinned can be seen: a rule, and a heading over each part that there is."""
    parts = (len(pins.watched), len(pins.set), len(pins.edited) + 2 * bool(pins.edited))
    return 1 + sum(1 + count for count in parts if count)


class _Painter:
    """Draws one moment."""

    def __init__(self, view: View, pins: Pins, canvas: Canvas) -> None:
        self._view = view
        self._pins = pins
        self._palette: Palette = view.palette
        self._canvas = canvas

    def paint(self) -> list[tuple[int, Section]]:
        """A rule, then the parts that there are, all three where there is nothing; (row, part) of each heading."""
        pins, canvas = self._pins, self._canvas
        counts: dict[Section, int] = {
            "watch": len(pins.watched),
            "breakpoints": len(pins.set),
            "edits": len(pins.edited),
        }
        shown = [part for part, count in counts.items() if count or canvas.height >= rows_wanted(pins) + 3]
        y = 0
        if canvas.height >= rows_wanted(pins):
            canvas.put(0, 0, "─" * canvas.width, self._palette.style("rule"))
            y = 1
        tops: list[tuple[int, Section]] = []
        for place, part in enumerate(shown):
            rest = sum(2 if counts[later] else 1 for later in shown[place + 1 :])
            tops.append((y, part))
            self._heading(part, counts[part], y)
            y = self._rows(part, y + 1, max(1, canvas.height - y - 1 - rest)) if counts[part] else y + 1
        return tops

    def _heading(self, part: Section, count: int, y: int) -> None:
        style = self._palette.style
        end = self._canvas.put(1, y, part, style("text", bold=True))
        if not count:
            self._canvas.put(end + 2, y, EMPTY[part], style("muted"))
            return
        if part == "watch":
            end = self._canvas.put(end + 2, y, f"at t={lens_time(self._pins.frame)}", style("muted"))
        keys = ADDS[part]
        if end + 2 + len(keys) < self._canvas.width:
            self._canvas.put(self._canvas.width - len(keys) - 1, y, keys, style("faint"))

    def _rows(self, part: Section, y: int, room: int) -> int:
        """The rows of a part from y on, at most `room`; returns the row after them."""
        pins = self._pins
        count = {"watch": len(pins.watched), "breakpoints": len(pins.set), "edits": len(pins.edited)}[part]
        changes = min(2, room - 1) if part == "edits" and room > 1 else 0
        shown = count if count <= room - changes else max(0, room - changes - 1)
        for row in range(shown):
            if part == "watch":
                self._watch(pins.watches[row], y + row)
            elif part == "breakpoints":
                self._break(pins.breakpoints[row], y + row)
            else:
                self._edit(pins.edits[row].text, y + row)
        y += shown
        if shown < count:
            self._canvas.put(LEFT, y, f"… and {count - shown} more", self._palette.style("muted"))
            y += 1
        for change in pins.changes[:changes] if part == "edits" else ():
            self._change(change, y)
            y += 1
        return y

    # -- watches

    def _watch(self, pin: WatchPin, y: int) -> None:
        palette, canvas = self._palette, self._canvas
        room = canvas.width - LEFT - 1
        spark = 0
        if pin.history is not None:
            spark = min(len(pin.history), max(LEAST_SPARK, room - VALUE - 2 - max(LEAST_TEXT, len(pin.text))))
        text, style = _value_text(pin), palette.style("backward" if pin.gradient else "forward", bold=True)
        if isinstance(pin.value, Mark):
            style = palette.style("background", "loss", bold=True) if pin.value is HIDDEN else palette.style("faint")
        elif _is_bad(pin.value):
            style = palette.style("trouble", bold=True)
        longest = room - max(VALUE, len(text)) - (spark + 2 if spark else 1)
        canvas.put(LEFT, y, cut(pin.text, max(1, longest)), palette.style("text"))
        x = room - len(text) + LEFT - (spark + 2 if spark else 0)
        canvas.put(max(LEFT, x), y, text, style)
        if spark and pin.history is not None:
            self._spark(pin, pin.history, canvas.width - 1 - spark, y, spark)

    def _spark(self, pin: WatchPin, history: NDArray[np.floating], x: int, y: int, width: int) -> None:
        """A bar a time, or where times are more the largest of several; the lens's in its own colour."""
        palette = self._palette
        here = lens_time(self._pins.frame) - 1
        hue = palette.style("backward" if pin.gradient else "forward", "panel")
        T = len(history)
        for column in range(width):
            first, end = column * T // width, (column + 1) * T // width
            part = history[first:end]
            lens = first <= here < end
            if np.isnan(part).all():
                dot = palette.style("lens" if lens else "faint", "panel", bold=lens)
                self._canvas.put(x + column, y, "·", dot)
                continue
            value = float(part[np.nanargmax(np.abs(part))])
            style = palette.style("lens", "panel", bold=True) if lens else hue
            if not np.isfinite(value):
                style = palette.style("trouble", "panel", bold=True)
            self._canvas.put(x + column, y, _bar(value, pin.ends), style)

    # -- breakpoints

    def _break(self, pin: BreakPin, y: int) -> None:
        palette, canvas = self._palette, self._canvas
        acts = pin.enabled and not pin.resting
        canvas.put(LEFT, y, "●" if acts else "○", palette.style("trouble" if acts else "faint", bold=True))
        note = ", ".join(part for part in (pin.passed if pin.enabled else "off", pin.note) if part)
        note = "◂ here" if pin.here and pin.enabled else note
        longest = canvas.width - LEFT - 5 - len(note)
        text = palette.style("text" if acts else "muted", bold=pin.here)
        canvas.put(LEFT + 2, y, cut(f"{pin.number} {pin.text}", max(4, longest)), text)
        canvas.put(canvas.width - 1 - len(note), y, note, palette.style("trouble" if pin.here else "muted"))

    # -- edits

    def _edit(self, text: str, y: int) -> None:
        self._canvas.put(LEFT, y, "=", self._palette.style("violet", bold=True))
        self._canvas.put(LEFT + 2, y, cut(text, max(4, self._canvas.width - LEFT - 3)), self._palette.style("text"))

    def _change(self, change: Changed, y: int) -> None:
        """`loss 2.075 → 2.311`: the original, and what the edits made of it."""
        style = self._palette.style
        x = self._canvas.put(LEFT + 2, y, f"{change.name} ", style("muted"))
        x = self._canvas.put(x, y, _change_text(change.before), style("muted"))
        x = self._canvas.put(x, y, " → ", style("faint"))
        x = self._canvas.put(x, y, _change_text(change.after), style("violet", bold=True))
        if change.before == change.after and not isinstance(change.after, Mark):
            self._canvas.put(x + 2, y, "unchanged", style("faint"))


def _value_text(pin: WatchPin) -> str:
    value = pin.value
    if value is None:
        return "not here"
    if isinstance(value, Mark):
        return "???" if value is HIDDEN else "·"
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    array = np.asarray(value)
    if array.ndim == 0:
        return number(float(array), 4, "−")
    return vector_text(array) if array.ndim == 1 else f"{' × '.join(map(str, array.shape))} numbers"


def _change_text(value: float | Mark) -> str:
    if isinstance(value, Mark):
        return "???" if value is HIDDEN else "·"
    return number(value, 4, "−")


def _is_bad(value: object) -> bool:
    return not np.isfinite(np.asarray(value, float)).all() if value is not None else False


def _bar(value: float, ends: tuple[float, float]) -> str:
    """A block of 1…8 eighths between the ends; the logarithm where they are positive and far apart."""
    low, high = ends
    if not np.isfinite(value):
        return BLOCKS[-1]
    if low > 0 and high / low >= LOG_FROM:
        low, high, value = np.log(low), np.log(high), np.log(max(value, low))
    with np.errstate(all="ignore"):
        part = (value - low) / (high - low) if high > low else 0.5
    part = float(part) if np.isfinite(part) else 0.5
    return bar_glyph(part)
