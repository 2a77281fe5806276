"""Alerts of a training: planted in records, and found in trainings that go wrong in the textbook ways."""

import math
from dataclasses import replace

import numpy as np
import pytest

from bptt import CELLS, TASKS, Cell, Model, Training
from bptt.diagnostics.training_alerts import TrainingWatch, training_alerts
from bptt.records import Record
from bptt.scoring import Score


def record(iteration, loss=1.0, norms=None, times=None, holdout=None, norm=1.0):
    scored = None if holdout is None else Score(holdout, None, 10)
    return Record(iteration, loss, 0.1, norm, norms or {"W": 1.0}, {"W": 1.0}, times or {}, scored)


def falling(count, **given):
    """A loss that falls steadily."""
    return [record(n, loss=math.exp(-n / 40), **given) for n in range(1, count + 1)]


def test_a_training_that_learns_is_silent():
    times = {"h": np.linspace(0.5, 1, 20)}
    records = [record(n, math.exp(-n / 40), times=times, holdout=math.exp(-n / 40)) for n in range(1, 200)]
    assert training_alerts(records) == ()


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_the_first_number_that_is_not_finite_is_reported_once(value):
    records = [*falling(4), record(5, loss=value), record(6, loss=value)]
    (alert,) = training_alerts(records)
    assert (alert.kind, alert.severity, alert.iteration) == ("nonfinite", "error", 5)
    records = [*falling(4), record(5, norms={"W": value})]
    assert training_alerts(records)[0].sentence.startswith("Iteration 5: ‖W‖ is ")


def test_parameters_that_grow_exponentially_are_reported_when_they_have():
    sizes = [1.0] * 10 + [1.3**n for n in range(1, 30)]
    records = [record(n, norms={"W": size, "b": 0.1}) for n, size in enumerate(sizes, 1)]
    (alert,) = training_alerts(records[:30])
    assert (alert.kind, alert.iteration) == ("growing", 16)  # 1.3⁶ = 4.8
    assert "from 1 to 4.83 in 6 iterations, W most of all" in alert.sentence


def test_parameters_that_grow_slowly_are_not():
    records = [record(n, math.exp(-n / 40), norms={"W": 1 + n / 20}) for n in range(1, 200)]
    assert training_alerts(records) == ()


def test_a_matrix_that_fades_is_named_and_one_that_began_at_zero_is_not():
    records = [record(n, math.exp(-n / 40), norms={"W": 0.98**n, "b": 1e-6 * n, "V": 1.0}) for n in range(1, 150)]
    (alert,) = training_alerts(records)
    assert (alert.kind, alert.name, alert.iteration) == ("shrinking", "W", 115)  # 0.98¹¹⁴ = 0.0999
    assert alert.sentence == "Iteration 115: ‖W‖ has faded from 0.98 to 0.0979."


def test_a_loss_that_stands_still_is_reported_from_where_it_does():
    losses = [0.70 + 0.5 * math.exp(-n / 3) for n in range(1, 101)]
    (alert,) = training_alerts([record(n, loss) for n, loss in enumerate(losses, 1)])
    assert alert.kind == "stalled"
    assert 3 <= alert.iteration <= 10


def test_a_loss_that_has_come_down_far_may_stand_still():
    losses = [0.001 + math.exp(-n / 3) for n in range(1, 101)]
    assert training_alerts([record(n, loss) for n, loss in enumerate(losses, 1)]) == ()


def test_a_gradient_that_falls_on_the_last_times_alone_is_reported_from_its_first_record():
    late = {"h": 0.4 ** np.arange(19, -1, -1)}
    even = {"h": np.ones(20)}
    records = [record(n, math.exp(-n / 40), times=even if n < 20 else late) for n in range(1, 101)]
    (alert,) = training_alerts(records)
    assert (alert.kind, alert.iteration) == ("late moves, early stalls", 20)
    assert "99.0% of the gradient over time falls on the last 5 of 20 times" in alert.sentence


def test_a_held_out_loss_that_jumps_is_reported_unless_the_training_loss_jumps_too():
    def scored(rise):
        """Scores at every second iteration that jump at the twelfth; the training loss rises at `rise`."""
        losses = [3.0 if n >= rise else 1.0 for n in range(1, 21)]
        return [record(n, loss, holdout=1.1 if n < 12 else 9.0) for n, loss in enumerate(losses, 1) if n % 2 == 0]

    (alert,) = training_alerts(scored(99))
    assert (alert.kind, alert.iteration) == ("held-out jump", 12)
    assert "the held-out loss jumped to 9, its best was 1.1, while the training loss went from 1 to 1" in alert.sentence
    assert training_alerts(scored(8)[:6]) == ()


def trained(cell, task, length, hidden, iterations, edit=None, init="glorot", **options):
    """(the alerts of a training, in order; its records)."""
    made = TASKS[task]
    model = Model.create(cell, made.inputs, hidden, made.outputs, seed=1, init=init, loss="mean").replaced(edit or {})
    training = Training(model, made.stream(length, 16, 1), iterations=iterations, watch=TrainingWatch(), **options)
    training.run()
    found = [alert for each in training.records for alert in each.alerts]
    # from the records alone it is not known which equation made a first number that is not finite
    assert [unplaced(alert) for alert in found] == list(training_alerts(training.records, model))
    return {alert.kind: alert for alert in found}


def unplaced(alert):
    if alert.kind != "nonfinite":
        return alert
    return replace(alert, name="", phase=None, t=None)


def linear(name):
    return Cell.parse(CELLS[name].source.partition("z[t]")[0], readout="linear")


def test_a_network_that_forgets_stalls_and_its_late_times_move():
    found = trained("rnn", "recall", 20, 4, 60, init={"default": "glorot", "W": {"orthogonal": 0.5}}, rate=0.5)
    assert set(found) == {"stalled", "late moves, early stalls"}
    assert found["stalled"].iteration < 20


def test_a_linear_network_explodes_in_its_first_update_and_is_not_finite_soon_after():
    cell = Cell.parse("h[t] = U @ x[t] + W @ h[t-1]", readout="linear")
    found = trained(cell, "adding", 20, 4, 5, init={"default": "glorot", "W": {"orthogonal": 1.5}}, rate=0.01)
    assert found["growing"].iteration == 1
    assert found["nonfinite"].iteration in (2, 3)


def test_what_is_not_finite_is_followed_to_the_equation_that_made_it_first():
    # squares: at t = 1 h is 1, its square is 1; at t = 2 h is 1e160 and its square overflows; L is made of it later
    cell = Cell.parse("h[t] = U @ x[t]\nq[t] = h[t] ** 2\nz[t] = V @ q[t]\nL[t] = squared_error(z[t], y[t])")
    model = Model(cell, {"U": [[1.0]], "V": [[1.0]]}, outputs=1)
    training = Training(model, ([[1.0], [1e160]], [[0.0], [0.0]]), iterations=1, watch=TrainingWatch())
    training.run()
    (alert, *_) = training.records[0].alerts
    assert (alert.kind, alert.name, alert.phase, alert.t) == ("nonfinite", "q", "forward", 2)


def test_one_step_over_a_cliff_is_reported_though_nothing_is_infinite():
    weights = {"W": [[1.2, 0], [0, 1.2]], "U": np.full((2, 2), 0.5), "V": np.full((1, 2), 0.5)}
    found = trained(linear("rnn-relu"), "adding", 12, 2, 3, edit=weights, rate=0.02)
    assert (found["growing"].iteration, "nonfinite" in found) == (1, False)


def test_a_penalty_that_is_too_strong_makes_a_matrix_fade():
    init = {"default": "glorot", "W": {"orthogonal": 2.0}}
    found = trained(linear("rnn"), "adding", 10, 4, 60, init=init, rate=0.1, l2={"W": 0.5})
    assert (found["shrinking"].name, found["shrinking"].severity) == ("W", "warning")
    assert found["shrinking"].iteration == pytest.approx(45, abs=5)  # 0.95⁴⁵ = 0.1


def test_a_network_that_learns_is_silent():
    init = {"default": "glorot", "W": {"orthogonal": 1.0}}
    assert trained("rnn", "recall", 6, 6, 100, init=init, optimizer="adam", rate=0.03) == {}
