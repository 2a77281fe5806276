"""Every derived gradient against central differences of the loss: built-in cells, cells written here, every function
of the language on its own and inside a cell; with batches, masks, initial states; parameters, inputs and states."""

import numpy as np
import pytest

from bptt import CELLS, Cell, Model, Run, gradcheck, trace
from bptt.functions import FUNCTIONS, LOSSES
from bptt.gradcheck import relative_error

AGREES = 1e-6
STEP = 1e-6
D, H, K, T, B = 2, 3, 3, 6, 2

WRITTEN = {
    "lags 2 and 5": """
q[t] = tanh(A @ x[t] + R @ q[t-1] + S @ q[t-2] + k)
r2[t] = sigmoid(E @ q[t-5] + F @ x[t-2]) * q[t] + 0.3 * r2[t-5]
""",
    "hold": """
q[t] = tanh(A @ x[t] + R @ q[t-1] + C @ mem[t-1] + k)
mem[t] = hold(3, tanh(G @ q[t] + M @ mem[t-1] + m))
out[t] = q[t] + mem[t]
""",
    "hold of a hold": """
q[t] = hold(2, A @ x[t] + R @ q[t-1])
slow[t] = hold(4, tanh(q[t] * slow[t-2] + k))
out[t] = q[t] - slow[t]
""",
    "an exponential gate, a quotient, a power": """
i[t] = exp(U_i @ x[t] + W_i @ h[t-1] + b_i)
f[t] = exp(-softplus(-(U_f @ x[t] + W_f @ h[t-1] + b_f)))
n[t] = f[t] * n[t-1] + i[t]
s[t] = f[t] * s[t-1] + i[t] * tanh(U @ x[t])
h[t] = s[t] ** 3 / (1 + n[t] ** 2)
""",
    "softmax over the units": """
w[t] = softmax(A @ x[t] + R @ h[t-1])
h[t] = tanh(w[t] * (E @ x[t]) + h[t-1] * softmax(w[t] * g))
""",
    "norms, a largest and a smallest unit": """
h[t] = tanh(A @ x[t] + R @ h[t-1] + k)
size[t] = norm(h[t]) + 0.5
top[t] = max(h[t] * g) - min(h[t])
q[t] = h[t] / size[t] + top[t] * v + sum(h[t-1]) - mean(x[t])
""",
    "layer_norm": """
a[t] = g * layer_norm(A @ x[t] + R @ h[t-1]) + k
h[t] = tanh(a[t] + layer_norm(h[t-1] + m))
""",
    "batch_norm": """
a[t] = g * batch_norm(A @ x[t] + R @ h[t-1]) + k
h[t] = tanh(a[t]) + 0.1 * h[t-1]
""",
    "peepholes": """
f[t] = sigmoid(U_f @ x[t] + W_f @ h[t-1] + v_f * s[t-1] + b_f)
i[t] = 1 - f[t]
s[t] = f[t] * s[t-1] + i[t] * tanh(U @ x[t] + W @ h[t-1])
o[t] = sigmoid(U_o @ x[t] + v_o * s[t] + b_o)
h[t] = o[t] * tanh(s[t])
""",
    "scalar variables": """
key[t] = tanh(A @ x[t] + R @ mem[t-1])
beta[t] = softplus(sum(key[t] * w) + 1)
gate[t] = 1 / (1 + beta[t] ** 2) + 0.1 * gate[t-1]
mem[t] = gate[t] * mem[t-1] + (1 - gate[t]) * key[t]
""",
    "a parameter used twice, a chain of matrices": """
q[t] = tanh(W @ W @ q[t-1] + A @ x[t] + k)
h[t] = tanh(W @ q[t] - k * q[t-1] + W @ k)
""",
    "several losses, the last one counts": """
h[t] = tanh(A @ x[t] + R @ h[t-1] + k)
z[t] = V @ h[t]
aside[t] = cross_entropy(P @ h[t], y[t])
L[t] = cross_entropy(z[t], y[t]) + 0.01 * norm(h[t]) ** 2 + 0.2 * aside[t]
""",
    "a loss of an earlier prediction": """
h[t] = tanh(A @ x[t] + R @ h[t-1] + k)
z[t] = V @ h[t] + c
L[t] = 2 * cross_entropy(z[t-1], y[t])
""",
    "a linear cell without inputs": """
h[t] = 0.9 * h[t-1] + b
""",
    "waves and logarithms": """
h[t] = sin(A @ x[t]) * cos(R @ h[t-1]) + log(1 + exp(k)) - sqrt(abs(h[t-1]) + 1)
""",
}
SQUARED = "h[t] = tanh(A @ x[t] + R @ h[t-1])\nguess[t] = V @ h[t] + c\ncost[t] = squared_error(guess[t], y[t])"
BINARY = "h[t] = tanh(A @ x[t] + R @ h[t-1])\nguess[t] = V @ h[t] + c\ncost[t] = binary_cross_entropy(guess[t], y[t])"


def model_of(cell, seed=1, loss="sum", spread=0.6):
    """Every parameter drawn, biases too, so that no gradient is zero by chance."""
    sizes = {"inputs": D, "hidden": H, "outputs": K}
    random = np.random.default_rng(seed)
    drawn = {
        name: spread * random.normal(size=tuple(sizes[dim] for dim in dims)) for name, dims in cell.parameters.items()
    }
    return Model(cell, drawn, loss=loss, **sizes)


def data(cell, T=T, B=B, seed=2, masked=False):
    """Inputs, targets and initial states with every row given; with a mask about a third of the targets is missing."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(T, B, D))
    missing = random.random((T, B)) < (0.35 if masked else 0)
    if "cross_entropy" in cell.loss_functions:
        y = np.where(missing, -1, random.integers(0, K, (T, B)))
    else:
        y = random.random((T, B, K))
        y[missing] = np.nan
    widths = {"inputs": D, "hidden": H, "outputs": K, "scalar": 1}
    initial = {
        name: 0.5 * random.normal(size=(lag, B, widths[cell.dims[name]]))
        for name, lag in cell.lags.items()
        if name != "x"
    }
    return x, y, initial


def loss_of(model, x, y, initial):
    run = Run(model, x, y, initial)
    run.fill(run.schedule.turn)
    return run.tape.times(model.cell.loss).sum() * run.weight


def differences(function, array):
    """∂function/∂array by central differences."""
    slopes = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        above, below = array.copy(), array.copy()
        above[place] += STEP
        below[place] -= STEP
        slopes[place] = (function(above) - function(below)) / (2 * STEP)
    return slopes


def assert_parameters(model, x, y, initial):
    errors = gradcheck(model, x, y, initial=initial)
    assert set(errors) == set(model.parameters)
    assert max(errors.values(), default=0) < AGREES, errors


def assert_inputs_and_states(model, x, y, initial):
    found = trace(model, x, y, initial)
    slopes = differences(lambda moved: loss_of(model, moved, y, initial), x)
    assert relative_error(found.grads["x"], slopes) < AGREES
    assert set(found.initial_grads) == set(initial)
    for name, rows in initial.items():
        slopes = differences(lambda moved, name=name: loss_of(model, x, y, {**initial, name: moved}), rows)
        given = found.initial_grads[name]
        assert given.shape == (rows.shape[1:] if len(rows) == 1 else rows.shape)
        assert relative_error(given.reshape(rows.shape), slopes) < AGREES, name


@pytest.mark.parametrize("masked", [False, True], ids=["full", "masked"])
@pytest.mark.parametrize("name", CELLS)
def test_built_in_cells_agree_with_central_differences(name, masked):
    cell = CELLS[name]
    # of two numbers batch_norm leaves only the sign, and a gradient too small for differences
    model, given = model_of(cell), data(cell, B=4 if "batch_norm" in cell.functions else B, masked=masked)
    assert_parameters(model, *given)
    assert_inputs_and_states(model, *given)


@pytest.mark.parametrize("name", WRITTEN)
def test_cells_written_by_hand_agree_with_central_differences(name):
    cell = Cell.parse(WRITTEN[name])
    model, given = model_of(cell), data(cell, T=7, masked=True)
    assert_parameters(model, *given)
    assert_inputs_and_states(model, *given)


@pytest.mark.parametrize("text", [SQUARED, BINARY], ids=["squared_error", "binary_cross_entropy"])
@pytest.mark.parametrize("loss", ["sum", "mean"])
def test_other_losses_agree_with_central_differences(text, loss):
    cell = Cell.parse(text)
    model, given = model_of(cell, loss=loss), data(cell, masked=True)
    assert_parameters(model, *given)
    assert_inputs_and_states(model, *given)


@pytest.mark.parametrize("readout", ["linear", "sigmoid"])
def test_stock_readouts_agree_with_central_differences(readout):
    cell = Cell.parse("q[t] = tanh(A @ x[t] + R @ q[t-1] + k)", readout=readout)
    assert_parameters(model_of(cell), *data(cell, masked=True))


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_each_function_agrees_with_central_differences_inside_a_cell(function):
    # 1.5 + e² keeps log and sqrt where they are defined, and every function away from its kinks
    cell = Cell.parse(
        f"q[t] = A @ x[t] + R @ r[t-1] + k\nr[t] = tanh({function}(1.5 + q[t] ** 2) * g + 0.2 * q[t] - m)"
    )
    model, given = model_of(cell), data(cell, B=5 if function == "batch_norm" else B)
    assert_parameters(model, *given)
    assert_inputs_and_states(model, *given)


@pytest.mark.parametrize("every", [1, 2, 3, 5, 6, 7, 64])
@pytest.mark.parametrize("inside", ["tanh(A @ x[t] + R @ q[t-1] + k)", "q[t-2] * v[t] - q[t-1]", "k", "0.5"])
def test_hold_agrees_with_central_differences_whatever_its_clock(every, inside):
    cell = Cell.parse(
        f"v[t] = tanh(E @ x[t] + F @ q[t-1] + G @ v[t-1])\nq[t] = hold({every}, {inside})\nm[t] = q[t] * v[t] + q[t-1]"
    )
    model, given = model_of(cell), data(cell)
    assert_parameters(model, *given)
    assert_inputs_and_states(model, *given)


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error", "binary_cross_entropy"])
def test_each_loss_alone_agrees_with_central_differences(loss):
    random = np.random.default_rng(4)
    z = 2 * random.normal(size=(4, 5))
    y = np.eye(5)[random.integers(0, 5, 4)] if LOSSES[loss].classes else random.random((4, 5))
    numeric = differences(lambda moved: LOSSES[loss].value(moved, y).sum(), z)
    assert relative_error(LOSSES[loss].slope(z, y), numeric) < AGREES


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error", "binary_cross_entropy"])
def test_each_loss_inside_a_cell_may_be_weighted_and_added_to(loss):
    cell = Cell.parse(
        "h[t] = tanh(A @ x[t] + R @ h[t-1])\nz[t] = V @ h[t]\n"
        f"J[t] = 0.5 * {loss}(z[t] + c, y[t]) + 0.1 * norm(h[t] - h[t-1])"
    )
    model, given = model_of(cell), data(cell, masked=True)
    assert_parameters(model, *given)
    assert_inputs_and_states(model, *given)


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_each_function_alone_agrees_with_central_differences(function):
    random = np.random.default_rng(4)
    a = 0.3 + random.random((4, 5))
    found = FUNCTIONS[function]
    output = found.value(a)
    g = random.normal(size=output.shape)
    analytic = found.slope(a, output) * g if found.slope else found.pullback(a, output, g)
    numeric = differences(lambda moved: (found.value(moved) * g).sum(), a)
    assert relative_error(analytic, numeric) < AGREES


@pytest.mark.parametrize("function", ["sigmoid", "tanh", "relu", "softplus", "sin", "cos", "abs", "exp"])
def test_slopes_hold_on_both_sides_of_zero(function):
    a = np.array([[-2.0, -0.7, 0.4, 1.9]])
    found = FUNCTIONS[function]
    numeric = differences(lambda moved: found.value(moved).sum(), a)
    assert relative_error(found.slope(a, found.value(a)), numeric) < AGREES


@pytest.mark.parametrize("name", ["rnn", "gru", "lstm"])
def test_a_batch_is_the_sum_of_its_sequences(name):
    cell = CELLS[name]
    model = model_of(cell)
    x, y, initial = data(cell, B=3, masked=True)
    whole = trace(model, x, y, initial)
    parts = [
        trace(model, x[:, b], y[:, b], {state: rows[:, b : b + 1] for state, rows in initial.items()}) for b in range(3)
    ]
    assert whole.loss == pytest.approx(sum(part.loss for part in parts), rel=1e-13)
    for parameter in model.parameters:
        assert np.allclose(whole.grads[parameter], sum(part.grads[parameter] for part in parts), rtol=0, atol=1e-13)
    for b, part in enumerate(parts):
        assert np.allclose(whole.grads["x"][:, b], part.grads["x"][:, 0], rtol=0, atol=1e-14)
        assert np.allclose(whole.values["h"][:, b], part.values["h"][:, 0], rtol=0, atol=1e-14)


def test_the_mean_loss_is_the_sum_over_the_number_of_targets():
    cell = CELLS["gru"]
    x, y, initial = data(cell, masked=True)
    present = (y >= 0).sum()
    assert 0 < present < y.size
    total = trace(model_of(cell), x, y, initial)
    mean = trace(model_of(cell, loss="mean"), x, y, initial)
    assert mean.loss == pytest.approx(total.loss / present, rel=1e-14)
    for name in mean.grads:
        assert np.allclose(mean.grads[name], total.grads[name] / present, rtol=1e-12, atol=1e-17), name
    for name in mean.initial_grads:
        assert np.allclose(mean.initial_grads[name], total.initial_grads[name] / present, rtol=1e-12, atol=1e-17)


def test_float32_agrees_with_float64_to_its_own_precision():
    cell = CELLS["lstm"]
    model, (x, y, initial) = model_of(cell), data(cell)
    narrow = Model(cell, model.parameters, dtype="float32")
    wide, found = trace(model, x, y, initial), trace(narrow, x, y, initial)
    for name in wide.grads:
        assert found.grads[name].dtype == np.float32, name
        assert relative_error(found.grads[name], wide.grads[name]) < 1e-5, name
    assert {array.dtype.name for array in found.values.values()} == {"float32"}
    assert {array.dtype.name for array in found.initial_grads.values()} == {"float32"}
    assert found.contribution("W_f", 3).dtype == np.float32
