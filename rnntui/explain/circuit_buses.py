"""The buses of a circuit: wires that are made of the same variables hang on one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bptt.expressions import Expression, Var
from rnntui.explain.wires import Wire


@dataclass(frozen=True)
class Bus:
    """One line."""

    text: str
    """What it carries; + before what not all buses carry."""
    wires: tuple[Wire, ...]
    columns: tuple[int, ...]
    """Where its wires stand, from left to right."""


def buses_of(wires: Sequence[tuple[Wire, int]], name: Callable[[Var], str]) -> list[Bus]:
    """One bus for each distinct set of sources, those with the fewest first; `wires`: with their columns."""
    sets: dict[frozenset[Var], list[tuple[Wire, int]]] = {}
    for wire, x in wires:
        if wire.sources:
            sets.setdefault(frozenset(wire.sources), []).append((wire, x))
    shared = frozenset.intersection(*sets) if sets else frozenset()
    buses = []
    for sources in sorted(sets, key=len):
        order = sets[sources][0][0].sources
        common = [name(node) for node in order if node in shared]
        own = [name(node) for node in order if node not in shared]
        marked = [f"+{text}" if common else text for text in own]
        carried, columns = zip(*sets[sources], strict=True)
        buses.append(Bus(" ".join([*common, *marked]), tuple(carried), tuple(columns)))
    return buses


def common_formula(wires: Sequence[Wire]) -> Expression | None:
    """How all these wires are made of their sources; None where they are not made alike."""
    formulas = {wire.formula for wire in wires}
    return formulas.pop() if len(formulas) == 1 else None
