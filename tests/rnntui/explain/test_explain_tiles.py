"""The tile picture of a step: what is open, what is done to make it fit, and that every number is the run's."""

import numpy as np
import pytest

from rnntui.explain.line import chosen
from rnntui.explain.terms import explain
from rnntui.explain.tile_plan import Column, Matrix, Operator
from rnntui.explain.tiles import plan_tiles


def step_of(seen, target, phase, t, kind=None):
    found = [s for s in seen.steps(t) if (s.target, s.phase) == (target, phase)]
    return next(s for s in found if kind in (None, s.equation.kind))


def planned(seen, step, width=78, rows=9, read=None):
    forms = explain(seen.cell, step.equation, step.t, seen.run.weight)
    return plan_tiles(seen.cell, forms, read or seen.read, width, rows, seen.tokens, seen.vocabulary)


def labels(plan):
    return [[i.text if isinstance(i, Operator) else i.label for i in line] for line in plan.lines]


def test_the_rnn_gradient_is_open(cell_named, see):
    seen = see(cell_named("rnn"), T=6)
    plan = planned(seen, step_of(seen, "h", "backward", 5))
    assert labels(plan) == [["∇h₅", "=", "Wᵀ", "(", "∇h₆", "⊙", "1−h₆²", ")+", "Vᵀ", "∇z₅"]]
    left, matrix, future = (item for item in plan.lines[0][:5] if not isinstance(item, Operator))
    assert np.array_equal(left.values, seen.run.read("h", 5, True)[0])
    assert np.array_equal(matrix.values, seen.run.model.parameters["W"].T)
    assert np.array_equal(future.values, seen.run.read("h", 6, True)[0])
    assert (plan.inlined, plan.note) == (True, "")


def test_a_one_hot_input_picks_a_column_and_takes_the_bias_in(cell_named, see):
    seen = see(cell_named("gru"))
    plan = planned(seen, step_of(seen, "n", "forward", 3), width=46)
    column = next(i for i in plan.lines[0] if isinstance(i, Column) and i.label == "U['l']+b")
    number = seen.vocabulary.index("l")
    parameters = seen.run.model.parameters
    assert np.allclose(column.values, parameters["U"][:, number] + parameters["b"])
    assert "bias added in" in plan.note


def test_groups_are_their_result(cell_named, see):
    seen = see(cell_named("lstm"))
    plan = planned(seen, step_of(seen, "h", "backward", 3))
    column = next(i for i in plan.lines[0] if isinstance(i, Column) and i.label == "future fiog")
    gates = {g: seen.run.read(f"a_{g}", 4, True)[0] for g in "fiog"}
    expected = sum(seen.run.model.parameters[f"W_{g}"].T @ gates[g] for g in "fiog")
    assert np.allclose(column.values, expected)


def test_narrow_pictures_collapse_the_least_recurrent_terms_first(cell_named, see):
    seen = see(cell_named("peephole"))
    plan = planned(seen, step_of(seen, "s", "backward", 3), width=47, rows=5)
    assert "collapsed" in plan.note
    assert "f₄" in labels(plan)[0], "the belt is the last to be collapsed"


@pytest.mark.parametrize("width", [47, 58, 78])
@pytest.mark.parametrize("hidden", range(1, 13))
def test_tiles_fit_and_nothing_is_clipped(cell_named, see, hidden, width):
    for name in ("rnn", "lstm", "gru", "peephole", "exp-gate", "residual"):
        seen = see(cell_named(name), hidden=hidden, T=3)
        for step in seen.steps(2):
            plan = planned(seen, step, width, rows=max(hidden, 5) + 1)
            assert plan.lines, f"{name}: no tiles of {step.equation}"
            assert plan.width <= width and plan.height <= max(hidden, 5) + 1
            for item in (item for line in plan.lines for item in line):
                assert plan.body_width(item) <= plan.item_width(item) <= width


def test_every_cell_has_tiles_of_every_step(any_cell, see):
    seen = see(any_cell)
    for step in seen.steps(1, 3, 5):
        plan = planned(seen, step, 47, 11)
        assert plan.lines and plan.width <= 47 and plan.height <= 11
        forms = explain(any_cell, step.equation, step.t, seen.run.weight)
        assert chosen(forms, plan.inlined).inlined == plan.inlined


@pytest.mark.parametrize("hidden", [13, 40])
def test_many_units_are_thumbnails(cell_named, see, hidden):
    seen = see(cell_named("lstm"), hidden=hidden, T=3)
    for step in seen.steps(2):
        plan = planned(seen, step, 78, 6)
        sizes = [max(i.values.shape) for line in plan.lines for i in line if isinstance(i, Column | Matrix)]
        assert plan.lines and plan.thumbnails == (max(sizes) > 12)


def test_what_does_not_fit_at_all_has_no_lines(cell_named, see):
    seen = see(cell_named("rnn"))
    plan = planned(seen, step_of(seen, "h", "backward", 3), width=6, rows=2)
    assert plan.lines == ()


def test_a_right_side_that_is_open_computes_the_left(any_cell, see):
    """A picture's columns are the numbers of the step: where one result column stands for all, it is the value."""
    seen = see(any_cell)
    for step in seen.steps(2):
        plan = planned(seen, step, 78, 11)
        left = plan.lines[0][0]
        if isinstance(left, Column):
            value = np.atleast_1d(step.value[0])
            assert np.array_equal(left.values, value), str(step.equation)
