"""Each unit sits on the curve of its function where its argument says, and what is hidden is not given away by it."""

import numpy as np
import pytest

from bptt import Cell, Model, Run
from bptt.functions import FUNCTIONS
from rnntui.explain.curve import Curve, curve_of
from rnntui.explain.labels import Labels
from rnntui.explain.terms import explain
from rnntui.frame import Slot
from rnntui.session import Session
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.curve_painter import CurvePainter
from rnntui.widgets.palette import palette

CELL = Cell.parse(
    "q[t] = sigmoid(Q @ x[t] + R @ mem[t-1])\nmem[t] = q[t] * mem[t-1] + S @ x[t]\nout[t] = tanh(mem[t])\n"
)
DARK = palette("dark")


def painted(curve, unit=0, width=41, rows=7):
    canvas = Canvas(width, rows + 1, DARK.style("text"))
    CurvePainter(curve, DARK, "forward", unit).paint(canvas, 0, 0, width, rows)
    return ["".join(segment.text for segment in row) for row in canvas.rows()]


def curve_at(session, place):
    session.goto_place(place)
    step, frame = session.current, session.frame()
    form = explain(CELL, step.equation, step.t)[0]
    return curve_of(form, frame.evaluate, Labels(CELL))


@pytest.fixture
def session():
    rng = np.random.default_rng(2)
    run = Run(Model.create(CELL, 3, 4, 3), rng.normal(size=(4, 3)), np.array([0, 1, 2, 0]))
    run.fill(len(run))
    return Session(run)


def test_units_stand_in_the_order_of_their_arguments_and_rise_with_the_curve():
    rows = painted(Curve("tanh", "tanh", np.array([2.0, -2.5, 0.0, -1.0])))
    places = {
        digit: (column, row)
        for row, text in enumerate(rows[1:])
        for column, digit in enumerate(text)
        if digit in "0123"
    }
    assert sorted("0123", key=lambda digit: places[digit][0]) == ["1", "3", "2", "0"]
    heights = [places[digit][1] for digit in "1320"]
    assert heights == sorted(heights, reverse=True)
    assert places["2"][0] == 20


def test_the_unit_of_the_lens_keeps_its_place_and_others_stand_beside_it():
    alone = painted(Curve("tanh", "tanh", np.array([-3.0, 1.0])), unit=1)
    together = painted(Curve("tanh", "tanh", np.array([1.0, 1.0, 1.0])), unit=1)
    column = next(row.index("1") for row in alone[1:] if "1" in row)
    found = {digit: row.index(digit) for row in together[1:] for digit in "012" if digit in row}
    assert found["1"] == column
    assert (found["0"], found["2"]) == (column - 1, column + 1)


def test_units_at_one_place_stand_in_the_order_of_their_arguments():
    rows = painted(Curve("tanh", "tanh", np.array([0.01, 0.03, 0.0, 0.02])), unit=0)
    found = {digit: row.index(digit) for row in rows[1:] for digit in "0123" if digit in row}
    assert sorted(found, key=lambda digit: found[digit]) == ["2", "0", "3", "1"]
    assert found["0"] == 20


def test_dots_of_many_units_are_each_at_its_own_place():
    rows = painted(Curve("tanh", "tanh", np.full(30, 1.0)))
    assert "".join(rows).count("●") == 1


@pytest.mark.parametrize(
    ("function", "argument", "said"),
    [("tanh", 0.0, "slope 1.0"), ("sigmoid", 0.0, "slope .25"), ("relu", -1.0, "slope 0"), ("relu", 1.0, "slope 1.0")],
)
def test_a_step_about_slopes_says_the_one_under_the_lens(function, argument, said):
    rows = painted(Curve(function, "f", np.array([argument, 0.5]), backward=True), width=48)
    assert f"unit 0: {said}" in rows[0]
    assert "flat = no slope" in painted(Curve(function, "f", np.array([argument, 0.5])), width=48)[0]


@pytest.mark.parametrize("function", [name for name, function in FUNCTIONS.items() if function.slope])
@pytest.mark.parametrize("size", [0.0, 1e300, np.nan, np.inf, -np.inf])
def test_any_function_and_any_number_can_be_drawn(function, size):
    rows = painted(Curve(function, function, np.array([size, 0.5])))
    assert {len(row) for row in rows} == {41}


def test_where_a_function_has_no_value_there_is_no_curve():
    rows = painted(Curve("log", "log", np.array([1.0])))
    assert not any(row[:20].strip("─ ") for row in rows[1:])
    assert any(0x2800 < ord(letter) < 0x2900 for row in rows[1:] for letter in row[20:])


def test_more_units_than_digits_are_dots():
    rows = painted(Curve("tanh", "tanh", np.linspace(-2, 2, 30)))
    assert "●" in "".join(rows)


def test_the_curve_is_that_of_the_function_of_the_step(session):
    curve = curve_at(session, "f2 q")
    assert curve.name == "σ"
    np.testing.assert_allclose(curve.at(curve.arguments), session.frame().vector(Slot("q", 2)))
    curve = curve_at(session, "f2 out")
    np.testing.assert_allclose(curve.arguments, session.frame().vector(Slot("mem", 2)))
    assert curve_at(session, "f2 mem") is None


def test_a_slope_has_its_curve_in_the_backward_pass(session):
    curve = curve_at(session, "b2 a_q")
    assert curve.function == "sigmoid"
    np.testing.assert_allclose(curve.at(curve.arguments), session.frame().vector(Slot("q", 2)))
    assert curve_at(session, "b2 Q") is None


@pytest.mark.parametrize("slot", [Slot("q", 2), Slot("a_q", 2, True)])
def test_no_curve_gives_away_what_is_hidden(session, slot):
    session.hide([slot])
    assert curve_at(session, "b2 a_q") is None


def test_the_curve_is_dots_and_where_those_cannot_be_told_apart_half_rows():
    curve = Curve("tanh", "tanh", np.array([0.0]))
    dots = painted(curve)[1:]
    columns = [
        [row for row in range(len(dots)) if 0x2800 < ord(dots[row][column]) < 0x2900]
        for column in range(41)
        if column != 20
    ]
    assert all(len(rows) in (1, 2) for rows in columns), "every column has a piece of it"
    tops = [rows[0] for rows in columns]
    assert tops == sorted(tops, reverse=True) and (tops[0], tops[-1]) == (6, 0)
    inked = palette("dark", ascii=True)
    canvas = Canvas(41, 8, inked.style("text"))
    CurvePainter(curve, inked, "forward", 0).paint(canvas, 0, 0, 41, 7)
    signs = {letter for row in canvas.rows()[1:] for segment in row for letter in segment.text}
    assert signs <= set(" ▀▄0│─")
