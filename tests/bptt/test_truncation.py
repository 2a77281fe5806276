"""What truncated gradients lack: agreement, what each time lost, and where the cuts lie."""

import numpy as np
import pytest

from bptt import CELLS, Cell, InputError, Model, trace
from bptt.diagnostics.truncation import compare

T, B, D, H, K = 9, 2, 2, 3, 3


def inputs(cell=CELLS["lstm"], seed=0, batch=B):
    random = np.random.default_rng(seed)
    model = Model.create(cell, D, H, K, seed=seed, init={"default": {"normal": 0.6}})
    return model, random.normal(size=(T, batch, D)), random.integers(0, K, (T, batch))


def test_nothing_is_lost_where_nothing_is_cut():
    model, x, y = inputs()
    found = compare(trace(model, x, y, window=T), trace(model, x, y))
    assert (found.whole.relative_error, found.cuts) == (0, ())
    assert found.whole.cosine == pytest.approx(1)
    assert not any(array.any() for array in (*found.lost.values(), *found.shares_lost.values()))
    assert found.reach.tolist() == [1] * T


def test_a_scalar_memory_loses_what_is_worked_out_by_hand():
    # m[t] = m[t-1] / 2 + x[t] and a loss of slope 1 at each time: ∇m[t] is Σ 2^−k over the losses that are ahead
    cell = Cell.parse("m[t] = a * m[t-1] + w @ x[t]\nF[t] = squared_error(v @ m[t], y[t])")
    model = Model(cell, {"a": [0.5], "w": [[1.0]], "v": [[1.0]]})
    x = np.zeros((4, 1))
    y = np.full((4, 1), -1.0)
    found = compare(trace(model, x, y, window=2), trace(model, x, y))
    np.testing.assert_allclose(found.lost["m"][:, 0], [0.375, 0.75, 0, 0], rtol=1e-15)
    assert found.reach.tolist() == [1, 1, 3, 3]
    assert found.cuts == (2,)
    assert found.parameters["a"].relative_error == 0  # the memory is 0 throughout: nothing to lose
    assert found.parameters["a"].cosine == 0


def test_agreement_is_measured_against_the_full_gradient():
    model, x, y = inputs()
    truncated, full = trace(model, x, y, window=3), trace(model, x, y)
    found = compare(truncated, full)
    ours = np.concatenate([truncated.grads[name].ravel() for name in model.parameters])
    theirs = np.concatenate([full.grads[name].ravel() for name in model.parameters])
    assert found.whole.relative_error == pytest.approx(np.linalg.norm(ours - theirs) / np.linalg.norm(theirs))
    assert found.whole.cosine == pytest.approx(ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs))
    a, b = truncated.grads["W_f"], full.grads["W_f"]
    assert found.parameters["W_f"].relative_error == pytest.approx(np.linalg.norm(a - b) / np.linalg.norm(b))
    # the readout recurs nowhere: no loss of its is cut
    assert found.parameters["V"].relative_error == pytest.approx(0, abs=1e-14)


def test_only_times_before_a_cut_lose_something():
    model, x, y = inputs()
    found = compare(trace(model, x, y, window=3), trace(model, x, y))
    assert found.cuts == (3, 6)
    assert found.reach.tolist() == [1, 1, 1, 4, 4, 4, 7, 7, 7]
    assert set(found.lost) == {"s", "h"}
    for lost in found.lost.values():
        assert lost.shape == (T, B)
        assert (lost[:6] > 0).all()
        assert (lost[6:] < 1e-15).all()
    assert (found.shares_lost["W_f"][1:6] > 0).all()
    assert (found.shares_lost["W_f"][6:] < 1e-15).all()


def test_a_sliding_window_loses_less_than_chunks_of_its_length():
    model, x, y = inputs(CELLS["rnn"])
    full = trace(model, x, y)
    chunks, sliding = (compare(trace(model, x, y, window=4, stride=k), full) for k in (4, 1))
    assert sliding.whole.relative_error < chunks.whole.relative_error
    assert sliding.reach.tolist() == [1, 1, 1, 1, 2, 3, 4, 5, 6]
    assert sliding.cuts == (1, 2, 3, 4, 5)


def test_traces_of_different_things_are_refused():
    model, x, y = inputs()
    full = trace(model, x, y)
    with pytest.raises(InputError, match="full: got 3 passes, expected one"):
        compare(full, trace(model, x, y, window=3))
    with pytest.raises(InputError, match="another model"):
        compare(trace(inputs(seed=1)[0], x, y, window=3), full)
    with pytest.raises(InputError, match="another x"):
        compare(trace(model, x + 1, y, window=3), full)
    with pytest.raises(InputError, match="another initial h"):
        compare(trace(model, x, y, {"h": np.ones(H)}, window=3), full)
