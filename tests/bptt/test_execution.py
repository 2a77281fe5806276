"""The fast path records what stepping records, to rounding, for any cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bptt import CELLS, Cell, Model, Run, trace
from bptt.execution.analysis import analyse


def assert_same(fast, stepped, tolerance=1e-12):
    """Everything that two traces record, relative to its size."""
    for kind in ("values", "grads", "initial_grads"):
        left, right = getattr(fast, kind), getattr(stepped, kind)
        assert list(left) == list(right)
        largest = max((np.abs(a[np.isfinite(a)]).max(initial=0) for a in right.values()), default=0)
        for name in left:
            assert left[name].shape == right[name].shape, (kind, name)
            assert left[name].dtype == right[name].dtype, (kind, name)
            finite = np.isfinite(right[name])
            assert np.array_equal(left[name][~finite], right[name][~finite], equal_nan=True), (kind, name)
            a, b = left[name][finite], right[name][finite]
            # what cancels to 0 is rounding of what cancels
            size = max(np.abs(b).max(initial=1e-30), 1e-4 * largest)
            assert np.abs(a - b).max(initial=0) <= tolerance * size, (kind, name)
    assert np.isclose(fast.loss, stepped.loss, rtol=tolerance, atol=0, equal_nan=True)


@pytest.mark.parametrize("T", [1, 2, 9])
def test_any_cell_agrees_with_stepping(any_cell, run_of, T):
    run = run_of(any_cell, T=T, B=3)
    stepped = run.trace()
    initial = {name: run.tape.initial(name) for name in any_cell.lags if name != "x"}
    fast = trace(run.model, run.x, run.y, initial)
    assert_same(fast, stepped)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("loss", ["sum", "mean"])
def test_built_in_cells_agree_with_masks_and_one_hot_inputs(cell, loss):
    model = Model.create(cell, inputs=5, hidden=3, outputs=4, seed=2, loss=loss)
    random = np.random.default_rng(1)
    x, y = random.integers(0, 5, (7, 4)), random.integers(-1, 4, (7, 4))
    assert_same(trace(model, x, y), Run(model, x, y).trace())


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.sampled_from(list(CELLS)),
    st.tuples(*(st.integers(1, most) for most in (6, 3, 3, 4, 4))),
    st.sampled_from(["sum", "mean"]),
    st.sampled_from([0.0, 1.0, 1e3]),
    st.integers(0, 2**16),
)
def test_any_sizes_biases_masks_and_states_agree(name, sizes, loss, size, seed):
    T, B, D, H, K = sizes
    cell = CELLS[name]
    B, H = (max(B, 2), max(H, 2)) if cell.functions & {"batch_norm", "layer_norm"} else (B, H)
    random = np.random.default_rng(seed)
    model = Model.create(cell, D, H, K, seed=seed, loss=loss)
    vectors = {k: size * random.normal(size=v.shape) for k, v in model.parameters.items() if v.ndim == 1}
    matrices = {k: np.zeros(v.shape) for k, v in model.parameters.items() if v.ndim == 2} if size == 0 else {}
    model = model.replaced({**matrices, **vectors, "c": 10 * size * random.normal(size=K)})
    x, y = random.normal(size=(T, B, D)), random.integers(-1, K, (T, B))
    initial = {k: random.normal(size=(lag, B, H)) for k, lag in cell.lags.items() if k != "x"}
    assert_same(trace(model, x, y, initial), Run(model, x, y, initial).trace())


def test_a_nan_at_a_time_without_a_target_stays_there():
    cell = Cell.parse("q[t] = A @ x[t]\nroot[t] = sqrt(q[t])\nL[t] = squared_error(root[t], y[t])")
    model = Model(cell, {"A": [[1.0]]})
    x, y = [[4.0], [-1.0], [9.0]], [[1.0], [np.nan], [1.0]]
    assert_same(trace(model, x, y), Run(model, x, y).trace())


def test_contributions_and_gradients_at_the_start_agree(any_cell, run_of):
    run = run_of(any_cell, T=4, B=2)
    stepped = run.trace()
    initial = {name: run.tape.initial(name) for name in any_cell.lags if name != "x"}
    fast = trace(run.model, run.x, run.y, initial)
    for name in run.model.parameters:
        for t in (1, 4):
            a, b = fast.contribution(name, t), stepped.contribution(name, t)
            assert np.abs(a - b).max() <= 1e-12 * max(1, np.abs(b).max()), (name, t)


def test_stacked_layers_agree():
    model = Model.create("lstm", inputs=3, hidden=4, outputs=3, layers=2, seed=4)
    x, y = np.array([0, 1, 2, 1, 0]), np.array([1, 2, 1, 0, -1])
    assert_same(trace(model, x, y), Run(model, x, y).trace())


@pytest.mark.parametrize("size", [1e3, -1e3])
def test_saturated_units_and_huge_logits_agree(size):
    model = Model.create("gru", inputs=2, hidden=3, outputs=2, seed=1)
    model = model.replaced({"b_o": np.full(3, size), "b": np.full(3, -size), "c": np.array([1e4, -1e4])})
    x, y = [0, 1, 1], [1, 0, 1]
    assert_same(trace(model, x, y), Run(model, x, y).trace())


def test_float32_stays_float32_and_agrees_to_its_rounding():
    model = Model.create("lstm", inputs=4, hidden=6, outputs=4, seed=0, dtype="float32")
    x, y = [0, 1, 2, 3, 0], [1, 2, 3, 0, 1]
    assert_same(trace(model, x, y), Run(model, x, y).trace(), tolerance=1e-5)


def test_a_closed_clock_keeps_its_nan_out():
    cell = Cell.parse("q[t] = exp(800 * sum(U @ x[t]))\nmem[t] = hold(3, 0.1 * mem[t-1] / q[t])")
    model = Model.create(cell, inputs=1, hidden=2, outputs=2, init={"U": 1.0, "V": 1.0})
    x = np.array([[0.0], [1.0], [1.0], [0.0]])
    assert_same(trace(model, x, [0, 1, 0, 1]), Run(model, x, [0, 1, 0, 1]).trace())


def test_a_later_trace_never_changes_an_earlier_one():
    model = Model.create("lstm", inputs=3, hidden=4, outputs=3, seed=0)
    first = trace(model, [0, 1, 2], [1, 2, 0])
    kept, copied = first.values["h"][1], first.values["h"][1].copy()
    gradient = first.grads["W_f"].copy()
    for n in range(100):
        trace(model, [n % 3, 1, 2], [1, 2, 0])
    assert np.array_equal(kept, copied)
    assert np.array_equal(first.grads["W_f"], gradient)


def stages_of(text):
    """(recurs, names) of each forward stage."""
    return [(stage.recurs, {line.name for line in stage.lines}) for stage in analyse(Cell.parse(text), False).forward]


def test_what_recurs_is_in_the_loop_and_nothing_else():
    text = "u[t] = U @ x[t]\na[t] = W @ h[t-1] + u[t]\nh[t] = tanh(a[t])\nq[t] = V @ h[t]\nlate[t] = q[t] + u[t]"
    before, loop, after = stages_of(text)
    assert before == (False, {"u"})
    assert loop == (True, {"a", "h"})
    assert not after[0]
    assert {"q", "late"} <= after[1]


def test_each_of_two_loops_has_what_it_waits_for_before_it():
    found = stages_of("h[t] = tanh(U @ x[t] + W @ h[t-1])\nm[t] = P @ h[t]\ns[t] = sin(s[t-1] + m[t])\nq[t] = s[t]**2")
    assert [recurs for recurs, _ in found] == [False, True, False, True, False]
    assert "h" in found[1][1]
    assert found[2][1] == {"m"}
    assert "s" in found[3][1]
    assert "q" in found[4][1]


def test_a_lagged_read_of_what_is_defined_later_waits_for_it():
    (recurs, names), *_ = stages_of("v[t] = u[t-1]\nu[t] = U @ x[t]\nh[t] = tanh(h[t-1] + v[t])")
    assert not recurs
    assert {"u", "v"} <= names


def test_what_a_loop_shares_with_a_later_line_is_computed_before_both():
    text = "h[t] = tanh(h[t-1] * (A @ x[t]))\nm[t] = A @ x[t]\nq[t] = m[t] + h[t]"
    before, loop, _ = stages_of(text)
    assert before == (False, {"m"})
    assert loop[0] and "h" in loop[1]
    model = Model.create(Cell.parse(text), 2, 3, 4, seed=1)
    x, y = np.random.default_rng(0).normal(size=(5, 2)), [0, 1, 2, 3, 0]
    assert_same(trace(model, x, y), Run(model, x, y).trace())
