"""What arrays and numbers may do to a run: their forms, the smallest sizes, huge values, what is not finite."""

import warnings

import numpy as np
import pytest

from bptt import CELLS, Cell, InputError, Model, Run, trace

B, D, H, K = 2, 2, 3, 4


def test_the_callers_arrays_are_neither_changed_nor_kept():
    model = Model.create("rnn", D, H, K)
    x, y, h = np.ones((3, B, D)), np.zeros((3, B), int), np.ones((B, H))
    run = Run(model, x, y, {"h": h})
    x[:], y[:], h[:] = 9, 3, 9
    assert run.trace().loss == trace(model, np.ones((3, B, D)), np.zeros((3, B), int), {"h": np.ones(H)}).loss
    assert (x == 9).all()
    assert x.flags.writeable
    frozen = np.ones((3, B, D))
    frozen.flags.writeable = False
    assert trace(model, frozen, y, {}).loss > 0


@pytest.mark.parametrize(
    "form",
    [
        lambda x: x[::-1][::-1],
        lambda x: np.asfortranarray(x),
        lambda x: x.astype(">f8"),
        lambda x: x.tolist(),
        lambda x: np.repeat(x, 2, axis=0)[::2],
    ],
    ids=["negative strides", "column order", "big-endian", "lists", "every second row"],
)
def test_the_form_of_an_array_does_not_matter(form):
    model = Model.create("gru", D, H, K, seed=3)
    x = np.random.default_rng(1).normal(size=(4, B, D))
    y = np.zeros((4, B), int)
    plain, found = trace(model, x, y), trace(model, form(x), y)
    assert found.loss == plain.loss
    assert np.array_equal(found.grads["W"], plain.grads["W"])


@pytest.mark.parametrize(("T", "H", "K", "B"), [(1, 3, 4, 2), (4, 1, 4, 2), (4, 3, 1, 2), (1, 1, 1, 1)])
@pytest.mark.parametrize("name", CELLS)
def test_the_smallest_sizes_run(name, T, H, K, B):
    # a normaliser needs two of what it normalises over
    B = max(B, 2) if "batch_norm" in CELLS[name].functions else B
    H = max(H, 2) if "layer_norm" in CELLS[name].functions else H
    model = Model.create(name, D, H, K, seed=1, init={"normal": 1.0})
    found = Run(model, np.ones((T, B, D)), np.zeros((T, B), int)).finish()
    assert found.values["h"].shape == (T, B, H)
    assert found.grads["V"].shape == (K, H)
    assert np.isfinite(found.loss)
    assert (found.loss == 0) == (K == 1)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("scale", [1e3, -1e3])
def test_huge_preactivations_and_logits_neither_warn_nor_overflow(name, scale):
    model = Model.create(name, D, H, K, seed=1, init={"U": scale} if "U" in CELLS[name].parameters else "glorot")
    spread = {parameter: array * 1e4 if parameter == "V" else array for parameter, array in model.parameters.items()}
    spread["V"][0] = 1e4
    x = np.random.default_rng(0).normal(size=(5, B, D)) * (1 if "U" in CELLS[name].parameters else 1e3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = Run(model.replaced(spread), x, np.zeros((5, B), int)).finish()
        for values in (*found.values.values(), *found.grads.values(), *found.initial_grads.values()):
            assert np.isfinite(values).all()


def test_numbers_that_cannot_stay_finite_do_not_warn():
    cell = Cell.parse(
        "q[t] = exp(exp(A @ x[t])) - exp(exp(R @ q[t-1])) + exp(500) ** 2\nL[t] = squared_error(q[t], y[t])"
    )
    model = Model(cell, {"A": np.full((2, 2), 9.0), "R": np.full((2, 2), -9.0)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = Run(model, np.ones((3, 2)), np.ones((3, 2)))
        found = run.finish()
        assert not np.isfinite(found.loss)
        assert not np.isfinite(found.grads["A"]).all()
        assert not np.isfinite(found.contribution("A", 2)).all()
        list(found.grads.values())


def test_the_first_step_that_is_not_finite_is_named():
    growing = Cell.parse("q[t] = exp(R @ q[t-1] + A @ x[t])\nL[t] = squared_error(q[t], y[t])")
    model = Model(growing, {"R": [[1.0]], "A": [[1.0]]})
    run = Run(model, np.full((6, 1), 2.0), np.zeros((6, 1)))
    # q: e² = 7.4, e^9.4 = 12,000, then infinite
    index = run.first_nonfinite()
    assert (run.at(index).target, run.at(index).t, run.at(index).phase) == ("q", 3, "forward")
    assert all(np.isfinite(run.at(n).value).all() for n in range(index))
    calm = Run(Model.create("lstm", 2, 3, 4), np.ones((4, 2)), np.zeros(4, int))
    assert calm.first_nonfinite() is None


def test_a_gradient_or_a_sum_that_is_not_finite_first_is_named():
    at_zero = Cell.parse("q[t] = sqrt(A @ x[t])\nL[t] = squared_error(q[t], y[t])")
    run = Run(Model(at_zero, {"A": [[1.0]]}), [[0.0], [1.0]], [[1.0], [1.0]])
    step = run.at(run.first_nonfinite())
    assert (step.phase, step.target, step.t) == ("backward", "a_q", 1)
    large = Cell.parse("q[t] = A @ x[t]\nL[t] = squared_error(q[t], y[t])")
    run = Run(Model(large, {"A": [[0.0]]}), [[1e300], [1e300]], [[1e150], [1e150]])
    step = run.at(run.first_nonfinite())
    assert (step.phase, step.target, step.t) == ("backward", "A", 2)


def test_a_normaliser_with_nothing_to_normalise_over_is_refused():
    batch = Cell.parse("q[t] = tanh(batch_norm(A @ x[t]))")
    layer = Cell.parse("q[t] = tanh(layer_norm(A @ x[t]))")
    inputs = Cell.parse("q[t] = tanh(A @ layer_norm(x[t]))")
    with pytest.raises(InputError, match="batch_norm needs a batch of at least 2: --batch 8"):
        Run(Model.create(batch, 2, 3, 4), np.ones((2, 1, 2)), np.zeros((2, 1), int))
    with pytest.raises(InputError, match="layer_norm needs at least 2 units: --hidden 4"):
        Run(Model.create(layer, 2, 1, 4), np.ones((2, 2)), np.zeros(2, int))
    with pytest.raises(InputError, match="inputs: got 1: layer_norm needs at least 2 units"):
        Run(Model.create(inputs, 1, 3, 4), np.ones((2, 1)), np.zeros(2, int))
    assert Run(Model.create(batch, 2, 1, 4), np.ones((2, 2, 2)), np.zeros((2, 2), int)).finish().loss > 0
