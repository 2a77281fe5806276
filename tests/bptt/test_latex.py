"""Equations as LaTeX: balanced, with subscripts for times and without double scripts."""

import re

import pytest

from bptt import CELLS
from bptt.expressions import Call, Grad, Number, Outer, Param, Power, Product, Pullback, Quotient, Tick, Var
from bptt.language import parse_equations
from bptt.latex import latex, latex_equation


def side(text):
    (equation,) = parse_equations(f"q[t] = {text}")
    return latex(equation.expression)


def unbalanced(text):
    depth = 0
    for character in re.sub(r"\\[{}]", "", text):
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return True
    return depth != 0 or text.count(r"\left") != text.count(r"\right")


def double_script(text):
    """Two sub- or superscripts in a row on one base, which TeX refuses."""
    group = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
    return re.search(rf"(\^{group}\^|_{group}_|\^{group}_{group}\^|_{group}\^{group}_)", text)


def test_every_line_of_every_cell_is_balanced(any_cell):
    for equation in (*any_cell.equations, *any_cell.backward):
        for line in (latex_equation(equation), latex(equation.expanded or equation.expression)):
            assert not unbalanced(line), line
            assert not double_script(line), line
            assert not re.search(r"[^\x00-\x7f]", line), line


def test_the_recursion_of_the_book():
    (equation,) = [e for e in CELLS["rnn"].backward if e.target == "h"]
    assert latex(equation.expanded) == (
        r"{W}^{\top} \left(\nabla h_{t+1} \odot \left(1 - {h_{t+1}}^{2}\right)\right) + {V}^{\top} \nabla z_{t}"
    )
    assert latex_equation(equation).startswith(r"\nabla h_{t} = ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("W @ x[t] + b_f", r"{W} x_{t} + b_{f}"),
        ("tanh(x[t] - k)", r"\tanh\left(x_{t} - k\right)"),
        ("sigmoid(x[t])", r"\sigma\left(x_{t}\right)"),
        ("softmax(x[t])", r"\operatorname{softmax}\left(x_{t}\right)"),
        ("layer_norm(x[t])", r"\operatorname{layer\_norm}\left(x_{t}\right)"),
        ("x[t] / (k + 1)", r"\frac{x_{t}}{k + 1}"),
        ("sqrt(x[t] + k)", r"\sqrt{x_{t} + k}"),
        ("tanh(x[t])**2", r"\tanh^{2}\left(x_{t}\right)"),
        ("abs(x[t])", r"\left\lvert x_{t} \right\rvert"),
        ("norm(x[t])", r"\left\lVert x_{t} \right\rVert"),
        ("-2 * x[t] * k", r"-2 \, x_{t} \odot k"),
        ("1e-9 * x[t]", r"1 \cdot 10^{-9} \, x_{t}"),
        ("alpha * x[t]", r"\alpha \odot x_{t}"),
        ("W2_f @ x[t]", r"{W^{(2)}_{f}} x_{t}"),
        ("gate * x[t-2]", r"\mathit{gate} \odot x_{t-2}"),
    ],
)
def test_forward_sides(text, expected):
    assert side(text) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Outer(Grad("a_f"), Var("h", 1)), r"\nabla a_{f,t} \, {h_{t-1}}^{\top}"),
        (Outer(Product((Number(-0.1), Grad("v"))), Var("h")), r"-0.1 \, \nabla v_{t} \, {h_{t}}^{\top}"),
        (Pullback("mean", Var("m"), Var("q"), Grad("q")), r"\frac{\nabla q_{t}}{\dim m_{t}}"),
        (Tick(3, 1, True), r"\neg \mathrm{tick}_{t-1}"),
        (Call("onehot", Var("y")), r"\mathbf{1}_{y_{t}}"),
        (Power(Param("W"), 2), r"{W}^{2}"),
        (Quotient(Grad("h"), Var("n")), r"\frac{\nabla h_{t}}{n_{t}}"),
    ],
)
def test_derived_nodes(expression, expected):
    assert latex(expression) == expected


def test_a_parameters_line_adds():
    (equation,) = [e for e in CELLS["rnn"].backward if e.target == "W"]
    assert latex_equation(equation) == r"\nabla W \mathrel{+}= \nabla a_{t} \, {h_{t-1}}^{\top}"
