"""How the elementwise part of a cell is wired: the road of its state from one time to the next, what is multiplied
and added on it, and what is tapped from it. Only the equations say so; nothing here knows a time or a number."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bptt.expressions import Expression, Var
from rnntui.explain.wires import Wire


@dataclass(frozen=True, slots=True)
class Junction:
    """A place on a road where something is multiplied or added."""

    sign: str
    """× + − ÷"""
    wires: tuple[Wire, ...]
    """The factors of what is added; one for × and ÷."""
    owners: tuple[str, ...]
    """The variables in whose equations it stands."""


@dataclass(frozen=True, slots=True)
class Box:
    """A matrix or a function that stands on a road."""

    name: str
    """The function or the matrix."""
    matrix: bool
    owner: str
    value: Expression
    """What leaves it in the forward pass."""
    slope: Expression | None
    """The factor on the way back; None for a matrix and for a function that mixes units."""
    argument: str
    """The named argument of a function; empty where it has none."""


Stop = Junction | Box


@dataclass(frozen=True, slots=True)
class Road:
    """The way from a variable to one that is made of it."""

    start: Var
    stops: tuple[Stop, ...]
    """From the start on."""
    share: Expression | None
    """The gradient that comes back by this road to its start."""


@dataclass(frozen=True)
class Wiring:
    """The circuit of one state."""

    rail: str
    """The state whose road is drawn."""
    road: Road
    tap: str
    """The variable that is tapped from it; empty where there is none."""
    tap_road: Road | None
    left_out: int
    """How many things that belong to it are not drawn: further taps, constants."""

    @property
    def stops(self) -> tuple[Stop, ...]:
        """Everything that stands on the roads, left to right."""
        return (*self.road.stops, *(self.tap_road.stops if self.tap_road else ()))

    @property
    def wires(self) -> tuple[Wire, ...]:
        """Every wire, left to right."""
        return tuple(wire for stop in self.stops if isinstance(stop, Junction) for wire in stop.wires)

    def without_constants(self) -> Wiring:
        """The same without the constants that are added on the road."""
        kept = tuple(stop for stop in self.road.stops if not _adds_constant(stop))
        dropped = len(self.road.stops) - len(kept)
        return replace(self, road=replace(self.road, stops=kept), left_out=self.left_out + dropped)

    def names(self) -> frozenset[str]:
        """The variables that stand in it."""
        found = {self.rail, self.tap}
        for stop in self.stops:
            found |= {stop.owner, stop.argument} if isinstance(stop, Box) else set(stop.owners)
        for wire in self.wires:
            found |= {wire.variable, wire.argument, *(valve.gate for valve in wire.valves)}
        return frozenset(found - {""})


def _adds_constant(stop: Stop) -> bool:
    return (
        isinstance(stop, Junction)
        and stop.sign in "+−"
        and all(wire.kind in ("parameter", "number") for wire in stop.wires)
    )
