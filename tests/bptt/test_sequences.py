"""What a run reads: the forms that x, y and initial may take, and errors that name what and where."""

import numpy as np
import pytest

from bptt.cell import Cell
from bptt.cells import find
from bptt.errors import InputError
from bptt.model import Model
from bptt.sequences import coerce, coerce_initial

CLASSES = Model.create("rnn", 3, 2, 4)
VALUES = Model.create(find("rnn", "linear"), 3, 2, 2)
ONE_VALUE = Model.create(find("rnn", "linear"), 3, 2, 1)
CHANCES = Model.create(find("rnn", "sigmoid"), 3, 2, 2)
SKIP = Model.create(
    Cell.parse("h[t] = tanh(U @ x[t] + A @ x[t-1] + W @ h[t-1] + S @ h[t-3])\nq[t] = h[t] * q[t-1]"), 3, 2, 4
)


def refused(call, *arguments):
    with pytest.raises(InputError) as caught:
        call(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_integers_in_x_are_one_hot_rows():
    found = coerce(CLASSES, [2, 0], [1, 3])
    assert np.array_equal(found.x, [[[0, 0, 1]], [[1, 0, 0]]])
    assert np.array_equal(found.tokens, [[2], [0]])
    assert (found.T, found.B, found.single, found.kind) == (2, 1, True, "classes")


def test_a_batch_of_integers_is_time_by_batch():
    found = coerce(CLASSES, [[2, 0], [1, 1], [0, 2]], [[0, 1], [2, 3], [0, -1]])
    assert found.x.shape == (3, 2, 3)
    assert found.x[0, 1, 0] == 1
    assert np.array_equal(found.y, [[0, 1], [2, 3], [0, -1]])
    assert (found.T, found.B, found.single) == (3, 2, False)


def test_floats_in_x_are_taken_as_they_are():
    x = np.arange(6.0).reshape(2, 3)
    single = coerce(CLASSES, x, [0, 1])
    assert np.array_equal(single.x[:, 0], x)
    assert single.tokens is None
    batch = np.arange(12.0).reshape(2, 2, 3)
    assert np.array_equal(coerce(CLASSES, batch, [[0, 1], [2, 3]]).x, batch)


def test_targets_are_one_hot_and_nan_where_there_is_none():
    targets = coerce(CLASSES, [0, 0, 0], [2, -1, 0]).targets
    assert np.array_equal(targets[:, 0], [[0, 0, 1, 0], [np.nan] * 4, [1, 0, 0, 0]], equal_nan=True)


def test_values_are_time_by_batch_by_output():
    x = np.zeros((2, 3))
    assert np.array_equal(coerce(VALUES, x, [[1, 2], [3, 4]]).targets, [[[1, 2]], [[3, 4]]])
    nothing = [np.nan, np.nan]
    found = coerce(VALUES, np.zeros((1, 2, 3)), [[nothing, [3, 4.5]]])
    assert np.array_equal(found.y, [[nothing, [3, 4.5]]], equal_nan=True)
    assert found.kind == "values"


def test_one_value_needs_no_axis_of_its_own():
    single, batch = np.zeros((2, 3)), np.zeros((2, 2, 3))
    for y in ([1.0, 2.0], [[1.0], [2.0]], [1, 2]):
        assert np.array_equal(coerce(ONE_VALUE, single, y).targets, [[[1]], [[2]]])
    for y in ([[1.0, 2.0], [3.0, 4.0]], [[[1.0], [2.0]], [[3.0], [4.0]]]):
        assert np.array_equal(coerce(ONE_VALUE, batch, y).targets, [[[1], [2]], [[3], [4]]])


def test_a_batch_of_one_and_no_batch_axis_are_the_same():
    x = np.ones((2, 3))
    assert np.array_equal(coerce(CLASSES, x[:, None], [0, 1]).y, coerce(CLASSES, x, [[0], [1]]).y)
    assert np.array_equal(coerce(VALUES, x[:, None], [[0, 1], [2, 3]]).y, [[[0, 1]], [[2, 3]]])


def test_a_text_with_both_losses_takes_classes():
    cell = Cell.parse("z[t] = U @ x[t]\nE[t] = squared_error(z[t], y[t])\nL[t] = cross_entropy(z[t], y[t])")
    assert coerce(Model.create(cell, 3, 1, 4), [0, 1], [1, -1]).kind == "classes"


def test_chances_lie_from_0_to_1():
    assert np.array_equal(coerce(CHANCES, [0], [[0, 1]]).targets, [[[0, 1]]])
    assert np.array_equal(coerce(CHANCES, [0], [[0.25, 0.5]]).targets, [[[0.25, 0.5]]])
    message = refused(coerce, CHANCES, [0, 0], [[0, 1], [0.5, 1.5]])
    assert message == "y[1, 1] = 1.5, expected 0…1 for binary_cross_entropy"


def test_everything_is_in_the_models_dtype():
    model = Model.create(find("rnn", "linear"), 3, 2, 2, dtype="float32")
    found = coerce(model, np.zeros((1, 3)), [[0.1, 0.2]])
    assert found.x.dtype == found.targets.dtype == np.float32
    assert coerce(model, [1], [[0.1, 0.2]]).x.dtype == np.float32
    assert coerce_initial(model, None, 1)["h"].dtype == np.float32


def test_the_callers_arrays_are_copied_and_ours_locked():
    x, y, h = np.ones((2, 3)), np.array([0, 1]), np.ones(2)
    found, states = coerce(CLASSES, x, y), coerce_initial(CLASSES, {"h": h}, 1)
    x[:], y[:], h[:] = 9, 3, 9
    assert found.x.max() == 1
    assert np.array_equal(found.y[:, 0], [0, 1])
    assert states["h"].max() == 1
    for array in (found.x, found.y, found.targets, states["h"]):
        assert not array.flags.writeable
    with pytest.raises(ValueError, match="WRITEABLE"):
        found.x.flags.writeable = True


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.uint64, ">i2", np.int64])
def test_any_kind_of_integer_is_an_index(dtype):
    found = coerce(CLASSES, np.array([2, 0], dtype), np.array([3, 1], dtype))
    assert np.array_equal(found.tokens[:, 0], [2, 0])
    assert np.array_equal(found.y[:, 0], [3, 1])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, ">f4", ">f8"])
def test_any_kind_of_float_is_an_input(dtype):
    x = np.array([[1, 2, 3]], dtype)[:, ::-1]
    assert np.array_equal(coerce(CLASSES, x, [0]).x[0], [[3, 2, 1]])


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([0, 3], "x[1] = 3, expected 0…2"),
        ([[0, 1], [-1, 0]], "x[1, 0] = -1, expected 0…2"),
        (np.array([2**64 - 1], np.uint64), "x[0] = 18446744073709551615, expected 0…2"),
        ([], "x: got shape (0,): there is no timestep"),
        (np.zeros((0, 3)), "x: got shape (0, 3): there is no timestep"),
        (np.zeros((2, 0, 3)), "x: got shape (2, 0, 3): there is no timestep"),
        (
            np.zeros((2, 4)),
            "x: got float64 of shape (2, 4), expected floats (T, 3) or (T, B, 3), or integers (T,)",
        ),
        (np.zeros(3), "x: got float64 of shape (3,), expected floats (T, 3)"),
        (np.zeros((2, 2, 2, 3)), "x: got float64 of shape (2, 2, 2, 3), expected"),
        (np.zeros((2, 2, 3), int), "x: got int64 of shape (2, 2, 3), expected"),
        (3, "x: got int64 of shape (), expected"),
        ([[1, 2, np.inf]], "x[0, 2] = inf, expected a finite number"),
        ([[True, False, True]], "x: got bool of shape (1, 3), expected float64, float32 or integers"),
        (np.array([[1, 2, None]]), "x: got object of shape (1, 3)"),
        ([["a", "b", "c"]], "x: got text of shape (1, 3)"),
        ([[1, 2, 3j]], "x: got complex128 of shape (1, 3)"),
        ([[1, 2, 3], [1]], "x: got a ragged list, expected numbers in equal rows"),
        ([2**70], "x: got object of shape (1,), expected"),
        (np.zeros(1_000_001, np.int8), "x: got T = 1000001, expected at most 1000000"),
    ],
)
def test_a_bad_x_is_refused_by_name_and_place(x, message):
    assert refused(coerce, CLASSES, x, [0, 1]).startswith(message)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0, 4], "y[1] = 4, expected 0…3 or −1"),
        ([[0], [-2]], "y[1, 0] = -2, expected 0…3 or −1"),
        ([0, 1, 2], "y: got shape (3,), expected (2,) or (2, 1), as in x, where integers mean one-hot rows"),
        ([[0, 1], [2, 3]], "y: got shape (2, 2), expected (2,) or (2, 1), as in x"),
        ([0.0, 1.0], "y: got float64 of shape (2,), expected integers (T,) or (T, B) for cross_entropy"),
        (np.zeros((2, 1, 1), int), "y: got int64 of shape (2, 1, 1), expected integers"),
        ([True, False], "y: got bool of shape (2,)"),
        ([], "y: got float64 of shape (0,), expected integers"),
        (None, "y: got NoneType"),
    ],
)
def test_bad_classes_are_refused_by_name_and_place(y, message):
    assert refused(coerce, CLASSES, [0, 1], y).startswith(message)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([[0.0, np.nan], [1, 2]], "y[0] is partly NaN"),
        ([[0.0, 1.0], [1, np.inf]], "y[1, 1] = inf, expected a finite number, or NaN for no target"),
        ([0, 1], "y: got shape (2,), expected (T, 2) or (T, B, 2) for squared_error"),
        ([[1.0, 2.0, 3.0]] * 2, "y: got shape (2, 3), expected (T, 2)"),
        ([[1.0, 2.0]] * 3, "y: got shape (3, 2), expected (2, 2) or (2, 1, 2), as in x"),
        (np.zeros((2, 4, 2)), "y: got shape (2, 4, 2), expected (2, 2) or (2, 1, 2), as in x"),
    ],
)
def test_bad_values_are_refused_by_name_and_place(y, message):
    assert refused(coerce, VALUES, np.zeros((2, 3)), y).startswith(message)


def test_a_y_without_batch_axis_does_not_fit_a_batch():
    message = refused(coerce, CLASSES, np.zeros((2, 4, 3)), [0, 1])
    assert message == "y: got shape (2,), expected (2, 4), as in x"
    message = refused(coerce, VALUES, np.zeros((2, 4, 3)), np.zeros((2, 2)))
    assert message == "y: got shape (2, 2), expected (2, 4, 2), as in x"


def test_one_hot_rows_beyond_memory_are_refused_before_they_are_made():
    model = Model.create("rnn", 4096, 1, 2)
    tokens = np.zeros((1_000_000, 1), np.int8)
    assert refused(coerce, model, tokens, tokens) == (
        "x: one-hot rows would take 32768000000 bytes, at most 1073741824 are allowed"
    )


def test_infinite_inputs_pass_where_the_model_allows_them():
    model = Model("rnn", CLASSES.parameters, allow_nonfinite=True)
    assert np.isinf(coerce(model, [[1, 2, np.inf]], [0]).x[0, 0, 2])


def test_states_not_given_start_at_zero():
    for initial in (None, {}):
        states = coerce_initial(SKIP, initial, 5)
        assert {name: array.shape for name, array in states.items()} == {"h": (3, 5, 2), "q": (1, 5, 2)}
        assert not any(array.any() for array in states.values())


def test_a_state_is_for_time_0_unless_all_its_times_are_given():
    one = coerce_initial(SKIP, {"h": [1, 2]}, 2)["h"]
    assert np.array_equal(one, [np.zeros((2, 2)), np.zeros((2, 2)), [[1, 2], [1, 2]]])
    batch = coerce_initial(SKIP, {"h": [[1, 2], [3, 4]]}, 2)["h"]
    assert np.array_equal(batch[2], [[1, 2], [3, 4]])
    assert not batch[:2].any()
    everything = np.arange(12.0).reshape(3, 2, 2)
    assert np.array_equal(coerce_initial(SKIP, {"h": everything}, 2)["h"], everything)


@pytest.mark.parametrize(
    ("initial", "message"),
    [
        ({"hh": [0, 0]}, "initial: 'hh' is not a variable in mine; did you mean h?"),
        ({"L": [0]}, "initial: 'L' is never read at an earlier time in mine; there are h, q"),
        ({"x": [0, 0, 0]}, "initial: 'x' is the input, not a state, in mine; there are h, q"),
        ({"h": [0, 0, 0]}, "initial h: got shape (3,), expected (2,), (4, 2) or (3, 4, 2)"),
        ({"h": np.zeros((3, 2))}, "initial h: got shape (3, 2), expected"),
        ({"h": [0, np.nan]}, "initial h[1] = nan, expected a finite number"),
        ({"h": "zero"}, "initial h: got text, expected float64"),
        ([1, 2], "initial: got list, expected a dict state → array"),
    ],
)
def test_a_bad_initial_state_is_refused_by_name(initial, message):
    assert refused(coerce_initial, SKIP, initial, 4).startswith(message)
