"""The fast path records what stepping records, to rounding, for any cell."""

import numpy as np
import pytest

from bptt import CELLS, Cell, Model, Run, trace
from bptt.execution.order import order_of


def assert_same(fast, stepped, tolerance=1e-12):
    """Everything that two traces record, relative to its size."""
    for kind in ("values", "grads", "initial_grads"):
        left, right = getattr(fast, kind), getattr(stepped, kind)
        assert list(left) == list(right)
        for name in left:
            assert left[name].shape == right[name].shape, (kind, name)
            assert left[name].dtype == right[name].dtype, (kind, name)
            finite = np.isfinite(right[name])
            assert np.array_equal(left[name][~finite], right[name][~finite], equal_nan=True), (kind, name)
            a, b = left[name][finite], right[name][finite]
            assert np.abs(a - b).max(initial=0) <= tolerance * np.abs(b).max(initial=1e-30), (kind, name)
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


def test_a_run_that_was_stepped_goes_on_stepping():
    model = Model.create("rnn", inputs=3, hidden=4, outputs=3, seed=0)
    run = Run(model, [0, 1, 2], [1, 2, 0])
    run.step()
    assert run.record() is None
    assert run.filled == 1
    assert Run(model, [0, 1, 2], [1, 2, 0], window=2).record() is None


def test_what_recurs_is_in_the_loop_and_nothing_else():
    reads = {"u": ["x"], "a": ["u", "h"], "h": ["a"], "z": ["h"], "late": ["z", "u"], "z2": ["late"]}
    found = order_of(reads)
    assert (found.before, found.loop, found.after) == (("u",), ("a", "h"), ("z", "late", "z2"))


def test_between_two_loops_lies_the_loop():
    found = order_of({"h": ["h", "x"], "m": ["h"], "s": ["s", "m"], "z": ["s"]})
    assert (found.before, found.loop, found.after) == ((), ("h", "m", "s"), ("z",))


def test_a_lagged_read_of_what_is_defined_later_waits_for_it():
    found = order_of({"v": ["u"], "u": ["x"], "h": ["h", "v"]})
    assert found.before == ("u", "v")
