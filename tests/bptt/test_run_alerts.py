"""Alerts of a run: each fires where it was planted, and nothing fires on a healthy run."""

import numpy as np
import pytest

from bptt import CELLS, Cell, Model, Run
from bptt.diagnostics.run_alerts import Thresholds, reach, run_alerts
from bptt.edits import Edit
from bptt.initialisation import initialise

LINEAR = "h[t] = U @ x[t] + W @ h[t-1]"


def last_only(model, x):
    return Run(model, x, [-1] * (len(x) - 1) + [1])


def noise(T, D=2):
    return np.random.default_rng(0).normal(size=(T, D))


def test_a_gradient_that_halves_at_every_step_vanishes_ten_steps_back():
    W = initialise({"W": (4, 4)}, {"W": {"orthogonal": 0.5}}, 3)["W"]
    run = last_only(Model.create("rnn", 1, 4, 2, seed=1).replaced({"W": W}), np.zeros((12, 1)))
    (alert,) = run_alerts(run)
    assert (alert.kind, alert.severity, alert.name, alert.phase, alert.t) == ("vanished", "warning", "h", "backward", 2)
    assert alert.sentence == (
        "The gradient of L[12] vanishes on its way back through h: × 0.000977 at t=2, × 0.5 a step."
    )


def test_it_vanishes_too_where_every_time_has_a_loss_of_its_own():
    W = initialise({"W": (4, 4)}, {"W": {"orthogonal": 0.5}}, 3)["W"]
    run = Run(Model.create("rnn", 1, 4, 2, seed=1).replaced({"W": W}), np.zeros((12, 1)), [0] * 12)
    assert [(alert.kind, alert.t) for alert in run_alerts(run)] == [("vanished", 2)]


def test_what_fades_only_over_a_long_way_is_a_note():
    W = initialise({"W": (4, 4)}, {"W": {"orthogonal": 0.8}}, 3)["W"]
    run = last_only(Model.create("rnn", 1, 4, 2, seed=1).replaced({"W": W}), np.zeros((60, 1)))
    (alert,) = run_alerts(run)
    assert (alert.kind, alert.severity, alert.t) == ("vanished", "note", 60 - 31)  # 0.8³¹ < 1e−3


def test_a_gradient_that_grows_explodes_where_it_has_grown_a_thousandfold():
    model = Model.create(Cell.parse(LINEAR, readout="linear"), 2, 4, 1, init={"W": {"orthogonal": 2.5}})
    (alert,) = run_alerts(Run(model, noise(20), [np.nan] * 19 + [1.0]))
    assert (alert.kind, alert.t) == ("exploded", 12)  # 2.5⁸ = 1526
    assert alert.sentence.endswith("× 1526 at t=12, × 2.5 a step.")


def test_the_first_number_that_is_not_finite_is_named_with_its_equation():
    model = Model.create(Cell.parse(LINEAR), 2, 4, 2).replaced({"W": np.eye(4) * 1e200})
    (alert,) = run_alerts(last_only(model, noise(20)))
    assert (alert.kind, alert.severity, alert.phase, alert.t, alert.name) == ("nonfinite", "error", "forward", 3, "h")
    assert alert.sentence == (
        f"h[3][{alert.components[0]}] is an infinity, the first, made by h[t] = U @ x[t] + W @ h[t-1] "
        "in the forward phase at t=3."
    )


def test_a_nan_of_the_backward_phase_is_found_there():
    cell = Cell.parse("h[t] = sqrt(abs(A @ x[t])) + tanh(U @ x[t])")
    model = Model.create(cell, 2, 2, 2).replaced({"A": np.zeros((2, 2))})
    (alert,) = run_alerts(Run(model, noise(3), [0, 1, 1]))
    assert (alert.kind, alert.phase, alert.t) == ("nonfinite", "backward", 3)


def test_a_gate_that_stays_shut_is_saturated():
    model = Model.create("lstm", 2, 4, 2, seed=3).replaced({"b_f": [1, 1, -6, 1], "b_i": [0, 0, 0, 6]})
    found = {alert.name: alert for alert in run_alerts(Run(model, noise(12), [0] * 12))}
    assert set(found) == {"f", "i"}
    assert (found["f"].kind, found["f"].components, found["f"].t) == ("saturated", (2,), 1)
    assert found["i"].components == (3,)
    assert found["f"].sentence.startswith("f is saturated in unit 2, on average 0.00")


def test_a_tanh_of_what_grows_is_saturated_from_its_second_time_on():
    cell = Cell.parse(
        "s[t] = s[t-1] + 1 * abs(x[t] @ 1)".replace("abs(x[t] @ 1)", "exp(A @ x[t])") + "\nh[t] = tanh(s[t])"
    )
    model = Model.create(cell, 2, 3, 2)
    run = Run(model, np.zeros((30, 2)), [0] * 30)  # s = t
    (alert,) = (alert for alert in run_alerts(run) if alert.kind == "saturated")
    assert (alert.name, alert.components, alert.t) == ("h", (0, 1, 2), 2)


def test_a_relu_that_never_opens_is_dead():
    model = Model.create("rnn-relu", 2, 4, 2, seed=2).replaced({"b": [1, 1, -50, 1], "W": 0.9 * np.eye(4)})
    (alert,) = run_alerts(Run(model, noise(10), [0] * 10))
    assert (alert.kind, alert.name, alert.components) == ("dead", "h", (2,))
    assert alert.sentence == "relu of h is 0 at every time in unit 2: nothing goes back through it."


def test_a_state_that_no_loss_reaches_is_reported():
    model = Model.create("rnn", 2, 3, 2).replaced({"V": np.zeros((2, 3))})
    (alert,) = run_alerts(Run(model, noise(6), [0] * 6))
    assert (alert.kind, alert.sentence) == ("vanished", "No gradient of L[6] reaches h: all are 0.")


def test_a_cut_is_not_a_gradient_that_vanished():
    W = initialise({"W": (4, 4)}, {"W": {"orthogonal": 0.9}}, 3)["W"]
    model = Model.create("rnn", 1, 4, 2, seed=1).replaced({"W": W})
    assert run_alerts(Run(model, np.zeros((12, 1)), [0] * 12, window=4)) == ()
    assert list(reach(Run(model, np.zeros((12, 1)), [0] * 12, window=4))[0]) == [9, 10, 11, 12]


def test_a_gate_that_is_clamped_open_is_saturated_by_the_edit_alone():
    model = Model.create("lstm", 2, 3, 2, seed=3).replaced({"b_f": [1.0] * 3})
    run = Run(model, noise(8), [0] * 8)
    assert run_alerts(run) == ()
    assert [alert.name for alert in run_alerts(run.edited([Edit("b_f", 9.0)]))] == ["f"]


@pytest.mark.parametrize("name", [*CELLS])
def test_a_healthy_run_is_silent(name):
    init = {"default": "glorot", "W": {"orthogonal": 1.0}} if "W" in CELLS[name].parameters else "glorot"
    T = 4 if name in ("rnn-sigmoid", "selective-write") else 8  # σ′ ≤ ¼: these fade by nature
    random = np.random.default_rng(1)
    run = Run(
        Model.create(name, 4, 6, 4, seed=2, init=init), random.integers(0, 4, (T, 4)), random.integers(0, 4, (T, 4))
    )
    assert run_alerts(run) == ()


def test_thresholds_can_be_set():
    model = Model.create("lstm", 2, 3, 2, seed=3)
    run = Run(model, noise(8), [0] * 8)
    assert {alert.kind for alert in run_alerts(run, Thresholds(vanished=0.5))} == {"vanished"}
