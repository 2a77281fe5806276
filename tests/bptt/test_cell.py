"""A cell from a text: its readout, its names, what it reads, and what makes two cells equal."""

import re

import pytest

from bptt import CELLS, Cell, EquationError
from bptt.expressions import Var


class TestReadout:
    def test_a_text_without_a_loss_gets_the_stock_readout(self):
        cell = Cell.parse("r2[t] = tanh(W @ r2[t-1] + U @ x[t])")
        assert [str(e) for e in cell.equations[1:]] == [
            "z[t] = c + V @ r2[t]",
            "p[t] = softmax(z[t])",
            "L[t] = cross_entropy(z[t], y[t])",
        ]
        assert cell.readout == {"z": "z", "p": "p", "L": "L", "V": "V", "c": "c"}

    def test_a_text_with_a_loss_gets_none(self):
        cell = Cell.parse("s[t] = A @ x[t]\nJ[t] = cross_entropy(s[t], y[t])")
        assert cell.readout == {}
        assert (cell.loss, cell.prediction, cell.probability) == ("J", "s", None)

    def test_the_linear_readout(self):
        cell = Cell.parse("q[t] = tanh(U @ x[t])", readout="linear")
        assert [str(e) for e in cell.equations[1:]] == ["z[t] = c + V @ q[t]", "L[t] = squared_error(z[t], y[t])"]
        assert cell.readout == {"z": "z", "L": "L", "V": "V", "c": "c"}
        assert cell.probability is None

    def test_the_sigmoid_readout(self):
        cell = Cell.parse("q[t] = tanh(U @ x[t])", readout="sigmoid")
        assert str(cell.equations[2]) == "p[t] = sigmoid(z[t])"
        assert cell.loss_functions == ("binary_cross_entropy",)
        assert cell.probability == "p"

    def test_names_that_the_author_uses_give_way(self):
        cell = Cell.parse("z[t] = sigmoid(V @ x[t] + c)\np[t] = z[t] * p[t-1]\nL[t] = p[t]")
        assert cell.readout == {"z": "logits", "p": "probs", "L": "loss_t", "V": "V_out", "c": "c_out"}
        assert [str(e) for e in cell.equations[3:]] == [
            "logits[t] = c_out + V_out @ L[t]",
            "probs[t] = softmax(logits[t])",
            "loss_t[t] = cross_entropy(logits[t], y[t])",
        ]
        assert cell.loss == "loss_t"

    def test_the_next_free_name_is_taken_in_turn(self):
        text = "z[t] = U @ x[t]\nlogits[t] = tanh(z[t])\nlogits_2[t] = V * V_out * logits[t]"
        cell = Cell.parse(text)
        assert (cell.readout["z"], cell.readout["V"]) == ("logits_3", "V_out_2")
        assert cell.readout["p"] == "p"

    def test_a_parameter_makes_a_name_taken_too(self):
        assert Cell.parse("q[t] = p * x[t]").readout["p"] == "probs"

    def test_an_unknown_readout_is_refused(self):
        with pytest.raises(ValueError, match="readout must be one of softmax, linear, sigmoid"):
            Cell.parse("q[t] = x[t]", readout="none")

    def test_the_source_with_the_readout_gives_an_equal_cell(self, any_cell):
        again = Cell.parse(any_cell.source)
        assert again == any_cell
        assert hash(again) == hash(any_cell)
        assert [str(e) for e in again.backward] == [str(e) for e in any_cell.backward]

    def test_a_last_scalar_has_no_readout(self):
        with pytest.raises(EquationError, match="a readout reads the last variable"):
            Cell.parse("m[t] = norm(x[t])")

    def test_a_comment_at_the_very_end_does_not_swallow_the_readout(self):
        assert Cell.parse("q[t] = x[t]\n# the end").loss == "L"


class TestWhatItIs:
    def test_equal_by_its_equations_and_not_by_name_or_comment(self):
        a = Cell.parse("q[t] = U @ x[t]   # one", "a")
        assert a == Cell.parse("q[t]  =  U @ x[t]", "b")
        assert a != Cell.parse("q[t] = A @ x[t]")
        assert a != "q[t] = U @ x[t]"

    def test_reads_are_in_reading_order_and_once_each(self):
        cell = Cell.parse("q[t] = f * q[t-2] + W @ q[t-1] * x[t] + W @ q[t-2]")
        assert cell.equations[0].reads == ("f", "q[t-2]", "W", "q[t-1]", "x[t]")
        assert set(cell.equations[-1].reads) == {"z[t]", "y[t]"}

    def test_backward_reads_look_ahead(self):
        (equation,) = [e for e in CELLS["lstm"].backward if e.target == "s"]
        assert set(equation.reads) == {"f[t+1]", "∇s[t+1]", "s[t]", "o[t]", "∇h[t]"}

    def test_lags_are_the_largest_of_each_state(self, odd):
        assert odd("lag-3").lags == {"r2": 3, "x": 2}
        assert CELLS["lstm"].lags == {"h": 1, "s": 1}

    def test_comments(self):
        assert CELLS["gru"].comments["o"] == "reset gate"
        assert Cell.parse("q[t] = x[t]").comments["q"] == ""

    def test_definitions_name_compound_arguments(self):
        cell = Cell.parse("q[t] = tanh(U @ x[t]) * k")
        assert list(cell.definitions)[:2] == ["a_q", "q"]
        assert Var("a_q") in [getattr(f, "argument", None) for f in cell.definitions["q"].factors]

    def test_functions_and_losses(self):
        assert CELLS["gru"].functions == {"sigmoid", "tanh", "softmax"}
        assert CELLS["gru"].loss_functions == ("cross_entropy",)

    def test_equations_and_backward_are_tuples_that_print_as_lines(self, any_cell):
        assert isinstance(any_cell.equations, tuple)
        assert isinstance(any_cell.backward, tuple)
        assert all(re.fullmatch(r"∇\w+\[t\] = .+|∇\w+ \+= .+", str(e)) for e in any_cell.backward)
        assert [e.line for e in any_cell.equations if e.line] == sorted(e.line for e in any_cell.equations if e.line)


class TestNearTheEnd:
    def test_a_gradient_without_a_future_has_only_its_other_terms(self, run_of):
        cell = CELLS["rnn"]
        run = run_of(cell, T=3)
        run.finish()
        last = next(s for s in (run.at(i) for i in range(len(run))) if s.phase == "backward" and s.target == "h")
        assert str(last.equation) == "∇h[t] = Vᵀ∇z[t]"
        assert last.reads == ("V", "∇z[3]")

    def test_without_any_term_it_is_zero(self, run_of):
        cell = Cell.parse("m[t] = U @ x[t]\nq[t] = tanh(m[t-1] + A @ x[t])")
        run = run_of(cell, T=2)
        run.finish()
        last = next(s for s in (run.at(i) for i in range(len(run))) if s.phase == "backward" and s.target == "m")
        assert str(last.equation) == "∇m[t] = 0"
        assert not last.value.any()
