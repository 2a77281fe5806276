"""A run with checkpoints is the run that records everything: the same steps, slots and sums, wherever one goes."""

import numpy as np
import pytest

from bptt import CELLS, Cell, InputError, Model, Run
from bptt.edit_text import parse_edit
from bptt.execution import filling
from bptt.policy import choose_policy, segment_length
from bptt.segments import Segments

ODD = Cell.parse(
    """
q[t] = tanh(U @ x[t-1] + R @ q[t-1] + S @ q[t-3] + b)
slow[t] = hold(3, tanh(A @ q[t] + B @ slow[t-1]))
r2[t] = q[t] * slow[t] + 0.5 * r2[t-2]
mem[t] = sigmoid(C @ r2[t] + d * mem[t-1]) * mem[t-1] + r2[t-5]
"""
)
CELLS_TRIED = {
    "odd": ODD,
    "lstm": CELLS["lstm"],
    "stacked": CELLS["gru-reset-after"].stacked(2),
    "skip": CELLS["rnn-skip"],
    "peephole": CELLS["lstm-peephole"],
}

EDITS = [("q[4][1] = 0.5",), ("mem[t][0] = 1", "x[2..6] = 0", "R[0][1] = 2"), ("L[3] = 0",)]


def run_of(cell, policy, window=None, T=13, B=2, loss="mean", dtype="float64", edits=()):
    random = np.random.default_rng(5)
    model = Model.create(cell, 2, 3, 4, seed=3, loss=loss, init={"default": {"normal": 0.6}}, dtype=dtype)
    x, y = random.normal(size=(T, B, 2)), random.integers(-1, 4, (T, B))
    initial = {name: random.normal(size=(lag, B, 3)) for name, lag in model.cell.lags.items() if name != "x"}
    return Run(model, x, y, initial, window=window, policy=policy, edits=[parse_edit(e, model.cell, T) for e in edits])


def pair(*arguments, **options):
    return run_of(arguments[0], "full", **options), run_of(arguments[0], "checkpoints", **options)


@pytest.fixture(params=[1, 2, 5, 40])
def length(request, monkeypatch):
    """Times of a segment; few pages are held, so that most are computed again."""
    monkeypatch.setattr("bptt.run.segment_length", lambda T: request.param)
    monkeypatch.setattr("bptt.checkpoints._BYTES", 0)
    monkeypatch.setattr("bptt.checkpoints._FEWEST", 2)
    return request.param


def assert_same(full, kept, place):
    """Every slot, sum and number of both runs; equal to the last bit."""
    cell = full.model.cell
    for name in (*cell.definitions, "x"):
        for t in range(1 - full.tape.before[name], full.T + 1):
            assert np.array_equal(full.read(name, t), kept.read(name, t), equal_nan=True), (place, name, t)
            if name != "x":
                a, b = full.read(name, t, True), kept.read(name, t, True)
                assert np.array_equal(a, b, equal_nan=True), (place, "∇", name, t)


def assert_same_step(a, b):
    assert (a.index, a.phase, a.t, a.target, a.reads, str(a.equation)) == (
        b.index,
        b.phase,
        b.t,
        b.target,
        b.reads,
        str(b.equation),
    )
    assert np.array_equal(a.value, b.value, equal_nan=True), (a.index, a.phase, a.t, a.target)


@pytest.mark.parametrize("window", [None, 3, 7])
@pytest.mark.parametrize("name", CELLS_TRIED)
def test_every_step_and_slot_is_that_of_the_whole_record(name, window, length):
    full, kept = pair(CELLS_TRIED[name], window=window)
    full.fill(len(full))
    while (step := kept.step()) is not None:
        assert_same_step(full.at(step.index), step)
    assert kept.filled == len(kept)
    assert_same(full, kept, "end")
    for gradient in (False, True):
        for state in (n for n in full.model.cell.lags if n != "x"):
            assert np.array_equal(full.initial(state, gradient), kept.initial(state, gradient))


@pytest.mark.parametrize("window", [None, 4])
def test_it_can_be_entered_and_left_anywhere(window, length):
    full, kept = pair(ODD, window=window)
    full.fill(len(full))
    random = np.random.default_rng(length)
    for position in random.permutation(len(full) + 1):
        a, b = full.goto(int(position)), kept.goto(int(position))
        if a is not None:
            assert_same_step(a, b)
        assert kept.position == position
        for name in full.model.parameters:
            assert np.array_equal(full.sum_so_far(name, position), kept.sum_so_far(name, position)), (position, name)


def test_what_is_not_reached_yet_is_zeros_as_on_the_whole_record(length):
    kept = run_of(ODD, "checkpoints")
    kept.fill(1)
    assert kept.filled <= length * len(kept.schedule.forward)
    assert not kept.read("q", kept.T).any() or kept.filled >= kept.schedule.known - len(kept.schedule.forward)
    assert not kept.read("q", 1, gradient=True).any()
    assert np.array_equal(kept.initial("q"), run_of(ODD, "full").initial("q"))


def test_expressions_contributions_and_input_gradients_are_the_same(length):
    full, kept = pair(ODD)
    for run in (full, kept):
        run.fill(len(run))
    cell = full.model.cell
    for t in range(1, full.T + 1):
        assert np.array_equal(full.input_gradient(t), kept.input_gradient(t))
        for name in full.model.parameters:
            assert np.array_equal(full.contribution(name, t), kept.contribution(name, t))
        for equation in (*cell.equations, *cell.backward):
            for term in equation.terms:
                if t + term.lag <= full.T:
                    a, b = full.evaluate(term.expression, t), kept.evaluate(term.expression, t)
                    assert np.array_equal(a, b, equal_nan=True)


@pytest.mark.parametrize("edits", EDITS)
def test_an_edited_run_is_the_same(edits, length):
    full, kept = pair(ODD, edits=edits)
    full.fill(len(full))
    while (step := kept.step()) is not None:
        assert_same_step(full.at(step.index), step)
    assert_same(full, kept, "end")
    again = run_of(ODD, "checkpoints").edited(full.edits)
    assert again.policy == "checkpoints"
    assert np.array_equal(again.trace().grads["S"], full.trace().grads["S"])


def test_blocks_and_whole_arrays_are_the_same(length):
    full, kept = pair(ODD)
    for run in (full, kept):
        run.fill(len(run))
    for name in full.model.cell.definitions:
        for gradient in (False, True):
            assert np.array_equal(full.times(name, gradient), kept.times(name, gradient))
            for lo, hi in ((1, 13), (3, 3), (2, 9), (6, 13)):
                assert np.array_equal(full.block(name, lo, hi, gradient), kept.block(name, lo, hi, gradient))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_integers_are_read_as_one_hot_rows(dtype, length):
    model = Model.create("lstm", 5, 3, 5, seed=1, dtype=dtype)
    codes = np.random.default_rng(0).integers(0, 5, 21)
    full, kept = (Run(model, codes[:-1], codes[1:], policy=policy) for policy in ("full", "checkpoints"))
    for run in (full, kept):
        run.fill(len(run))
    assert_same(full, kept, "one-hot")
    assert np.array_equal(full.x, kept.x)


class TestFast:
    """Runs long enough for the fast path."""

    @pytest.fixture(autouse=True)
    def fast(self, monkeypatch):
        monkeypatch.setattr("bptt.filler._LONG", 1)
        monkeypatch.setattr("bptt.filler._AT_ONCE", 8)
        monkeypatch.setattr(filling, "_SHORTEST", 4)
        monkeypatch.setattr(filling, "_COMPONENTS", 1)

    @pytest.mark.parametrize("window", [None, 3, 7])
    @pytest.mark.parametrize("name", CELLS_TRIED)
    def test_segments_are_those_of_stepping(self, name, window, length, monkeypatch):
        kept = run_of(CELLS_TRIED[name], "checkpoints", window=window)
        kept.fill(len(kept))
        monkeypatch.setattr("bptt.filler._LONG", 10**9)
        full = run_of(CELLS_TRIED[name], "full", window=window)
        full.fill(len(full))
        for name in full.model.cell.definitions:
            for gradient in (False, True):
                a, b = full.times(name, gradient), kept.times(name, gradient)
                assert np.abs(a - b).max() <= 1e-12 * max(1, np.abs(a).max()), (name, gradient)
        for state in (n for n in full.model.cell.lags if n != "x"):
            assert np.allclose(full.initial(state, True), kept.initial(state, True), rtol=1e-12, atol=1e-14)
        for name in full.model.parameters:
            for position in range(0, len(full) + 1, 7):
                a, b = full.sum_so_far(name, position), kept.sum_so_far(name, position)
                assert np.abs(a - b).max() <= 1e-12 * max(1, np.abs(a).max()), (name, position)

    @pytest.mark.parametrize("edits", EDITS)
    def test_edited_segments_are_those_of_stepping(self, edits, length, monkeypatch):
        kept = run_of(ODD, "checkpoints", edits=edits)
        kept.fill(len(kept))
        monkeypatch.setattr("bptt.filler._LONG", 10**9)
        full = run_of(ODD, "full", edits=edits)
        for name in full.model.parameters:
            assert np.allclose(full.trace().grads[name], kept.trace().grads[name], rtol=1e-12, atol=1e-14), name
        for name in full.model.cell.definitions:
            assert np.allclose(full.times(name, True), kept.times(name, True), rtol=1e-12, atol=1e-14), name

    def test_a_segment_computed_again_is_the_same_to_the_last_bit(self, length):
        kept, again = run_of(ODD, "checkpoints", T=40), run_of(ODD, "checkpoints", T=40)
        seen = {}
        for step in kept:
            seen[step.index] = step.value
        for position in np.random.default_rng(1).permutation(len(again)):
            assert np.array_equal(again.goto(int(position) + 1).value, seen[int(position)]), position


def test_segments_lie_within_passes_or_hold_whole_ones():
    for T in (1, 5, 12, 13):
        for window in (None, *range(1, T + 1)):
            schedule = run_of(ODD, "full", window=window, T=T).schedule
            for length in (1, 2, 3, 5, 20):
                segments = Segments(schedule, length)
                found = [segments[n] for n in range(len(segments))]
                assert [t for s in found for t in range(s.lo, s.hi + 1)] == list(range(1, T + 1))
                assert all(segments.of(t) == s.number for s in found for t in range(s.lo, s.hi + 1))
                positions = [stage.position for stage in segments.stages()]
                assert positions == sorted(positions)
                assert positions[-1] == len(schedule)


def test_the_policy_follows_the_size_and_can_be_forced():
    model = Model.create("lstm", 30, 64, 30)
    codes = np.zeros(100_001, int)
    run = Run(model, codes[:-1], codes[1:])
    assert run.policy == "checkpoints"
    assert choose_policy(model, Run(model, codes[:1000], codes[:1000]).schedule, 1, None) == "full"
    assert Run(model, codes[:1000], codes[:1000], policy="checkpoints").policy == "checkpoints"
    assert segment_length(100_000) in range(316, 330)


def test_a_policy_that_cannot_be_is_refused():
    model = Model.create("rnn", 2, 2, 2)
    with pytest.raises(InputError, match=r"policy: got 'sparse', expected full, checkpoints"):
        Run(model, [0, 1], [1, 0], policy="sparse")
    with pytest.raises(InputError, match="checkpoints go with a stride as large as the window"):
        Run(model, [0, 1, 0, 1], [1, 0, 1, 0], window=3, stride=1, policy="checkpoints")


def test_an_array_over_all_times_is_refused_where_it_would_be_too_large(monkeypatch):
    monkeypatch.setattr("bptt.paged.LARGEST_ARRAY", 500)
    kept = run_of(ODD, "checkpoints")
    found = kept.finish()
    with pytest.raises(InputError, match=r"read a part, trace.block\(a, b\)"):
        found.values["q"]
    assert found.block(3, 5).values["q"].shape == (3, 2, 3)
    assert found.values["L"].shape == (13, 2)


def test_a_cell_without_parameters_has_no_sums_and_is_gone_through():
    cell = Cell.parse("h[t] = tanh(h[t-1] + sum(x[t]))\nL[t] = squared_error(h[t], y[t])", "bare")
    random = np.random.default_rng(0)
    model, x, y = Model.create(cell, 2, 1, 1), random.normal(size=(40, 2)), random.normal(size=(40, 1))
    full, kept = (Run(model, x, y, policy=policy) for policy in ("full", "checkpoints"))
    for run in (full, kept):
        run.fill(len(run))
    assert np.array_equal(full.at(len(full) - 1).value, kept.at(len(kept) - 1).value)
