"""Blame: the numbers are those of the engine's diagnostics, and a window cuts what a truncated run does not carry."""

import numpy as np
import pytest

from bptt import Cell, Model, Run
from bptt.diagnostics import itemised, itemised_gradients
from rnntui.explain.blame import (
    Blame,
    Window,
    blame_of,
    blaming,
    cut_cells,
    cut_sentence,
    lens_sentence,
    lost,
    main_of,
    percent,
    states_of,
)

ODD = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-2] + d)
r2[t] = tanh(C @ x[t] + E @ (q[t] * mem[t-1]) + F @ r2[t-1])
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]
"""


@pytest.fixture
def run():
    model = Model.create(Cell.parse(ODD, "odd"), inputs=3, hidden=3, outputs=3, seed=2)
    made = Run(model, [0, 1, 2, 2, 1, 0], [1, 2, 2, 1, 0, 0])
    made.fill(len(made))
    return made


@pytest.fixture
def halves():
    """∂L(t)/∂h(k) = 4, 1 2, ¼ ½ 1: a scalar network whose weight is a half."""
    cell = "h[t] = 0.5 * h[t-1] + U @ x[t]\no[t] = V @ h[t]\nL[t] = squared_error(o[t], y[t])"
    made = Run(Model(Cell.parse(cell), {"U": [[1.0]], "V": [[2.0]]}), [[1.0], [0], [0]], [[0.0], [0], [0]])
    made.fill(len(made))
    return made


def test_the_norms_are_those_of_the_diagnostics_and_the_totals_those_of_the_gradient(run):
    trace = run.trace()
    assert states_of(run) == ("r2", "mem")
    assert main_of(run) == "mem"
    for name in ("r2", "mem"):
        blame = blame_of(run, name)
        assert np.array_equal(blame.norms, itemised(run, name))
        norms = np.linalg.norm(trace.grads[name][:, 0], axis=-1)
        assert np.allclose(blame.totals(np.ones(run.T, int)), norms, rtol=1e-12)


def test_any_cell_has_a_blame_of_each_of_its_states(any_cell, see):
    seen = see(any_cell, T=4)
    for name in states_of(seen.run):
        blame = blame_of(seen.run, name)
        assert (np.triu(blame.norms, 1) == 0).all()
        assert (blame.totals(np.ones(4, int)) <= blame.norms.sum(axis=0) * (1 + 1e-12)).all()


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_the_totals_under_chunks_are_the_gradients_of_the_run_that_is_so_truncated(run, size):
    blame = blame_of(run, "mem")
    cut = Run(run.model, run.x, run.y, window=size).trace()
    found = blame.totals(Window(size, size).reach(run))
    assert np.allclose(found, np.linalg.norm(cut.grads["mem"][:, 0], axis=-1), rtol=1e-12)


def test_the_totals_under_a_sliding_window_are_those_of_the_losses_that_reach_so_far(run):
    blame, parts = blame_of(run, "mem"), itemised_gradients(run, "mem")
    found = blame.totals(Window(2, 1).reach(run))
    assert found[2] == pytest.approx(np.linalg.norm(parts[2, 2] + parts[3, 2]), rel=1e-12)
    assert found[-1] == pytest.approx(np.linalg.norm(parts[-1, -1]), rel=1e-12)


def test_progress_comes_before_the_blame(run):
    *parts, last = blaming(run, "mem")
    assert isinstance(last, Blame)
    assert parts == sorted(parts) and parts[-1] == 1.0 and len(parts) == run.T


def test_a_sliding_window_cuts_below_a_diagonal_and_chunks_below_steps(run):
    times = np.arange(1, 7)
    sliding = cut_cells(Window(2, 1).reach(run))
    assert np.array_equal(sliding, times[:, None] - times[None, :] >= 2)
    assert Window(2, 2).reach(run).tolist() == [1, 1, 3, 3, 5, 5]
    assert Window(4, 2).reach(run).tolist() == [1, 1, 1, 1, 3, 3]
    assert not cut_cells(Window(6, 1).reach(run)).any()


@pytest.mark.parametrize(("window", "stride"), [(1, 1), (2, 1), (2, 2), (4, 2), (3, 3), (5, 1)])
def test_what_is_kept_is_what_a_truncated_run_carries(window, stride):
    """By the sums of single losses: with a belt of ones every kept cell adds its own gradient."""
    cell = Cell.parse("mem[t] = mem[t-1] + A @ x[t]\no[t] = V @ mem[t]\nL[t] = squared_error(o[t], y[t])")
    model = Model(cell, {"A": [[1.0]], "V": [[1.0]]})
    x, y = [[1.0], [2], [3], [4], [5], [6]], [[0.0]] * 6
    full, cut = Run(model, x, y), Run(model, x, y, window=window, stride=stride)
    full.fill(len(full))
    blame = blame_of(full, "mem")
    struck = cut_cells(Window(window, stride).reach(full))
    # the bias-like share: ∇A = Σ_k x(k) Σ_t ∂L(t)/∂mem(k), all of one sign
    kept = np.where(struck, 0, blame.norms).sum(axis=0)
    assert np.isclose((kept * np.array(x)[:, 0]).sum(), cut.trace().grads["A"][0, 0], rtol=1e-12)


def test_the_share_that_is_cut_and_the_sentences(halves):
    blame = blame_of(halves, "h")
    window = Window(1, 1)
    loss = lost(blame, window.reach(halves))
    assert (loss.cells, loss.of) == (3, 6)
    assert loss.share == pytest.approx(1.75 / 8.75)
    said = "Chunks of 1 time cut 20 % of the gradient (3 of 6 cells): the loss at t=3 stays there."
    assert cut_sentence(blame, window, window.reach(halves)) == said
    two = Window(2, 1)
    said = "A window of 2 times cuts 2.9 % of the gradient (1 of 6 cells): the loss at t=3 reaches back to t=2 only."
    assert cut_sentence(blame, two, two.reach(halves)) == said
    assert "Nothing is cut" in cut_sentence(blame, Window(3, 1), Window(3, 1).reach(halves))
    said = "The loss at t=3 reaches h at t=1 with 0.25: 25 % of what it has at its own time; 4.8 % of all that arrives"
    assert lens_sentence(blame, 3, 1) == f"{said} there."


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.123, "12 %"), (0.0123, "1.2 %"), (1e-7, "less than 0.001 %"), (float("nan"), "NaN"), (1, "100 %")],
)
def test_a_share_in_percent(share, text):
    assert percent(share) == text
