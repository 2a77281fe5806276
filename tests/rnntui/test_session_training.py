"""A session on the run of an iteration: its update is stepped after the run, and the next iteration after that."""

import numpy as np
import pytest

import bptt
from bptt.run import Run
from rnntui.reports.step_text import said, step_lines
from rnntui.reports.update_text import entry_line
from rnntui.session import Session
from rnntui.sources import from_text
from rnntui.training.plan import Plan

LEAK = "q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)\nmem[t] = q[t] * mem[t-1] + (1 - q[t]) * tanh(C @ x[t])\n"
PLAN = Plan(optimizer="sgd", rate="0.1", clip="value:0.2", l2=0.01, iterations=5)


def trained(plan=PLAN, done=5):
    source = from_text("hello hell")
    model = bptt.Model.create(bptt.Cell.parse(LEAK, "leak"), source.inputs, 3, source.outputs, seed=2)
    session = Session(Run(model, source.x, source.y), source)
    practice = session.train(plan)
    while practice.done < done:
        practice.run_for(0)
    return session


def seen(session):
    """Where a session stands, with all that is on the screen of the step."""
    number = session.iteration.number if session.iteration else 0
    return number, session.position, session.updates, session.phase, session.lens, step_lines(session.frame())


def test_an_update_is_stepped_after_the_run_by_hand():
    session = trained()
    session.take(session.practice.open(2))
    session.end_of_phase()
    session.end_of_phase()
    assert (session.phase, session.position) == ("backward", session.total)
    lines = []
    while session.step() and session.iteration.number == 2:
        lines.append(session.frame().update.equation.text)
    names = list(session.run.model.parameters)
    assert lines == [
        *(f"∇{name} ← min(max(∇{name}, −0.2), 0.2)" for name in names),
        *(f"∇{name} ← ∇{name} + 0.01·{name}" for name in names),
        *(f"{name} ← {name} − 0.1·∇{name}" for name in names),
    ]
    assert (session.iteration.number, session.position) == (3, 0)
    session.back()
    frame = session.frame()
    assert (frame.iteration.number, frame.updates, frame.phase) == (2, len(lines), "update")
    parameters = frame.run.model.parameters
    last = names[-1]
    gradient = np.clip(frame.iteration.trace.grads[last], -0.2, 0.2) + 0.01 * parameters[last]
    assert np.allclose(frame.update.value, parameters[last] - 0.1 * gradient, rtol=1e-14, atol=0)
    assert np.array_equal(frame.update.value, session.practice.training.model_after(2).parameters[last])


def test_every_step_over_three_iterations_is_undone_exactly():
    session = trained()
    session.take(session.practice.open(2), 0)
    trail = [seen(session)]
    while trail[-1][0] < 4:
        assert session.step()
        trail.append(seen(session))
    assert len(trail) == 2 * len(session.iteration) + 3
    for expected in reversed(trail[:-1]):
        assert session.back()
        assert seen(session) == expected


def test_the_first_and_the_last_iteration_are_the_ends():
    session = trained()
    session.take(session.practice.open(1), 0)
    assert not session.back() and not session.other_iteration(-1)
    session.take(session.practice.open(5))
    session.end()
    assert session.at_end and not session.step() and not session.other_iteration(1)
    session.previous_time()
    assert (session.phase, session.position) == ("backward", session.total)


def test_another_iteration_is_seen_from_the_same_place():
    session = trained()
    session.take(session.practice.open(2))
    session.goto_place("backward t=4 mem")
    before = seen(session)
    assert session.other_iteration(2)
    assert (session.iteration.number, session.position, session.practice.iteration) == (4, before[1], 4)
    assert session.run.model.parameters["A"][0, 0] != 0
    session.other_iteration(-2)
    assert seen(session) == before


def test_the_entry_under_the_lens_has_its_numbers():
    session = trained(Plan(optimizer="sgd", rate="0.5", iterations=2), done=2)
    session.take(session.practice.open(1))
    session.end()
    session.move_lens(units=2, times=1)
    frame = session.frame()
    name, value = frame.update.target, frame.update.value
    old, slope = frame.run.model.parameters[name][2, 1], frame.iteration.trace.grads[name][2, 1]
    assert entry_line(frame, frame.update).startswith(f"{name}[2,1] = ")
    assert float(entry_line(frame, frame.update).split(" = ")[-1].replace("−", "-")) == pytest.approx(
        old - 0.5 * slope, rel=2e-4
    )
    assert said(frame).startswith(f"The update takes {name}[2,1] from ")
    assert value[2, 1] == pytest.approx(old - 0.5 * slope, rel=1e-12)
    session.move_lens(units=99, times=99)
    assert session.frame().entry == (value.shape[0] - 1, value.shape[1] - 1)


def test_an_edited_iteration_has_no_update_and_training_anew_returns_to_the_first_run():
    session = trained()
    first = session.practice.open(1).model
    session.take(session.practice.open(3))
    session.end()
    assert session.updates
    session.edit(bptt.edits.Edit("mem", 0.0, times=(3, 3), index=(0,)))
    assert (session.updates, session.at_end) == (0, True)
    session.clear_edits()
    assert not session.at_end
    session.train(PLAN)
    assert session.iteration is None and session.run.model == first and session.practice.done == 0
