"""Where a truncated run is cut, as the Score, the circuit and the top line show it."""

import pytest

from bptt import Cell, Model, Run
from rnntui.session import Session
from rnntui.sources import from_text
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.circuit import circuit_rows
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.equation import equation_rows
from rnntui.widgets.next_line import paint_next
from rnntui.widgets.palette import palette
from rnntui.widgets.score import draw
from rnntui.widgets.score_layout import layout_of
from rnntui.widgets.view import View

CELL = Cell.parse("pre[t] = b + W @ mem[t-1] + U @ x[t]\nmem[t] = tanh(pre[t])", "mine")


def view_of(window, stride=None, place="end", text="hellohellohe", length=None):
    source = from_text(text * 20, length=length) if length else from_text(text)
    model = Model.create(CELL, source.inputs, 4, source.outputs, seed=3)
    session = Session(Run(model, source.x, source.y, window=window, stride=stride), source, "mine")
    session.goto_place(place)
    return View(session.frame(), palette("dark"))


def cuts(view, width=120, height=31):
    """The times that a line stands left of, in the row of times and in the row of the gradients' edges; both alike."""
    columns = layout_of(view.frame, width, height).columns
    rows = ["".join(segment.text for segment in row) for row in draw(view, width, height)]
    edges = next(row for row in rows if "←Wᵀ" in row)
    found = [
        {
            columns.starts[n]
            for n in range(1, len(columns))
            if set("│┃") & set(row[columns.x(n) - columns.gap : columns.x(n)])
        }
        for row in (rows[0], edges)
    ]
    assert found[0] == found[1]
    missing = {
        columns.starts[n] for n in range(1, len(columns)) if "←" not in edges[columns.x(n) - columns.gap : columns.x(n)]
    }
    assert missing == found[0], "no edge goes through a cut, and every other does"
    return found[0]


@pytest.mark.parametrize("place", ["start", "forward t=5", "backward t=5 mem", "end"])
def test_every_window_ends_at_a_line_that_no_edge_crosses(place):
    assert cuts(view_of(3, place=place)) == {4, 7, 10}
    assert cuts(view_of(None, place=place)) == set()


def test_where_windows_overlap_the_lines_are_on_both_sides_of_the_pass_at_the_cursor():
    assert cuts(view_of(5, 2, "end")) == {7}
    view = view_of(5, 2, "backward t=4 mem")
    within = view.frame.run.schedule.pass_of(view.frame.run.schedule.number(view.frame.position))
    assert cuts(view) == {t for t in (within.lo, within.hi + 1) if 1 < t <= 11}


def test_values_go_on_over_a_cut():
    rows = ["".join(segment.text for segment in row) for row in draw(view_of(3), 120, 31)]
    assert next(row for row in rows if "W→" in row).count("W→") == 10


def test_columns_of_several_times_have_ticks_on_the_rule():
    view = view_of(20, length=100)
    rows = ["".join(segment.text for segment in row) for row in draw(view, 70, 31)]
    columns = layout_of(view.frame, 70, 31).columns
    rule = next(row for row in rows if "┬ cut" in row)
    there = [n for n in range(len(columns)) if rule[columns.x(n)] == "┬"]
    assert [columns.of(t) for t in (21, 41, 61, 81)] == there


def test_the_circuit_says_that_a_gradient_does_not_go_on():
    def ends(place):
        rows = ["".join(segment.text for segment in row) for row in circuit_rows(view_of(3, place=place), 60, 12)]
        return rows[4].split()[0]

    assert ends("backward t=4 mem") == "cut"
    assert ends("backward t=5 mem") == "·"


def test_a_cut_is_told_in_the_notation_of_the_screen_and_lights_nothing():
    view = view_of(3, place="backward t=3")
    session = Session(view.frame.run, view.frame.source, "mine")
    session.goto(view.frame.run.schedule.index("cut", 3) + 1)
    view = View(session.frame(), palette("dark"))
    top = "".join(segment.text for segment in Crumb().build(view, 120, 1)[0])
    assert "cut › t=3 › mem₃ is a constant from here · pass 2/4" in top
    assert "mem₃ is a constant" in "".join(segment.text for row in equation_rows(view, 60, 8) for segment in row)
    lit = palette("dark").style("background", "forward", bold=True)
    assert all(segment.style != lit for row in circuit_rows(view, 60, 12) for segment in row)


@pytest.mark.parametrize(("width", "said"), [(60, "next → cut: mem₃ is a constant from here"), (20, "next → cut: …")])
def test_that_a_cut_comes_next_is_said_in_any_room(width, said):
    view = view_of(3, place="backward t=3")
    session = Session(view.frame.run, view.frame.source, "mine")
    session.goto(view.frame.run.schedule.index("cut", 3))
    canvas = Canvas(width, 1, palette("dark").style("text"))
    paint_next(canvas, 0, 0, session.frame(), palette("dark"))
    assert "".join(segment.text for segment in canvas.rows()[0]).strip() == said
