"""Two runs under one cursor, and how they stand."""

import numpy as np
import pytest

import bptt
from bptt.run import Run
from rnntui.duel import Duel, states_of
from rnntui.explain.marks import HIDDEN
from rnntui.frame import Slot
from rnntui.match import Match, rival
from rnntui.places import PlaceError
from rnntui.safe import InputError
from rnntui.session import Session
from rnntui.sources import from_text
from rnntui.sources.targets import last_alone

GATED = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)
r2[t] = tanh(C @ x[t] + E @ (q[t] * mem[t-1]))
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]
"""
GATED_TWICE = """
q[t] = sigmoid(A @ x[t] + B @ r2[t-1] + d)
mem[t] = q[t] * mem[t-1] + (1 - q[t]) * tanh(C @ x[t] + E @ r2[t-1])
r2[t] = q[t] * tanh(mem[t])
"""
STRAIGHT = "k[t] = A @ x[t] + 0.5 * k[t-1]"
TWO_STATES = """
belt[t] = 0.5 * belt[t-1] + A @ x[t]
seen[t] = tanh(belt[t]) + B @ seen[t-1]
"""


def session(text, letters="abcabca", hidden=3, seed=1, **more):
    source = from_text(letters, batch=more.pop("batch", 1))
    cell = bptt.Cell.parse(text, "odd")
    sizes = {"inputs": source.inputs, "hidden": hidden, "outputs": source.outputs}
    return Session(Run(bptt.Model.create(cell, seed=seed, **sizes), source.x, source.y, **more), source, "odd")


def duel(a=GATED, b=STRAIGHT, **more):
    return Duel(session(a, **more), session(b, **more))


def places(fought):
    return [(side.phase, side.t, side.position) for side in fought.sides]


def walked(fought):
    """Where both stand at every position."""
    found = []
    for position in range(fought.total + 1):
        fought.goto(position)
        found.append(places(fought))
    return found


@pytest.mark.parametrize("passes", [{}, {"window": 3, "stride": 2}, {"window": 2}])
def test_both_are_always_in_the_same_pass_and_at_the_same_time(passes):
    for (phase, t, _), (other, u, _) in walked(duel(**passes))[1:]:
        assert (phase, t) == (other, u)


def test_steps_forward_and_back_pass_the_same_places():
    fought = duel()
    there = [places(fought)]
    while fought.step():
        there.append(places(fought))
    back = [places(fought)]
    while fought.back():
        back.append(places(fought))
    assert back == there[::-1]
    assert len(there) == fought.total + 1
    assert [side.position for side in fought.sides] == [0, 0]


def test_a_timestep_has_as_many_steps_as_the_longer_cell_has_equations():
    fought = duel()
    a, b = (session.run.schedule for session in fought.sides)
    longest = max(len(a.forward), len(b.forward)) + max(len(a.backward), len(b.backward))
    assert fought.total == longest * fought.sides[0].run.T


@pytest.mark.parametrize("passes", [{}, {"window": 3, "stride": 2}])
def test_moves_by_timestep_and_by_pass_are_those_of_each_run_alone(passes):
    fought = duel(**passes)
    alone = [session(GATED, **passes), session(STRAIGHT, **passes)]
    for move in ["next_time", "end_of_phase", "next_time", "next_time", "previous_time", "start_of_phase",
                 "start_of_phase", "end", "previous_time", "start_of_phase", "home", "end_of_phase"]:  # fmt: skip
        getattr(fought, move)()
        for one in alone:
            getattr(one, move)()
        assert [side.position for side in fought.sides] == [one.position for one in alone], move


def test_at_the_ends_nothing_moves():
    fought = duel()
    assert not (fought.back() or fought.previous_time() or fought.start_of_phase() or fought.home())
    fought.end()
    assert not (fought.step() or fought.next_time() or fought.end_of_phase() or fought.end())


def test_what_moves_one_session_moves_the_other_and_tells_once():
    fought = duel()
    told = []
    fought.subscribe(lambda: told.append(fought.position))
    fought.sides[1].goto_place("backward t=3 k")
    assert [(side.phase, side.t) for side in fought.sides] == [("backward", 3)] * 2
    assert len(told) == 1


def test_a_lens_that_moves_leaves_both_where_they_wait():
    fought = duel()
    fought.goto_place("forward t=2 mem")
    fought.step()
    before = fought.position, places(fought)
    fought.sides[1].move_lens(units=1)
    fought.move_lens(times=1)
    assert (fought.position, places(fought)) == before
    assert [side.lens.slot.t for side in fought.sides] == [fought.t + 1] * 2


def test_places_are_named_by_either_cell_and_steps_counted_in_the_duel():
    fought = duel()
    fought.goto_place("b4 mem")
    assert fought.t == 4
    fought.goto_place("b2 ∇k")
    assert fought.t == 2
    fought.goto_place("#7")
    assert fought.position == 7
    for place in ("b99", "b2 nothing", "#99999"):
        with pytest.raises(PlaceError):
            fought.goto_place(place)


def test_runs_of_different_data_are_no_duel():
    with pytest.raises(bptt.InputError, match="A has 6 times, B has 3"):
        Duel(session(GATED), session(GATED, letters="abca"))
    with pytest.raises(bptt.InputError, match="window"):
        Duel(session(GATED), session(GATED, window=2))


def test_the_states_to_compare_by_come_from_the_equations_the_longest_road_first():
    assert states_of(session(TWO_STATES).run) == ("belt", "seen")
    assert states_of(session(GATED_TWICE).run) == ("mem", "r2")
    assert states_of(session(GATED).run) == ("mem",)
    assert states_of(session("v[t] = A @ x[t]").run) == ("v",)


# -- how they stand


def decaying(factor, T=6, hidden=1):
    """A run of one unit whose gradient of the last loss is multiplied by `factor` each time it goes back."""
    cell = bptt.Cell.parse(f"k[t] = A @ x[t] + {factor} * k[t-1]", "odd")
    source = from_text("ab" * T, length=T)
    model = bptt.Model.create(cell, inputs=source.inputs, hidden=hidden, outputs=source.outputs, seed=2)
    run = Run(model, source.x, source.y)
    return Session(run.with_targets(last_alone(run.y)), source, "odd")


def test_what_is_kept_is_the_product_of_the_factors():
    fought = Duel(decaying(0.5), decaying(0.1))
    fought.end()
    standing, T = fought.standing, fought.sides[0].run.T
    steps = T - 1
    assert (standing.first, standing.last) == (1, T)
    assert np.allclose(standing.kept, (0.5**steps, 0.1**steps))
    assert np.isclose(standing.ratio, 0.2**steps)
    assert standing.sentence == (
        f"From t={T} to t=1 A keeps {0.5**steps:.2g} of ∇k, B keeps {0.1**steps:.1e} of ∇k = {5.0**steps:,.0f}× less."
    )


def test_by_itself_a_duel_is_by_the_memory_of_gates_that_are_open_and_says_which():
    """The claim of the course: behind gates that stay open more arrives than in a plain net."""
    plain = session("k[t] = tanh(A @ x[t] + B @ k[t-1])", "abcabcabcabcabca")
    gated = session(GATED_TWICE, "abcabcabcabcabca")
    model = gated.run.model
    opened = bptt.Model(model.cell, {**model.parameters, "d": np.full(3, 3.0)}, hidden=3, inputs=3, outputs=3)
    run = Run(opened, gated.run.x, gated.run.y)
    fought = Match(plain, Session(run, gated.source, "gated")).duel(alone=True)
    fought.end()
    assert fought.frame.compared == ("k", "mem")
    assert fought.standing.ratio > 10
    assert " of ∇k, B keeps " in fought.standing.sentence and " of ∇mem = " in fought.standing.sentence


def test_halfway_what_is_kept_is_what_is_left_there():
    fought = Duel(decaying(0.5), decaying(0.25))
    T = fought.sides[0].run.T
    fought.goto_place(f"b{T - 2} k")
    assert np.allclose(fought.standing.kept, (0.25, 0.0625))
    assert fought.standing.sentence.startswith(f"From t={T} to t={T - 2} A keeps 0.25 of ∇k, B keeps 0.062 of ∇k")
    assert fought.standing.sentence.endswith(" = 4.0× less.")


@pytest.mark.parametrize(
    ("a", "b", "end"),
    [
        (2.0, 0.5, "A makes ∇k {0}× as large, B keeps {1} of ∇k = {2}× less."),
        (0.5, 0.5, "A keeps {1} of ∇k, B keeps {1} of ∇k = the same."),
        (0.0, 0.5, "A keeps nothing of ∇k, B keeps {1} of ∇k."),
    ],
)
def test_growing_equal_and_nothing_have_words_of_their_own(a, b, end):
    fought = Duel(decaying(a), decaying(b))
    fought.end()
    steps = fought.sides[0].run.T - 1
    words = end.format(f"{2.0**steps:.0f}", f"{0.5**steps:.2g}", f"{4.0**steps:,.0f}")
    assert fought.standing.sentence.endswith(words)


def test_before_the_backward_pass_and_at_its_first_time_there_is_nothing_to_compare():
    fought = Duel(decaying(0.5), decaying(0.25))
    T = fought.sides[0].run.T
    assert fought.standing.sentence == "The gradients come in the backward pass."
    fought.goto_place(f"b{T} k")
    assert fought.standing.sentence.startswith(f"The gradient begins at t={T}")


def test_a_hidden_gradient_is_in_no_number_of_the_standing():
    fought = Duel(decaying(0.5), decaying(0.25))
    fought.end()
    fought.sides[0].hide([Slot("k", 1, gradient=True)])
    standing = fought.standing
    assert standing.a.norm(1) is HIDDEN
    assert standing.kept[0] is HIDDEN and standing.ratio is HIDDEN
    assert "hidden" in standing.sentence
    assert "hidden" in "".join(piece.text for piece in standing.at(1))


def test_what_is_not_finite_is_said_so():
    source = from_text("abca")
    cell = bptt.Cell.parse("k[t] = A @ x[t] + u * k[t-1]", "odd")
    model = bptt.Model.create(cell, inputs=source.inputs, hidden=2, outputs=source.outputs, seed=0)
    broken = bptt.Model(cell, {**model.parameters, "u": np.array([np.nan, 1.0])}, inputs=source.inputs, hidden=2,
                        outputs=source.outputs, allow_nonfinite=True)  # fmt: skip
    fought = Duel(Session(Run(broken, source.x, source.y)), Session(Run(model, source.x, source.y)))
    fought.end()
    assert "∇k in A is not a number" in fought.standing.sentence


# -- the last loss alone


def test_only_the_last_target_of_each_sequence_is_left():
    y = np.array([[0, 1], [2, -1], [1, 3]])
    assert last_alone(y).tolist() == [[-1, -1], [-1, -1], [1, 3]]
    y = np.array([[0, 1], [2, 2], [1, -1], [-1, -1]])
    assert last_alone(y).tolist() == [[-1, -1], [-1, 2], [1, -1], [-1, -1]]
    values = np.array([[[1.0]], [[2.0]], [[np.nan]]])
    assert np.array_equal(last_alone(values), [[[np.nan]], [[2.0]], [[np.nan]]], equal_nan=True)
    assert last_alone(np.full((2, 1), -1)).tolist() == [[-1], [-1]]


def test_a_match_leaves_its_sessions_where_they_are_and_stands_where_they_stood():
    a, b = session(GATED), session(STRAIGHT)
    a.goto_place("backward t=3 mem")
    match = Match(a, b)
    for alone in (True, False):
        fought = match.duel(alone)
        assert fought.sides[0].position == a.position
        fought.home()
    assert a.t == 3 and b.position == 0
    assert match.has_several_losses
    assert np.count_nonzero(match.duel(True).sides[0].run.y >= 0) == 1


def test_a_rival_reads_the_same_data_with_the_same_sizes(tmp_path):
    a = session(GATED, hidden=5, seed=4, window=3, stride=2)
    file = tmp_path / "mine.txt"
    file.write_text(STRAIGHT)
    b = rival(a, str(file))
    assert (b.title, b.run.model.hidden, b.run.model.seed) == ("mine", 5, 4)
    assert np.array_equal(a.run.x, b.run.x) and np.array_equal(a.run.y, b.run.y)
    assert (b.run.schedule.window, b.run.schedule.stride) == (3, 2)
    with pytest.raises(InputError, match="no built-in cell"):
        rival(a, "nothing-like-it")
