"""What-if edits: read from text, worked out by hand, and exact: an edited component passes nothing on."""

import numpy as np
import pytest

from bptt import Cell, InputError, Model, Run
from bptt.edit_text import parse_edit
from bptt.edits import Edit, check_edit
from bptt.gradcheck import numeric_gradient, relative_error

LINEAR = Cell.parse(
    """
h[t] = W @ h[t-1] + U @ x[t]
o[t] = V @ h[t]
L[t] = squared_error(o[t], y[t])
""",
    "linear",
)


def by_hand(edits=()):
    """One unit: h = 2 h′ + 3 x, o = 5 h, x = 1, 1, targets 0: h = 3, 9; o = 15, 45."""
    model = Model(LINEAR, {"W": [[2.0]], "U": [[3.0]], "V": [[5.0]]})
    return Run(model, [[1.0], [1.0]], [[0.0], [0.0]], edits=edits)


def test_the_run_without_edits_is_the_one_worked_out_by_hand():
    trace = by_hand().trace()
    assert trace.values["h"].ravel().tolist() == [3, 9]
    assert trace.grads["h"].ravel().tolist() == [5 * 15 + 2 * 225, 5 * 45]
    assert trace.grads["W"].tolist() == [[3 * 225]]


def test_an_edited_state_is_a_constant_whose_own_gradient_is_shown_and_not_passed_on():
    trace = by_hand([Edit("h", 1.0, (1, 1))]).trace()
    assert trace.values["h"].ravel().tolist() == [1, 5]  # h[2] = 2·1 + 3
    assert trace.values["o"].ravel().tolist() == [5, 25]
    assert trace.grads["h"].ravel().tolist() == [5 * 5 + 2 * 125, 125]
    assert trace.grads["W"].tolist() == [[1 * 125]]
    assert trace.grads["U"].tolist() == [[125]]  # t = 2 only: h[1] passes nothing
    assert trace.grads["x"].ravel().tolist() == [0, 3 * 125]
    assert trace.initial_grads["h"].ravel().tolist() == [0]


def test_an_edited_parameter_holds_for_the_whole_run_and_keeps_its_gradient():
    trace = by_hand([Edit("W", 1.0, None, (0, 0))]).trace()
    assert trace.values["h"].ravel().tolist() == [3, 6]
    assert trace.grads["W"].tolist() == [[3 * 150]]
    assert trace.model.parameters["W"].tolist() == [[1]]


def test_an_edited_loss_sends_nothing_back():
    trace = by_hand([Edit("L", 0.0, (2, 2))]).trace()
    assert trace.loss == 15**2 / 2
    assert trace.grads["L"].ravel().tolist() == [1, 1]
    assert trace.grads["o"].ravel().tolist() == [15, 0]


def test_inputs_and_initial_states_can_be_edited():
    trace = by_hand([Edit("x", 0.0, (1, 1)), Edit("h", 1.0, (0, 0))]).trace()
    assert trace.values["h"].ravel().tolist() == [2, 7]
    assert trace.x.ravel().tolist() == [0, 1]
    assert trace.initial["h"].tolist() == [[1]]
    assert trace.grads["W"].tolist() == [[1 * (5 * 10 + 2 * 175) + 2 * 175]]


def test_a_clamp_holds_at_every_time_or_at_a_range_of_them():
    assert by_hand([Edit("h", 4.0)]).trace().values["h"].ravel().tolist() == [4, 4]
    assert by_hand([Edit("h", 4.0, (2, 2))]).trace().values["h"].ravel().tolist() == [3, 4]


def test_the_later_of_two_edits_wins():
    run = by_hand([Edit("h", 4.0), Edit("h", 1.0, (1, 1))])
    assert run.trace().values["h"].ravel().tolist() == [1, 4]


def edits_of(run):
    """Some edits of everything that can be: every variable at some time, a state's initial row, x, a parameter."""
    cell = run.model.cell
    found = [Edit(name, 0.3, (2, 3), (0,)) for name in cell.definitions if name != cell.loss]
    found += [Edit(name, -0.4, (0, 0), (0,)) for name in cell.lags if name != "x"]
    return [*found, Edit("x", 0.25, (2, 2), (1,)), Edit(cell.loss, 0.1, (3, 3))]


def test_gradients_of_an_edited_run_agree_with_central_differences_for_any_cell(any_cell, run_of):
    plain = run_of(any_cell, T=4, B=2 if "batch_norm" in any_cell.functions else 1)
    every = edits_of(plain)
    for edits in [[edit] for edit in every[::2]] + [every]:
        run = plain.edited(edits)
        trace = run.trace()
        initial = {name: run.tape.initial(name) for name in any_cell.lags if name != "x"}
        name = max(any_cell.parameters, key=lambda n: np.abs(trace.grads[n]).max())
        numeric = numeric_gradient(run.model, run.x, run.y, name, initial=initial, edits=edits)
        assert relative_error(trace.grads[name], numeric) < 1e-6, edits


def test_the_gradient_shown_at_an_edited_component_is_what_the_loss_would_gain(any_cell, run_of):
    run = run_of(any_cell, T=4, B=2 if "batch_norm" in any_cell.functions else 1)
    for name in [*any_cell.definitions, "x"]:
        if name == any_cell.loss:
            continue
        losses = [run.edited([Edit(name, 0.3 + step, (2, 2), (0,), 0)]).trace().loss for step in (1e-6, -1e-6)]
        shown = run.edited([Edit(name, 0.3, (2, 2), (0,), 0)]).trace().grads[name][1, 0, 0]
        assert abs(shown - (losses[0] - losses[1]) / 2e-6) < 1e-6 * max(1, abs(shown)), name


def test_constants_that_overflow_a_slope_pass_nothing_on():
    cell = Cell.parse("f[t] = sigmoid(U @ x[t] + W @ f[t-1])\nk[t] = sqrt(f[t])\nm[t] = tanh(k[t])")
    model = Model.create(cell, 2, 3, 2)
    run = Run(model, [0, 1, 0], [0, 1, 1])
    for name, value, argument in (("f", 1e200, "a_f"), ("k", 0.0, "f"), ("m", 1e300, "k")):
        trace = run.edited([Edit(name, value, (3, 3), (0,))]).trace()
        assert trace.grads[argument][2, 0, 0] == 0, name


def test_an_edited_run_moves_as_any_other(any_cell, run_of):
    plain = run_of(any_cell, T=3, B=2)
    edits = edits_of(plain)
    fresh, walked = plain.edited(edits), plain.edited(edits)
    steps = list(fresh)
    random = np.random.default_rng(1)
    for _ in range(40):
        index = int(random.integers(0, len(walked)))
        found = walked.goto(index + 1)
        assert (found.target, found.t, str(found.equation)) == (
            steps[index].target,
            steps[index].t,
            str(steps[index].equation),
        )
        assert found.value.tobytes() == steps[index].value.tobytes()


def test_the_line_of_a_step_computes_the_value_beside_it_also_next_to_an_edit(any_cell, run_of):
    plain = run_of(any_cell, T=3, B=2)
    run = plain.edited(edits_of(plain))
    for step in run:
        if step.phase == "backward" and step.equation.kind == "gradient" and step.target != any_cell.loss:
            found = np.broadcast_to(run.evaluate(step.equation.expression, step.t), step.value.shape)
            assert np.allclose(found, step.value, rtol=1e-12, atol=1e-14), str(step.equation)


def test_the_line_next_to_an_edit_names_what_its_equation_made():
    run = by_hand([Edit("h", 1.0, (1, 1))])
    lines = {(step.target, step.t): str(step.equation) for step in run if step.phase == "backward"}
    assert lines["W", 2] == "∇W += ∇h[t] h[t-1]ᵀ"
    assert lines["W", 1] == "∇W += ∇h°[t] h[t-1]ᵀ"


def test_edits_change_neither_the_model_nor_the_run_they_are_made_of():
    run = by_hand()
    before = run.trace().values["h"].tobytes()
    edited = run.edited([Edit("W", 9.0), Edit("x", 9.0), Edit("h", 9.0, (0, 0))])
    assert edited.trace().values["h"][0, 0, 0] == 108
    assert (run.trace().values["h"].tobytes(), run.model.parameters["W"].tolist()) == (before, [[2]])
    assert edited.edited([]).trace().values["h"].tobytes() == before


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("h[3][1] = 0", Edit("h", 0, (3, 3), (1,))),
        ("W[0][2]=1.5", Edit("W", 1.5, None, (0, 2))),
        ("W[0, 2] = 1.5", Edit("W", 1.5, None, (0, 2))),
        ("h[3,1] = 0", Edit("h", 0, (3, 3), (1,))),
        ("f = 1", Edit("f", 1)),
        ("f[t] = 1", Edit("f", 1)),
        ("f[3..7][2] = −1e-3", Edit("f", -1e-3, (3, 7), (2,))),
        ("f[5…T] = 1", Edit("f", 1, (5, 9))),
        ("h[0] = 2", Edit("h", 2, (0, 0))),
        ("b_f[3] = 2", Edit("b_f", 2, None, (3,))),
        ("a_f[2] = 2", Edit("a_f", 2, (2, 2))),
    ],
)
def test_an_edit_is_read_and_written_again(text, edit):
    cell = Model.create("lstm", 2, 4, 2).cell
    renamed = text.replace("W[", "W_f[")
    edit = Edit(edit.name.replace("W", "W_f"), edit.value, edit.times, edit.index)
    assert parse_edit(renamed, cell, 9) == edit
    assert parse_edit(edit.written(cell), cell, 9) == edit


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("h[3][1]", "cannot read 'h[3][1]'"),
        ("h[3][1] = one", "'one' in 'h[3][1] = one' is not a number"),
        ("h[x] = 1", "'x' in 'h[x] = 1' is not a time"),
        ("h[1][-1] = 1", "'-1' in 'h[1][-1] = 1' is not a component"),
        ("hh[1] = 1", "linear has no variable or parameter 'hh'; did you mean h?"),
        ("h[3] = 1", "h[3] = 1 does not exist: this run has h[0] … h[2]"),
        ("o[0] = 1", "o[0] = 1 does not exist: this run has o[1] … o[2]"),
        ("h[1][1] = 1", "h[1][1] = 1 does not exist: h has 1 components"),
        ("W[0][0][0] = 1", "W[0][0][0] = 1 does not exist: W has 1 × 1 components"),
        ("h[1] = nan", "edit of h: got nan, expected a finite number"),
        ("h[2..1] = 0", "h[2..1] = 0 does not exist"),
    ],
)
def test_what_cannot_be_edited_is_said(text, reason):
    run = by_hand()
    with pytest.raises(InputError) as error:
        check_edit(parse_edit(text, LINEAR, 2), run.model, 2, 1)
    assert reason in str(error.value)


def test_a_run_refuses_what_it_does_not_have():
    with pytest.raises(InputError, match="sequence 1 does not exist"):
        by_hand([Edit("h", 0, (1, 1), (0,), 1)])
    with pytest.raises(InputError, match="W is a parameter"):
        by_hand([Edit("W", 0, (1, 1))])
