"""The fast path in windows: the same as stepping the truncated run, in the memory of a window."""

import tracemalloc

import numpy as np
import pytest

from bptt import CELLS, Cell, Model, Run, trace
from bptt.execution.pool import Pool
from bptt.execution.windowed import Windowed

SPANS = [(1, 1), (3, 3), (4, 1), (5, 3), (7, 2)]
T, B, D, H, K = 8, 2, 2, 3, 3
LAGS = "q[t] = tanh(W @ q[t-1] + S @ q[t-5] + U @ x[t] + b)\nm[t] = q[t] * sigmoid(A @ m[t-2])"
PLACED = {
    "hold": "m[t] = hold(3, tanh(U @ x[t] + W @ m[t-1]))",
    "x-lag": "m[t] = tanh(U @ x[t-1] + W @ m[t-1])",
    "penalty": "m[t] = tanh(U @ x[t] + W @ m[t-1])\nz[t] = V @ m[t]\nE[t] = cross_entropy(z[t], y[t]) + sum(m[t])",
    "fed-back": "m[t] = tanh(U @ x[t] + W @ m[t-1]) * L[t-1]\nL[t] = cross_entropy(V @ m[t], y[t])",
}


def given(cell, loss="sum", readout=None, T=T):
    random = np.random.default_rng(4)
    model = Model.create(cell, D, H, K, seed=1, init={"default": {"normal": 0.6}}, loss=loss)
    initial = {
        n: random.normal(size=(k, B, model.size(model.cell.dims[n]))) for n, k in model.cell.lags.items() if n != "x"
    }
    x, y = random.normal(size=(T, B, D)), random.integers(-1, K, (T, B))
    return model, x, y, initial


def same(found, stepped):
    def close(ours, theirs, name):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-13, err_msg=name)

    assert found.loss == pytest.approx(stepped.loss, rel=1e-12)
    assert found.passes == stepped.passes
    for kind in ("values", "grads", "initial", "initial_grads"):
        ours, theirs = getattr(found, kind), getattr(stepped, kind)
        assert list(ours) == list(theirs)
        for name in theirs:
            close(ours[name], theirs[name], name)
            assert not ours[name].flags.writeable
    for name in found.model.parameters:
        for t in (1, 4, len(found.x)):
            close(found.contribution(name, t), stepped.contribution(name, t), name)
    assert np.array_equal(found.x, stepped.x)
    assert np.array_equal(found.y, stepped.y, equal_nan=True)


@pytest.mark.parametrize("spans", SPANS)
@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn-skip", "rnn-batch-norm", "lags"])
def test_it_agrees_with_stepping(cell, spans):
    cell = Cell.parse(LAGS, cell) if cell == "lags" else CELLS[cell]
    assert Windowed.fits(cell)
    model, x, y, initial = given(cell, loss="mean" if spans[1] > 1 else "sum")
    same(trace(model, x, y, initial, *spans), Run(model, x, y, initial, *spans).trace())


def test_values_with_missing_rows_agree_too():
    cell = Cell.parse("m[t] = tanh(U @ x[t] + W @ m[t-1])", readout="linear")
    model, x, _, initial = given(cell)
    y = np.random.default_rng(0).normal(size=(T, B, K))
    y[2, 1] = y[5] = np.nan
    same(trace(model, x, y, initial, 4, 2), Run(model, x, y, initial, 4, 2).trace())


@pytest.mark.parametrize("name", PLACED)
def test_what_depends_on_where_a_pass_begins_is_stepped(name):
    cell = Cell.parse(PLACED[name], name)
    assert not Windowed.fits(cell)
    model, x, y, initial = given(cell)
    same(trace(model, x, y, initial, 4, 2), Run(model, x, y, initial, 4, 2).trace())


def test_the_arguments_may_change_afterwards():
    model, x, y, initial = given(CELLS["gru"])
    found, kept = trace(model, x, y, initial, 3), trace(model, x.copy(), y.copy(), initial, 3)
    x[:], y[:] = 9, 0
    same(found, kept)


def test_one_window_is_the_full_trace_to_the_bit():
    model, x, y, initial = given(CELLS["lstm"])
    full, windowed = trace(model, x, y, initial), trace(model, x, y, initial, T, T)
    for name, gradient in full.grads.items():
        assert np.array_equal(windowed.grads[name], gradient), name


def peak(make):
    tracemalloc.start()
    try:
        make()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("stride", [1, 20])
def test_parameter_gradients_take_the_memory_of_a_window(stride):
    model = Model.create("lstm", 4, 32, 4)
    x = np.random.default_rng(0).integers(0, 4, 400)
    full = peak(lambda: trace(model, x, np.roll(x, -1)).grads["W_f"])
    other = Model.create("lstm", 4, 32, 4, seed=1)
    window = peak(lambda: trace(other, x, np.roll(x, -1), window=20, stride=stride).grads["W_f"])
    assert window < full / 4


def test_windows_that_are_looked_at_one_after_the_other_share_their_workspaces(monkeypatch):
    model, x, y, initial = given(CELLS["rnn"], T=12)
    made = []
    monkeypatch.setattr(model.execution, "_pool", Pool(lambda T, B: made.append(T) or model.execution._workspace(T, B)))
    for _ in range(3):
        found = trace(model, x, y, initial, window=3)
        assert np.isfinite(found.grads["h"]).all()
    assert made == [3, 3]
