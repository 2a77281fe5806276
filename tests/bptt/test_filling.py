"""A long run is filled by the fast path: the same numbers on the same tape, in stretches, from wherever it stands."""

import numpy as np
import pytest

from bptt import CELLS, Cell, Model, Run
from bptt.edit_text import parse_edit
from bptt.execution import filling

LONG = Cell.parse(
    """
q[t] = tanh(U @ x[t-1] + R @ q[t-1] + S @ q[t-3] + b)
slow[t] = hold(3, tanh(A @ q[t] + B @ slow[t-1]))
m[t] = q[t] * slow[t] + 0.5 * m[t-2]
"""
)


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch):
    """Every run counts as long, and takes several stretches."""
    monkeypatch.setattr("bptt.filler._LONG", 1)
    monkeypatch.setattr("bptt.filler._AT_ONCE", 8)
    monkeypatch.setattr(filling, "_SHORTEST", 4)
    monkeypatch.setattr(filling, "_COMPONENTS", 1)


def run_of(cell, window=None, loss="mean", T=14, B=2):
    random = np.random.default_rng(5)
    model = Model.create(cell, 2, 3, 4, seed=3, loss=loss, init={"default": {"normal": 0.6}})
    x, y = random.normal(size=(T, B, 2)), random.integers(-1, 4, (T, B))
    initial = {name: random.normal(size=(lag, B, 3)) for name, lag in model.cell.lags.items() if name != "x"}
    return Run(model, x, y, initial, window=window)


def stepped(run):
    while run.step():
        pass
    return run


def assert_same_tapes(left, right):
    for kind in ("values", "gradients"):
        arrays = getattr(right.tape, kind)
        largest = max(np.abs(array).max() for array in arrays.values())
        for name, array in arrays.items():
            size = max(np.abs(array).max(), 1e-4 * largest)
            assert np.abs(getattr(left.tape, kind)[name] - array).max() <= 1e-12 * size, (kind, name)


@pytest.mark.parametrize("window", [None, 5])
@pytest.mark.parametrize("cell", [LONG, *(CELLS[name] for name in ("lstm", "gru-reset-after", "rnn-hierarchy"))])
def test_the_tape_is_that_of_stepping(cell, window):
    filled = run_of(cell, window)
    filled.fill(len(filled))
    assert filled.filled == len(filled)
    assert_same_tapes(filled, stepped(run_of(cell, window)))


@pytest.mark.parametrize("first", [1, 10, 100, 150, 300])
def test_it_goes_on_from_where_it_was_stepped_to(first):
    run = run_of(LONG)
    for _ in range(min(first, len(run))):
        run.step()
    kept = {name: array.copy() for name, array in run.tape.values.items()}
    done = run.filled
    run.fill(len(run))
    for name, array in kept.items():
        times = done // len(run.schedule.forward) if done < run.schedule.known else run.T
        rows = run.tape.before[name] + times
        assert np.array_equal(run.tape.values[name][:rows], array[:rows]), name
    assert_same_tapes(run, stepped(run_of(LONG)))


def test_little_more_is_filled_than_was_asked_for():
    run = run_of(LONG, T=400)
    run.fill(20)
    assert 20 <= run.filled <= 4 * len(run.schedule.forward)
    run.fill(run.schedule.known)
    assert run.filled == run.schedule.known
    run.fill(run.schedule.known + 20)
    assert run.filled <= run.schedule.known + 4 * len(run.schedule.backward)


def test_a_stretch_is_one_of_few_lengths():
    run = run_of(LONG, T=400)
    found = {run._filler.filling.stretch(wanted, 400) for wanted in range(1, 400)}
    assert found == {4}
    assert run._filler.filling.stretch(100, 3) == 3


def test_only_a_run_whose_passes_overlap_is_stepped():
    run = run_of(LONG)
    assert Run(run.model, run.x, run.y, window=6, stride=2)._filler.filling is None
    assert run._filler.filling is not None


EDITS = {
    "a parameter": ["R[0][2] = 1.5"],
    "one time": ["q[6][1] = 0.5"],
    "a named argument, and a state": ["a_slow[3..5] = 1", "m[9] = -1"],
    "every time": ["slow[t][2] = 0.3"],
    "an initial state, an input": ["q[0] = 1", "x[4][1] = 2"],
    "two of one sequence": ["q[2][0] = 1", "q[11..12][2] = 0"],
}


@pytest.mark.parametrize("window", [None, 5])
@pytest.mark.parametrize("texts", EDITS.values(), ids=EDITS)
def test_an_edited_run_is_that_of_stepping(texts, window):
    edits = [parse_edit(text, LONG, 14) for text in texts]
    filled, one = (run_of(LONG, window).edited(edits) for _ in range(2))
    trace, expected = filled.finish(), stepped(one).trace()
    assert trace.loss == pytest.approx(expected.loss, rel=1e-12)
    for kind in ("values", "grads", "initial_grads"):
        for name, array in getattr(expected, kind).items():
            np.testing.assert_allclose(getattr(trace, kind)[name], array, rtol=1e-11, atol=1e-13, err_msg=name)
    for share in (2, 3, 5):
        np.testing.assert_allclose(
            filled.goto(len(filled) // share).value, one.goto(len(one) // share).value, atol=1e-13
        )


def test_away_from_its_edits_an_edited_run_takes_the_fast_path(monkeypatch):
    run = run_of(LONG).edited([parse_edit("q[6][1] = 0.5", LONG, 14)])
    stretches = []
    for name in ("forward", "backward"):
        own = getattr(filling.Filling, name)

        def noted(self, tape, lo, hi, *rest, own=own):
            stretches.append((lo, hi))
            own(self, tape, lo, hi, *rest)

        monkeypatch.setattr(filling.Filling, name, noted)
    run.finish()
    covered = {t for lo, hi in stretches for t in range(lo, hi + 1)}
    assert covered >= {1, 2, 5, 7, 14} and 6 not in covered
