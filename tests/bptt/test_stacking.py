"""Layers: names, what the next layer reads, dims, equal numbers by two ways, files, and what cannot be stacked."""

import json

import numpy as np
import pytest

from bptt import CELLS, Cell, InputError, Model, gradcheck, load, save, trace
from bptt.stacking import with_number

LSTM = CELLS["lstm"].stacked(2)
WRITTEN = """
q[t]   = sigmoid(A @ x[t] + B @ mem[t-1] + d)    # gate
r2[t]  = tanh(C @ x[t] + E_r @ (q[t] * mem[t-1]) + w * (D @ x[t-1]))
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]    # state
out[t] = G @ mem[t] + F @ mem[t-1]
cost[t] = squared_error(out[t], y[t])
"""


def lines(cell):
    return [str(equation) for equation in cell.equations]


def test_equations_up_to_the_last_state_are_repeated_and_the_readout_comes_once():
    assert lines(CELLS["rnn"].stacked(2)) == [
        "a1[t] = b1 + W1 @ h1[t-1] + U1 @ x[t]",
        "h1[t] = tanh(a1[t])",
        "a2[t] = b2 + W2 @ h2[t-1] + U2 @ h1[t]",
        "h2[t] = tanh(a2[t])",
        "z[t] = c + V @ h2[t]",
        "p[t] = softmax(z[t])",
        "L[t] = cross_entropy(z[t], y[t])",
    ]


def test_the_number_stands_after_the_stem():
    assert [with_number(name, 2) for name in ("h", "W_f", "r2", "_a", "a_b_c")] == [
        "h2",
        "W2_f",
        "r22",
        "_a2",
        "a2_b_c",
    ]
    assert {"f1", "a1_f", "W2_f", "b2_o"} <= {*LSTM.definitions, *LSTM.parameters}
    assert LSTM.arguments["a2_g"] == "g2"


def test_one_layer_is_the_cell_itself():
    assert CELLS["lstm"].stacked(1) is CELLS["lstm"]
    assert (CELLS["lstm"].layers, LSTM.layers, LSTM.single) == (1, 2, CELLS["lstm"])
    assert LSTM.stacked(3) == CELLS["lstm"].stacked(3)
    assert LSTM.stacked(1) is CELLS["lstm"]
    assert LSTM.stacked(2) is LSTM
    assert LSTM.stacked(2, output="s").output == "s"


def test_the_first_layers_matrices_read_the_inputs_and_the_others_the_layer_below():
    model = Model.create("lstm", inputs=2, hidden=3, outputs=4, layers=3)
    shapes = {name: model.parameters[name].shape for name in ("U1_f", "U2_f", "U3_f", "W1_f", "V")}
    assert shapes == {"U1_f": (3, 2), "U2_f": (3, 3), "U3_f": (3, 3), "W1_f": (3, 3), "V": (4, 3)}
    assert not np.array_equal(model.parameters["U2_f"], model.parameters["U3_f"])


def test_an_authors_readout_is_kept_and_reads_the_last_layer():
    cell = Cell.parse(WRITTEN).stacked(2)
    assert lines(cell)[3:] == [
        "q2[t] = sigmoid(A2 @ mem1[t] + B2 @ mem2[t-1] + d2)",
        "r22[t] = tanh(C2 @ mem1[t] + E2_r @ (q2[t] * mem2[t-1]) + w2 * (D2 @ mem1[t-1]))",
        "mem2[t] = (1 - q2[t]) * mem2[t-1] + q2[t] * r22[t]",
        "out[t] = G @ mem2[t] + F @ mem2[t-1]",
        "cost[t] = squared_error(out[t], y[t])",
    ]
    assert cell.comments["q2"] == "gate, layer 2"
    assert cell.comments["r21"] == ""
    assert cell.lags == {"mem1": 1, "x": 1, "mem2": 1}


def test_names_in_use_give_way_to_the_next_free_one():
    cell = Cell.parse("h1[t] = tanh(A @ x[t] + B @ h[t-1])\nh[t] = h1[t] * h[t-1] + B2").stacked(2)
    assert lines(cell)[:4] == [
        "h11[t] = tanh(A1 @ x[t] + B1 @ h1_2[t-1])",
        "h1_2[t] = h11[t] * h1_2[t-1] + B21",
        "h12[t] = tanh(A2 @ h1_2[t] + B2_2 @ h2[t-1])",
        "h2[t] = h12[t] * h2[t-1] + B22",
    ]


def test_names_that_begin_with_a_function_or_hold_numbers_are_told_apart():
    cell = Cell.parse("t2[t] = hold(2, tanh(1e-3 * x2 + .5e1 * t2[t-12] + tanh2 @ x[t]))").stacked(2)
    assert lines(cell)[1] == "t22[t] = hold(2, tanh(1e-3 * x22 + .5e1 * t22[t-12] + tanh22 @ t21[t]))"


def test_of_several_variables_that_the_readout_reads_h_goes_on():
    both = "h[t] = tanh(A @ x[t] + B @ h[t-1])\ns[t] = 0.5 * s[t-1] + h[t]\nz[t] = V @ h[t] + W @ s[t]\n"
    cell = Cell.parse(both + "L[t] = cross_entropy(z[t], y[t])").stacked(2)
    assert lines(cell)[2] == "h2[t] = tanh(A2 @ h1[t] + B2 @ h2[t-1])"
    assert cell.output == "h"


def test_without_h_the_output_is_asked_for():
    cell = Cell.parse("q[t] = tanh(A @ x[t] + B @ q[t-1])\ns[t] = 0.5 * s[t-1] + q[t]\nm[t] = q[t] * s[t]")
    with pytest.raises(InputError, match=r'output: the readout reads q and s: say which .* output="q" or output="s"'):
        cell.stacked(2)
    assert lines(cell.stacked(2, output="s"))[2] == "q2[t] = tanh(A2 @ s1[t] + B2 @ q2[t-1])"
    with pytest.raises(InputError, match="output: got 'm', expected one of q, s"):
        cell.stacked(2, output="m")
    made = Model.create(cell, 2, 3, 4, layers=2, output="s")
    assert made.cell == cell.stacked(2, output="s")
    assert Model(cell, made.parameters, layers=2, output="s") == made


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("q[t] = tanh(A @ x[t])", "layers: the cell has no state: there is nothing to stack"),
        (
            "L[t] = cross_entropy(V @ h[t-1], y[t])\nh[t] = tanh(A @ x[t])",
            "layers: the loss L stands before the last state",
        ),
        (
            "h[t] = tanh(" + " + ".join(f"A{'x' * n} @ x[t] + B @ h[t-1]" for n in range(9)) + ")",
            "layers: 32 layers make a text that cannot be read: .* characters",
        ),
    ],
)
def test_what_cannot_be_stacked_is_refused(text, reason):
    with pytest.raises(InputError, match=reason):
        Cell.parse(text).stacked(32)


@pytest.mark.parametrize("layers", [0, -1, 33, True, 2.0, "2", None])
def test_the_number_of_layers_is_a_small_whole_number(layers):
    with pytest.raises(InputError, match=r"layers: got .*, expected a whole number 1…32"):
        Model.create("rnn", 2, 3, 4, layers=layers)


def data(cell, D=2, K=3, T=5, B=3):
    random = np.random.default_rng(5)
    classes = "cross_entropy" in cell.loss_functions
    y = random.integers(0, K, (T, B)) if classes else random.random((T, B, K))
    initial = {name: 0.5 * random.normal(size=(lag, B, 3)) for name, lag in cell.lags.items() if name != "x"}
    return random.normal(size=(T, B, D)), y, initial


@pytest.mark.parametrize(
    "name", ["rnn-skip", "rnn-hierarchy", "rnn-batch-norm", "rnn-layer-norm", "lstm-peephole", "mgu"]
)
def test_gradients_of_two_layers_agree_with_central_differences(name):
    cell = CELLS[name].stacked(2)
    x, y, initial = data(cell)
    drawn = {parameter: {"normal": 0.7} for parameter in cell.parameters}
    errors = gradcheck(Model.create(cell, 2, 3, 3, seed=1, init=drawn), x, y, initial=initial)
    assert set(errors) == set(cell.parameters)
    assert max(errors.values()) < 1e-6, errors


def test_two_layers_are_one_cell_on_the_states_of_another():
    cell = Cell.parse(WRITTEN.replace("G @ mem[t] + F @ mem[t-1]", "G @ mem[t]").replace(" + w * (D @ x[t-1])", ""))
    model = Model.create(cell, inputs=2, hidden=3, outputs=3, seed=4, layers=2)
    x, y, _ = data(cell)
    whole = trace(model, x, y)
    first = Model(cell, parameters_of(model, 1) | {"G": np.zeros((3, 3))}, inputs=2, hidden=3, outputs=3)
    below = trace(first, x, y).values["mem"]
    second = trace(Model(cell, parameters_of(model, 2) | {"G": model.parameters["G"]}), below, y)
    assert np.allclose(whole.values["mem1"], below, rtol=0, atol=1e-15)
    assert whole.loss == pytest.approx(second.loss, rel=1e-14)
    for name in parameters_of(model, 2):
        assert np.allclose(whole.grads[with_number(name, 2)], second.grads[name], rtol=1e-12, atol=1e-14)


def parameters_of(model, layer):
    """The author's name of each parameter of a layer → its array."""
    found = {name: model.cell.origins.get(name, ("", 0)) for name in model.parameters}
    return {own: model.parameters[name] for name, (own, number) in found.items() if number == layer}


def test_a_model_keeps_its_layers():
    model = Model.create("gru", 2, 3, 4, seed=1, layers=2)
    assert model.layers == 2
    assert model.replaced({"b1_i": np.ones(3)}).layers == 2
    assert Model(model.cell, model.parameters) == Model("gru", model.parameters, layers=2) == model
    assert Model.create(model.cell, 2, 3, 4, seed=1) == model
    assert "layers=2" in repr(model)
    assert Model.create("gru", 2, 3, 4).layers == 1


def test_files_keep_layers_output_and_the_names_of_arguments(tmp_path):
    cell = Cell.parse("q[t] = tanh(A @ x[t] + B @ q[t-1])\ns[t] = 0.5 * s[t-1] + q[t]\nm[t] = q[t] * s[t]")
    model = Model.create(cell.stacked(3, output="s"), 2, 3, 4)
    save(model, tmp_path / "m.npz")
    found = load(tmp_path / "m.npz")
    assert (found, found.layers, found.cell.output) == (model, 3, "s")
    assert list(found.cell.arguments) == ["a1_q", "a2_q", "a3_q"]


def test_a_file_of_one_layer_says_nothing_of_layers(tmp_path):
    save(Model.create("rnn", 2, 3, 4), tmp_path / "m.npz")
    assert "layers" not in json.loads(str(np.load(tmp_path / "m.npz")["__meta__"]))


def test_names_of_an_author_stand_for_every_layer_where_parameters_are_drawn():
    model = Model.create("lstm", 2, 3, 4, layers=2, init={"b_f": 1.0, "W_f": "identity", "b2_f": 3.0})
    assert (model.parameters["b1_f"] == 1).all()
    assert (model.parameters["b2_f"] == 3).all()
    assert (model.parameters["W2_f"] == np.eye(3)).all()
    with pytest.raises(InputError, match="no parameter is called 'b_x'"):
        Model.create("lstm", 2, 3, 4, layers=2, init={"b_x": 1.0})
