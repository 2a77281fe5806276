"""A circuit as plain data, put together text by text."""

from __future__ import annotations

from dataclasses import dataclass

from rnntui.explain.circuit_readings import CircuitReadings, Ink, Shown
from rnntui.explain.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Stroke:
    """A text at its place; a later one lies over an earlier one."""

    x: int
    y: int
    text: str
    ink: Ink


@dataclass(frozen=True)
class Circuit:
    """A drawing of `height` rows."""

    height: int
    backward: bool
    strokes: tuple[Stroke, ...]


class Strokes:
    """What is drawn, bit by bit."""

    def __init__(self, wiring: Wiring, readings: CircuitReadings, width: int, height: int) -> None:
        self.wiring = wiring
        self.readings = readings
        self.width = width
        self.height = height
        self.more = wiring.left_out
        """How many things are left out."""
        self.strokes: list[Stroke] = []

    def put(self, x: int, y: int, text: str, ink: Ink) -> int:
        """Returns the column after it."""
        if text and y < self.height:
            self.strokes.append(Stroke(x, y, text, ink))
        return x + len(text)

    def show(self, x: int, y: int, shown: Shown | None, lit: bool = False) -> int:
        if shown is None:
            return x
        return self.put(x, y, shown.text, "lit" if lit and shown.ink in ("value", "name") else shown.ink)

    def middle(self, x: int, y: int, shown: Shown, lit: bool = False) -> None:
        """Around column x."""
        self.show(x - len(shown.text) // 2, y, shown, lit)

    def title(self) -> None:
        readings = self.readings
        end = self.put(0, 0, f"unit {readings.unit}, t={readings.t}", "title")
        ways = ("gradients ◀ backward", "◀") if readings.backward else ("values ▶ forward", "▶")
        way = next((way for way in ways if end + 3 + len(way) <= self.width), "")
        end = self.put(end + 3, 0, way, "name")
        more = f"+{self.more} more"
        if self.more and end + 2 + len(more) <= self.width:
            self.put(self.width - len(more), 0, more, "quiet")

    def finished(self, height: int) -> Circuit:
        self.title()
        return Circuit(height, self.readings.backward, tuple(self.strokes))
