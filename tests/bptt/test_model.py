"""Models: sizes from arrays, ownership of arrays, equality, and errors that name the parameter."""

import copy
import pickle

import numpy as np
import pytest

from bptt.cell import Cell
from bptt.cells import find
from bptt.errors import InputError
from bptt.model import Model


def rnn_parameters(D=3, H=2, K=4):
    random = np.random.default_rng(1)
    shapes = {"U": (H, D), "W": (H, H), "b": (H,), "V": (K, H), "c": (K,)}
    return {name: random.normal(size=shape) for name, shape in shapes.items()}


def refused(call):
    with pytest.raises(InputError) as caught:
        call()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_sizes_come_from_the_arrays():
    model = Model("rnn", rnn_parameters(D=3, H=2, K=4))
    assert (model.inputs, model.hidden, model.outputs) == (3, 2, 4)
    assert [model.size(dim) for dim in ("inputs", "hidden", "outputs", "scalar")] == [3, 2, 4, 1]
    assert model.cell is find("rnn")


def test_create_draws_every_parameter_in_its_shape():
    model = Model.create("lstm", inputs=3, hidden=2, outputs=5, seed=4)
    assert model.parameters["U_f"].shape == (2, 3)
    assert model.parameters["V"].shape == (5, 2)
    assert not model.parameters["b_o"].any()
    assert (model.seed, model.init, model.loss, model.dtype) == (4, "glorot", "sum", np.float64)


def test_a_model_of_a_models_parameters_is_equal():
    for dtype in ("float64", "float32"):
        model = Model.create("gru", 3, 2, 4, seed=1, dtype=dtype, loss="mean")
        again = Model("gru", parameters=model.parameters, loss="mean")
        assert again == model
        assert hash(again) == hash(model)
        assert again.dtype == np.dtype(dtype)


def test_models_differ_by_a_number_a_loss_a_dtype_or_an_equation():
    model = Model.create("rnn", 3, 2, 4)
    assert model != Model.create("rnn", 3, 2, 4, seed=1)
    assert model != Model.create("rnn", 3, 2, 4, loss="mean")
    assert model != Model.create("rnn", 3, 2, 4, dtype="float32")
    assert model != Model("rnn-relu", model.parameters)
    assert model != "rnn"


def test_copies_and_pickles_are_equal():
    model = Model.create("rnn", 3, 2, 4)
    assert copy.deepcopy(model) == model
    assert pickle.loads(pickle.dumps(model.replaced({"b": [1, 2]}))) == model.replaced({"b": [1, 2]})  # noqa: S301  # our own bytes


def test_the_callers_arrays_and_the_models_are_apart():
    given = rnn_parameters()
    before = {name: array.copy() for name, array in given.items()}
    model = Model("rnn", given)
    given["W"][:] = 99
    assert np.array_equal(model.parameters["W"], before["W"])
    with pytest.raises(ValueError, match="read-only"):
        model.parameters["W"][0, 0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        model.parameters["W"].flags.writeable = True
    taken = model.parameters
    assert type(taken) is dict
    taken["W"] = np.zeros((2, 2))
    assert np.array_equal(model.parameters["W"], before["W"])
    assert given["b"].flags.writeable


def test_replaced_keeps_what_is_not_named():
    model = Model.create("rnn", 3, 2, 4, seed=5, loss="mean", dtype="float32")
    other = model.replaced({"b": np.array([1.0, 2.0])})
    assert np.array_equal(other.parameters["b"], [1, 2])
    assert np.array_equal(other.parameters["W"], model.parameters["W"])
    assert (other.dtype, other.loss, other.seed) == (np.float32, "mean", 5)
    assert not model.parameters["b"].any()


@pytest.mark.parametrize(
    "convert",
    [
        lambda a: a.astype(">f8"),
        lambda a: a.astype(">f4"),
        lambda a: a.astype(np.float16),
        lambda a: a.astype(np.int8),
        lambda a: a.astype(">i4"),
        lambda a: a.tolist(),
        lambda a: np.asfortranarray(a),
        lambda a: a[::-1][::-1],
        lambda a: np.repeat(a, 2, axis=0)[::2],
    ],
)
def test_any_plain_numbers_become_owned_native_contiguous_arrays(convert):
    whole = {name: np.round(8 * array) for name, array in rnn_parameters().items()}
    given = {name: convert(array) for name, array in whole.items()}
    model = Model("rnn", given)
    for name, array in model.parameters.items():
        assert np.array_equal(array, whole[name])
        assert array.dtype.isnative
        assert array.flags.c_contiguous
        assert not array.flags.writeable


def test_read_only_and_negative_stride_arrays_are_taken():
    given = rnn_parameters()
    given["W"] = given["W"][::-1, ::-1]
    given["b"].flags.writeable = False
    assert np.array_equal(Model("rnn", given).parameters["W"], given["W"])


def test_float32_holds_where_all_floats_are_float32():
    given = {name: array.astype(np.float32) for name, array in rnn_parameters().items()}
    assert Model("rnn", given).dtype == np.float32
    assert Model("rnn", {**given, "b": [1, 2]}).dtype == np.float32
    assert Model("rnn", {**given, "b": [1.0, 2.0]}).dtype == np.float64
    assert Model("rnn", given, dtype="float64").parameters["W"].dtype == np.float64


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (np.array([1, 1j]), "complex128"),
        (np.array([True, False]), "bool"),
        (np.array([None, 1], object), "object"),
        (["1", "2"], "text"),
        (np.ones(2, np.longdouble), np.dtype(np.longdouble).name),
        (np.ma.masked_invalid([1.0, np.nan]), "a masked array"),
        ([[1, 2], [3]], "a ragged list"),
        (None, "NoneType"),
        (np.array(["2020-01-01"] * 2, "datetime64[D]"), "datetime64"),
    ],
)
def test_what_is_not_plain_numbers_is_refused_by_name(value, got):
    message = refused(lambda: Model("rnn", {**rnn_parameters(), "b": value}))
    assert message.startswith("b: got ")
    assert got in message


def test_a_misshapen_parameter_is_named_with_its_expected_shape():
    message = refused(lambda: Model("rnn", {**rnn_parameters(), "W": np.zeros((2, 3))}))
    assert message == "W: got shape (2, 3), expected (2, 2) = (hidden, hidden)"
    message = refused(lambda: Model("rnn", {**rnn_parameters(), "U": np.zeros((5, 3))}))
    assert message == "U: got shape (5, 3), expected (2, 3) = (hidden, inputs)"
    message = refused(lambda: Model("rnn", {**rnn_parameters(), "c": np.zeros(5)}))
    assert message == "c: got shape (5,), expected (4,) = (outputs,)"
    message = refused(lambda: Model("rnn", {**rnn_parameters(), "b": np.zeros((2, 1))}))
    assert message == "b: got shape (2, 1), expected (2,) = (hidden,)"
    message = refused(lambda: Model("rnn", {**rnn_parameters(), "U": np.zeros(3)}))
    assert message == "U: got shape (3,), expected (hidden, inputs)"


def test_a_missing_parameter_is_named_with_its_shape_and_an_extra_one_with_near_names():
    given = rnn_parameters()
    del given["W"]
    assert refused(lambda: Model("rnn", given)) == "parameters: missing W of shape (hidden, hidden)"
    message = refused(lambda: Model("lstm", {"U_ff": np.zeros((2, 3))}))
    assert message.startswith("parameters: lstm has no parameter 'U_ff'; did you mean U_f")
    assert "expected a dict" in refused(lambda: Model("rnn", [1, 2]))


def test_parameters_are_finite_unless_asked():
    given = {**rnn_parameters(), "b": np.array([1, np.nan])}
    assert refused(lambda: Model("rnn", given)) == "b[1] = nan, expected a finite number"
    assert np.isnan(Model("rnn", given, allow_nonfinite=True).parameters["b"][1])
    given["b"] = np.array([0.0, 1e300])
    assert refused(lambda: Model("rnn", given, dtype="float32")) == "b[1] = 1e+300, too large for float32"


@pytest.mark.parametrize("size", [0, -1, 4097, 2.0, True, "3", None, pytest.param(10**5000, id="huge")])
def test_sizes_are_whole_numbers_from_1_to_4096(size):
    message = refused(lambda: Model.create("rnn", inputs=3, hidden=size, outputs=4))
    assert message.startswith("hidden: got ")
    assert message.endswith("expected a whole number 1…4096")


def test_arrays_of_size_zero_are_refused():
    given = {
        "U": np.zeros((0, 3)),
        "W": np.zeros((0, 0)),
        "b": np.zeros(0),
        "V": np.zeros((4, 0)),
        "c": np.zeros(4),
    }
    assert refused(lambda: Model("rnn", given)) == "hidden: got 0, expected a whole number 1…4096"


def test_other_bad_settings_are_refused_by_name():
    assert refused(lambda: Model.create("rn", 1, 1, 1)).startswith("cell: no built-in cell is called 'rn'; did you")
    assert refused(lambda: Model.create(3, 1, 1, 1)).startswith("cell: got int")
    assert refused(lambda: Model.create("rnn", 1, 1, 1, loss="max")).startswith("loss: got 'max', expected sum or")
    assert refused(lambda: Model.create("rnn", 1, 1, 1, seed=-1)).startswith("seed: got -1")
    for dtype in ("float16", "int64", "complex128", "nonsense", None, object):
        assert refused(lambda dtype=dtype: Model.create("rnn", 1, 1, 1, dtype=dtype)).startswith("dtype: got ")
    assert Model.create("rnn", 1, 1, 1, dtype=">f4").parameters["W"].dtype.isnative


def test_a_dim_that_no_parameter_fixes_is_given():
    cell = Cell.parse("h[t] = tanh(w * h[t-1] + sum(x[t]))\nL[t] = squared_error(sum(h[t]), y[t])")
    assert refused(lambda: Model(cell, {})).startswith("parameters: missing w of shape (hidden,)")
    model = Model(cell, {"w": [1.0, 2.0]}, inputs=7)
    assert (model.inputs, model.hidden, model.outputs) == (7, 2, 1)
    message = refused(lambda: Model(cell, {"w": [1.0, 2.0]}, inputs=7, hidden=3))
    assert message == "w: got shape (2,), expected (3,) = (hidden,)"
    message = refused(lambda: Model(cell, {"w": [1.0]}, inputs=1, outputs=2))
    assert message.startswith("outputs: got 2, expected 1")


def test_a_cell_without_parameters_needs_its_sizes():
    cell = Cell.parse("h[t] = tanh(h[t-1])\nL[t] = squared_error(h[t], y[t])")
    assert refused(lambda: Model(cell, {})).startswith("outputs: no parameter of mine has this size: give outputs=")
    assert Model(cell, {}, outputs=3).size("outputs") == 3


def test_explicit_numbers_of_an_init_are_the_parameters():
    model = Model.create("rnn", 3, 2, 4, init={"W": [[1, 2], [3, 4]], "b": 1})
    assert np.array_equal(model.parameters["W"], [[1, 2], [3, 4]])
    assert np.array_equal(model.parameters["b"], [1, 1])
    assert model.init == "W=numbers,b=1"
    assert Model.create("rnn", 3, 2, 4, init="W=orthogonal:0.5").init == "W=orthogonal:0.5"


def test_float32_parameters_are_the_float64_draw_rounded():
    double, single = (Model.create("rnn", 3, 2, 4, dtype=dtype) for dtype in ("float64", "float32"))
    assert np.array_equal(single.parameters["W"], double.parameters["W"].astype(np.float32))
