"""How large each timestep's share of a parameter's gradient is."""

import numpy as np
import pytest

import bptt
from bptt.run import Run
from rnntui.explain.scales import scales_of
from rnntui.explain.shares import share_norms

TWICE = """
h[t] = tanh(W @ h[t-1] + W @ (g * h[t-2]) + U @ x[t] + b)
"""
GATED = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * tanh(C @ x[t] + E @ (q[t] * mem[t-1]))
"""


def filled(text, batch=1, T=70, scale=1.0, **how):
    random = np.random.default_rng(1)
    model = bptt.Model.create(bptt.Cell.parse(text), inputs=3, hidden=4, outputs=3, seed=2)
    model = model.replaced({name: scale * value for name, value in model.parameters.items()})
    x, y = random.integers(0, 3, (2, T, batch))
    run = Run(model, x, y, **how)
    run.fill(len(run))
    return run


@pytest.mark.parametrize("text", [TWICE, GATED])
@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("window", [None, (10, 10), (20, 5)])
def test_every_share_is_as_long_as_the_matrix_it_adds(text, batch, window):
    how = {} if window is None else {"window": window[0], "stride": window[1]}
    run = filled(text, batch, **how)
    for parameter in run.model.parameters:
        expected = [np.linalg.norm(run.contribution(parameter, t)) for t in range(1, run.T + 1)]
        assert share_norms(run, parameter) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_the_share_of_the_first_time_is_nothing_where_the_state_before_it_is_zero():
    norms = scales_of(filled(GATED)).shares("E")
    assert norms.shape == (70, 1)
    assert norms[0, 0] == 0 and (norms[1:] > 0).all()


def test_what_is_not_finite_stays_so():
    run = filled("v[t] = 1e200 * v[t-1] + W @ v[t-1] + U @ x[t]", T=5)
    assert not np.isfinite(share_norms(run, "W")).all()
    low, high = scales_of(run).decades("W")
    assert np.isfinite([low, high]).all() and low < high


def test_where_passes_overlap_a_share_is_that_of_the_pass_at_the_cursor():
    run = filled(GATED, T=30, window=12, stride=4)
    position = run.schedule.end(4)
    within = run.schedule.pass_of(4)
    norms = share_norms(run, "E", position)
    for t in range(within.lo, within.hi + 1):
        assert norms[t - 1] == pytest.approx(np.linalg.norm(run.contribution("E", t, position)), rel=1e-9)
    assert not np.allclose(norms, share_norms(run, "E"))
