"""Expressions as mathematics: brackets where they are needed and nowhere else, signs, schemes of names and times."""

import re

import pytest

from bptt import CELLS, Cell
from bptt.expressions import (
    MINUS_ONE,
    Call,
    Grad,
    LossSlope,
    MatVec,
    Number,
    Outer,
    Param,
    Power,
    Product,
    Pullback,
    Quotient,
    Slope,
    Sum,
    Tick,
    Var,
    negate,
)
from bptt.language import parse_equations
from bptt.notation import (
    BOOK,
    LEIBNIZ,
    SCHEMES,
    SCREEN,
    TEXT,
    Scheme,
    join_terms,
    render,
    render_equation,
    render_factor,
    signed_terms,
)

W, h, n = Param("W"), Var("h"), Var("n")


def shown(side):
    """The right-hand side of an equation as the text scheme writes it."""
    (equation,) = parse_equations(f"q[t] = {side}")
    return render(equation.expression)


@pytest.mark.parametrize(
    ("side", "text"),
    [
        ("x[t] - (k + x[t-1])", "x[t] − (k + x[t-1])"),
        ("x[t] + (k - x[t-1])", "x[t] + k − x[t-1]"),
        ("-x[t] + k", "−x[t] + k"),
        ("-(x[t] + k)", "−(x[t] + k)"),
        ("2 * (x[t] + k)", "2·(x[t] + k)"),
        ("x[t] * k * 2", "2·x[t] ⊙ k"),
        ("(x[t] + k) * x[t]", "(x[t] + k) ⊙ x[t]"),
        ("-2 * x[t] * k", "−2·x[t] ⊙ k"),
        ("x[t] * -k", "−x[t] ⊙ k"),
        ("x[t]**2", "x[t]²"),
        ("(x[t] + k)**3", "(x[t] + k)³"),
        ("(x[t] * k)**2", "(x[t] ⊙ k)²"),
        ("-x[t]**2", "−x[t]²"),
        ("(-x[t])**2", "(−x[t])²"),
        ("tanh(x[t])**2", "tanh²(x[t])"),
        ("relu(x[t])**2", "relu(x[t])²"),
        ("sqrt(x[t])**2", "(√x[t])²"),
        ("sqrt(x[t] + k)", "√(x[t] + k)"),
        ("abs(x[t]) * k", "|x[t]| ⊙ k"),
        ("norm(x[t]) * k", "‖x[t]‖ ⊙ k"),
        ("sum(x[t]) * k", "Σ(x[t]) ⊙ k"),
        ("W @ x[t]", "W x[t]"),
        ("W @ (x[t] * k)", "W(x[t] ⊙ k)"),
        ("W @ A @ x[t]", "W A x[t]"),
        ("k * (W @ x[t])", "k ⊙ W x[t]"),
        ("(W @ x[t]) * k", "(W x[t]) ⊙ k"),
        ("W @ (A @ x[t] + k)", "W(A x[t] + k)"),
        ("2 * (W @ x[t])", "2·W x[t]"),
        ("(W @ x[t])**2", "(W x[t])²"),
        ("x[t] / k", "x[t] / k"),
        ("x[t] * k / x[t-1]", "x[t] ⊙ k / x[t-1]"),
        ("x[t] / (k * x[t-1])", "x[t] / (k ⊙ x[t-1])"),
        ("x[t] / k / x[t-1]", "(x[t] / k) / x[t-1]"),
        ("x[t] / (k / x[t-1])", "x[t] / (k / x[t-1])"),
        ("(W @ x[t]) / k", "(W x[t]) / k"),
        ("W @ (x[t] / k)", "W(x[t] / k)"),
        ("k * (x[t] / k)", "k ⊙ x[t] / k"),
        ("(x[t] / k) * k", "(x[t] / k) ⊙ k"),
        ("-(x[t] / k)", "−x[t] / k"),
        ("(x[t] + k) / 2", "(x[t] + k) / 2"),
        ("1 / (1 + exp(-x[t]))", "1 / (1 + exp(−x[t]))"),
        ("1e-9 * x[t]", "1e−9·x[t]"),
        ("0.25 * x[t]", "0.25·x[t]"),
        ("hold(3, x[t])", "tick[t] ⊙ x[t] + ¬tick[t] ⊙ q[t-1]"),
    ],
)
def test_brackets_stand_where_they_are_needed(side, text):
    assert shown(side) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (MatVec(W, Grad("a", -1), True), "Wᵀ∇a[t+1]"),
        (MatVec(Param("B"), MatVec(W, Grad("a"), True), True), "BᵀWᵀ∇a[t]"),
        (MatVec(W, negate(Grad("a")), True), "−Wᵀ∇a[t]"),
        (Outer(Grad("a"), Var("h", 1)), "∇a[t] h[t-1]ᵀ"),
        (Outer(Product((h, Grad("a"))), Sum((h, n))), "(h[t] ⊙ ∇a[t]) (h[t] + n[t])ᵀ"),
        (Outer(Product((Number(-0.1), Grad("a"))), h), "−0.1·∇a[t] h[t]ᵀ"),
        (Product((Sum((n, negate(h))), Grad("h"))), "(n[t] − h[t]) ⊙ ∇h[t]"),
        (Slope("tanh", Var("a"), h), "1 − h[t]²"),
        (Product((Grad("h"), Slope("tanh", Var("a"), h))), "∇h[t] ⊙ (1 − h[t]²)"),
        (Product((Grad("h"), Slope("relu", Var("a"), h))), "∇h[t] ⊙ [a[t] > 0]"),
        (Product((Slope("log", Var("a"), h), Grad("h"), n)), "∇h[t] ⊙ n[t] / a[t]"),
        (Pullback("softmax", Var("a"), h, Grad("h")), "h[t] ⊙ (∇h[t] − h[t]ᵀ∇h[t])"),
        (Pullback("layer_norm", Var("a"), h, Grad("h")), "J_ln(a[t])ᵀ∇h[t]"),
        (Pullback("mean", Var("a"), h, Grad("h")), "∇h[t] / dim(a[t])"),
        (Pullback("min", Var("a"), h, Grad("h")), "∇h[t] ⊙ [a[t] = min(a[t])]"),
        (LossSlope("cross_entropy", Var("z"), Var("p")), "p[t] − onehot(y[t])"),
        (LossSlope("squared_error", Var("z"), Var("z"), -2), "z[t] − y[t+2]"),
        (Tick(3, 1, True), "¬tick[t-1]"),
        (Number(float("nan")), "NaN"),
        (Power(Var("h"), 2), "h[t]²"),
        (Quotient(negate(h), n), "−h[t] / n[t]"),
        (Product((MINUS_ONE, Sum((h, n)), n)), "−(h[t] + n[t]) ⊙ n[t]"),
        (Call("softplus", h), "softplus(h[t])"),
    ],
)
def test_derived_nodes(expression, text):
    assert render(expression) == text


def test_a_factor_of_a_product_gets_brackets():
    assert render_factor(Sum((h, n))) == "(h[t] + n[t])"
    assert render_factor(h) == "h[t]"


class TestSchemes:
    line = "∇h[t] = Wᵀ(∇h[t+1] ⊙ (1 − h[t+1]²)) + Vᵀ∇z[t]"

    def expanded(self):
        (equation,) = [e for e in CELLS["rnn"].backward if e.target == "h"]
        return equation.expanded

    def test_text(self):
        assert "∇h[t] = " + render(self.expanded(), TEXT) == self.line

    def test_screen(self):
        assert render(self.expanded(), SCREEN, 5) == "Wᵀ·(∇h₆ ⊙ (1−h₆²)) + Vᵀ·∇z₅"

    def test_book(self):
        assert render(self.expanded(), BOOK, 5) == "Wᵀ(∇h⁽⁶⁾ ⊙ (1−(h⁽⁶⁾)²)) + Vᵀ∇z⁽⁵⁾"

    def test_leibniz(self):
        assert render(Grad("h"), LEIBNIZ, 5) == "∂L/∂h₅"
        assert render(Quotient(Grad("h"), Var("n")), LEIBNIZ, 5) == "(∂L/∂h₅) / n₅"

    def test_the_letter_t_in_every_scheme(self):
        assert [render(Var("h", 1), scheme) for scheme in (TEXT, SCREEN, BOOK)] == ["h[t-1]", "hₜ₋₁", "h⁽ᵗ⁻¹⁾"]

    def test_the_gradient_of_a_named_argument_is_its_owners_delta(self):
        arguments = {"a_f": "f", "a_h2": "h"}
        assert render(Grad("a_f", -1), SCREEN, 4, arguments) == "δf₅"
        assert render(Grad("a_h2"), SCREEN, 4, arguments) == "δh′₄"
        assert render(Grad("a_f"), TEXT, None, arguments) == "∇a_f[t]"

    def test_names_without_underscores(self):
        assert render(MatVec(Param("W_f"), Var("h", 1)), SCREEN, 4) == "Wf·h₃"

    def test_a_scheme_renames_and_has_words(self):
        scheme = Scheme("mine", renamed={"s": "c", "W_f": "Whf"}, words={"keep": "retain"})
        assert render(Product((Var("s", 1), Param("W_f"))), scheme) == "c[t-1] ⊙ Whf"
        assert (scheme.word("keep"), scheme.word("show")) == ("retain", "show")

    def test_every_scheme_writes_every_line_of_every_cell(self, any_cell):
        for scheme in SCHEMES.values():
            for equation in (*any_cell.equations, *any_cell.backward):
                for t in (None, 7):
                    line = render_equation(equation, scheme, t, any_cell.arguments)
                    assert line.count("(") == line.count(")"), line
                    assert line.count("[") == line.count("]"), line
                    assert not re.search(r"\(\([^()]*\)\)|[+−] −|−−|  |−\(−|Slope|None", line), line


def test_a_line_can_be_put_together_from_its_terms(any_cell):
    for equation in any_cell.backward:
        if equation.terms and equation.target != any_cell.loss:
            pieces = signed_terms([term.expression for term in equation.terms], TEXT, None, any_cell.arguments)
            assert join_terms(pieces) == re.split(r" \+?= ", equation.stepped, maxsplit=1)[1]


def test_no_terms_are_zero():
    assert join_terms([]) == "0"


def test_a_leaf_can_be_replaced():
    def leaf(node):
        return "[+.5]" if node == Var("h", 1) else None

    (equation,) = parse_equations("q[t] = W @ h[t-1]\nh[t] = q[t]")[:1]
    assert render(equation.expression, TEXT, 3, leaf=leaf) == "W [+.5]"


def test_forward_lines_keep_the_authors_text():
    cell = Cell.parse("q[t]=tanh( U@x[t]   + b )   # odd spaces")
    assert str(cell.equations[0]) == "q[t]=tanh( U@x[t] + b )"
    assert render_equation(cell.equations[0]) == "q[t] = tanh(U x[t] + b)"
