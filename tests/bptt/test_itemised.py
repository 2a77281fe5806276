"""Itemised gradients: one row a loss; the rows add up to the gradient, and each is that of its loss alone."""

import numpy as np
import pytest

from bptt import Cell, InputError, Model, Run
from bptt.diagnostics.itemised import itemised, itemised_gradients
from bptt.edits import Edit
from bptt.single_loss import SingleLoss


def alone(run):
    """The run with the losses of its first sequence alone: batch_norm lets others reach it."""
    return run.edited([Edit(run.model.cell.loss, 0.0, None, (), n) for n in range(1, run.B)])


def test_the_losses_of_a_scalar_network_reach_back_by_powers_of_its_weight():
    cell = "h[t] = 0.5 * h[t-1] + U @ x[t]\no[t] = V @ h[t]\nL[t] = squared_error(o[t], y[t])"
    run = Run(Model(Cell.parse(cell), {"U": [[1.0]], "V": [[2.0]]}), [[1.0], [0], [0]], [[0.0], [0], [0]])
    # h = 1, ½, ¼ and o = 2, 1, ½, so that ∂L(t)/∂h(t) = 4, 2, 1
    assert itemised(run, "h").tolist() == [[4, 0, 0], [1, 2, 0], [0.25, 0.5, 1]]


@pytest.mark.parametrize("edited", [False, True])
def test_rows_add_up_to_the_gradient_of_the_sum_for_any_cell(any_cell, run_of, edited):
    run = alone(run_of(any_cell, T=5))
    if edited:
        run = run.edited([*run.edits, *(Edit(name, 0.3, (2, 3), (0,)) for name in any_cell.definitions)])
    trace = run.trace()
    for name in [*any_cell.definitions, "x"]:
        if name != any_cell.loss:
            total = itemised_gradients(run, name).sum(axis=0)
            assert np.allclose(total, trace.grads[name][:, 0], rtol=1e-10, atol=1e-13), name


def test_each_row_is_the_gradient_of_its_loss_alone_for_any_cell(any_cell, run_of):
    run = alone(run_of(any_cell, T=5, loss="mean"))
    singles = [SingleLoss(run, at) for at in range(1, 6)]
    for name in any_cell.definitions:
        found = itemised(run, name)
        norms = [[np.linalg.norm(single.gradient(name, k)[0]) for k in range(1, 6)] for single in singles]
        assert np.allclose(found, norms, rtol=1e-10, atol=1e-13), name


def test_a_sequence_of_a_batch_is_itemised_by_itself(run_of):
    batch = run_of(Model.create("lstm", 2, 3, 4).cell, T=4, B=3)
    alone = Run(batch.model, batch.x[:, 2:], batch.y[:, 2:], {n: batch.tape.initial(n)[0, 2] for n in ("s", "h")})
    assert np.allclose(itemised(batch, "s", 2), itemised(alone, "s"), rtol=1e-12)


def test_a_loss_that_is_not_finite_spoils_only_its_own_row():
    run = Run(Model.create("rnn", 2, 3, 2), [0, 1, 0], [0, 1, 1])
    run = run.edited([Edit("z", 1e308, (2, 2), (0,)), Edit("z", -1e308, (2, 2), (1,))])
    found = itemised(run, "z")
    assert np.isnan(found[1, 1]) or found[1, 1] == np.sqrt(2)
    assert np.isfinite(found[[0, 2]]).all()


def test_what_is_unknown_or_too_large_is_refused():
    run = Run(Model.create("rnn", 2, 3, 2), [0, 1, 0], [0, 1, 1])
    with pytest.raises(InputError, match="no variable 'hh'; did you mean h"):
        itemised(run, "hh")
    long = Run(Model.create("rnn", 2, 3, 2), [0] * 6000, [0] * 6000)
    with pytest.raises(InputError, match="at most"):
        itemised(long, "h")
