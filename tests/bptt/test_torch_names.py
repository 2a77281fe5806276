"""PyTorch's names follow from a cell's equations."""

from __future__ import annotations

from bptt import CELLS, Cell
from bptt.notation import render
from bptt.torch_names import torch_scheme


def test_the_plain_network_and_the_lstm_have_the_names_of_torch_nn() -> None:
    assert dict(torch_scheme(CELLS["rnn"]).renamed) == {
        "W": "W_hh", "U": "W_ih", "b": "b_h", "V": "W_out", "c": "b_out",
    }  # fmt: skip
    names = torch_scheme(CELLS["lstm"]).renamed
    assert (names["U_f"], names["W_g"], names["s"], names["c"]) == ("W_if", "W_hg", "c", "b_out")


def test_the_gate_that_keeps_takes_the_name_of_the_outputs() -> None:
    names = torch_scheme(CELLS["gru-reset-after"]).renamed
    assert (names["u"], names["z"], names["U_u"], names["W_u"]) == ("z", "logits", "W_iz", "W_hz")


def test_a_gradient_is_an_attribute() -> None:
    cell = CELLS["lstm"]
    state = next(equation for equation in cell.backward if equation.target == "s")
    assert render(state.expression, torch_scheme(cell), 3) == "f₄ ⊙ c₄.grad + (1−tanh²(c₃)) ⊙ o₃ ⊙ h₃.grad"


def test_names_of_a_cell_of_ones_own_are_told_apart() -> None:
    cell = Cell.parse("q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)\nmem[t] = q[t] * mem[t-1] + r2", "odd")
    names = torch_scheme(cell).renamed
    assert (names["A"], names["B"], names["d"]) == ("W_iq", "W_hq", "b_q")
    for built_in in CELLS.values():
        found = torch_scheme(built_in)
        called = [found.called(name) for name in (*built_in.definitions, *built_in.parameters)]
        assert len(set(called)) == len(called), built_in.name
