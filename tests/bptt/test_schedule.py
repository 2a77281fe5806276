"""Step index ↔ (phase, time, equation), both ways."""

import pytest

from bptt import CELLS, Cell
from bptt.schedule import Schedule

TWICE = Cell.parse("q[t] = tanh(W @ q[t-1] + A @ x[t])\nlost[t] = exp(q[t])\nr[t] = tanh(W @ q[t]) * w")


@pytest.mark.parametrize("T", [1, 2, 5])
@pytest.mark.parametrize("cell", [TWICE, CELLS["lstm"], CELLS["gru"]], ids=["twice", "lstm", "gru"])
def test_every_place_is_found_again(cell, T):
    schedule = Schedule(cell, T)
    assert len(schedule) == T * (len(cell.equations) + len(cell.backward))
    last = {}
    for index in range(len(schedule)):
        place = schedule.place(index)
        assert place.index == index
        last[place.phase, place.t, place.equation.target] = index
    for (phase, t, target), index in last.items():
        assert schedule.index(phase, t, target) == index


def test_places_run_forward_and_then_back():
    schedule = Schedule(CELLS["rnn"], 2)
    found = [(place.phase, place.t, place.equation.target) for place in map(schedule.place, range(len(schedule)))]
    names = ["a", "h", "z", "p", "L"]
    back = ["L", "z", "c", "V", "h", "a", "b", "W", "U"]
    assert schedule.turn == 10
    assert found[:10] == [("forward", t, name) for t in (1, 2) for name in names]
    assert found[10:] == [("backward", t, name) for t in (2, 1) for name in back]


def test_a_named_argument_stands_in_its_owners_forward_step_and_in_one_of_its_own_back():
    schedule = Schedule(CELLS["lstm"], 3)
    assert schedule.index("forward", 2, "a_f") == schedule.index("forward", 2, "f")
    own = schedule.index("backward", 2, "a_f")
    assert own != schedule.index("backward", 2, "f")
    assert schedule.place(own).equation.target == "a_f"


def test_without_a_target_the_first_step_of_a_time_is_meant():
    schedule = Schedule(TWICE, 4)
    assert schedule.index("forward", 1) == 0
    assert schedule.index("forward", 3) == 2 * len(TWICE.equations)
    assert schedule.index("backward", 4) == schedule.turn
    assert schedule.index("backward", 3) == schedule.turn + len(TWICE.backward)


def test_what_has_no_step_has_no_index():
    schedule = Schedule(TWICE, 4)
    assert schedule.index("backward", 2, "lost") is None
    assert schedule.index("forward", 2, "nothing") is None
    assert schedule.index("forward", 2, "W") is None
    assert schedule.index("forward", 0, "q") is None
    assert schedule.index("backward", 5, "q") is None


@pytest.mark.parametrize("index", [-1, 10**9])
def test_a_step_that_does_not_exist_is_refused(index):
    with pytest.raises(IndexError, match=f"step {index} does not exist"):
        Schedule(TWICE, 4).place(index)


def test_the_step_that_fills_a_slot_is_known():
    schedule = Schedule(TWICE, 4)
    assert schedule.written("q", 2) == schedule.index("forward", 2, "q")
    assert schedule.written("q", 2, gradient=True) == schedule.index("backward", 2, "q")
    assert schedule.written("q", 0) == -1
    assert schedule.written("x", 2) == -1
    assert schedule.written("lost", 2, gradient=True) == -1
    assert schedule.written("q", 0, gradient=True) == len(schedule) - 1
