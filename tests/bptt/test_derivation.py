"""What is derived from a cell's equations: the backward lines, their order, their form, the names of arguments."""

import re

import numpy as np
import pytest

from bptt import CELLS, Cell, gradcheck
from bptt.expressions import Grad, LossSlope, Number, Product, Quotient, Sum, Var, shift, split_sign, walk


def lines(text, readout="softmax"):
    """Target → its backward line, a parameter's as `W`."""
    cell = Cell.parse(text, readout=readout)
    return {equation.target: str(equation) for equation in cell.backward}


def stepped(text):
    return {equation.target: equation.stepped for equation in Cell.parse(text).backward}


class TestThePlainRecurrentNetwork:
    def test_the_recursion_is_that_of_the_book(self):
        (line,) = [str(e) for e in CELLS["rnn"].backward if e.target == "h"]
        assert line == "∇h[t] = Wᵀ(∇h[t+1] ⊙ (1 − h[t+1]²)) + Vᵀ∇z[t]"

    def test_a_step_computes_it_in_named_arguments(self):
        (equation,) = [e for e in CELLS["rnn"].backward if e.target == "h"]
        assert equation.stepped == "∇h[t] = Wᵀ∇a[t+1] + Vᵀ∇z[t]"
        assert equation.reads == ("W", "∇a[t+1]", "V", "∇z[t]")

    def test_the_whole_backward_timestep(self):
        assert [str(e) for e in CELLS["rnn"].backward] == [
            "∇L[t] = 1",
            "∇z[t] = p[t] − onehot(y[t])",
            "∇c += ∇z[t]",
            "∇V += ∇z[t] h[t]ᵀ",
            "∇h[t] = Wᵀ(∇h[t+1] ⊙ (1 − h[t+1]²)) + Vᵀ∇z[t]",
            "∇a[t] = ∇h[t] ⊙ (1 − h[t]²)",
            "∇b += ∇a[t]",
            "∇W += ∇a[t] h[t-1]ᵀ",
            "∇U += ∇a[t] x[t]ᵀ",
        ]

    def test_a_compound_argument_gives_the_same_lines_under_its_given_name(self):
        found = lines("h[t] = tanh(b + W @ h[t-1] + U @ x[t])")
        assert found["h"] == "∇h[t] = Wᵀ(∇h[t+1] ⊙ (1 − h[t+1]²)) + Vᵀ∇z[t]"
        assert found["a_h"] == "∇a_h[t] = ∇h[t] ⊙ (1 − h[t]²)"


class TestForm:
    @pytest.mark.parametrize(
        ("text", "target", "line"),
        [
            # common factors, once
            ("h[t] = (1 - u[t]) * n[t] + u[t] * h[t-1]", "u", "∇u[t] = (h[t-1] − n[t]) ⊙ ∇h[t]"),
            ("h[t] = u[t] - h[t-1] * u[t] - (k - u[t])", "u", "∇u[t] = (2 − h[t-1]) ⊙ ∇h[t]"),
            ("h[t] = u[t] + u[t] + n[t]", "u", "∇u[t] = 2·∇h[t]"),
            ("h[t] = W @ (u[t] * u[t]) + n[t]", "u", "∇u[t] = 2·u[t] ⊙ Wᵀ∇h[t]"),
            ("h[t] = u[t] / (2 + u[t]**2)", "u", "∇u[t] = (1 − 2·u[t] ⊙ h[t]) ⊙ ∇h[t] / (2 + u[t]²)"),
            # signs in front
            ("h[t] = n[t] - W @ u[t]", "u", "∇u[t] = −Wᵀ∇h[t]"),
            ("h[t] = n[t] - 0.5 * (W @ u[t])", "u", "∇u[t] = −0.5·Wᵀ∇h[t]"),
            ("h[t] = n[t] - 0.5 * (W @ u[t])", "W", "∇W += −0.5·∇h[t] u[t]ᵀ"),
            ("h[t] = n[t] - W @ u[t]", "W", "∇W += −∇h[t] u[t]ᵀ"),
            ("h[t] = n[t] - max(u[t])", "u", "∇u[t] = −Σ(∇h[t]) ⊙ [u[t] = max(u[t])]"),
            ("h[t] = -softmax(u[t])", "u", "∇u[t] = −softmax(u[t]) ⊙ (∇h[t] − softmax(u[t])ᵀ∇h[t])"),
            ("h[t] = -(n[t] - u[t]) * u[t]", "u", "∇u[t] = (2·u[t] − n[t]) ⊙ ∇h[t]"),
            # what is added stands before what is subtracted
            ("h[t] = i[t] * u[t]\ni2[t] = 1 - u[t]\nm[t] = h[t] * i2[t]", "u", "∇u[t] = i[t] ⊙ ∇h[t] − ∇i2[t]"),
            # quotients, by their own value
            ("h[t] = n[t] / u[t]", "n", "∇n[t] = ∇h[t] / u[t]"),
            ("h[t] = n[t] / u[t]", "u", "∇u[t] = −h[t] ⊙ ∇h[t] / u[t]"),
            ("h[t] = k + n[t] / u[t]", "u", "∇u[t] = −n[t] ⊙ ∇h[t] / u[t]²"),
            ("h[t] = k + n[t] / sqrt(u[t])", "n", "∇n[t] = ∇h[t] / √u[t]"),
            # slopes by the output, where a variable holds it
            ("h[t] = sigmoid(u[t])", "u", "∇u[t] = ∇h[t] ⊙ h[t] ⊙ (1 − h[t])"),
            ("h[t] = exp(u[t])", "u", "∇u[t] = ∇h[t] ⊙ h[t]"),
            ("h[t] = k * tanh(u[t])", "u", "∇u[t] = (1 − tanh²(u[t])) ⊙ k ⊙ ∇h[t]"),
            ("h[t] = log(u[t])", "u", "∇u[t] = ∇h[t] / u[t]"),
            ("h[t] = sqrt(u[t])", "u", "∇u[t] = ∇h[t] / (2·h[t])"),
            ("h[t] = relu(u[t])", "u", "∇u[t] = ∇h[t] ⊙ [u[t] > 0]"),
            ("h[t] = softplus(u[t])", "u", "∇u[t] = ∇h[t] ⊙ σ(u[t])"),
            ("h[t] = sin(u[t])", "u", "∇u[t] = ∇h[t] ⊙ cos(u[t])"),
            ("h[t] = cos(u[t])", "u", "∇u[t] = −∇h[t] ⊙ sin(u[t])"),
            ("h[t] = abs(u[t])", "u", "∇u[t] = ∇h[t] ⊙ sign(u[t])"),
            ("h[t] = u[t]**3", "u", "∇u[t] = 3·u[t]² ⊙ ∇h[t]"),
            # reductions
            ("h[t] = n[t] * sum(u[t])", "u", "∇u[t] = Σ(n[t] ⊙ ∇h[t])"),
            ("h[t] = n[t] * mean(u[t])", "u", "∇u[t] = Σ(n[t] ⊙ ∇h[t]) / dim(u[t])"),
            ("h[t] = n[t] * norm(u[t])", "u", "∇u[t] = Σ(n[t] ⊙ ∇h[t]) ⊙ u[t] / ‖u[t]‖"),
            # matrices
            ("h[t] = A @ B @ u[t]", "u", "∇u[t] = BᵀAᵀ∇h[t]"),
            ("h[t] = A @ B @ u[t]", "B", "∇B += (Aᵀ∇h[t]) u[t]ᵀ"),
            ("h[t] = A @ (n[t] * u[t])", "A", "∇A += ∇h[t] (n[t] ⊙ u[t])ᵀ"),
        ],
    )
    def test_a_line_reads_as_by_hand(self, text, target, line):
        known = "u[t] = A0 @ x[t]\nn[t] = B0 @ x[t]\ni[t] = C0 @ x[t]\n"
        used = [row for row in known.splitlines() if row[0] + "[t]" in text]
        cell = Cell.parse("\n".join([*used, text]))
        assert line in [str(e) for e in cell.backward] + [e.stepped for e in cell.backward]

    def test_no_line_of_any_cell_has_a_doubled_sign_or_bracket(self, any_cell):
        for equation in any_cell.backward:
            for text in (equation.text, equation.stepped):
                found = re.findall(r"\(\([^()]*\)\)|[+−] −|−\(−|ᵀ\(−|(?<![\d.])1·", text)
                assert not found, text

    def test_no_two_terms_of_a_line_share_all_but_a_factor(self, any_cell):
        for equation in any_cell.backward:
            keys = []
            for term in equation.terms:
                last = term.expression.factors[-1] if isinstance(term.expression, Product) else term.expression
                keys.append((term.consumer, term.lag, last))
            assert len(keys) == len(set(keys)), str(equation)


class TestSources:
    def test_a_reader_at_lag_k_sends_from_k_later(self, odd):
        (line,) = [e.stepped for e in odd("lag-3").backward if e.target == "r2"]
        assert line == "∇r2[t] = 0.5·∇r2[t+3] + Wᵀ∇a_r2[t+1] + Sᵀ∇a_r2[t+3] + Vᵀ∇z[t]"

    def test_own_belt_first_then_the_future_then_this_time_the_output_last(self, odd):
        (equation,) = [e for e in odd("peephole").backward if e.target == "mem"]
        assert [(t.consumer, t.lag) for t in equation.terms] == [
            ("mem", 1),
            ("a_q", 1),
            ("a_k", 1),
            ("a_w", 0),
            ("r2", 0),
        ]

    def test_a_path_names_what_the_gradient_passes(self, odd):
        (term,) = [t for t in odd("peephole").terms["mem"] if t.consumer == "r2"]
        assert term.path == (("times", Var("w")), ("function", "tanh"))
        (term,) = [t for t in odd("peephole").terms["r2"] if t.consumer == "z"]
        assert term.path == (("matrix", "V"),)

    def test_what_the_loss_does_not_depend_on_has_no_line(self):
        cell = Cell.parse("h[t] = tanh(W @ h[t-1] + U @ x[t])\nseen[t] = A @ h[t]\nz[t] = V @ h[t]\n" + LOSS)
        assert "seen" not in [e.target for e in cell.backward]
        assert "A" not in [e.target for e in cell.backward]
        assert cell.terms["seen"] == ()
        assert cell.parameter_terms["A"] == ()
        assert ("seen", 0) in [(t.consumer, t.lag) for t in cell.occurrences["h"]]

    def test_backward_lines_come_in_an_order_in_which_they_can_be_computed(self, any_cell):
        done = set()
        for equation in any_cell.backward:
            for node in walk(equation.expression):
                if isinstance(node, Grad):
                    assert node.lag < 0 or node.name in done, str(equation)
            if equation.kind == "gradient":
                done.add(equation.target)

    def test_a_backward_line_has_its_authors_comment(self):
        assert {e.target: e.comment for e in CELLS["lstm"].backward}["s"] == "cell state"

    def test_what_cancels_leaves_nothing(self):
        found = lines("u[t] = A @ x[t]\nh[t] = B @ x[t] + u[t] * k - k * u[t]")
        assert found["u"] == "∇u[t] = 0"
        assert "k" not in found

    def test_x_has_terms_and_no_step(self):
        assert [t.consumer for t in CELLS["lstm"].terms["x"]] == ["a_f", "a_i", "a_o", "a_g"]
        assert "x" not in [e.target for e in CELLS["lstm"].backward]


LOSS = "L[t] = cross_entropy(z[t], y[t])\n"


class TestTheLoss:
    def test_the_seed_is_folded_into_the_first_line(self):
        slope = next(n for e in CELLS["rnn"].backward for n in walk(e.expression) if isinstance(n, LossSlope))
        assert slope.weighted
        assert slope.predicted == Var("p")

    def test_without_a_variable_for_the_probabilities_they_are_written_out(self):
        found = lines("z[t] = V @ x[t]\n" + LOSS)
        assert found["z"] == "∇z[t] = softmax(z[t]) − onehot(y[t])"

    @pytest.mark.parametrize(
        ("readout", "line"), [("linear", "∇z[t] = z[t] − y[t]"), ("sigmoid", "∇z[t] = p[t] − y[t]")]
    )
    def test_other_losses(self, readout, line):
        assert lines("h[t] = tanh(U @ x[t])", readout)["z"] == line

    def test_a_loss_with_a_penalty_passes_its_own_gradient_on(self):
        found = lines("out[t] = V @ x[t]\ncost[t] = squared_error(out[t], y[t]) + 0.01 * sum(out[t]**2)")
        assert found["cost"] == "∇cost[t] = 1"
        assert found["out"] == "∇out[t] = 2·out[t] ⊙ ∇a_cost[t] + (out[t] − y[t]) ⊙ ∇cost[t]"

    def test_a_compound_prediction_gets_a_name(self):
        cell = Cell.parse("h[t] = tanh(U @ x[t])\nJ[t] = squared_error(V @ h[t] + c, y[t])")
        assert cell.arguments == {"a_h": "h", "a_J": "J"}
        assert cell.prediction == "a_J"

    def test_the_last_loss_is_the_loss(self):
        cell = Cell.parse("z[t] = V @ x[t]\nE[t] = cross_entropy(z[t], y[t])\nJ[t] = cross_entropy(2 * z[t], y[t])")
        assert cell.loss == "J"
        assert "E" not in [e.target for e in cell.backward]


class TestNamedArguments:
    def names(self, text):
        return Cell.parse(text).arguments

    def test_a_second_in_the_same_equation_is_numbered(self):
        assert self.names("h[t] = tanh(U @ x[t]) * sigmoid(W @ h[t-1])") == {"a_h": "h", "a_h2": "h"}

    def test_the_outermost_is_the_first(self):
        cell = Cell.parse("h[t] = tanh(A @ tanh(B @ x[t]))")
        assert list(cell.definitions)[:3] == ["a_h2", "a_h", "h"]

    def test_a_name_that_the_author_uses_gives_way(self):
        assert self.names("a_f[t] = U @ x[t]\nf[t] = sigmoid(a_f[t] + b)") == {"pre_f": "f"}
        assert self.names("f[t] = sigmoid(a_f * x[t])") == {"pre_f": "f"}
        text = "f[t] = sigmoid(a_f * x[t] + pre_f)"
        assert self.names(text) == {"pre_a_f": "f"}
        text = "f[t] = sigmoid(a_f * pre_f * pre_a_f * pre2_f * x[t])"
        assert self.names(text) == {"pre3_f": "f"}

    def test_two_owners_never_share_a_name(self):
        text = "h[t] = tanh(U @ x[t]) * tanh(W @ x[t])\nh2[t] = tanh(A @ h[t])"
        assert self.names(text) == {"a_h": "h", "a_h2": "h", "pre_h2": "h2"}

    def test_a_bare_variable_or_parameter_needs_no_name(self):
        assert self.names("h[t] = tanh(x[t]) * sigmoid(b)") == {}

    def test_a_hold_names_its_argument_too(self, odd):
        assert odd("hold").arguments == {"a_q": "q", "a_slow": "slow"}


class TestExpansion:
    def test_only_the_argument_of_one_function_is_expanded(self, odd):
        found = {e.target: e for e in odd("momentum").backward}
        assert found["v"].text == "∇v[t] = 0.9·∇v[t+1] − ∇h[t] ⊙ (1 − h[t]²)"
        assert found["v"].stepped == "∇v[t] = 0.9·∇v[t+1] − ∇a_h[t]"
        assert found["W"].text == found["W"].stepped == "∇W += −0.1·∇v[t] h[t-1]ᵀ"

    def test_a_long_line_is_shown_as_it_is_stepped(self):
        (equation,) = [e for e in CELLS["lstm"].backward if e.target == "h"]
        assert equation.text == equation.stepped
        assert equation.expanded is not None

    def test_both_forms_have_the_same_value(self, any_cell, run_of):
        run = run_of(any_cell, T=7, B=2)
        run.finish()
        for equation in any_cell.backward:
            if equation.expanded is not None:
                for t in range(1, run.T - 4):
                    a, b = (run.evaluate(e, t) for e in (equation.expression, equation.expanded))
                    assert np.allclose(a, b, rtol=1e-12, atol=1e-15), str(equation)


def test_every_gradient_agrees_with_central_differences(any_cell, run_of):
    run = run_of(any_cell, B=2, seed=3)
    initial = {
        n: run.tape.initial(n) if k > 1 else run.tape.initial(n)[0] for n, k in any_cell.lags.items() if n != "x"
    }
    for name, error in gradcheck(run.model, run.x, run.y, initial=initial).items():
        assert error < 1e-6, name


class TestMovingInTime:
    def test_shift_makes_every_time_later(self):
        moved = shift(Sum((Var("h", 1), Product((Var("f"), Grad("s"))))), 2)
        assert moved == Sum((Var("h", -1), Product((Var("f", -2), Grad("s", -2)))))

    def test_shift_there_and_back_is_nothing(self, any_cell):
        for definition in any_cell.definitions.values():
            assert shift(shift(definition, 3), -3) == definition


def test_signs_are_told_from_what_they_stand_before():
    assert split_sign(Product((Number(-2.0), Var("h")))) == (True, Product((Number(2.0), Var("h"))))
    assert split_sign(Quotient(Var("h"), Number(-2.0))) == (False, Quotient(Var("h"), Number(-2.0)))
