"""One component, product by product: the rows sum to the number shown."""

import numpy as np
import pytest

from rnntui.explain.drill import drill
from rnntui.explain.terms import explain


def drilled(seen, target, phase, t, unit=1, rows=20, form=0):
    step = next(s for s in seen.steps(t) if (s.target, s.phase) == (target, phase))
    explained = explain(seen.cell, step.equation, t, seen.run.weight)[form]
    return drill(seen.cell, explained, seen.read, unit, rows, seen.tokens, seen.vocabulary)


def test_rows_sum_to_the_component(any_cell, see):
    seen = see(any_cell, loss="mean")
    drills = 0
    for step in seen.steps(1, 3, 5):
        value = np.atleast_1d(step.value[0])
        for form in explain(any_cell, step.equation, step.t, seen.run.weight):
            for unit in range(len(value) if step.equation.kind != "parameter" else 0):
                for rows in (1, 4, 60):
                    found = drill(any_cell, form, seen.read, unit, rows, seen.tokens, seen.vocabulary)
                    if found is None:
                        continue
                    drills += 1
                    assert len(found.rows) <= rows
                    assert sum(row.value for row in found.rows) == pytest.approx(found.total, rel=1e-9, abs=1e-12)
                    assert sum(part.value for part in found.subtotals) == pytest.approx(found.total, rel=1e-9)
                    assert found.result == value[unit]
                    if not found.function:
                        assert found.total == pytest.approx(found.result, rel=1e-9, abs=1e-12), str(step.equation)
    assert drills > 50


def test_a_function_is_applied_to_the_sum(cell_named, see):
    found = drilled(see(cell_named("lstm")), "g", "forward", 3)
    assert found.function == "tanh"
    assert np.tanh(found.total) == pytest.approx(found.result)


def test_rows_name_their_entries(cell_named, see):
    seen = see(cell_named("rnn"), T=6)
    found = drilled(seen, "h", "backward", 5, form=1)
    assert found.target == "∇h₅[1]"
    labels = [row.label for row in found.rows]
    assert labels[:4] == [f"W[{n},1]·∇a₆[{n}]" for n in range(4)]
    assert labels[4] == f"V['{seen.vocabulary[0]}',1]·∇z₅['{seen.vocabulary[0]}']"
    W, da = seen.run.model.parameters["W"], seen.run.read("a", 6, True)[0]
    assert [row.value for row in found.rows[:4]] == pytest.approx([W[n, 1] * da[n] for n in range(4)])


def test_too_many_rows_become_terms_and_the_belt_stays_open(cell_named, see):
    found = drilled(see(cell_named("gru"), hidden=6), "h", "backward", 3, rows=6)
    assert [row.label for row in found.rows[1:]] == ["future run   Σ of 18", "output   Σ of 5"]
    assert found.rows[0].label == "(1−u₄)[1] × ∇h₄[1]"


def test_a_softmax_a_loss_and_a_parameter_have_no_drill(cell_named, see):
    seen = see(cell_named("rnn"))
    assert drilled(seen, "p", "forward", 3) is None
    assert drilled(seen, "L", "forward", 3) is None
    assert drilled(seen, "W", "backward", 3) is None
