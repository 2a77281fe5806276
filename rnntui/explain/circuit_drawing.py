"""A circuit with its wires: the road on top, what hangs from it below, the buses at the bottom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rnntui.explain.circuit_buses import Bus, buses_of, common_formula
from rnntui.explain.circuit_places import ARROW, Places
from rnntui.explain.circuit_readings import CircuitReadings, Shown
from rnntui.explain.circuit_strokes import Circuit, Strokes
from rnntui.explain.wires import Wire
from rnntui.explain.wiring import Box, Junction, Road, Wiring

MOST_BUSES = 3
SHARE, RAIL, VALUE, TAP, POINT, NAME, NUMBER, METER, VALVE = 1, 2, 3, 4, 5, 6, 7, 8, 9
"""Which row is what; row 0 is the title, and the buses follow."""
ROOM_FOR_SHARE = 6
"""Narrower columns have no room for a number beside a wire."""


NARROW = 4
"""The cells of a number in a narrow column."""


def first_bus(wiring: Wiring) -> int:
    """The row of the first bus."""
    return VALVE + 1 if any(wire.valves for wire in wiring.wires) else VALVE


class Drawing(Strokes):
    """A circuit with its wires."""

    def __init__(self, wiring: Wiring, readings: CircuitReadings, places: Places, width: int, height: int) -> None:
        super().__init__(wiring, readings, width, height)
        self._places = places
        self._forth = "◀" if readings.backward else "▶"
        self._down = "▼" if readings.backward else "▲"

    def drawn(self) -> Circuit:
        """The drawing."""
        self._rail()
        for stop, place in zip(self.wiring.road.stops, self._places.stops, strict=True):
            if isinstance(stop, Box):
                self._box(stop, place[0], RAIL)
            else:
                self._junction(stop, place)
        if self.wiring.tap_road is not None:
            self._tap(self.wiring.tap_road)
        wires = list(zip(self.wiring.wires, self._places.columns, strict=True))
        for number, (wire, x) in enumerate(wires):
            end = wires[number + 1][1] - 2 if number + 1 < len(wires) else self.width
            self._port(wire, x, end)
        return self.finished(self._buses(wires))

    # -- the road

    def _rail(self) -> None:
        readings, road, places = self.readings, self.wiring.road, self._places
        rail, past = self.wiring.rail, road.start
        lit = readings.is_lit(rail)
        end = self.put(0, RAIL, readings.at(past.name, past.lag), "name")
        self.put(end + 1, RAIL, "━" * (places.arrow - end - 1), "rail")
        self.show(0, VALUE, readings.end(past.name, past.lag))
        self.put(self._first() - 2, RAIL, self._forth, "rail")
        self._exit(rail, RAIL, lit)
        self.show(self._first() - 1, SHARE, readings.arriving(road.share, past.name, past.lag))

    def _first(self) -> int:
        """Where the first stop begins."""
        road, places = self.wiring.road, self._places
        if not road.stops:
            return places.left + ARROW
        return places.stops[0][0] if isinstance(road.stops[0], Box) else self._node(places.stops[0]) - 1

    @staticmethod
    def _node(columns: Sequence[int]) -> int:
        """Where the wires of a junction meet."""
        return (columns[0] + columns[-1]) // 2

    def _exit(self, name: str, y: int, lit: bool) -> None:
        x = self.put(self._places.arrow, y, self._forth, "rail") + 1
        x = self.put(x, y, self.readings.at(name, 0), "lit" if lit else "name")
        self.show(x + 1, y, self.readings.end(name, 0, self.width - x - 1), lit)

    def _box(self, box: Box, x: int, y: int) -> None:
        readings = self.readings
        lit = readings.is_lit(box.name if box.matrix else box.owner) or (readings.backward and self._is_behind(box))
        self.put(x, y, f" {readings.box_name(box)} ", "lit" if lit else "box")
        self.show(x, y + 1, readings.box_value(box))
        room = self._places.room_under(x, y == RAIL) or self.width - x
        slope = readings.slope(box)
        if slope is not None and y == RAIL:
            word = next((word for word in ("slope ", "×") if len(word + slope.text) <= room), None)
            if word is not None:
                self.show(self.put(x, y + 1, word, "quiet"), y + 1, slope)
        behind = readings.behind(box)
        if behind is not None and y == RAIL and len(behind[0]) + 1 + len(behind[1].text) <= room:
            self.show(self.put(x, y + 2, behind[0], "quiet") + 1, y + 2, behind[1])

    def _is_behind(self, box: Box) -> bool:
        return bool(box.argument) and self.readings.is_lit(box.argument)

    def _junction(self, junction: Junction, columns: Sequence[int]) -> None:
        lit = self.readings.is_lit(*junction.owners)
        x = self._node(columns)
        self.put(x - 1, RAIL, f"({junction.sign})", "lit" if lit else "node")
        if len(columns) == 1:
            self._vertical(x, VALUE, TAP)
            return
        self._vertical(x, VALUE, VALUE)
        self.put(columns[0], TAP, "┏" + "━" * (columns[-1] - columns[0] - 1) + "┓", "wire")
        for column in columns[1:-1]:
            self.put(column, TAP, "┳", "wire")
        self.put(x - 1, TAP, "(×)", "lit" if lit else "node")

    def _vertical(self, x: int, first: int, last: int) -> None:
        for y in range(first, last + 1):
            self.put(x, y, "┃", "wire")

    # -- the tap

    def _tap(self, road: Road) -> None:
        places, readings = self._places, self.readings
        lit = readings.is_lit(self.wiring.tap)
        x = places.tap
        self.put(x, RAIL, "┳", "rail")
        stops = list(zip(road.stops, places.tap_stops, strict=True))
        self._vertical(x, VALUE, VALUE)
        self.put(x, TAP, "┗", "wire")
        self.put(x + 1, TAP, "━" * (places.arrow - x - 1), "rail")
        if stops and isinstance(stops[0][0], Box):
            box = stops.pop(0)[0]
            assert isinstance(box, Box)
            lit_box = readings.is_lit(box.owner) or (readings.backward and self._is_behind(box))
            self.middle(x, VALUE, Shown(readings.box_name(box), "lit" if lit_box else "name"))
        for stop, columns in stops:
            if isinstance(stop, Box):
                self._box(stop, columns[0], TAP)
            else:
                lit_node = readings.is_lit(*stop.owners)
                self.put(columns[0] - 1, TAP, f"({stop.sign})", "lit" if lit_node else "node")
        self._exit(self.wiring.tap, TAP, lit)

    # -- the wires

    def _port(self, wire: Wire, x: int, end: int) -> None:
        """A wire's arrow, name, number, meter, and the valve on its way in."""
        readings, pitch = self.readings, self._places.pitch
        if wire.kind == "number":
            self._vertical(x, POINT, POINT)
        else:
            self.put(x, POINT, self._down, "rail")
        if pitch >= ROOM_FOR_SHARE:
            self.show(x + 1, POINT, readings.share(wire, min(NARROW + 1, pitch - 2)))
        label = readings.label(wire, pitch - 1)
        lit = label.ink == "lit"
        self.middle(x, NAME, label)
        self.middle(x, NUMBER, readings.total(wire, NARROW if pitch < ROOM_FOR_SHARE else NARROW + 1), lit)
        argument = readings.argument(wire, NARROW if pitch >= ROOM_FOR_SHARE else NARROW - 1)
        if wire.meter:
            self._meter(wire, x)
        elif argument is not None:
            self.show(x - 1, METER, argument)
        elif wire.sources:
            self.put(x, METER, "┃", "wire")
        if wire.valves:
            self._valve(wire, x, end)

    def _meter(self, wire: Wire, x: int) -> None:
        """How open a gate is; on the way back with the number, for there the name's is the gradient."""
        readings = self.readings
        bar = readings.level(wire)
        if not bar and wire.sources:
            self._vertical(x, METER, METER)
            return
        if not readings.backward or self._places.pitch < ROOM_FOR_SHARE:
            self.put(x - 1, METER, bar * 3, "meter")
            return
        self.show(self.put(x - 1, METER, bar * 2, "meter"), METER, readings.value(wire, 4, "quiet"))

    def _valve(self, wire: Wire, x: int, end: int) -> None:
        readings, valve = self.readings, wire.valves[0]
        self.more += len(wire.valves) - 1
        lit = readings.is_lit(valve.gate, *readings.arguments(valve.gate))
        bar = Shown(readings.valve_level(valve) * 2, "meter")
        on = Shown(readings.valve_on(valve), "quiet")
        name, number = readings.valve_name(valve), readings.valve_number(valve)
        self.put(x - 1, VALVE, "(×)", "lit" if lit else "node")
        share = readings.valve_share(valve)
        start = x + 3 if share is None else self.show(x + 2, VALVE, share) + 1
        for form in ((name, number, bar, on), (name, number, on), (name, on), (name, number), (name,)):
            seen = [shown for shown in form if shown.text]
            if start + sum(len(shown.text) + 1 for shown in seen) - 1 <= end:
                for shown in seen:
                    start = self.show(start, VALVE, shown, lit) + 1
                return
        self.more += 1

    # -- the buses

    def _buses(self, wires: Sequence[tuple[Wire, int]]) -> int:
        """The rows at which the drawing ends."""
        first = first_bus(self.wiring)
        buses = buses_of(wires, self.readings.source)
        fitting = buses[: min(MOST_BUSES, self.height - first)]
        self.more += len(buses) - len(fitting)
        if first > VALVE:
            for wire, x in wires:
                if wire.sources and not wire.valves:
                    self.put(x, VALVE, "┃", "wire")
        for number, bus in enumerate(fitting):
            self._bus(bus, first + number, fitting[number + 1 :])
        if fitting:
            self._formula(fitting[-1], first + len(fitting) - 1)
        return first + len(fitting)

    def _bus(self, bus: Bus, y: int, later: Iterable[Bus]) -> None:
        left, right = bus.columns[0], bus.columns[-1]
        crossing = {x for other in later for x in other.columns}
        on_the_left = len(bus.text) + 1 < left
        if on_the_left:
            start, end = self.put(0, y, bus.text, "quiet") + 1, right
        else:
            start, end = left, min(right + 2, self.width - len(bus.text) - 2)
            self.put(end + 2, y, bus.text, "quiet")
        for x in range(start, max(end, right) + 1):
            self.put(x, y, self._piece(x, bus, start, end, x in crossing), "wire")
        for x in crossing:
            if not start <= x <= max(end, right):
                self.put(x, y, "┃", "wire")

    @staticmethod
    def _piece(x: int, bus: Bus, start: int, end: int, crossed: bool) -> str:
        if x in bus.columns:
            return "┛" if x == end else "┗" if x == start else "┻"
        return "╋" if crossed else "━"

    def _formula(self, bus: Bus, y: int) -> None:
        expression = common_formula(bus.wires)
        if expression is None or len(bus.text) + 1 >= bus.columns[0]:
            return
        text = self.readings.formula(expression)
        x = bus.columns[-1] + 3
        if x + len(text) <= self.width:
            self.put(x, y, text, "quiet")
