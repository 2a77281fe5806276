"""Stacked and hierarchical cells: their levels, tracks and the names of what goes between layers."""

from __future__ import annotations

import pytest

from bptt import CELLS, Cell
from rnntui.explain.roles import roles_of
from rnntui.explain.terms import explain
from rnntui.explain.tracks import plan_tracks

WRITTEN = """
q[t]   = sigmoid(A @ x[t] + B @ mem[t-1])
r[t]   = tanh(C @ x[t] + D @ (q[t] * mem[t-1]))
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r[t]
"""
GRU = Cell.parse(WRITTEN).stacked(2)


def names(cell: Cell, target: str, kind: str) -> list[str]:
    found = [e for e in (*cell.equations, *cell.backward) if (e.target, e.kind) == (target, kind)]
    return [term.name for term in explain(cell, found[0], 2)[-1].terms]


def test_every_layer_is_a_level_of_its_own_the_last_one_first() -> None:
    assert [set(level) for level in roles_of(GRU).levels] == [
        {"a2_q", "q2", "a2_r", "r2", "mem2"},
        {"a1_q", "q1", "a1_r", "r1", "mem1"},
    ]
    assert roles_of(GRU).order == ("q2", "r2", "mem2", "q1", "r1", "mem1")
    assert roles_of(GRU).belts == ("mem2", "mem1")
    assert roles_of(GRU).main == "mem2"


def test_a_layer_has_the_roles_of_the_cell_that_was_stacked() -> None:
    for name in ("lstm", "lstm-peephole", "gru", "rnn-hierarchy", "rnn-residual", "rnn-layer-norm"):
        single, double = roles_of(CELLS[name]), roles_of(CELLS[name].stacked(2))
        origins = CELLS[name].stacked(2).origins
        for number in (1, 2):
            own = {origins[v][0]: kind for v, kind in double.kinds.items() if origins.get(v, ("", 0))[1] == number}
            assert own == {v: kind for v, kind in single.kinds.items() if v in own}
            jobs = {origins[v][0]: found for v, found in double.gate_jobs.items() if origins[v][1] == number}
            assert jobs == single.gate_jobs


def test_what_goes_from_layer_to_layer_has_a_name() -> None:
    assert names(GRU, "mem1", "gradient") == [
        "straight back",
        "from the future, through q1 r1",
        "from the layer above, through q2 r2",
    ]
    assert names(GRU, "q2", "forward") == ["from the layer below", "memory"]
    assert names(GRU, "q1", "forward") == ["new input", "memory"]
    plain = CELLS["rnn"].stacked(3)
    assert names(plain, "h2", "gradient") == ["from the future", "from the layer above"]
    assert names(plain, "h3", "gradient") == ["from the future", "from this output"]


def test_a_slow_level_is_a_belt_that_holds() -> None:
    roles = roles_of(CELLS["rnn-hierarchy"])
    assert (roles.kinds["s"], roles.kinds["h"], roles.main) == ("belt", "state", "h")
    assert roles.order == ("s", "h")
    assert names(CELLS["rnn-hierarchy"], "s", "gradient") == ["straight back", "from the future", "via h"]


@pytest.mark.parametrize("room", [11, 18, 30])
@pytest.mark.parametrize("phase", ["forward", "backward"])
@pytest.mark.parametrize("name", ["lstm", "gru", "rnn-hierarchy"])
def test_two_layers_have_tracks_in_any_room(name: str, phase: str, room: int) -> None:
    cell = CELLS[name].stacked(2)
    sizes = {variable: {"scalar": 1, "outputs": 5}.get(dim, 4) for variable, dim in cell.dims.items()}
    tracks = plan_tracks(roles_of(cell), sizes, room, phase)
    assert sum(track.rows for track in tracks) <= room
    wanted = "gradient" if phase == "backward" else "value"
    shown = {track.name for track in tracks if track.kind == wanted}
    assert {"h1", "h2"} <= shown


def test_a_gain_is_no_peephole() -> None:
    assert names(CELLS["rnn-layer-norm"], "n", "gradient") == ["via h"]
    assert names(CELLS["lstm-peephole"], "s", "gradient")[1:3] == ["peepholes f i", "peephole o"]
