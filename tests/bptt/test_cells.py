"""The built-in cells: their equations, where they come from, and what each is known to do."""

import numpy as np
import pytest

from bptt import CELLS, Cell, InputError, Model, Run
from bptt.cells import TEXTS, find, note

NAMES = (
    "rnn rnn-sigmoid rnn-relu rnn-residual rnn-skip rnn-hierarchy rnn-batch-norm rnn-layer-norm lstm lstm-sigma "
    "lstm-peephole gru gru-reset-after mgu selective-write selective-read selective-forget"
).split()


def test_they_are_listed_by_name():
    assert list(CELLS) == NAMES
    assert len(CELLS) == len(NAMES)
    assert all(CELLS[name].name == name for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_has_a_source_and_words_for_every_variable(name):
    assert len(note(name)) > 10
    assert all(CELLS[name].comments.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_readouts_names_are_used_nowhere_else(name):
    states = Cell.parse(TEXTS[name][1])
    assert states.readout == {"z": "z", "p": "p", "L": "L", "V": "V", "c": "c"}


@pytest.mark.parametrize("name", NAMES)
def test_each_text_is_a_cell_of_its_own(name):
    assert CELLS[name] is CELLS[name]
    assert [other for other in NAMES if CELLS[other] == CELLS[name]] == [name]


def test_an_unknown_name_is_refused_with_the_near_ones():
    with pytest.raises(InputError, match="no built-in cell is called 'lstn'; did you mean lstm"):
        find("lstn")
    with pytest.raises(InputError, match="there are rnn, "):
        find("transformer")
    with pytest.raises(KeyError):
        CELLS["lstn"]


def test_a_builtin_cell_takes_another_readout():
    cell = find("gru", "linear")
    assert cell.loss_functions == ("squared_error",)
    assert find("gru") is CELLS["gru"]


def states(name, **parameters):
    """h of one unit over three times with every parameter 0 but those given."""
    cell = CELLS[name]
    model = Model.create(cell, inputs=1, hidden=1, outputs=2, init={n: {"constant": 0.0} for n in cell.parameters})
    model = model.replaced({n: np.full(model.parameters[n].shape, v) for n, v in parameters.items()})
    return Run(model, np.ones((3, 1)), [0, 1, 0], {"h": [0.5]}).finish().values["h"][:, 0, 0]


def test_the_plain_ones_by_hand():
    assert np.allclose(states("rnn", W=2.0), np.tanh([1.0, 2 * np.tanh(1.0), 2 * np.tanh(2 * np.tanh(1.0))]))
    assert np.allclose(states("rnn-relu", W=-1.0), [0, 0, 0])
    assert np.allclose(states("rnn-sigmoid"), 0.5)


def test_a_closed_update_gate_keeps_the_state():
    assert np.allclose(states("gru", b_i=-50.0), 0.5)
    assert np.allclose(states("gru-reset-after", b_u=50.0), 0.5)


def test_an_open_update_gate_writes_the_candidate():
    assert np.allclose(states("gru", b_i=50.0, b=1.0), np.tanh(1.0))
    assert np.allclose(states("gru-reset-after", b_u=-50.0, b_n=1.0), np.tanh(1.0))


def test_an_lstm_with_f_open_and_i_closed_keeps_its_memory():
    cell = CELLS["lstm"]
    model = Model.create(cell, inputs=1, hidden=2, outputs=2, seed=3)
    model = model.replaced({"b_f": [50.0, 50.0], "b_i": [-50.0, -50.0]})
    trace = Run(model, np.ones((5, 1)), [0, 1, 0, 1, 0], {"s": [0.7, -0.2]}).finish()
    assert np.allclose(trace.values["s"][:, 0], [0.7, -0.2])
    through_h = trace.grads["h"] * trace.values["o"] * (1 - np.tanh(trace.values["s"]) ** 2)
    assert np.allclose(trace.grads["s"][:-1] - trace.grads["s"][1:], through_h[:-1])  # the belt loses nothing


def test_with_sigma_an_empty_memory_still_emits_half_the_output_gate():
    cell = CELLS["lstm-sigma"]
    model = Model.create(cell, inputs=1, hidden=1, outputs=2, seed=3).replaced({"b_i": [-50.0]})
    trace = Run(model, np.ones((2, 1)), [0, 1]).finish()
    assert np.allclose(trace.values["h"], 0.5 * trace.values["o"])
