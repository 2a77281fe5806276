"""The top line: the loss of the run, as soon as it is known and nothing is hidden."""

import pytest

from bptt import Cell, Model, Run
from bptt.numerals import number
from rnntui.frame import Slot
from rnntui.session import Session
from rnntui.sources import from_text
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.palette import palette
from rnntui.widgets.view import View

CELL = Cell.parse("mem[t] = tanh(A @ x[t] + B @ mem[t-1])", "mine")


def session_of(batch=1, window=None):
    source = from_text("hello hell" * batch, batch=batch)
    model = Model.create(CELL, source.inputs, 4, source.outputs, seed=3)
    run = Run(model, source.x, source.y, window=window)
    run.fill(len(run))
    return Session(run, source, "mine")


def top(session, width=120):
    row = Crumb().build(View(session.frame(), palette("dark")), width, 1)[0]
    assert sum(segment.cell_length for segment in row) == width
    return "".join(segment.text for segment in row)


@pytest.mark.parametrize("window", [None, 3])
def test_the_loss_is_there_from_the_step_that_completes_it(window):
    session = session_of(window=window)
    last = session.run.schedule.index("forward", session.run.T, "L")
    session.goto(last)
    assert "L=" not in top(session)
    for position in (last + 1, len(session.run)):
        session.goto(position)
        shown = f"L={number(session.run.loss)}   step {position}/"
        assert shown in top(session)


def test_of_a_batch_it_says_so():
    session = session_of(batch=2)
    session.goto_place("end")
    assert f"L={number(session.run.loss)} Σ batch " in top(session)


def test_it_is_the_first_to_go_in_a_short_line():
    session = session_of()
    session.goto_place("end")
    shown = [("L=" in top(session, width), "step" in top(session, width)) for width in range(40, 120)]
    assert shown == sorted(shown, key=sum), "the loss never without the step"
    assert {(False, False), (False, True), (True, True)} == set(shown)
    assert all("BACKWARD" in top(session, width) for width in range(40, 120))


def test_the_number_of_the_step_stays_without_the_word_where_that_has_no_room():
    session = session_of()
    session.goto_place("end")
    total = len(session.run)
    least = min(width for width in range(40, 120) if f"  step {total}/{total} " in top(session, width))
    shown = top(session, least - 1)
    assert "step" not in shown and f"  {total}/{total} " in shown


def test_it_says_nothing_while_something_is_hidden():
    session = session_of()
    session.goto_place("end")
    session.hide({Slot("mem", 3)})
    assert "L=" not in top(session)
