"""The equation line and its underbraces, laid out for a width."""

import pytest

from bptt import Cell
from rnntui.explain.braces import Brace, label_rows
from rnntui.explain.line import chosen, lay_out, one_row_forms
from rnntui.explain.terms import explain


def drawn(cell, target, kind, t, width, form=0):
    equations = cell.equations if kind == "forward" else cell.backward
    equation = next(e for e in equations if e.target == target and e.kind == kind)
    return [row.text for row in lay_out(cell, explain(cell, equation, t)[form], width).rows]


def test_the_rnn_gradient_as_in_the_book(cell_named):
    assert drawn(cell_named("rnn"), "h", "gradient", 5, 78) == [
        "∇h₅ = Wᵀ·(∇h₆ ⊙ (1−h₆²)) + Vᵀ·∇z₅",
        "      ╰─from the future╯   ╰────╯ from this output",
    ]
    assert drawn(cell_named("rnn"), "h", "gradient", 5, 78, form=1)[0] == "∇h₅ = Wᵀ·∇a₆ + Vᵀ·∇z₅"


def test_a_name_that_fits_nowhere_beside_stands_beneath(cell_named):
    assert drawn(cell_named("rnn"), "h", "gradient", 5, 40) == [
        "∇h₅ = Wᵀ·(∇h₆ ⊙ (1−h₆²)) + Vᵀ·∇z₅",
        "      ╰─from the future╯   ╰────╯",
        "                           output",
    ]


def test_a_function_around_the_sum(cell_named):
    assert drawn(cell_named("lstm"), "f", "forward", 4, 78)[0] == "f₄ = σ( Uf·x₄ + Wf·h₃ + bf )"
    assert drawn(cell_named("rnn"), "h", "forward", 4, 78) == ["h₄ = tanh(a₄)"]


def test_a_group_is_written_in_short(cell_named):
    assert drawn(cell_named("lstm"), "h", "gradient", 5, 78) == [
        "∇h₅ = Σ[fiog] Wᵀ·δ₆ + Vᵀ·∇z₅",
        "      ╰future fiog╯   ╰────╯ from this output",
    ]


def test_a_group_names_no_weight_that_the_author_did_not_write():
    text = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)
r2[t] = tanh(C @ x[t] + E @ (q[t] * mem[t-1]))
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]
"""
    two = drawn(Cell.parse(text), "mem", "gradient", 5, 90)[0]
    assert two == "∇mem₅ = (1−q₆) ⊙ ∇mem₆ + Σ[q r2] (B,E)ᵀ·δ₆ + Vᵀ·∇z₅"
    gates = "\n".join(f"q{n}[t] = sigmoid({letter} @ mem[t-1] + A @ x[t])" for n, letter in enumerate("BEFG"))
    many = Cell.parse(f"{gates}\nmem[t] = q0[t] * mem[t-1] + q1[t] * q2[t] * tanh(q3[t])")
    assert "Σ[q0 q1 q2 q3] δ₆" in drawn(many, "mem", "gradient", 5, 90)[0]


def test_a_line_breaks_before_a_sign(cell_named):
    assert drawn(cell_named("peephole"), "s", "gradient", 4, 47) == [
        "∇s₄ = f₅ ⊙ ∇s₅ + Σ[fi] p ⊙ δ₅ + po ⊙ δo₄",
        "      ╰─belt─╯   ╰──peep fi─╯   ╰peep o╯",
        "    + (1−tanh²(s₄)) ⊙ o₄ ⊙ ∇h₄",
        "      ╰─────────via h────────╯",
    ]


def test_prediction_and_truth_are_two_terms(cell_named):
    assert drawn(cell_named("rnn"), "z", "gradient", 4, 47)[0] == "∇z₄ = p₄ − onehot(y₄)"
    line = lay_out(cell_named("rnn"), explain(cell_named("rnn"), cell_named("rnn").backward[1], 4)[0], 47)
    assert [(brace.name, brace.colour) for brace in line.braces] == [("predicted", "forward"), ("the truth", "loss")]


def test_a_parameter_grows(cell_named):
    assert drawn(cell_named("rnn"), "W", "parameter", 4, 47) == ["∇W += ∇a₄ h₃ᵀ"]


def test_braces_stand_under_their_terms(any_cell):
    for equation in (*any_cell.equations, *any_cell.backward):
        for form in explain(any_cell, equation, 3):
            line = lay_out(any_cell, form, 60)
            last = None
            for row in line.rows:
                if row.kind == "equation":
                    last = row
                elif row.kind == "braces":
                    for piece in row.pieces:
                        if piece.text.startswith("╰"):
                            below = [p for p in last.pieces if p.term == piece.term]
                            assert (below[0].column, below[-1].end) == (piece.column, piece.end)
                            assert {p.colour for p in below} == {piece.colour}


@pytest.mark.parametrize("width", [1, 5, 12, 24, 47, 58, 78])
def test_no_row_is_wider_than_the_room_and_nothing_is_lost(any_cell, width):
    for equation in (*any_cell.equations, *any_cell.backward):
        for form in explain(any_cell, equation, 3):
            line = lay_out(any_cell, form, width)
            for row in line.rows:
                assert len(row.text) <= width
                assert all(left.end <= right.column for left, right in zip(row.pieces, row.pieces[1:], strict=False))
            whole = "".join(row.text for row in lay_out(any_cell, form, 500).without_names())
            parts = "".join(row.text for row in line.without_names())
            assert parts.replace(" ", "") == whole.replace(" ", "")


def test_every_named_term_shows_a_name_where_there_is_room(any_cell):
    for equation in (*any_cell.equations, *any_cell.backward):
        for form in explain(any_cell, equation, 3):
            if len(form.terms) > 1:
                shown = {brace.term for brace in lay_out(any_cell, form, 47).braces if brace.shown}
                assert shown >= {n for n, term in enumerate(form.terms) if term.colour != "muted"}, str(equation)


def test_a_long_name_never_stands_under_another_brace():
    braces = [Brace(0, 4, "a very long name", "short", "forward", 0), Brace(5, 9, "another", "other", "input", 1)]
    placed, rows = label_rows(braces, 20)
    assert [(brace.shown, brace.where) for brace in placed] == [("short", "beneath"), ("another", "right")]
    assert [piece.text for piece in rows[1]] == ["short"]


def test_the_line_takes_the_form_of_the_tiles(cell_named):
    cell = cell_named("residual")
    forms = explain(cell, next(e for e in cell.backward if e.target == "h"), 4)
    assert [chosen(forms, inlined).inlined for inlined in (True, False)] == [True, False]
    assert chosen(forms[1:], True) is forms[1]
    assert one_row_forms(cell, forms, 47) == forms
    assert one_row_forms(cell, forms, 40) == forms[1:]
    assert one_row_forms(cell, forms, 10) == forms[1:]
