"""States carried over the windows of a truncated run, beside states that are reset at each."""

import numpy as np
import pytest

from bptt import CELLS, Cell, InputError, Model, trace
from bptt.diagnostics import compare

CELL = Cell.parse("q[t] = tanh(A @ x[t] + B @ q[t-2] + d)\nmem[t] = q[t] * mem[t-1] + (1 - q[t]) * q[t-1]")
T, WINDOW = 8, 4


def inputs(cell=CELL, loss="sum"):
    random = np.random.default_rng(4)
    model = Model.create(cell, 2, 3, 4, seed=2, loss=loss, init={"default": {"normal": 0.7}})
    x, y = random.normal(size=(T, 2, 2)), random.integers(-1, 4, (T, 2))
    initial = {name: random.normal(size=(lag, 2, 3)) for name, lag in model.cell.lags.items() if name != "x"}
    return model, x, y, initial


@pytest.mark.parametrize("cell", [CELL, CELLS["lstm"], CELLS["gru"], CELLS["rnn-skip"]])
def test_windows_that_are_reset_are_sequences_of_their_own(cell):
    model, x, y, initial = inputs(cell)
    found = trace(model, x, y, initial, window=WINDOW, reset=True)
    parts = [trace(model, x[rows], y[rows], initial) for rows in (slice(0, 4), slice(4, 8))]
    assert found.loss == pytest.approx(sum(part.loss for part in parts), rel=1e-13)
    for name in model.parameters:
        np.testing.assert_allclose(found.grads[name], sum(part.grads[name] for part in parts), rtol=1e-11, atol=1e-14)
    for name in (*model.cell.definitions, "x"):
        expected = np.concatenate([part.grads[name] for part in parts])
        np.testing.assert_allclose(found.grads[name], expected, rtol=1e-11, atol=1e-14)
    for name in model.cell.definitions:
        np.testing.assert_allclose(found.values[name], np.concatenate([p.values[name] for p in parts]), rtol=1e-13)
    for name in found.initial:
        expected = sum(part.initial_grads[name] for part in parts)
        np.testing.assert_allclose(found.initial_grads[name], expected, rtol=1e-11, atol=1e-14)


def test_a_mean_is_over_the_targets_of_all_windows():
    model, x, y, initial = inputs(loss="mean")
    total = Model(model.cell, model.parameters)
    found, summed = (trace(m, x, y, initial, window=WINDOW, reset=True) for m in (model, total))
    assert found.loss == pytest.approx(summed.loss / (y >= 0).sum())


def test_carried_states_keep_the_values_of_the_full_run_and_reset_ones_do_not():
    # m[t] = m[t-1] / 2 + x[t], a loss of slope m[t] − y[t] at each time; the window ends between t = 2 and t = 3
    cell = Cell.parse("m[t] = a * m[t-1] + w @ x[t]\nF[t] = squared_error(v @ m[t], y[t])")
    model = Model(cell, {"a": [0.5], "w": [[1.0]], "v": [[1.0]]})
    x, y = np.array([[1.0], [0.0], [0.0], [0.0]]), np.zeros((4, 1))
    full, carried, reset = trace(model, x, y), trace(model, x, y, window=2), trace(model, x, y, window=2, reset=True)
    assert full.values["m"].ravel().tolist() == [1, 0.5, 0.25, 0.125]
    assert carried.values["m"].ravel().tolist() == [1, 0.5, 0.25, 0.125]
    assert reset.values["m"].ravel().tolist() == [1, 0.5, 0, 0]
    # ∇m[1] = m[1] + m[2] / 2 + …: both lose what comes from t = 3 and 4
    assert full.grads["m"][0, 0, 0] == pytest.approx(1 + 0.25 + 0.0625 + 0.015625)
    assert carried.grads["m"][0, 0, 0] == reset.grads["m"][0, 0, 0] == 1.25
    # ∇a: a carried window still knows what it was given, a reset one has nothing to learn from
    assert carried.contribution("a", 3)[0] == pytest.approx(0.5 * (0.25 + 0.0625))
    assert reset.contribution("a", 3)[0] == 0
    assert compare(carried, full).whole.relative_error < compare(reset, full).whole.relative_error


@pytest.mark.parametrize(
    ("cell", "options", "reason"),
    [
        (CELL, {"window": 4, "stride": 2}, "goes with windows that do not overlap"),
        (CELLS["rnn-hierarchy"], {"window": 4}, "rnn-hierarchy reads its clock"),
        (Cell.parse("h[t] = tanh(U @ x[t-1] + W @ h[t-1])"), {"window": 4}, "an earlier input"),
    ],
)
def test_where_a_window_is_no_sequence_of_its_own_it_is_refused(cell, options, reason):
    model, x, y, initial = inputs(cell)
    with pytest.raises(InputError, match=f"reset: .*{reason}"):
        trace(model, x, y, initial, **options, reset=True)
