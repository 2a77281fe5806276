"""Queries: what is asked of a run, finished or at the cursor, and what is refused."""

import gc
import random
import time
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bptt import CELLS, Cell, EquationError, Model, Run
from bptt.gradcheck import numeric_gradient
from bptt.queries import PENDING, QueryError, Reading, parse_query, show

TEXT = """
q[t] = tanh(U @ x[t] + W @ r2[t-1] + b)     # odd names
r2[t] = q[t] - d * r2[t-2]
m[t] = norm(r2[t])
"""
CELL = Cell.parse(TEXT + "z[t] = V @ r2[t] + c * m[t]\nL[t] = cross_entropy(z[t], y[t])\n", "odd")
X = np.random.default_rng(3).normal(size=(4, 2, 2))
Y = np.array([[1, 0], [2, 2], [-1, 1], [0, 2]])


@pytest.fixture(scope="module")
def run():
    model = Model.create(CELL, inputs=2, hidden=3, outputs=3, seed=4)
    rng = np.random.default_rng(5)
    moved = {name: array + 0.3 * rng.normal(size=array.shape) for name, array in model.parameters.items()}
    made = Run(model.replaced(moved), X, Y, {"r2": rng.normal(size=(2, 2, 3))})
    made.finish()
    return made


def ask(run, text, t=2, sequence=0):
    return parse_query(text, run.model.cell).value(run, t, sequence)


def at(run, text, position, sequence=0):
    return parse_query(text, run.model.cell).value_at(run, position, sequence)


def refused(text, cell=CELL):
    with pytest.raises(EquationError) as caught:
        parse_query(text, cell)
    return caught.value


class TestReading:
    def test_a_time_is_a_number_or_reckoned_from_t_and_the_length(self, run):
        values = run.trace().values["q"][:, 0]
        for text, t in [
            ("3", 3),
            ("T", 4),
            ("t", 2),
            ("t-1", 1),
            ("t+1", 3),
            ("T-t", 2),
            ("2*t-1", 3),
            ("-(1-t)*1", 1),
        ]:
            assert np.array_equal(ask(run, f"q[{text}]"), values[t - 1]), text

    def test_initial_states_have_the_times_before_1(self, run):
        initial = run.trace().initial["r2"]
        assert np.array_equal(ask(run, "r2[0]"), initial[1, 0])
        assert np.array_equal(ask(run, "r2[-1]"), initial[0, 0])
        assert np.array_equal(ask(run, "∇r2[0]"), run.trace().initial_grads["r2"][1, 0])

    def test_components_count_from_0(self, run):
        assert ask(run, "q[3][1]") == run.trace().values["q"][2, 0, 1]
        W = run.model.parameters["W"]
        assert ask(run, "W[0][2]") == W[0, 2]
        assert np.array_equal(ask(run, "W[1]"), W[1])
        assert ask(run, "b[2]") == run.model.parameters["b"][2]

    def test_gradients_have_three_spellings(self, run):
        expected = run.trace().grads["r2"][2, 0]
        for text in ("grad(r2[3])", "∇r2[3]", "∇ (r2[3])"):
            assert np.array_equal(ask(run, text), expected), text
        for text in ("grad(r2[3])[1]", "∇r2[3][1]", "grad(r2[3][1])"):
            assert ask(run, text) == expected[1], text
        W = run.trace().grads["W"]
        assert np.array_equal(ask(run, "∇W"), W)
        assert ask(run, "∇W[0][2]") == ask(run, "grad(W)[0][2]") == W[0, 2]

    def test_the_input_has_a_gradient_too(self, run):
        assert np.allclose(ask(run, "∇x[2]", sequence=1), run.trace().grads["x"][1, 1], rtol=1e-14)

    def test_named_arguments_can_be_asked_for(self, run):
        assert np.array_equal(ask(run, "∇a_q[2]"), run.trace().grads["a_q"][1, 0])

    def test_a_variable_is_that_of_the_shown_sequence(self, run):
        assert np.array_equal(ask(run, "q[3]", sequence=1), run.trace().values["q"][2, 1])
        assert ask(run, "m[3]", sequence=1) == run.trace().values["m"][2, 1, 0]

    def test_losses_and_parameters_gradients_are_the_whole_batchs(self, run):
        assert ask(run, "L[2]", sequence=1) == ask(run, "L[2]") == run.trace().values["L"][1].sum()
        assert ask(run, "loss") == pytest.approx(run.trace().loss, rel=1e-15)
        assert np.array_equal(ask(run, "∇b", sequence=1), run.trace().grads["b"])

    def test_targets_are_class_numbers(self, run):
        assert [ask(run, f"y[{t}]") for t in (1, 2, 3, 4)] == [1, 2, -1, 0]
        assert ask(run, "y[1]", sequence=1) == 0

    def test_the_clock(self, run):
        assert (ask(run, "t", t=3), ask(run, "T")) == (3, 4)


class TestArithmetic:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("1 + 2 * 3 - 4 / 8", 6.5),
            ("-2 ** 2", -4),
            ("2 ** 0", 1),
            ("sum(W * 0 + 1)", 9),
            ("norm(q[2] * 0 + 2) ** 2", 12),
            ("max(onehot(2))", 1),
            ("argmax(onehot(1) * 3 - onehot(0))", 1),
            ("mean(onehot(1)) * 3", 1),
            ("cosine(onehot(1), -2 * onehot(1))", -1),
            ("cosine(onehot(1), 0 * onehot(1))", 0),
            ("rel_error(onehot(1), onehot(1) * 3)", 0.5),
            ("cross_entropy(0 * onehot(1), 2)", np.log(3)),
            ("cross_entropy(0 * onehot(1), y[3])", 0),
            ("squared_error(onehot(1), onehot(0))", 1),
            ("sigmoid(0)", 0.5),
            ("abs(-3)", 3),
        ],
    )
    def test_numbers(self, run, text, value):
        assert ask(run, text) == pytest.approx(value, rel=1e-14)

    @pytest.mark.parametrize(
        "text",
        [
            "1 < 2 <= 2 < 3",
            "not 1 > 2",
            "1 == 1 and 2 != 1",
            "1 > 2 or 2 >= 2",
            "isnan(0 / 0 * q[1])",
            "not isfinite(1 / 0)",
            "isfinite(W)",
            "not isnan(W)",
        ],
    )
    def test_conditions_that_hold(self, run, text):
        assert ask(run, text) is True

    @pytest.mark.parametrize("text", ["1 < 2 < 2", "1 == 1 and 2 == 1", "not 1 < 2", "isfinite(q[1] / 0)"])
    def test_conditions_that_do_not(self, run, text):
        assert ask(run, text) is False

    def test_a_chain_of_matrices_multiplies_from_the_right(self, run):
        W, r2 = run.model.parameters["W"], run.trace().values["r2"][1, 0]
        assert np.allclose(ask(run, "W @ W @ W @ r2[2]"), W @ W @ W @ r2, rtol=1e-13)

    def test_the_equation_holds_on_the_run(self, run):
        assert ask(run, "rel_error(q[t], tanh(U @ x[t] + W @ r2[t-1] + b)) < 1e-14")

    def test_softmax_is_over_the_units(self, run):
        assert np.allclose(ask(run, "∇z[2]"), ask(run, "softmax(z[2]) - onehot(y[2])"), atol=1e-15)

    def test_numeric_is_by_central_differences(self, run):
        model, initial = run.model, {"r2": run.tape.initial("r2")}
        expected = numeric_gradient(model, X, Y, "d", initial=initial)
        assert np.allclose(ask(run, "numeric(∇d)"), expected, atol=1e-9)
        assert ask(run, "rel_error(grad(W), numeric(grad(W))) < 1e-6") is True

    def test_numeric_takes_a_step(self, run):
        model, initial = run.model, {"r2": run.tape.initial("r2")}
        coarse, fine = ask(run, "rel_error(∇d, numeric(∇d, 0.1))"), ask(run, "rel_error(∇d, numeric(∇d, 1e-5))")
        assert fine < 1e-8 < 1e-4 < coarse
        assert np.allclose(ask(run, "numeric(∇d, 0.1)"), numeric_gradient(model, X, Y, "d", 0.1, initial), atol=1e-12)
        for step in ("0", "2", "-1", "norm(d)"):
            with pytest.raises(EquationError, match="step of numeric"):
                parse_query(f"numeric(∇d, {step})", model.cell)

    def test_numeric_refuses_what_would_take_minutes(self):
        model = Model.create("rnn", inputs=3, hidden=128, outputs=3)
        run = Run(model, [0, 1] * 20, [1, 2] * 20)
        with pytest.raises(QueryError, match=r"numeric\(grad\(W\)\) would take .* steps"):
            parse_query("numeric(∇W)", model.cell).value(run, 1)

    @pytest.mark.parametrize("name", ["rnn", "lstm", "gru"])
    def test_the_losses_of_single_times_sum_to_the_whole(self, name):
        model = Model.create(name, inputs=3, hidden=2, outputs=3, seed=1)
        run = Run(model, [0, 1, 2, 0], [1, 2, -1, 0])
        for part in ("h[1]", "h[0]", "W" if name != "lstm" else "W_f", "c", "x[2]", "z[2]"):
            whole = " + ".join(f"grad({part}, L[{t}])" for t in range(1, 5))
            assert np.allclose(ask(run, f"grad({part})"), ask(run, whole), rtol=1e-12, atol=1e-15), part

    def test_a_single_loss_reaches_back_and_not_forward(self, run):
        assert not np.any(ask(run, "grad(q[3], L[2])"))
        assert np.any(ask(run, "grad(q[1], L[2])"))
        assert not np.any(ask(run, "grad(z[1], L[2])"))
        assert not np.any(ask(run, "grad(q[1], L[3])"))  # no target at 3

    def test_what_is_kept_for_a_run_goes_with_it(self):
        run = Run(Model.create("rnn", 3, 2, 3, seed=1), [0, 1, 2] * 4, [1, 2, 0] * 4)
        for t in range(1, 13):
            ask(run, "norm(grad(W, L[t])) + norm(numeric(∇b))", t=t)
        gone = weakref.ref(run)
        del run
        gc.collect()
        assert gone() is None

    def test_a_single_loss_is_not_weighted_by_a_mean(self):
        runs = [Run(Model.create("rnn", 3, 2, 3, seed=1, loss=loss), [0, 1, 2], [1, 2, 0]) for loss in ("sum", "mean")]
        once, mean = (ask(run, "grad(W, L[3])") for run in runs)
        assert np.allclose(once, mean, rtol=1e-14)

    def test_a_compound_loss_is_differentiated_at_its_time(self):
        text = "h[t] = tanh(W @ h[t-1] + U @ x[t])\nJ[t] = squared_error(h[t], y[t]) + 0.1 * norm(h[t-1])\n"
        cell = Cell.parse(text)
        run = Run(Model.create(cell, 2, 2, 2, seed=1), X, np.abs(X))
        whole = " + ".join(f"grad(W, J[{t}])" for t in range(1, 5))
        assert np.allclose(ask(run, "grad(W)"), ask(run, whole), rtol=1e-12)


class TestAtTheCursor:
    def test_what_is_not_computed_is_pending(self, run):
        step = run.schedule.written("q", 2)
        assert at(run, "q[2]", step) is PENDING
        assert np.array_equal(at(run, "q[2]", step + 1), run.trace().values["q"][1, 0])
        assert at(run, "norm(q[2]) * 2 + 1", step) is PENDING
        assert at(run, "q[2][0]", step) is PENDING

    def test_what_is_there_from_the_start_never_is(self, run):
        for text in ("r2[0]", "x[4]", "W", "T", "y[2]", "t", "numeric(∇b)", "total(∇W)"):
            assert at(run, text, 0) is not PENDING, text

    def test_a_condition_on_what_is_pending_is_false_either_way(self, run):
        for text in ("q[2][0] > 0", "q[2][0] <= 0", "not q[2][0] > 0", "isnan(q[2])", "1 > 2 or q[2][0] > 0"):
            assert at(run, text, 0) is False, text

    def test_a_condition_that_holds_whatever_comes_is_true(self, run):
        assert at(run, "1 < 2 or q[2][0] > 0", 0) is True
        assert at(run, "not (1 > 2 and q[2][0] > 0)", 0) is True

    def test_t_is_the_time_of_the_step_behind_the_cursor(self, run):
        assert at(run, "t", 0) == 1
        assert at(run, "t", run.schedule.written("q", 3) + 1) == 3
        assert at(run, "t", len(run)) == 1

    def test_a_parameters_gradient_is_the_sum_so_far(self, run):
        turn, per_time = run.schedule.turn, len(run.schedule.backward)
        assert at(run, "∇W", turn) is PENDING
        assert np.allclose(at(run, "∇W", turn + per_time), run.contribution("W", 4), rtol=1e-14)
        assert np.array_equal(at(run, "∇W", len(run)), run.trace().grads["W"])
        assert np.array_equal(at(run, "total(∇W)", turn + per_time), run.trace().grads["W"])

    def test_the_loss_is_known_when_the_forward_pass_is_done(self, run):
        assert at(run, "loss", run.schedule.turn - 1) is PENDING
        assert at(run, "loss", run.schedule.turn) == ask(run, "loss")

    def test_the_gradient_of_an_input_waits_for_what_it_is_made_of(self, run):
        needed = run.schedule.written("a_q", 3, gradient=True)
        assert at(run, "∇x[3]", needed) is PENDING
        assert np.allclose(at(run, "∇x[3]", needed + 1), run.trace().grads["x"][2, 0], rtol=1e-14)

    def test_total_is_the_answer_of_the_finished_run(self, run):
        assert at(run, "total(norm(q[4]) > 0)", 0) is True
        assert np.array_equal(at(run, "total(∇q[2])", 0), run.trace().grads["q"][1, 0])

    def test_a_run_is_filled_no_further_than_the_cursor(self):
        fresh = Run(Model.create("rnn", 3, 2, 3), [0, 1, 2], [1, 2, 0])
        at(fresh, "h[1]", 2)
        assert fresh.filled == 2


class TestWhatIsRead:
    def test_slots(self, run):
        query = parse_query("norm(∇r2[t+1]) + q[T][0] * W[0][0] - m[1] < total(∇W[0][0])", CELL)
        assert query.slots(run, 2) == {
            Reading("r2", 3, True),
            Reading("q", 4, False),
            Reading("W", None, False),
            Reading("m", 1, False),
            Reading("W", None, True),
        }

    def test_the_loss_reads_the_loss_of_every_time(self, run):
        assert parse_query("loss", CELL).slots(run, 1) == {Reading("L", t, False) for t in (1, 2, 3, 4)}

    @pytest.mark.parametrize("text", ["q[3]", "∇q[3]", "∇q[3][1]", "W", "∇W[0][1]", "q[t-1]"])
    def test_single_references(self, text):
        assert parse_query(text, CELL).reference is not None

    @pytest.mark.parametrize("text", ["2 * q[3]", "norm(q[3])", "q[3][0] > 1", "3", "loss", "total(∇W)"])
    def test_what_is_more_than_a_reference(self, text):
        assert parse_query(text, CELL).reference is None

    def test_a_query_prints_as_typed(self):
        assert str(parse_query(" ∇q[3][1]", CELL)) == " ∇q[3][1]"

    def test_conditions_are_told_from_numbers(self):
        assert parse_query("norm(q[1]) < 3", CELL).is_condition
        assert parse_query("not isnan(W)", CELL).is_condition
        assert parse_query("total(loss < 3)", CELL).is_condition
        assert not parse_query("norm(q[1])", CELL).is_condition


ABSENT = [
    ("q[9]", "q[9] does not exist: this run has q[1] … q[4]"),
    ("q[0]", "q[0] does not exist: this run has q[1] … q[4]"),
    ("r2[-2]", "r2[-2] does not exist: this run has r2[-1] … r2[4]"),
    ("∇q[t+3]", "∇q[5] does not exist: this run has q[1] … q[4]"),
    ("y[0]", "y[0] does not exist"),
    ("grad(q[1], L[5])", "L[5] does not exist"),
    ("q[3][3]", "q[3][3] does not exist: q[3] has components 0 … 2"),
    ("q[3][0-1]", "q[3][-1] does not exist"),
    ("q[3][0.5]", "components are counted in whole numbers"),
    ("W[3]", "W[3] does not exist: W has rows 0 … 2"),
    ("∇W[0][3]", "grad(W[0])[3] does not exist: grad(W[0]) has components 0 … 2"),
    ("m[3][0]", "m[3] is a single number and has no components"),
    ("q[3] > 0", "q[3] > 0: got a vector of 3, expected a single number"),
    ("q[3] + x[3]", "q[3] + x[3]: a vector of 3 and a vector of 2 do not fit together"),
    ("W @ x[2]", "W @ x[2]: got a matrix 3 × 3 @ a vector of 2"),
    ("q[1] @ W", "expected matrix @ vector"),
    ("onehot(3)", "onehot(3): got 3, expected a class 0 … 2"),
    ("onehot(0.5)", "got 0.5, expected a class"),
    ("cosine(W, b)", "a matrix 3 × 3 and a vector of 3 do not fit together"),
    ("argmax(W)", "argmax(W): got a matrix 3 × 3, expected a vector"),
    ("softmax(loss)", "expected a vector"),
    ("cross_entropy(q[1], 3)", "expected a class 0 … 2"),
    ("squared_error(q[1], x[1])", "do not fit together"),
]


@pytest.mark.parametrize(("text", "reason"), ABSENT)
def test_what_a_run_does_not_have_is_one_line_found_before_it_is_computed(run, text, reason):
    query = parse_query(text, CELL)
    fresh = Run(run.model, X, Y)
    with pytest.raises(QueryError) as caught:
        query.check(fresh, 2)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert fresh.filled == 0
    with pytest.raises(QueryError) as again:
        query.value(run, 2)
    assert str(again.value) == str(caught.value)


def test_a_check_computes_nothing_of_a_good_query(run):
    fresh = Run(run.model, X, Y)
    for text in ("rel_error(∇W, numeric(∇W)) < 1e-6", "∇q[t][0] + loss", "total(∇b)", "grad(q[1], L[3])", "z[1][y[1]]"):
        parse_query(text, CELL).check(fresh, 1)
    assert fresh.filled == 0


REFUSALS = [
    ("", 1, "is empty"),
    ("q", 1, "q is a variable and needs a time: write q[t]"),
    ("norm(q)", 6, "q is a variable and needs a time: write q[t]"),
    ("∇q", 2, "q is a variable and needs a time: write q[t]"),
    ("y", 1, "y is a variable and needs a time"),
    ("qq[3]", 1, "odd has no variable or parameter 'qq'; did you mean 'q'?"),
    ("1 + bb", 5, "odd has no variable or parameter 'bb'; did you mean 'b'?"),
    ("entirely[2]", 1, "there are a_q, q, r2, m, z, L, U, W, b, d, V, c"),
    ("nrm(q[1])", 1, "no function is called 'nrm'; did you mean 'norm'?"),
    ("foo(q[1])", 1, "there are abs, argmax"),
    ("norm", 1, "norm is a function: write norm(…)"),
    ("norm[2]", 1, "norm is a function: write norm(…)"),
    ("q[1.5]", 3, "a time is a whole number"),
    ("q[W]", 3, "a time is a whole number"),
    ("q[t*T]", 3, "a time is a whole number"),
    ("q[99999999]", 3, "no run is as long"),
    ("q[3, 1]", 3, "write h[3][1]"),
    ("W[0, 1]", 3, "brackets of their own"),
    ("grad(q[1] + 1)", 6, "grad takes a variable at a time, or a parameter"),
    ("grad(loss)", 6, "grad takes a variable at a time"),
    ("grad(y[1])", 6, "grad takes a variable at a time"),
    ("grad(∇q[1])", 6, "grad takes a variable at a time"),
    ("grad()", 1, "there are none"),
    ("grad(q[1], q[2])", 12, "the loss at a time, like L[T]"),
    ("∇", 1, "grad is a function"),
    ("∇∇q[1]", 1, "no function is called 'gradgrad'; did you mean 'grad'?"),
    ("1 + ∇q[1] + foo(1)", 13, "no function is called 'foo'"),
    ("numeric(q[1])", 1, "numeric takes the gradient of a whole parameter"),
    ("numeric(∇q[1])", 1, "numeric takes the gradient of a whole parameter"),
    ("cosine(W)", 1, "cosine takes two arguments, and here there is one"),
    ("norm(W, W)", 1, "norm takes one argument, and here there are 2"),
    ("hold(2, q[1])", 1, "has a meaning only in an equation"),
    ("batch_norm(q[1])", 1, "has a meaning only in an equation"),
    ("norm(x=W)", 1, "no named arguments"),
    ("q[1](2)", 1, "only the functions of the language"),
    ("W and 1 < 2", 1, "this is a number"),
    ("not loss", 5, "this is a number"),
    ("1 + (1 < 2)", 6, "this is true or false"),
    ("norm(1 < 2)", 6, "this is true or false"),
    ("(1 < 2) == (2 < 3)", 2, "this is true or false"),
    ("1 in W", 1, "only < <= > >= == and !="),
    ("q[1] = 2", 6, "cannot be read: write an expression like"),
    ("q[1] +", 7, "cannot be read"),
    ("q[1", 2, "the bracket ] that belongs to this one is missing"),
    ("q[1] ≤ 2", 6, "write <="),
    ("q[1] // 2", 1, "only + - * / ** and @"),
    ("loss ** -1", 9, "whole number from 0 to 8"),
    ("[1, 2]", 1, "no lists"),
    ("1 if 2 < 3 else 4", 1, "no place in an expression"),
    ("q[1] # why", 6, "'#' has no place"),
    ("+1", 1, "a + sign in front"),
    ("True", 1, "True is not a number"),
    ("h[3]\x1b", 5, "U+001B cannot be seen"),
    ("1 + " * 126 + "1", 1, "505 characters in one line, and 500 are allowed: ask for less at once"),
    ("(" * 41 + "1" + ")" * 41, 41, "nested more than 40 deep"),
    ("+".join(["q[1]"] * 41), 1, "nested more than 40 deep"),
    ("(" + "+".join("1" * 39) + ")" + ("*(" + "+".join("1" * 39) + ")") * 3, 1, "311 parts in one line, and 200"),
]


@pytest.mark.parametrize(("text", "column", "reason"), REFUSALS)
def test_a_refusal_names_the_place_in_the_text_as_typed(text, column, reason):
    error = refused(text)
    assert reason in error.reason
    assert (error.line, error.column) == (1, column)


def test_the_caret_stands_under_the_place_as_typed():
    shown, caret = str(refused("  ∇q[2][0] + nrm(∇W)")).split("\n")[1:]
    assert caret.index("^") == shown.index("nrm")


def test_a_text_may_have_line_breaks():
    assert parse_query("norm(∇q[1])\n  < 3\n", CELL).is_condition


@pytest.mark.parametrize("text", [None, 3, b"q[1]", ["q[1]"]])
def test_only_a_text_is_read(text):
    with pytest.raises(EquationError, match="an expression is a text"):
        parse_query(text, CELL)


PIECES = (
    "q[t] q[3] r2[0] W b x[1] y[2] ∇ ∇q[1] ∇W grad( norm( numeric( total( cosine( onehot( , ) ( [ ] + - * / ** @ < "
    "<= == != and or not loss t T 1 0 2.5 1e308 # = : ; ' lambda if for \x00 \u202e 𝕏 é . .."
).split(" ")


def test_no_shuffle_of_pieces_gives_another_exception(run):
    """3,000 texts, seed 11; what can be read is asked, too."""
    shuffler = random.Random(11)
    read = 0
    for _ in range(3000):
        text = shuffler.choice(["", " "]).join(shuffler.choices(PIECES, k=shuffler.randint(1, 12)))
        begun = time.process_time()
        try:
            query = parse_query(text, CELL)
            query.check(run, 2)
            query.value(run, 2)
            query.value_at(run, 7)
            read += 1
        except (EquationError, QueryError) as error:
            assert not isinstance(error, EquationError) or error.column <= len(text) + 1
        assert time.process_time() - begun < 0.25, text
    assert read > 50


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_text_gives_another_exception(text):
    for tried in (text, "∇" + text, f"norm({text})"):
        try:
            parse_query(tried, CELL)
        except EquationError as error:
            assert 1 <= error.column <= len(tried) + 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.123456, "0.1235"),
        (-2.0, "−2"),
        (3.2e-9, "3.2e−9"),
        (float("nan"), "NaN"),
        (True, "true"),
        (False, "false"),
        (PENDING, "pending"),
        (np.array([0.5, -0.25]), "[+.50 -.25]"),
        (np.arange(6.0), "[0 +1.0 +2.0 +3.0 …]"),
        (np.eye(2), "[[+1.0 0] [0 +1.0]]"),
        (np.zeros((5, 1)), "[[0] [0] [0] [0] …]"),
    ],
)
def test_values_in_prose(value, text):
    assert show(value) == text


@pytest.mark.parametrize("name", list(CELLS))
def test_every_builtin_cell_can_be_asked(name):
    model = Model.create(name, inputs=3, hidden=2, outputs=3, seed=2)
    x, y = np.array([0, 1, 2]), np.array([1, 2, 0])
    if "batch_norm" in CELLS[name].functions:
        x, y = np.stack([x, y], axis=1), np.stack([y, y], axis=1)
    run = Run(model, x, y)
    assert ask(run, "rel_error(∇h[1], ∇h[1]) == 0 and p[2][y[2]] > 0 and sum(p[1]) - 1 < 1e-12") is True
