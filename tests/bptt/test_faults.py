"""Faults planted into backward passes: each changes what it says, nothing before it, and its line says so."""

from __future__ import annotations

import numpy as np
import pytest

from bptt import CELLS, Cell, InputError, Model, Run
from bptt.faults import FAULTS, faulty, first_difference

ODD = Cell.parse(
    "q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)\n"
    "k[t] = sigmoid(F @ x[t] + G @ mem[t-1])\n"
    "r2[t] = tanh(C @ x[t] + E @ (k[t] * mem[t-1]))\n"
    "mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]\n",
    "odd",
)
X, Y = [0, 1, 2, 2, 1], [1, 2, 2, 0, 1]


def runs(fault: str, of: str | None = None, cell: Cell = ODD) -> tuple[Run, Run]:
    model = Model.create(cell, 3, 2, 3, seed=3)
    wrong = Model(faulty(cell, fault, of), model.parameters)
    return Run(wrong, X, Y), Run(model, X, Y)


@pytest.mark.parametrize("cell", [ODD, CELLS["rnn"], CELLS["lstm"], CELLS["gru"]], ids=lambda cell: cell.name)
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_changes_one_line_and_the_values_from_it_on(fault: str, cell: Cell) -> None:
    if fault == "gate" and cell.name == "rnn":
        with pytest.raises(InputError, match="there is no room for gate"):
            faulty(cell, fault)
        return
    wrong, right = runs(fault, cell=cell)
    changed = [
        (a, b)
        for a, b in zip(wrong.model.cell.backward, cell.backward, strict=True)
        if a.terms != b.terms or a.overwrites != b.overwrites
    ]
    assert len(changed) == 1
    assert str(changed[0][0]) != str(changed[0][1])
    first = first_difference(wrong, right)
    assert first is not None
    assert wrong.at(first).target == changed[0][0].target
    assert all(np.array_equal(wrong.at(n).value, right.at(n).value) for n in range(first))


def test_a_missing_future_leaves_this_output_s_part() -> None:
    wrong, _ = runs("missing-future", "mem")
    wrong.fill(len(wrong))
    V, z = wrong.model.parameters["V"], wrong.read("z", 2, True)[0]
    assert np.allclose(wrong.read("mem", 2, True)[0], V.T @ z)


def test_a_matrix_that_is_not_transposed_is_multiplied_as_it_is() -> None:
    wrong, right = runs("transpose", "h", CELLS["rnn"])
    for run in (wrong, right):
        run.fill(len(run))
    W, V = wrong.model.parameters["W"], wrong.model.parameters["V"]
    a, z = right.read("a", 5, True)[0], right.read("z", 4, True)[0]
    assert np.allclose(wrong.read("h", 4, True)[0], W @ a + V.T @ z)
    assert np.allclose(right.read("h", 4, True)[0], W.T @ a + V.T @ z)


def test_a_sum_that_is_overwritten_is_the_last_contribution() -> None:
    wrong, right = runs("overwrite", "B")
    right.fill(len(right))
    ends = {wrong.at(n).t: n + 1 for n in range(len(wrong)) if wrong.schedule.place(n).phase == "backward"}
    for t, position in ends.items():
        assert np.array_equal(wrong.sum_so_far("B", position), right.contribution("B", t))
    assert not np.allclose(right.sum_so_far("B", len(right)), wrong.sum_so_far("B", len(wrong)))


def test_another_gate_s_gradient_is_one_that_is_computed_before() -> None:
    wrong, right = runs("gate", "A")
    right.fill(len(right))
    wrong.fill(len(wrong))
    a_k, x = right.read("a_k", 3, True)[0], right.read("x", 3)[0]
    assert np.allclose(wrong.contribution("A", 3), np.outer(a_k, x))


def test_what_cannot_be_planted_is_named() -> None:
    with pytest.raises(InputError, match="no fault is called 'transpos'; did you mean transpose"):
        faulty(ODD, "transpos")
    with pytest.raises(InputError, match="no backward line computes ∇mmem; did you mean mem"):
        faulty(ODD, "missing-future", "mmem")
    with pytest.raises(InputError, match="there is no room for index in ∇d of odd"):
        faulty(ODD, "index", "d")
    with pytest.raises(InputError, match=r"there is no room for no-slope in ∇h of rnn: .*; there is in ∇a$"):
        faulty(CELLS["rnn"], "no-slope", "h")


def test_a_faulty_cell_is_another_cell() -> None:
    assert faulty(ODD, "index") != ODD
    assert hash(faulty(ODD, "index")) != hash(ODD)


def test_a_difference_beside_what_is_not_finite_is_found() -> None:
    cell = Cell.parse("h[t] = exp(U @ x[t]) + W @ h[t-1]", "growing")
    model = Model.create(cell, 3, 2, 3, seed=1)
    runs = []
    for small in (1.0, 2.0):
        U = np.array([[1e3, 0, 0], [small, 0, 0]])
        runs.append(Run(model.replaced({**model.parameters, "U": U}), [0, 1], [1, 2]))
        runs[-1].fill(len(runs[-1]))
    assert np.isinf(runs[0].at(0).value[0, 0])
    assert first_difference(*runs) == 0
