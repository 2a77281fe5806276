"""A truncated run as its clients show it: moves, places, lines, the screen, files, lessons."""

import io
import json

import numpy as np
import pytest

from bptt import Cell, Model
from bptt.run import Run
from rnntui.course.bench import set_up
from rnntui.course.reading import parse_lesson
from rnntui.frame import Slot
from rnntui.places import PlaceError
from rnntui.plain.header import header_lines
from rnntui.reports.export import EXPORTERS
from rnntui.reports.step_text import step_lines
from rnntui.safe import InputError, InputErrors
from rnntui.session import Session
from rnntui.sources import from_text
from rnntui.sources.cost import cost_of
from rnntui.sources.request import Request
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.equation import equation_rows
from rnntui.widgets.palette import palette
from rnntui.widgets.score import draw
from rnntui.widgets.scrub import Scrub
from rnntui.widgets.view import View

CELL = Cell.parse("q[t] = tanh(A @ x[t] + B @ mem[t-1] + d)\nmem[t] = 0.5 * mem[t-1] + q[t]", "qmem")
FORWARD, BACKWARD = len(CELL.equations), len(CELL.backward)
SPANS = [(3, 3), (4, 1), (4, 3)]


def session_of(window, stride, text="hello hell"):
    source = from_text(text)
    model = Model.create(CELL, source.inputs, 3, source.outputs, seed=3)
    return Session(Run(model, source.x, source.y, window=window, stride=stride), source, "qmem")


def text_of(rows):
    return "\n".join("".join(segment.text for segment in row).rstrip() for row in rows)


def test_moves_follow_the_blocks():
    session = session_of(3, 3)
    borders = []
    while session.end_of_phase():
        borders.append((session.phase, session.t, session.position))
    assert [border[:2] for border in borders] == [
        ("forward", 3), ("backward", 1), ("cut", 3),
        ("forward", 6), ("backward", 4), ("cut", 6),
        ("forward", 9), ("backward", 7),
    ]  # fmt: skip
    back = []
    while session.start_of_phase():
        back.append(session.position)
    assert back == [*[position for _, _, position in borders[:-1]][::-1], 0]


def test_timesteps_end_where_phases_do():
    session = session_of(3, 3)
    positions = []
    while session.next_time():
        positions.append(session.position)
    lengths = np.diff([0, *positions]).tolist()
    block = [FORWARD] * 3 + [BACKWARD] * 3
    assert lengths == [*block, 1, *block, 1, *block]
    back = []
    while session.previous_time():
        back.append(session.position)
    assert back == [*positions[-2::-1], 0]


def test_a_place_is_the_nearest_pass_from_the_cursor():
    session = session_of(4, 1)
    session.goto_place("b5 mem")
    assert session.run.schedule.place(session.position - 1).number == 5
    session.goto_place("end")
    session.goto_place("b5 mem")
    assert session.run.schedule.place(session.position - 1).number == 8
    session.goto_place("forward")
    assert (session.phase, session.t) == ("forward", 8)
    session.goto_place("backward")
    assert (session.phase, session.t) == ("backward", 8)
    with pytest.raises(PlaceError):
        session.goto_place("b10 mem")


def test_the_cut_is_told_in_lines():
    session = session_of(3, 3)
    session.goto(session.run.schedule.index("cut", 3) + 1)
    assert step_lines(session.frame()) == [
        f"step {session.position}/{session.total} · cut · t=3 of 9 · pass 2/3 · x = 'l'",
        "  cut: mem[3] is a constant from here",
        "  The states go on as numbers; from here no gradient reaches what lies before.",
    ]
    assert session.lens.slot == Slot("mem", 3)
    heading = header_lines(session)[1]
    assert heading.endswith(f"9 × {FORWARD} forward, 9 × {BACKWARD} backward, 2 cuts; window 3, stride 3: 3 passes")


def test_a_loss_that_an_earlier_pass_carried_is_told_so():
    session = session_of(4, 1)
    session.goto_place("end")
    for name, line in (("L", "∇L[8] = 0"), ("z", "∇z[8] = 0")):
        session.goto_place(f"b8 {name}")
        lines = step_lines(session.frame())
        assert lines[2].strip().startswith(line.partition(" = ")[0])
        assert lines[-1].endswith("is 0: an earlier pass carried this loss back.")


@pytest.mark.parametrize("spans", SPANS)
def test_every_step_can_be_drawn_and_says_nothing_of_the_future(spans):
    session = session_of(*spans)
    run = session.run
    run.fill(len(run))
    for position in range(len(run) + 1):
        session.goto(position)
        view = View(session.frame(), palette("dark"))
        score, pane = text_of(draw(view, 100, 24)), text_of(equation_rows(view, 60, 20))
        assert "not computed yet" not in pane
        assert score
        Crumb().build(view, 80, 1)
        Scrub().build(view, 80, 2)
        if session.phase == "cut":
            assert "is a constant from here" in pane


def test_the_score_shows_the_gradients_of_the_pass_at_the_cursor():
    session = session_of(4, 1)
    run = session.run
    session.goto(run.schedule.end(6))
    frame = session.frame()
    for t in range(3, 7):
        assert np.array_equal(frame.vector(Slot("mem", t, True)), run.read("mem", t, True, session.position)[0])
    assert not np.allclose(frame.vector(Slot("mem", 4, True)), run.read("mem", 4, True)[0])


@pytest.mark.parametrize("spans", SPANS)
def test_what_is_inspected_off_the_cursor_adds_up(spans):
    session = session_of(*spans)
    session.goto(len(session.run))
    for t in range(1, 10):
        session.look_at(Slot("mem", t, True), 0)
        frame = session.frame()
        step = frame.inspected
        total = frame.evaluate(step.equation.expression, t)
        np.testing.assert_allclose(total, step.value[0], rtol=0, atol=1e-12)
        np.testing.assert_allclose(frame.vector(Slot("mem", t, True)), step.value[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("spans", SPANS)
def test_a_file_of_steps_has_every_cut_and_its_count_is_right(spans):
    session = session_of(*spans)
    file = io.BytesIO()
    EXPORTERS["jsonl"].write(session.run, session.source, file)
    header, *events = [json.loads(line) for line in file.getvalue().splitlines()]
    assert (header["window"], header["stride"], header["steps"]) == (*spans, len(events))
    assert [event["t"] for event in events if event["phase"] == "cut"] == [
        within.lo - 1 for within in session.run.schedule.passes if within.lo > 1
    ]
    assert EXPORTERS["jsonl"].count(session.run) == sum(np.size(event["value"]) for event in events)


def test_the_command_line_names_the_option_at_fault():
    run, _ = Request(text="hello", window=2).run()
    assert (run.schedule.window, run.schedule.stride) == (2, 2)
    with pytest.raises(InputError, match="--stride: got 3, expected at most the window, 2"):
        Request(text="hello", window=2, stride=3).run()
    with pytest.raises(InputError, match="--window: got 0"):
        Request(text="hello", window=0).run()


def test_overlapping_passes_cost_more():
    full, chunks = cost_of(CELL, 3, 4, 3, 100, 1), cost_of(CELL, 3, 4, 3, 100, 1, window=10)
    sliding = cost_of(CELL, 3, 4, 3, 100, 1, window=10, stride=1)
    assert full.seconds == chunks.seconds
    assert sliding.seconds > 10 * full.seconds
    assert sliding.bytes > full.bytes


LESSON = """\
id: cut
title: A cut
model: {cell: rnn, hidden: 2}
data: {text: hello}
bptt: %s
steps:
  - say: A cut.
"""


def test_a_lesson_says_how_far_losses_are_carried(tmp_path):
    def bench(bptt):
        return set_up(parse_lesson("lesson.yaml", LESSON % bptt, tmp_path)).run.schedule

    assert (bench("{window: 2}").window, bench("{window: 2}").stride) == (2, 2)
    assert bench("{window: 3, stride: 1}").stride == 1
    assert not bench("{window: full}").truncated
    with pytest.raises(InputErrors) as raised:
        bench("{window: 1, stride: 2}")
    assert raised.value.lines() == ["lesson.yaml:5:27: got 2, expected at most the window, 1"]
    reading = parse_lesson("lesson.yaml", LESSON % "{windows: 2}", tmp_path)
    assert [str(fault) for fault in reading.faults] == [
        "lesson.yaml:5:8: windows is not known here; did you mean window?"
    ]
