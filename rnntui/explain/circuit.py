"""The cell as a circuit for one unit at one time: the road of its state, the valves on it and what is added, drawn
forward or with every arrow turned round. Plain data: texts at their places, with what each one is."""

from __future__ import annotations

from bptt.cell import Cell
from rnntui.explain.circuit_drawing import MOST_BUSES, Drawing, first_bus
from rnntui.explain.circuit_listing import Listing
from rnntui.explain.circuit_places import places_of
from rnntui.explain.circuit_readings import CircuitReadings, Look
from rnntui.explain.circuit_strokes import Circuit
from rnntui.explain.marks import Read
from rnntui.explain.road_search import wiring_for, wirings_of
from rnntui.explain.wiring import Wiring

HEIGHT = 12
"""The most rows that a circuit takes."""
LEAST_WIDTH = 30


def circuit_of(cell: Cell, look: Look, read: Read, width: int, height: int = HEIGHT) -> Circuit | None:
    """The circuit in which what is looked at stands, in at most `width` by `height` cells; as a list of valves and
    belts where there is no room for a drawing. None for a cell in which nothing recurs, and where nothing fits."""
    wiring = wiring_for(cell, look.name)
    if wiring is None or width < LEAST_WIDTH or height < 2:
        return None
    height = min(height, HEIGHT)
    for shown in (wiring, wiring.without_constants()):
        readings = CircuitReadings(cell, shown, look, read)
        places = places_of(shown, readings, width) if height >= _least_height(shown) else None
        if places is not None:
            return Drawing(shown, readings, places, width, height).drawn()
    return Listing(wiring, CircuitReadings(cell, wiring, look, read), width, height).drawn()


def rows_of(cell: Cell) -> int:
    """The rows that the tallest circuit of a cell takes; 0 for a cell in which nothing recurs."""
    found = 0
    for wiring in wirings_of(cell):
        buses = {frozenset(wire.sources) for wire in wiring.wires if wire.sources}
        found = max(found, first_bus(wiring) + min(MOST_BUSES, len(buses)))
    return min(found, HEIGHT)


def _least_height(wiring: Wiring) -> int:
    """The rows of a drawing with one bus."""
    return first_bus(wiring) + (1 if any(wire.sources for wire in wiring.wires) else 0)
