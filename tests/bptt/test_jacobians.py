"""Jacobians of the state: the figures of textbook cases, and central differences for every cell."""

import numpy as np
import pytest

from bptt import CELLS, Cell, InputError, Model, Run
from bptt.diagnostics.jacobians import coordinates, jacobian, jacobians
from bptt.edits import Edit
from bptt.initialisation import initialise
from bptt.norms import spectral_radius


def quiet(W, T, V=None, x=0.0, cell="rnn", **others):
    """A run with W, inputs all x and a loss at T alone."""
    H = len(W)
    model = Model.create(cell, 1, H, 2, seed=1)
    given = {"W": W, "U": np.ones((H, 1)), **({} if V is None else {"V": V}), **others}
    return Run(model.replaced(given), np.full((T, 1), x), [-1] * (T - 1) + [0])


def reach(run):
    """‖∇h[1]‖ / ‖∇h[T]‖."""
    h = run.trace().grads["h"][:, 0]
    return np.linalg.norm(h[0]) / np.linalg.norm(h[-1])


def test_half_an_orthogonal_matrix_halves_a_gradient_at_every_step():
    run = quiet(initialise({"W": (4, 4)}, {"W": {"orthogonal": 0.5}}, 3)["W"], 12)
    found = jacobians(run)
    assert np.allclose(found.singular_values, 0.5, rtol=1e-14)
    assert np.allclose(found.product_singular_values[1], 0.5**11, rtol=1e-12)
    assert np.isclose(reach(run), 1 / 2048, rtol=1e-12)


def test_a_relu_that_is_open_multiplies_by_its_weight():
    run = quiet(np.diag([1.2, 1.2]), 12, x=0.5, cell="rnn-relu")
    found = jacobians(run)
    assert np.allclose(found.spectral_radius, 1.2)
    assert np.isclose(found.product_singular_values[1, 0], 1.2**11)
    assert np.isclose(reach(run), 7.43, atol=0.005)


def test_a_matrix_with_small_eigenvalues_can_grow_a_gradient_before_it_fades():
    run = quiet([[0.7, 2, 0], [0, 0.7, 2], [0, 0, 0.7]], 24, V=[[1.0, 0, 0], [-1, 0, 0]])
    found = jacobians(run)
    assert np.allclose(found.spectral_radius, 0.7, atol=1e-4)
    assert np.isclose(found.singular_values[0, 0], 2.465, atol=5e-4)
    grown = np.linalg.norm(run.trace().grads["h"][:, 0], axis=1)[::-1]
    assert np.allclose((grown / grown[0])[:7].round(1), [1, 2.1, 4.9, 8.9, 12.1, 13.9, 14.5])
    assert np.isclose(grown[23] / grown[0], 0.57, atol=0.005)
    first = next(k for k in range(1, 24) if found.product_singular_values[24 - k, 0] < 1)
    assert first == 21


def test_a_large_weight_vanishes_where_tanh_is_saturated():
    run = quiet(np.diag([3.0, 3.0]), 12, x=1.0)
    assert np.allclose(jacobians(run).singular_values[4:], 0.0040, atol=5e-5)


def lstm_that_explodes():
    cell = Cell.parse(CELLS["lstm"].source.replace("cross_entropy", "squared_error"), "lstm")
    model = Model.create(cell, 1, 1, 1, seed=0, init={"default": 0.0})
    weights = {"W_g": [[3.0]], "b_f": [3.0], "b_i": [3.0], "b_o": [3.0], "V": [[1.0]]}
    return Run(model.replaced(weights), np.zeros((12, 1)), [np.nan] * 11 + [1.0])


def test_the_state_of_an_lstm_is_s_and_h_and_its_gradient_can_explode():
    run = lstm_that_explodes()
    assert [str(place) for place in coordinates(run)] == ["s[t][0]", "h[t][0]"]
    gate = 1 / (1 + np.exp(-3))
    expected = [[gate, 3 * gate], [gate * gate, 3 * gate * gate]]
    assert np.allclose(jacobian(run, 5), expected)
    found = jacobians(run)
    assert np.allclose(found.spectral_radius, 3.67, atol=0.005)
    through_s = found.products[1] / found.products[11]
    assert np.allclose(through_s, (gate + gate * gate * 3) ** 10)
    grown = run.trace().grads["s"].ravel()
    assert np.isclose(grown[0] / grown[-1], 1.65e6, rtol=0.01)
    assert np.allclose(grown[:-1] / grown[1:], gate + gate * gate * 3)


def stepped(run, t, state):
    """state(t) of one more time, from a given state(t − 1) of sequence 0."""
    moved = run.tape.values
    places = coordinates(run)
    for place, value in zip(places, state, strict=True):
        moved[place.name][t - 1 - place.back + run.tape.before[place.name] - 1, 0, place.unit] = value
    run._filler.filled = (t - 1) * len(run.schedule.forward)
    run.fill(t * len(run.schedule.forward))
    return np.array([run.read(p.name, t - p.back)[0, p.unit] for p in places])


@pytest.mark.parametrize("edited", [False, True])
def test_jacobians_agree_with_central_differences_for_any_cell(any_cell, run_of, edited):
    run = run_of(any_cell, T=4, B=2)
    if edited:
        run = run.edited([Edit(name, 0.3, (3, 3), (0,)) for name in any_cell.definitions])
    found = jacobian(run, 3)
    places = coordinates(run)
    state = np.array([run.read(p.name, 2 - p.back)[0, p.unit] for p in places])
    numeric = np.zeros_like(found)
    for column in range(len(places)):
        move = 1e-6 * np.eye(len(places))[column]
        moved = []
        for sign in (1, -1):
            other = run.edited(run.edits)
            other.fill(2 * len(other.schedule.forward))
            moved.append(stepped(other, 3, state + sign * move))
        numeric[:, column] = (moved[0] - moved[1]) / 2e-6
    assert np.allclose(found, numeric, atol=1e-7, rtol=1e-6)


def test_the_product_of_jacobians_carries_a_gradient_back(run_of):
    run = run_of(Cell.parse("r2[t] = 0.5 * r2[t-3] + tanh(W @ r2[t-1] + U @ x[t-2] + b)"), T=9, B=1)
    found = jacobians(run)
    assert found.steps.shape == (9, 9, 9)
    last = Run(run.model, run.x, [-1] * 8 + [1], {"r2": run.tape.initial("r2")}).trace()
    for t in (2, 5, 8):
        carried = found.products[t].T @ np.concatenate([last.grads["r2"][8, 0], np.zeros(6)])
        assert np.allclose(carried[:3], last.grads["r2"][t - 1, 0], rtol=1e-10)


def test_a_cell_without_state_has_an_empty_jacobian():
    run = Run(Model.create(Cell.parse("h[t] = tanh(U @ x[t])"), 2, 3, 2), [0, 1], [0, 1])
    assert jacobian(run, 1).shape == (0, 0)
    assert jacobians(run).spectral_radius.tolist() == [0, 0]


def test_what_is_not_finite_has_no_spectrum():
    assert np.isnan(spectral_radius(np.array([[np.inf]])))
    run = quiet([[1e200]], 4, x=1.0, cell=Cell.parse("h[t] = W @ h[t-1] + exp(U @ x[t]) * h[t-1] * h[t-1]"))
    run = run.edited([Edit("h", 1e200, (1, 1))])
    assert np.isnan(jacobians(run).singular_values[-1]).all()


def test_times_and_sequences_that_do_not_exist_are_refused(run_of):
    run = lstm_that_explodes()
    for arguments in ((0,), (13,), (1, 1)):
        with pytest.raises(InputError):
            jacobian(run, *arguments)
