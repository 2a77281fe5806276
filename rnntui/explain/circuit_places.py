"""Where the stops and wires of a circuit stand: the widest columns that fit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rnntui.explain.circuit_buses import buses_of
from rnntui.explain.circuit_readings import NUMBER, CircuitReadings
from rnntui.explain.wiring import Box, Road, Stop, Wiring

WIDEST, NARROWEST = 9, 5
"""Cells a column."""
ARROW = 3
"""From the end of the past's name to the first stop, where there is room."""
ROOMY = 6
"""Columns of this width go before room for the names of buses."""
SHORTEST = 30
"""A shorter road is drawn this long where there is room."""


@dataclass(frozen=True)
class Places:
    """Columns on the screen, from 0."""

    pitch: int
    left: int
    """Where the rail begins."""
    stops: tuple[tuple[int, ...], ...]
    """Of each stop of the road: where a box begins, or the columns of a junction's wires."""
    tap: int
    """Where the rail is tapped; −1 where it is not."""
    tap_stops: tuple[tuple[int, ...], ...]
    arrow: int
    """Where the arrow before the last names stands."""
    columns: tuple[int, ...]
    """Of every wire, left to right."""

    def room_under(self, x: int, on_rail: bool) -> int:
        """The cells from a box to what hangs from the rail after it; 0 where nothing does."""
        later = [place[0] for place in self.stops if place[0] > x]
        if on_rail and self.tap > x:
            later.append(self.tap)
        return max(1, min(later) - x - 2) if later else 0


def places_of(wiring: Wiring, readings: CircuitReadings, width: int) -> Places | None:
    """The places at the widest pitch that fits into `width`, with room for the names of the buses where there is;
    None where no pitch fits."""
    names = [wiring.rail, wiring.tap] if wiring.tap else [wiring.rail]
    right = 2 + max(map(readings.name_width, names)) + 1 + NUMBER
    left = max(readings.name_width(wiring.road.start.name), NUMBER) + 1
    texts = [bus.text for bus in buses_of([(wire, 0) for wire in wiring.wires], readings.longest_source)]
    roomy = max([left, *(len(text) - 1 for text in texts)])
    tries = [(roomy, ARROW, pitch) for pitch in range(WIDEST, ROOMY - 1, -1)]
    tries += [(left, ARROW, pitch) for pitch in range(WIDEST, NARROWEST - 1, -1)]
    for start, lead, pitch in (*tries, (left, ARROW - 1, NARROWEST)):
        places = _Placer(wiring, readings, start, lead, pitch).placed()
        if places.arrow + right <= width:
            return replace(places, arrow=max(places.arrow, min(SHORTEST, width - right)))
    return None


class _Placer:
    """Puts one stop after the other."""

    def __init__(self, wiring: Wiring, readings: CircuitReadings, left: int, lead: int, pitch: int) -> None:
        self._wiring = wiring
        self._readings = readings
        self._left = left
        self._pitch = pitch
        self._lead = lead
        self._free = left + lead
        """The first column that a stop may take."""
        self._last = -1
        """The last wire's column."""
        self._columns: list[int] = []

    def placed(self) -> Places:
        road, tap_road = self._wiring.road, self._wiring.tap_road
        stops = tuple(self._stop(stop) for stop in road.stops)
        tap, tap_stops = self._tapped(tap_road) if tap_road else (-1, ())
        arrow = self._free + self._lead - 1
        return Places(self._pitch, self._left, stops, tap, tap_stops, arrow, tuple(self._columns))

    def _stop(self, stop: Stop) -> tuple[int, ...]:
        if isinstance(stop, Box):
            x = self._free
            self._free = x + self._width(stop) + 1
            return (x,)
        return tuple(self._column() for _ in stop.wires)

    def _width(self, box: Box) -> int:
        """In both directions the same."""
        return len(self._readings.box_name(box).rstrip("ᵀ")) + (3 if box.matrix else 2)

    def _column(self) -> int:
        x = max(self._free + 1, self._last + self._pitch if self._last >= 0 else 0)
        self._columns.append(x)
        self._last, self._free = x, x + 3
        return x

    def _tapped(self, road: Road) -> tuple[int, tuple[tuple[int, ...], ...]]:
        places: list[tuple[int, ...]] = []
        stops = list(road.stops)
        inside = isinstance(stops[0], Box) if stops else False
        if inside:
            places.append((0,))
            stops.pop(0)
        if stops and not isinstance(stops[0], Box):
            tap = self._column()
            places.append((tap,))
            stops.pop(0)
        else:
            tap = max(self._free + 1, self._last + self._pitch if self._last >= 0 else 0)
            self._last, self._free = tap, tap + 3
        places += [self._stop(stop) for stop in stops]
        if inside:
            places[0] = (tap,)
        return tap, tuple(places)
