"""Which tracks a side of a duel shows in a few rows: a pure function of the cell's roles, the room, and what is
compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rnntui.explain.roles import Roles
from rnntui.explain.tracks import Kind, Track

_MOST = 8
"""More rows than this are never asked for one variable."""
_ORDER: tuple[Kind, ...] = ("input", "meter", "value", "gradient")


def duel_tracks(
    roles: Roles, sizes: Mapping[str, int], room: int, compared: str, inputs: bool, open: bool = True
) -> tuple[Track, ...]:
    """The tracks for `room` rows, top to bottom: the variable whose gradient is compared and that gradient, then, as
    far as there is room, the inputs where `inputs` asks for them, the gates on the way back, the other states.

    `sizes`: variable → units; `open`: whether what is compared may have a row for each unit. The phase changes
    nothing: rows stand still in a duel."""
    found: list[Track] = []

    def used() -> int:
        return sum(track.rows for track in found)

    def add(kind: Kind, name: str, rows: int) -> None:
        rows = min(rows, room - used())
        if rows > 0 and not any((track.kind, track.name) == (kind, name) for track in found):
            found.append(Track(kind, name, rows, sizes.get(name, 1)))

    def grow(kind: Kind, name: str, rows: int) -> None:
        for place, track in enumerate(found):
            if (track.kind, track.name) == (kind, name) and track.rows < rows <= track.rows + room - used():
                found[place] = replace(track, rows=rows)

    def half(name: str) -> int:
        return min(_MOST // 2, (sizes[name] + 1) // 2)

    gates = [name for name in roles.order if roles.kinds[name] == "gate"]
    road = [name for name in roles.back_gates if "keep" in roles.gate_jobs.get(name, ())]
    states = [name for name in roles.order if name != compared and roles.kinds[name] in ("belt", "state", "out")]
    add("gradient", compared, 1)
    add("value", compared, 1)
    for rows in (2, half(compared)):
        grow("gradient", compared, min(rows, half(compared)))
        grow("value", compared, min(rows, half(compared)))
    for gate in road[:1]:
        add("meter", gate, 1)
    if inputs:
        add("input", "", 1)
    for gate in (*road, *roles.back_gates, *gates):
        add("meter", gate, 1)
    for kind in ("gradient", "value") if open else ():
        grow(kind, compared, min(_MOST, sizes[compared]))
    for state in states:
        if used() + 2 * half(state) <= room:
            add("gradient", state, half(state))
            add("value", state, half(state))
    order = {name: place for place, name in enumerate(roles.order)}
    return tuple(sorted(found, key=lambda track: (_ORDER.index(track.kind), order.get(track.name, -1))))
