"""Breakpoints: both ways they stop where a scan of every single step would."""

import numpy as np
import pytest

from bptt import InputError, Model, Run
from bptt.debugger.breakpoints import Breakpoint, Breakpoints
from bptt.debugger.sweep import LenientEvaluation
from bptt.queries import QueryError, parse_query


def run_of(cell="lstm", T=6, B=2, window=None, stride=None, **options):
    random = np.random.default_rng(3)
    model = Model.create(cell, 2, 3, 4, seed=1, **options)
    return Run(model, random.normal(size=(T, B, 2)), random.integers(0, 4, (T, B)), window=window, stride=stride)


def query(text, run):
    return parse_query(text, run.model.cell)


def scanned(breakpoint, run, sequence=0):
    """Every position at which a breakpoint stops, by looking at each of them alone."""
    run.fill(len(run))
    found, before = [], False
    for position in range(1, len(run) + 1):
        place = run.schedule.place(position - 1)
        here = breakpoint.phase in (None, place.phase) and breakpoint.t in (None, place.t)
        if breakpoint.name and here:
            cell = run.model.cell
            target = breakpoint.name
            if place.phase == "forward":
                target = cell.arguments.get(target, target)
            here = place.equation.target == target and place.phase != "cut"
        if here and breakpoint.condition is not None:
            value = LenientEvaluation(run, place.t, sequence, position).value(breakpoint.condition.root)
            here = bool(value)
        if here and (breakpoint.name or not before):
            found.append(position)
        before = here
    return found


CONDITIONS = """
max(f[t]) > 0.6
norm(grad(h[t])) < 0.5
isnan(norm(grad(W_f)))
norm(grad(W_f)) > 0.2 and t < 4
norm(s[t] - s[t-1]) > 0.3
h[3][1] > 0 or grad(h[2])[0] < 0
not (norm(h[t-1]) < 0.4)
grad(s[t-1])[2] > 0
loss > 3
t == 3
T > 3
norm(grad(h[t], L[5])) > 0.01
norm(grad(x[t])) > 0.3
norm(W_f @ h[t] + b_f) > 0.2
sum(a_f[t] ** 2) - 2 * mean(abs(i[t])) <= 0.5
p[t][y[t]] > 0.3
argmax(p[t]) == y[t]
isfinite(z[t+1])
total(norm(grad(W_f))) > 0.1
0.2 < max(softmax(h[t])) < 0.4
sigmoid(L[t]) >= 0.8
cosine(h[t], h[t-1]) > 0
loss > 3 and t > 2
onehot(1)[1] == 1
""".strip().splitlines()
PLACES = [
    {"name": "h"},
    {"name": "h", "phase": "backward"},
    {"name": "a_f"},
    {"name": "W_f"},
    {"name": "s", "t": 3},
    {"phase": "backward"},
    {"t": 4},
    {"t": 4, "phase": "forward"},
]


def both_ways(breakpoint, run, sequence=0):
    """All stops on the way there, and all on the way back."""
    points = Breakpoints()
    points.add(breakpoint, run)
    there, position = [], 0
    while (stop := points.forwards(run, position, sequence)) is not None:
        position = stop.position
        there.append(position)
    back, position = [], len(run) + 1
    while (stop := points.backwards(run, position, sequence)) is not None:
        position = stop.position
        back.append(position)
    return there, back[::-1]


@pytest.mark.parametrize(("window", "stride"), [(None, None), (3, 2)])
@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_stops_both_ways_where_a_scan_of_all_steps_does(text, window, stride):
    run = run_of(window=window, stride=stride)
    for place in ({}, {"name": "h"}, {"t": 4}, {"phase": "backward"}):
        breakpoint = Breakpoint(condition=query(text, run), **place)
        expected = scanned(breakpoint, run, 1)
        assert both_ways(breakpoint, run, 1) == (expected, expected), place


@pytest.mark.parametrize(("window", "stride"), [(None, None), (3, 2), (2, 2)])
@pytest.mark.parametrize("place", PLACES)
def test_a_place_stops_both_ways_where_a_scan_of_all_steps_does(place, window, stride):
    run = run_of(window=window, stride=stride)
    breakpoint = Breakpoint(**place)
    expected = scanned(breakpoint, run)
    assert expected
    assert both_ways(breakpoint, run) == (expected, expected)


def test_any_cell_stops_where_a_scan_does(any_cell, run_of):
    run = run_of(any_cell, T=4)
    variable = next(iter(any_cell.lags))
    for text in (f"norm({variable}[t]) > 0.8", f"max(grad({variable}[t-1])) > 0", f"min({variable}[t-1]) < -0.1"):
        breakpoint = Breakpoint(condition=query(text, run))
        expected = scanned(breakpoint, run)
        assert both_ways(breakpoint, run) == (expected, expected)


def test_a_condition_on_the_cursor_stops_where_it_begins_to_hold():
    run = Run(Model.create("rnn", 1, 1, 1), np.zeros((3, 1)), [0, 0, 0])
    steps = len(run.schedule.forward), len(run.schedule.backward)
    first, second = steps[0] + 1, 3 * steps[0] + steps[1] + 1
    assert both_ways(Breakpoint(condition=query("t == 2", run)), run) == ([first, second], [first, second])


def test_nothing_beyond_the_stop_is_computed():
    run = run_of(T=3000)
    points = Breakpoints()
    points.add(Breakpoint(condition=query("t == 5", run)), run)
    assert points.forwards(run, 0).position == 4 * len(run.schedule.forward) + 1
    assert run.filled < len(run) / 20


def test_the_nearest_of_several_stops_and_all_that_stop_there_are_named():
    run = run_of()
    points = Breakpoints()
    points.add(Breakpoint(name="h", t=3), run)
    points.add(Breakpoint(name="h"), run)
    points.add(Breakpoint(name="s", t=4), run)
    first = points.forwards(run, 0)
    assert [b.number for b in first.breakpoints] == [2]
    third = points.forwards(run, run.schedule.index("forward", 3, "h"))
    assert [(b.number, b.hits) for b in third.breakpoints] == [(1, 1), (2, 2)]
    assert [b.hits for b in points] == [1, 2, 0]


def test_one_that_is_disabled_does_not_stop_and_a_temporary_one_stops_once():
    run = run_of()
    points = Breakpoints()
    points.add(Breakpoint(name="h", t=3, phase="forward"), run)
    points.add(Breakpoint(name="s", t=3, phase="forward", temporary=True), run)
    points.enable(1, False)
    stop = points.forwards(run, 0)
    assert [b.number for b in stop.breakpoints] == [2]
    assert [b.number for b in points] == [1]
    assert points.forwards(run, 0) is None
    points.enable(1)
    assert points.forwards(run, 0).position == run.schedule.index("forward", 3, "h") + 1
    points.remove(1)
    assert (points.forwards(run, 0), len(points)) == (None, 0)
    assert points.add(Breakpoint(name="h"), run).number == 3  # numbers are not used again


def test_what_can_never_stop_is_refused():
    run = run_of()
    points = Breakpoints()
    for breakpoint, reason in (
        (Breakpoint(name="q"), "no step computes 'q'"),
        (Breakpoint(name="W_f", phase="forward"), "no forward step computes 'W_f'"),
        (Breakpoint(t=7), "t=7 does not exist"),
        (Breakpoint(condition=query("norm(h[t])", run)), "is not true or false"),
    ):
        with pytest.raises(InputError, match=reason):
            points.add(breakpoint, run)
    for text, reason in (("h[t][3] > 0", "has components 0 … 2"), ("h[9][1] > 0", r"h\[9\] does not exist")):
        with pytest.raises(QueryError, match=reason):
            points.add(Breakpoint(condition=query(text, run)), run)
    with pytest.raises(InputError, match="no breakpoint has the number 4: there are none"):
        points.remove(4)


def test_breakpoints_are_written_as_they_are_said():
    run = run_of()
    condition = query("norm(grad(h[t])) < 1e-3", run)
    assert str(Breakpoint(condition=condition)) == "norm(grad(h[t])) < 1e-3"
    assert str(Breakpoint("h", "backward", 3)) == "∇h t=3"
    assert str(Breakpoint("h", "forward", None, condition)) == "forward h if norm(grad(h[t])) < 1e-3"
    assert str(Breakpoint(phase="backward", t=2)) == "backward t=2"


def travelled(breakpoints, run, forwards):
    position, found = 0 if forwards else len(run), []
    go = breakpoints.forwards if forwards else breakpoints.backwards
    while stop := go(run, position):
        position = stop.position
        found.append(position)
    return found


@pytest.mark.parametrize("forwards", [True, False])
def test_one_that_is_skipped_stops_at_a_later_hit_in_either_direction(forwards):
    run = run_of()
    breakpoints = Breakpoints()
    breakpoints.add(Breakpoint("s", "forward"), run)
    hits = travelled(breakpoints, run, forwards)
    assert len(hits) == run.T
    assert breakpoints.skip(1, 2).skip == 2
    assert travelled(breakpoints, run, forwards) == hits[2:]
    (known,) = breakpoints
    assert (known.hits, known.skip) == (2 * run.T, 0)


def test_what_another_breakpoint_cut_short_is_passed_over_later():
    run = run_of()
    breakpoints = Breakpoints()
    breakpoints.add(Breakpoint("s", "forward"), run)
    breakpoints.add(Breakpoint("h", "forward", 2), run)
    breakpoints.skip(1, 3)
    stop = breakpoints.forwards(run, 0)
    assert [b.number for b in stop.breakpoints] == [2]
    assert next(iter(breakpoints)).skip == 1, "s was met at t = 1 and 2"
    stop = breakpoints.forwards(run, stop.position)
    assert ([b.number for b in stop.breakpoints], run.schedule.place(stop.position - 1).t) == ([1], 4)


def test_a_skip_that_cannot_be_is_refused():
    run = run_of()
    breakpoints = Breakpoints()
    breakpoints.add(Breakpoint("s"), run)
    with pytest.raises(InputError, match="whole number"):
        breakpoints.skip(1, -1)
    with pytest.raises(InputError, match="no breakpoint has the number 2"):
        breakpoints.skip(2, 1)
