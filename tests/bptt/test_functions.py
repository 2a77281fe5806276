"""What each function and loss computes: known values, extremes, the choices where a derivative does not exist."""

import math
import warnings

import numpy as np
import pytest

from bptt.functions import FUNCTIONS, LOSSES, sigmoid, softmax, softplus

ROW = np.array([[-1.5, 0.0, 0.5, 2.0]])


def value(function, row=ROW):
    return FUNCTIONS[function].value(np.asarray(row, float))


def test_the_language_has_these_functions_and_losses():
    names = "sigmoid tanh relu softplus softmax exp log sin cos abs sqrt sum mean max min norm batch_norm layer_norm"
    assert set(FUNCTIONS) == set(names.split())
    assert set(LOSSES) == {"cross_entropy", "squared_error", "binary_cross_entropy"}


@pytest.mark.parametrize(
    ("function", "row", "expected"),
    [
        ("sigmoid", [0.0, math.log(3), -math.log(3)], [0.5, 0.75, 0.25]),
        ("tanh", [0.0, math.log(2), -math.log(3)], [0.0, 0.6, -0.8]),
        ("relu", [-2.0, 0.0, 3.0], [0.0, 0.0, 3.0]),
        ("softplus", [0.0, math.log(3)], [math.log(2), math.log(4)]),
        ("softmax", [0.0, math.log(2), math.log(5)], [1 / 8, 2 / 8, 5 / 8]),
        ("exp", [0.0, math.log(7)], [1.0, 7.0]),
        ("log", [1.0, math.e], [0.0, 1.0]),
        ("sin", [0.0, math.pi / 6], [0.0, 0.5]),
        ("cos", [0.0, math.pi / 3], [1.0, 0.5]),
        ("abs", [-3.0, 0.0, 2.0], [3.0, 0.0, 2.0]),
        ("sqrt", [0.0, 9.0], [0.0, 3.0]),
        ("sum", [1.0, 2.0, 4.0], [7.0]),
        ("mean", [1.0, 2.0, 6.0], [3.0]),
        ("max", [1.0, 5.0, 2.0], [5.0]),
        ("min", [1.0, -5.0, 2.0], [-5.0]),
        ("norm", [3.0, 4.0], [5.0]),
        ("layer_norm", [1.0, 3.0], [-1 / math.sqrt(1 + 1e-5), 1 / math.sqrt(1 + 1e-5)]),
    ],
)
def test_known_values(function, row, expected):
    np.testing.assert_allclose(value(function, [row])[0], expected, rtol=1e-15, atol=1e-15)


def test_batch_norm_works_down_the_batch_unit_by_unit():
    found = value("batch_norm", [[1.0, 10.0], [3.0, 10.0]])
    np.testing.assert_allclose(found[:, 0], np.array([-1, 1]) / math.sqrt(1 + 1e-5), rtol=1e-15)
    assert found[:, 1].tolist() == [0, 0]


def test_reductions_give_one_number_a_sequence_and_are_marked_scalar():
    batch = np.arange(6.0).reshape(2, 3)
    for name, function in FUNCTIONS.items():
        shape = function.value(batch + 1).shape
        assert shape == ((2, 1) if function.scalar else (2, 3)), name


def test_values_lie_between_the_bounds_that_are_named():
    batch = np.random.default_rng(0).normal(size=(5, 7)) * 3
    for name, function in FUNCTIONS.items():
        row = np.abs(batch) if name in ("log", "sqrt") else batch
        found = function.value(row)
        assert (found >= function.lowest).all(), name
        assert (found <= function.highest).all(), name


def test_extremes_stay_finite_and_silent():
    row = np.array([[-1e4, -1e3, 1e3, 1e4]])
    with warnings.catch_warnings(), np.errstate(over="ignore"):
        warnings.simplefilter("error")
        assert sigmoid(row).tolist() == [[0, 0, 1, 1]]
        assert softplus(row).tolist() == [[0, 0, 1e3, 1e4]]
        assert softmax(row).tolist() == [[0, 0, 0, 1]]
        assert value("tanh", row).tolist() == [[-1, -1, 1, 1]]
        cross, onehot = LOSSES["cross_entropy"], np.array([[1.0, 0, 0, 0]])
        assert cross.value(row, onehot).tolist() == [[2e4]]
        assert cross.slope(row, onehot).tolist() == [[-1, 0, 0, 1]]
        binary = LOSSES["binary_cross_entropy"]
        assert binary.value(row, np.ones((1, 4))).tolist() == [[1.1e4]]
    assert sigmoid(np.array(-40.0)) == pytest.approx(4.248354255291589e-18, rel=1e-14)


@pytest.mark.parametrize(("function", "slope"), [("relu", 0), ("abs", 0)])
def test_a_slope_at_a_kink_is_the_one_agreed_on(function, slope):
    zero = np.zeros((1, 1))
    assert FUNCTIONS[function].slope(zero, zero).tolist() == [[slope]]


def test_the_first_of_equal_largest_units_takes_the_gradient():
    tied = np.array([[2.0, 5.0, 5.0]])
    pullback = FUNCTIONS["max"].pullback
    assert pullback(tied, np.array([[5.0]]), np.array([[3.0]])).tolist() == [[0, 3, 0]]
    assert FUNCTIONS["min"].pullback(-tied, np.array([[-5.0]]), np.array([[3.0]])).tolist() == [[0, 3, 0]]


def test_the_gradient_of_a_norm_at_zero_is_zero():
    zero = np.zeros((1, 3))
    assert FUNCTIONS["norm"].pullback(zero, np.zeros((1, 1)), np.ones((1, 1))).tolist() == [[0, 0, 0]]


def test_a_softmax_passes_no_gradient_that_is_equal_for_all_units():
    p = softmax(ROW)
    np.testing.assert_allclose(FUNCTIONS["softmax"].pullback(ROW, p, np.full((1, 4), 3.0)), 0, atol=1e-15)


def test_normalisers_pass_no_gradient_of_shift_or_scale():
    for name, axis in (("layer_norm", -1), ("batch_norm", 0)):
        a = np.random.default_rng(1).normal(size=(5, 6))
        found = FUNCTIONS[name]
        g = np.random.default_rng(2).normal(size=a.shape)
        passed = found.pullback(a, found.value(a), g)
        np.testing.assert_allclose(passed.sum(axis=axis), 0, atol=1e-13)
        # but for the ε under the root, scaling a changes nothing
        np.testing.assert_allclose((passed * a).sum(axis=axis), 0, atol=2e-4)


def test_losses_have_the_values_and_slopes_that_are_written_down():
    z = np.array([[0.0, math.log(3)]])
    onehot = np.array([[1.0, 0.0]])
    cross, squared, binary = (LOSSES[name] for name in ("cross_entropy", "squared_error", "binary_cross_entropy"))
    assert cross.value(z, onehot)[0, 0] == pytest.approx(math.log(4), rel=1e-15)
    np.testing.assert_allclose(cross.slope(z, onehot), [[-0.75, 0.75]], rtol=1e-15)
    assert squared.value(np.array([[1.0, 3.0]]), np.array([[0.0, 1.0]])).tolist() == [[2.5]]
    assert squared.slope(np.array([[1.0, 3.0]]), np.array([[0.0, 1.0]])).tolist() == [[1, 2]]
    assert binary.value(z, np.array([[1.0, 0.0]]))[0, 0] == pytest.approx(math.log(2) + math.log(4), rel=1e-15)
    np.testing.assert_allclose(binary.slope(z, onehot), [[-0.5, 0.75]], rtol=1e-15)
