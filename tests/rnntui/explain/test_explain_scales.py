"""The ends of ramps and axes are those of the whole run, whatever it holds."""

import numpy as np
import pytest

from bptt import Cell, Model, Run
from rnntui.explain.scales import parts_of, scales_of

TEXT = """
g[t] = sigmoid(A @ x[t] + B @ mem[t-1])
mem[t] = 3 * mem[t-1] + g[t]
"""


@pytest.fixture
def run():
    """A filled run of two sequences whose gradients of mem can be overwritten."""
    model = Model.create(Cell.parse(TEXT), inputs=2, hidden=2, outputs=2, seed=0)
    run = Run(model, np.array([[0, 1], [1, 1], [0, 0]]), np.array([[1, 1], [0, 1], [1, 0]]))
    run.fill(len(run))
    run.tape.gradients["mem"][:] = 0
    return run


def put(run, t, sequence, values):
    run.tape.gradients["mem"][run.tape.row("mem", t), sequence] = values


def test_a_bounded_variable_has_its_bound_and_another_its_largest_magnitude(run):
    scales = scales_of(run)
    assert scales.value("g") == 1
    assert scales.value("mem") == np.abs(run.tape.times("mem")).max()


@pytest.mark.parametrize("power", [0, 200, -200, 300])
def test_norms_are_euclidean_at_any_size(run, power):
    put(run, 2, 1, (3 * 10.0**power, -4 * 10.0**power))
    norms = scales_of(run).norms("mem")
    assert norms.shape == (3, 2)
    assert norms[1, 1] == pytest.approx(5 * 10.0**power)
    assert norms[0, 0] == 0


def test_the_axis_ends_at_half_decades_around_every_norm(run):
    put(run, 1, 0, (0.002, 0))
    put(run, 3, 1, (0, -0.2))
    assert scales_of(run).decades("mem") == (-3.0, -0.5)


def test_the_axis_is_at_least_a_decade_and_starts_at_the_floor(run):
    put(run, 1, 0, (1.5, 0))
    put(run, 2, 0, (1.2, 0))
    assert scales_of(run).decades("mem") == (-0.5, 0.5)


def test_nothing_below_the_floor_stretches_the_axis(run):
    put(run, 1, 0, (1e-30, 0))
    put(run, 2, 0, (1, 0))
    assert scales_of(run).decades("mem") == (-12, 0)


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_a_run_without_any_finite_norm_has_an_axis_still(run, value):
    run.tape.gradients["mem"][:] = value
    scales = scales_of(run)
    low, high = scales.decades("mem")
    assert high - low >= 1
    assert scales.gradient("mem") == 1


def test_the_scales_of_a_run_are_worked_out_once(run):
    assert scales_of(run) is scales_of(run)


def test_on_a_logarithmic_axis_zero_is_at_the_foot_and_what_is_not_finite_at_the_top():
    norms = np.array([0.0, 1e-4, 1e-3, 10**-2.5, 1e-2, 5.0, np.inf, np.nan])
    assert parts_of(norms, (-3.0, -2.0)).tolist() == pytest.approx([0, 0, 0, 0.5, 1, 1, 1, 1])
    assert parts_of(np.array([1.0, 10.0]), (0.0, 0.0)).tolist() == [0, 1]  # an axis without length
