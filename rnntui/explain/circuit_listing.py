"""A circuit that has no room for wires: a line for each valve and each thing that is added."""

from __future__ import annotations

from rnntui.explain.circuit_readings import Shown
from rnntui.explain.circuit_strokes import Circuit, Strokes
from rnntui.explain.wiring import Box, Junction


class Listing(Strokes):
    """A list of the stops of both roads."""

    def drawn(self) -> Circuit:
        """The list."""
        lines: list[list[Shown]] = []
        road = self.wiring.road
        lines.append([self._end(road.start.name, road.start.lag)])
        lines += [self._line(stop) for stop in road.stops]
        lines.append([self._end(self.wiring.rail, 0)])
        if self.wiring.tap_road is not None:
            lines += [self._line(stop) for stop in self.wiring.tap_road.stops]
            lines.append([self._end(self.wiring.tap, 0)])
        room = self.height - 1
        if len(lines) > room:
            self.more += len(lines) - room
            lines = lines[:room]
        for y, line in enumerate(lines, 1):
            x = 0
            for shown in line:
                if x + len(shown.text) > self.width:
                    self.more += 1
                    break
                x = self.show(x, y, shown) + 1
        return self.finished(1 + len(lines))

    def _end(self, name: str, lag: int) -> Shown:
        lit = not lag and self.readings.is_lit(name)
        shown = self.readings.end(name, lag)
        text = f"{self.readings.at(name, lag)} {shown.text}"
        return Shown(text, "lit" if lit and shown.ink == "value" else "name" if shown.ink == "value" else shown.ink)

    def _line(self, stop: Box | Junction) -> list[Shown]:
        readings = self.readings
        if isinstance(stop, Box):
            lit = readings.is_lit(stop.name if stop.matrix else stop.owner)
            number = readings.slope(stop) or readings.box_value(stop)
            return [Shown(f" {readings.box_name(stop)} ", "lit" if lit else "box"), *([number] if number else [])]
        line = [Shown(f"({stop.sign})", "lit" if readings.is_lit(*stop.owners) else "node")]
        for wire in stop.wires:
            line += [Shown("×", "quiet")] if wire is not stop.wires[0] else []
            line += [readings.label(wire, 7), readings.total(wire, 5)]
            line += [Shown(readings.level(wire) * 3, "meter")] if wire.meter else []
            for valve in wire.valves[:1]:
                line.append(Shown(f"({readings.valve_name(valve).text} {readings.valve_on(valve)})", "quiet"))
        return [shown for shown in line if shown.text]
