"""Step index ↔ (phase, time, equation), both ways."""

import pytest

from bptt import CELLS, Cell
from bptt.passes import Pass
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


def spelled_out(cell, T, window, stride):
    """Every step of a truncated schedule as (phase, t, target, number of its pass), and the passes."""
    steps, passes = [], []
    for start in range(0, T, stride):
        number, end = len(passes) + 1, min(start + stride, T)
        lo = start + 1 if window == stride else max(1, end - window + 1)
        passes.append(Pass(number, lo, end, start + 1))
        steps += [("cut", lo - 1, "", number)] if lo > 1 else []
        steps += [("forward", t, e.target, number) for t in range(start + 1, end + 1) for e in cell.equations]
        steps += [("backward", t, e.target, number) for t in range(end, lo - 1, -1) for e in cell.backward]
    return steps, passes


SPANS = [(T, window, stride) for T in (1, 2, 5, 8) for window in range(1, T + 1) for stride in range(1, window + 1)]


@pytest.mark.parametrize(("T", "window", "stride"), SPANS)
def test_a_truncated_schedule_is_what_is_spelled_out(T, window, stride):
    steps, passes = spelled_out(TWICE, T, window, stride)
    schedule = Schedule(TWICE, T, window, stride)
    assert schedule.passes == tuple(passes)
    assert len(schedule) == len(steps)
    places = [schedule.place(index) for index in range(len(steps))]
    assert [(p.phase, p.t, p.equation.target, p.number) for p in places] == steps
    phases = [phase for phase, *_ in steps]
    assert schedule.turn == phases.index("backward")
    assert schedule.known == len(phases) - phases[::-1].index("forward")
    done = 0
    for index, (phase, t, _, number) in enumerate(steps):
        times, places = schedule.moments(index)
        assert times * len(TWICE.backward) + places == done
        if phase == "backward":
            assert schedule.moment(times) == (number, t)
            done += 1


@pytest.mark.parametrize(("T", "window", "stride"), SPANS)
def test_from_a_position_the_step_of_its_own_pass_is_found_or_the_nearest(T, window, stride):
    schedule = Schedule(TWICE, T, window, stride)
    for position in range(0, len(schedule) + 1, 3):
        number = schedule.number(position)
        for t in range(1, T + 1):
            covering = [p.number for p in schedule.passes if p.lo <= t <= p.hi]
            nearest = min(covering, key=lambda n: abs(n - number))
            place = schedule.place(schedule.written("q", t, True, position))
            assert (place.phase, place.t, place.equation.target, place.number) == ("backward", t, "q", nearest)
            assert schedule.place(schedule.written("q", t, True)).number == covering[-1]
            forward = schedule.place(schedule.written("q", t, position=position))
            assert (forward.phase, forward.t, forward.equation.target) == ("forward", t, "q")


def test_a_cut_is_found_at_its_time():
    schedule = Schedule(TWICE, 8, 3, 3)
    cuts = {t: schedule.index("cut", t) for t in range(1, 9)}
    assert [t for t, index in cuts.items() if index is not None] == [3, 6]
    assert (schedule.place(cuts[3]).phase, schedule.place(cuts[3]).t) == ("cut", 3)
    assert all(Schedule(TWICE, 8).index("cut", t) is None for t in range(1, 9))


def test_places_of_a_long_schedule_take_no_walk():
    schedule = Schedule(TWICE, 10**6, 50, 1)
    for index in (0, 12345, len(schedule) // 2, len(schedule) - 1):
        place = schedule.place(index)
        assert schedule.index(place.phase, place.t, place.equation.target, index + 1) == index


def test_truncation_makes_the_same_passes_again_and_full_has_none():
    cell = CELLS["rnn"]
    for window, stride in ((3, 3), (4, 2)):
        schedule = Schedule(cell, 7, window, stride)
        assert schedule.truncation == (window, stride)
        assert Schedule(cell, 7, *schedule.truncation).passes == schedule.passes
    assert Schedule(cell, 7, 9, 9).truncation == Schedule(cell, 7).truncation == (None, None)


def test_the_pass_of_a_loss_that_at_a_position_and_that_over_a_time_are_told_apart():
    schedule = Schedule(CELLS["rnn"], 6, 4, 2)
    assert [(p.lo, p.hi, p.losses_from) for p in schedule.passes] == [(1, 2, 1), (1, 4, 3), (3, 6, 5)]
    assert [schedule.pass_of_loss(t).number for t in range(1, 7)] == [1, 1, 2, 2, 3, 3]
    assert [schedule.pass_covering(t).number for t in range(1, 7)] == [2, 2, 3, 3, 3, 3]
    assert [schedule.pass_at(schedule.end(number)).number for number in (1, 2, 3)] == [1, 2, 3]
    assert schedule.pass_covering(1, schedule.end(1)).number == 1
