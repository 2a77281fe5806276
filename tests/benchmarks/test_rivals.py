"""The opponents of the benchmarks do the same work: their gradients are the engine's."""

import numpy as np
import pytest

from benchmarks import blas, handwritten, naive
from bptt import Model, trace

STACKED = {
    "lstm": {"U": ["U_f", "U_i", "U_o", "U_g"], "W": ["W_f", "W_i", "W_o", "W_g"], "b": ["b_f", "b_i", "b_o", "b_g"]},
    "gru-reset-after": {
        "U": ["U_n", "U_r", "U_u"],
        "W": ["W_r", "W_u", "W_n"],
        "b": ["b_n", "b_r", "b_u", "d_n"],
    },
}


def work(cell, B):
    random = np.random.default_rng(2)
    model = Model.create(cell, 3, 4, 5, seed=1, init={"default": {"normal": 0.5}})
    return model, random.normal(size=(6, B, 3)), random.integers(0, 5, (6, B))


@pytest.mark.parametrize("B", [1, 3])
@pytest.mark.parametrize("cell", handwritten.CELLS)
def test_what_is_written_by_hand_has_the_same_gradients(cell, B):
    model, x, y = work(cell, B)
    found = trace(model, x, y)
    by_hand = handwritten.CELLS[cell](model.parameters, 6, B)
    for _ in range(2):
        loss, gradients = by_hand(x, y.ravel())
        assert loss == pytest.approx(found.loss, rel=1e-12)
        for name, gradient in gradients.items():
            names = STACKED.get(cell, {}).get(name, [name])
            expected = np.concatenate([found.grads[each] for each in names])
            assert np.allclose(gradient, expected, rtol=1e-10, atol=1e-12), name


@pytest.mark.parametrize("cell", naive.CELLS)
def test_the_naive_loop_has_the_same_loss(cell):
    model, x, y = work(cell, 1)
    run = naive.CELLS[cell](model.parameters, x[:, 0], y[:, 0])
    assert run() == pytest.approx(trace(model, x, y).loss, rel=1e-12)


@pytest.mark.parametrize("B", [1, 3])
def test_the_bare_products_run(B):
    for cell in blas.GATES:
        blas.products(cell, 4, B, 3, 4, 5)()
