"""Watches: what they show at the cursor, and over time, is what a query gives there."""

import numpy as np
import pytest

from bptt import InputError, Model, Run
from bptt.debugger.sweep import LenientEvaluation
from bptt.debugger.watches import Watches
from bptt.queries import PENDING, QueryError, parse_query


def run_of(T=5):
    random = np.random.default_rng(0)
    return Run(Model.create("lstm", 2, 3, 4), random.normal(size=(T, 2)), random.integers(0, 4, T))


@pytest.mark.parametrize(
    "text",
    [
        "norm(h[t])", "h[t][1]", "grad(s[t])", "W_f", "grad(W_f)", "norm(h[t]) > 0.3", "h[t] - h[t-1]", "t * T",
        "grad(h[t], L[4])", "y[t+1]", "h[2]", "max(f[t]) > 0.5 or t > 3", "loss",
    ],
)  # fmt: skip
def test_the_history_is_the_value_at_every_time_as_far_as_the_run_has_come(text):
    run = run_of()
    watch = Watches().add(parse_query(text, run.model.cell), run)
    for position in (0, 1, 17, run.schedule.turn + 8, len(run)):
        history = watch.history(run, position)
        values = [LenientEvaluation(run, t, 0, position).value(watch.query.root) for t in range(1, 6)]
        for row, value in zip(history, values, strict=True):
            assert np.isnan(row).all() if value is PENDING else np.allclose(row, np.asarray(value, float), rtol=1e-13)


def test_a_watch_is_pending_until_the_cursor_has_come_there():
    run = run_of()
    watch = Watches().add(parse_query("h[2][0]", run.model.cell), run)
    written = run.schedule.written("h", 2)
    assert watch.value(run, written) is PENDING
    assert watch.value(run, written + 1) == run.read("h", 2)[0, 0]


def test_a_time_that_is_out_of_reach_is_no_fault_but_a_component_is():
    run = run_of()
    watches = Watches()
    watch = watches.add(parse_query("z[t-1][0]", run.model.cell), run)
    assert watch.value(run, 1) is PENDING
    with pytest.raises(QueryError, match="has components 0 … 2"):
        watches.add(parse_query("h[t][3]", run.model.cell), run)


def test_watches_are_numbered_and_removed_by_number():
    run = run_of()
    watches = Watches()
    for text in ("h[t]", "loss"):
        watches.add(parse_query(text, run.model.cell), run)
    assert [(w.number, str(w)) for w in watches] == [(1, "h[t]"), (2, "loss")]
    watches.remove(1)
    assert [w.number for w in watches] == [2]
    with pytest.raises(InputError, match="no watch has the number 1: there are 2"):
        watches.remove(1)
