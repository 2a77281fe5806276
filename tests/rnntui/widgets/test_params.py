"""The parameters pane: what is shown of which parameters, and how far their sums are."""

import numpy as np
import pytest
from rich.cells import cell_len

from bptt import Cell, Model, Run
from bptt.numerals import cell_text
from rnntui.explain.marks import HIDDEN, PENDING
from rnntui.frame import Slot
from rnntui.session import Session
from rnntui.sources import from_text
from rnntui.widgets.palette import palette
from rnntui.widgets.params import ParamsPane
from rnntui.widgets.params_painter import rows_wanted
from rnntui.widgets.shared import done_times, progress, ranked, shared
from rnntui.widgets.view import View

GATED = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)
r2[t] = tanh(E @ x[t] + F @ (q[t] * mem[t-1]) + e)
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]
"""
PLAIN = """
pre[t] = b + W @ mem[t-1] + U @ x[t]
mem[t] = tanh(pre[t])
"""


def session_of(text=GATED, hidden=4, scale=1.0, **how):
    """A filled run; `scale` multiplies every parameter."""
    source = from_text("helloohel")
    sizes = {"inputs": source.inputs, "hidden": hidden, "outputs": source.outputs}
    model = Model.create(Cell.parse(text, "mine"), seed=3, **sizes)
    model = model.replaced({name: scale * value for name, value in model.parameters.items()})
    run = Run(model, source.x, source.y, **how)
    run.fill(len(run))
    return Session(run, source, "mine")


def at(session, place):
    session.goto_place(place)
    return session


def view_of(session, colourless=False):
    return View(session.frame(), palette("dark", colourless))


def text_of(rows):
    return "\n".join("".join(segment.text for segment in row).rstrip() for row in rows)


def drawn(session, width=70, height=None):
    return text_of(ParamsPane().build(view_of(session), width, height or rows_wanted(session.run)))


def test_the_parameters_of_the_current_line_come_first_then_their_neighbours_then_the_largest():
    session = at(session_of(), "forward t=3 r2")
    assert set(ranked(session.frame())[:3]) == {"E", "F", "e"}
    at(session, "forward t=3 mem")  # it has none: those of the line before
    assert set(ranked(session.frame())[:3]) == {"E", "F", "e"}
    at(session, "backward t=3 B")
    assert ranked(session.frame())[0] == "B"
    assert set(ranked(session.frame())[1:3]) == {"A", "d"}


def test_a_sum_grows_by_one_timestep_at_the_step_that_adds_it():
    session = at(session_of(), "backward t=5 B")
    run, position = session.run, session.position
    assert progress(run, "B", position - 1) == (3, 8)
    assert progress(run, "B", position) == (4, 8)
    assert progress(run, "B", len(run)) == (8, 8)
    assert progress(run, "B", 0) == (0, 8)


def test_the_gradient_shown_is_the_sum_so_far():
    session = at(session_of(), "backward t=5 B")
    expected = sum(session.run.contribution("B", t) for t in range(5, 9))
    assert shared(session.frame(), "B").gradient == pytest.approx(expected)
    session.back()
    assert shared(session.frame(), "B").gradient == pytest.approx(expected - session.run.contribution("B", 5))


def test_matrices_stand_above_their_gradients_with_the_count_of_the_sum():
    session = at(session_of(PLAIN), "backward t=3 W")
    shown = drawn(session)
    assert "∇W Σ of 6/8" in shown and "∇U Σ of 5/8" in shown
    model, run = session.run.model, session.run
    for number in model.parameters["W"][0]:
        assert cell_text(float(number), 4) in shown.splitlines()[3]
    for number in run.sum_so_far("W", session.position)[0]:
        assert cell_text(float(number), 4) in shown.splitlines()[8]


def test_before_the_backward_pass_there_is_no_gradient():
    session = at(session_of(PLAIN), "forward t=3 mem")
    assert shared(session.frame(), "W").gradient is PENDING
    assert "∇W Σ of 0/8" in drawn(session)


def test_the_strip_of_times_fills_from_the_right():
    session = at(session_of(PLAIN), "backward t=6 W")
    strip = drawn(session).splitlines()[-1]
    assert strip.count("·····") >= 3 and "······" in strip  # W has three of eight, U as yet two
    at(session, "end")
    assert "·" not in drawn(session).splitlines()[-1]


def test_what_a_question_hides_leaks_into_no_sum_and_no_strip():
    session = at(session_of(PLAIN), "backward t=3 U")
    open_ = drawn(session)
    session.hide([Slot("pre", 3, True), Slot("mem", 2)])
    assert shared(session.frame(), "W").gradient is HIDDEN
    shown = drawn(session)
    row = open_.splitlines()[8]
    assert row != shown.splitlines()[8] and "?" in shown.splitlines()[-1]
    for number in session.run.sum_so_far("W", session.position).ravel():
        text = cell_text(float(number), 4)
        if abs(number) > 0.05 and open_.count(text) == 1:
            assert text not in shown


@pytest.mark.parametrize("height", [3, 5, 8, 11, 13, 30])
@pytest.mark.parametrize("width", [12, 49, 66, 76, 120])
@pytest.mark.parametrize("hidden", [1, 4, 20])
def test_every_row_fits(width, height, hidden):
    session = session_of(GATED, hidden=hidden)
    for place in ("start", "forward t=2 mem", "backward t=3 F", "end"):
        at(session, place)
        for colourless in (False, True):
            rows = ParamsPane().build(view_of(session, colourless), width, height)
            assert len(rows) == height
            assert all(sum(cell_len(s.text) for s in row) == width for row in rows)


def test_a_short_pane_shows_values_forwards_and_gradients_backwards():
    session = at(session_of(PLAIN), "forward t=3 mem")
    assert "∇W" not in drawn(session, 80, 8)
    at(session, "backward t=3 W")
    shown = drawn(session, 80, 8)
    assert "∇W Σ of 6/8" in shown
    assert cell_text(float(session.run.sum_so_far("W", session.position)[0, 0]), 4) in shown


def test_large_matrices_are_thumbnails():
    session = at(session_of(PLAIN, hidden=64), "backward t=3 W")
    shown = drawn(session)
    assert rows_wanted(session.run) == 13
    number = cell_text(float(session.run.model.parameters["W"][0, 0]), 4)
    assert shown.count("▀▀▀▀▀▀▀▀  ▀▀▀▀▀▀▀▀") >= 8 and number not in shown


@pytest.mark.parametrize("scale", [0.0, 1e300, 1e-300])
def test_nothing_fails_on_numbers_at_the_ends_of_floats(scale):
    session = session_of(GATED, scale=scale)
    for place in ("forward t=2 mem", "backward t=3 F", "end"):
        drawn(at(session, place))


def test_a_sum_that_is_not_finite_says_so():
    session = at(session_of("v[t] = 1e200 * v[t-1] + W @ v[t-1] + U @ x[t]"), "end")
    assert not np.isfinite(session.run.sum_so_far("W", session.position)).all()
    assert "NaN" in drawn(session)


def test_the_strip_of_a_truncated_run_fills_block_by_block():
    session = session_of(PLAIN, window=4)
    assert done_times(at(session, "forward t=5 mem").frame(), "W").tolist() == [True] * 4 + [False] * 4
    assert done_times(at(session, "backward t=7 W").frame(), "W").tolist() == [True] * 4 + [False] * 2 + [True] * 2
    assert progress(session.run, "W", session.position) == (6, 8)
    assert "6/8" in drawn(session)
