"""Workspaces are used again, and never while anything of a trace is left."""

import copy
import gc
import pickle

import numpy as np
import pytest

from bptt import Cell, Model, trace
from bptt.execution.program import Loop


def model_of(**options):
    return Model.create("lstm", 3, 4, 5, seed=1, **options)


def batch(n, T=6):
    random = np.random.default_rng(n)
    return random.normal(size=(T, 3)), random.integers(0, 5, T)


def workspace(found):
    return found._recording.workspace


def test_a_dropped_trace_gives_its_workspace_to_the_next():
    model = model_of()
    gc.disable()  # nothing may wait for a search for cycles
    try:
        first = trace(model, *batch(0))
        _ = first.values["f"], first.grads["a_f"], first.grads["x"], first.initial_grads["h"]
        first.contribution("W_f", 2)
        used = id(workspace(first))
        del first, _
        assert id(workspace(trace(model, *batch(1)))) == used
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("part", "read"),
    [
        (lambda found: found, lambda kept: kept.values["h"]),
        (lambda found: found.values, lambda kept: kept["f"]),
        (lambda found: found.grads["W_g"], np.asarray),
        (lambda found: found.values["s"][2:4, 0, 1:], np.asarray),
        (lambda found: memoryview(found.grads["h"][:, 0]), np.asarray),
        (lambda found: found.values["L"].T[::2], np.asarray),
    ],
    ids=["trace", "values", "gradient", "view", "buffer", "turned"],
)
def test_whatever_is_kept_stays_as_it_is(part, read):
    model = model_of()
    kept = part(trace(model, *batch(0)))
    before = np.array(read(part(trace(copy.deepcopy(model), *batch(0)))))
    for n in range(100):
        trace(model, *batch(n + 1))
    assert np.array_equal(read(kept), before)


def test_what_is_shown_cannot_be_written_to():
    found = trace(model_of(), *batch(0))
    for array in (found.values["h"], found.values["a_f"], found.grads["W_f"], found.grads["f"], found.x, found.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
        with pytest.raises(ValueError, match="WRITEABLE"):
            array.flags.writeable = True


def test_models_made_from_a_model_share_its_workspaces_and_not_its_numbers():
    model = model_of()
    first = trace(model, *batch(0))
    loss, used = first.loss, id(workspace(first))
    del first
    other = model.replaced({"b_f": np.ones(4)})
    second = trace(other, *batch(0))
    assert id(workspace(second)) == used
    assert second.loss != loss
    del second
    assert trace(model, *batch(0)).loss == loss


def test_a_copy_of_a_model_has_workspaces_of_its_own():
    model = model_of()
    found = trace(model, *batch(0))
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):  # noqa: S301  # our own bytes
        again = trace(other, *batch(0))
        assert workspace(again) is not workspace(found)
        assert again.loss == found.loss


def test_nothing_of_one_batch_is_left_in_the_next():
    model = model_of()
    x, y = batch(0)
    fresh = trace(copy.deepcopy(model), x, y)
    trace(model, x, np.full(6, -1), {"h": np.ones(4), "s": np.ones(4)})
    trace(model, 100 * x, y)
    again = trace(model, x, y)
    for name in fresh.values:
        assert np.array_equal(again.values[name], fresh.values[name]), name
    for name in fresh.grads:
        assert np.array_equal(again.grads[name], fresh.grads[name]), name


def test_callers_arrays_may_change_afterwards():
    model = model_of()
    x, y = batch(0)
    found = trace(model, x, y)
    kept = found.values["h"].copy()
    given = x.copy(), y.copy()
    x[:], y[:] = 7, 0
    assert np.array_equal(found.values["h"], kept)
    assert np.array_equal(found.x[:, 0], given[0])
    assert np.array_equal(found.y[:, 0], given[1])
    assert np.array_equal(found.contribution("W_f", 3), trace(model, *given).contribution("W_f", 3))


def test_a_loop_reads_as_python():
    loops = [p for p in workspace(trace(model_of(), *batch(0)))._forward if isinstance(p, Loop)]
    lines = loops[0].source.splitlines()
    assert [line.split("(")[0].strip() for line in lines[2:]] == (
        "dot add exp add reciprocal tanh multiply multiply add tanh multiply".split()
    )


def test_gates_of_one_function_lie_side_by_side_and_products_of_one_operand_are_one():
    text = "f[t] = sigmoid(U @ x[t] + W @ h[t-1])\ni[t] = sigmoid(P @ x[t] + R @ h[t-1])\nh[t] = f[t] * h[t-1] + i[t]"
    found = trace(Model.create(Cell.parse(text), 3, 4, 5), *batch(0))
    storage = workspace(found).storage
    assert storage.adjacent(storage.in_order(["f", "i"]))
    assert storage.adjacent(storage.in_order(["∇a_f", "∇a_i"]))
    forward, backward = (
        next(p.source for p in programs if isinstance(p, Loop))
        for programs in (workspace(found)._forward, workspace(found)._backward)
    )
    assert forward.count("dot(") == backward.count("dot(") == 1
