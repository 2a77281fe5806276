"""The gradient check: it passes what is right, and finds every planted bug."""

from dataclasses import replace

import numpy as np
import pytest

from bptt import Cell, InputError, Model, gradcheck
from bptt.functions import FUNCTIONS
from bptt.gradcheck import numeric_gradient, relative_error

CELL = Cell.parse("q[t] = tanh(A @ x[t] + R @ q[t-1] + k)\nmem[t] = sigmoid(q[t]) * mem[t-1] + relu(q[t])")


def model_of(dtype="float64", loss="sum"):
    return Model.create(CELL, 2, 3, 4, seed=1, init={"k": [0.3, -0.2, 0.1]}, dtype=dtype, loss=loss)


X = np.random.default_rng(0).normal(size=(4, 2))
Y = np.array([0, 3, -1, 2])


@pytest.mark.parametrize("loss", ["sum", "mean"])
def test_a_right_gradient_passes_for_every_parameter(loss):
    errors = gradcheck(model_of(loss=loss), X, Y)
    assert list(errors) == list(CELL.parameters)
    assert all(type(error) is float and 0 <= error < 1e-6 for error in errors.values())


def test_a_numeric_gradient_is_known_where_the_loss_is():
    # L = ½ Σ_t (w x_t − y_t)²: dL/dw = Σ (w x − y) x = (2 − 1) · 1 + (4 − 0) · 2 = 9
    cell = Cell.parse("q[t] = W @ x[t]\nL[t] = squared_error(q[t], y[t])")
    model = Model(cell, {"W": [[2.0]]})
    assert numeric_gradient(model, [[1.0], [2.0]], [[1.0], [0.0]], "W")[0, 0] == pytest.approx(9, rel=1e-8)


def test_a_larger_step_is_a_worse_difference():
    errors = {step: gradcheck(model_of(), X, Y, step=step)["R"] for step in (1e-1, 1e-2, 1e-3)}
    assert errors[1e-1] > 50 * errors[1e-2] > 50 * errors[1e-3]


def test_initial_states_are_passed_on():
    x, y = X, Y
    at_zero = gradcheck(model_of(), x, y)
    moved = gradcheck(model_of(), x, y, initial={"q": np.full(3, 0.5), "mem": np.full(3, 2.0)})
    assert max(moved.values()) < 1e-6
    assert moved != at_zero


@pytest.mark.parametrize("function", ["tanh", "sigmoid", "relu"])
def test_a_wrong_slope_is_found(monkeypatch, function):
    right = FUNCTIONS[function].slope
    monkeypatch.setitem(FUNCTIONS, function, replace(FUNCTIONS[function], slope=lambda a, out: 1.05 * right(a, out)))
    assert max(gradcheck(model_of(), X, Y).values()) > 1e-3


def test_the_relative_error_is_between_norms():
    assert relative_error(np.array([3.0, 4.0]), np.array([3.0, 4.0])) == 0
    assert relative_error(np.array([3.0, 4.0]), np.zeros(2)) == 1
    assert relative_error(np.array([1.0]), np.array([-1.0])) == 1
    assert relative_error(np.zeros(2), np.zeros(2)) == 0
    assert relative_error(np.array([[2.0]]), np.array([[1.0]])) == pytest.approx(1 / 3)


def test_a_parameter_that_the_loss_does_not_read_has_no_error():
    cell = Cell.parse("q[t] = tanh(A @ x[t])\nlost[t] = F @ q[t]\nz[t] = V @ q[t]\nL[t] = cross_entropy(z[t], y[t])")
    assert gradcheck(Model.create(cell, 2, 3, 4), X, Y)["F"] == 0


def test_the_models_parameters_are_as_before():
    model = model_of()
    before = {name: array.copy() for name, array in model.parameters.items()}
    gradcheck(model, X, Y)
    assert all(np.array_equal(array, before[name]) for name, array in model.parameters.items())


def test_what_does_not_fit_is_an_input_error():
    with pytest.raises(InputError, match="x: got float64 of shape"):
        gradcheck(model_of(), np.ones((4, 3)), Y)


def test_a_gradient_that_is_not_finite_gives_no_number_and_no_warning():
    cell = Cell.parse("q[t] = exp(exp(A @ x[t])) - exp(exp(A @ x[t]))\nL[t] = squared_error(q[t], y[t])")
    errors = gradcheck(Model(cell, {"A": [[9.0]]}), [[1.0], [2.0]], [[0.0], [0.0]])
    assert np.isnan(errors["A"])
