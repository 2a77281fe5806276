"""The NumPy line of a step, pasted and run on what the run recorded, gives what the step recorded."""

import numpy as np
import pytest

from bptt.cells import find
from bptt.expressions import MINUS_ONE, Call, Grad, MatVec, Number, Param, Product, Quotient, Sum, Var
from bptt.numpy_source import PREAMBLE, numpy_equation, numpy_source


class ByTime:
    """A recorded variable under its true times, those before 1 too."""

    def __init__(self, run, name, gradient):
        self.run, self.name, self.gradient = run, name, gradient
        self.written = {}

    def __getitem__(self, t):
        return self.run.read(self.name, t, self.gradient)[0]

    def __setitem__(self, t, value):
        self.written[t] = value


def session(run, t):
    """The names that a pasted line finds."""
    names = {"K": run.model.outputs, "t": t, **run.model.parameters}
    exec(PREAMBLE, names)  # noqa: S102  # the text under test
    for name in (*run.model.cell.definitions, "x"):
        names[name] = ByTime(run, name, False)
        names[f"d{name}"] = ByTime(run, name, True)
    names["y"] = {s: run.y[s - 1][0] for s in range(1, run.T + 1)}
    return names


@pytest.mark.parametrize("letter", [False, True], ids=["numbers", "t"])
def test_every_line_gives_the_recorded_value(any_cell, run_of, letter):
    if "batch_norm" in any_cell.functions:
        pytest.skip("the lines are those of one sequence, and this cell needs a batch")
    run = run_of(any_cell)
    run.finish()
    sums = {name: np.zeros_like(array) for name, array in run.model.parameters.items()}
    for index in range(len(run)):
        step = run.at(index)
        names = session(run, step.t)
        names |= {f"d{name}": total for name, total in sums.items()}
        line = numpy_equation(step.equation, None if letter else step.t)
        exec(line, names)  # noqa: S102  # the text under test
        left = line.split(" ")[0].split("[")[0]
        if step.equation.kind == "parameter":
            sums[step.target] = names[left]
            found = names[left]
        else:
            found = names[left].written[step.t]
        assert np.allclose(found, step.value, rtol=1e-12, atol=1e-14), line


def test_lines_read_as_one_would_type_them():
    backward = {e.target: numpy_equation(e) for e in find("rnn").backward}
    assert backward["h"] == "dh[t] = W.T @ da[t+1] + V.T @ dz[t]"
    assert backward["a"] == "da[t] = dh[t] * (1 - h[t]**2)"
    assert backward["W"] == "dW += np.outer(da[t], h[t-1])"
    assert backward["z"] == "dz[t] = p[t] - onehot(y[t])"


def test_a_time_can_be_a_number():
    assert numpy_equation(find("rnn").equations[0], 3) == "a[3] = b + W @ h[2] + U @ x[3]"


def test_matrix_products_keep_what_they_multiply():
    nested = MatVec(Param("A"), MatVec(Param("B"), Var("h", 1)), True)
    assert numpy_source(nested) == "A.T @ (B @ h[t-1])"
    assert numpy_source(Product((Var("f"), MatVec(Param("W"), Grad("a", -1), True)))) == "f[t] * (W.T @ da[t+1])"


def test_signs_and_quotients_keep_their_brackets():
    difference = Sum((Var("n"), Product((MINUS_ONE, Var("h")))))
    assert numpy_source(Product((MINUS_ONE, difference))) == "-(n[t] - h[t])"
    assert numpy_source(Quotient(difference, Product((Number(2.0), Var("h"))))) == "(n[t] - h[t]) / (2 * h[t])"
    assert numpy_source(Quotient(Var("a"), Quotient(Var("b"), Var("c")))) == "a[t] / (b[t] / c[t])"


@pytest.mark.parametrize(("value", "text"), [(float("nan"), "np.nan"), (float("-inf"), "-np.inf"), (1e-12, "1e-12")])
def test_every_number_can_be_pasted(value, text):
    assert numpy_source(Number(value)) == text


def test_functions_go_by_numpys_names():
    assert numpy_source(Call("relu", Var("a"))) == "np.maximum(0, a[t])"
    assert numpy_source(Call("norm", Var("a"))) == "np.linalg.norm(a[t])"
