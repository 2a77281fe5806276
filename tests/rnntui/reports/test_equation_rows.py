"""Derived equations in rows: where a line is broken, where the names of its terms stand, what signs mean."""

from __future__ import annotations

import re

import pytest

from bptt import CELLS, Cell
from rnntui.reports.derivation import in_text
from rnntui.reports.equation_rows import WIDE, WIDTH, derived_rows, term_names, wrapped

WATCHED = """
q[t]   = sigmoid(A @ x[t] + B @ w[t-1] + k1 * mem[t-1])
r[t]   = sigmoid(C @ x[t] + D @ w[t-1] + k2 * mem[t-1])
mem[t] = q[t] * mem[t-1] - r[t] * tanh(E @ x[t] + F @ w[t-1])  # a store
w[t]   = r[t] * tanh(mem[t])
"""


def rows_of(cell: Cell, target: str) -> list[str]:
    return next(derived_rows(cell, e) for e in cell.backward if e.target == target)


def test_a_line_that_fits_has_the_names_of_its_terms_behind_it() -> None:
    cell = Cell.parse("mem[t] = tanh(A @ x[t] + B @ mem[t-1])")
    line = "∇mem[t] = Bᵀ(∇mem[t+1] ⊙ (1 − mem[t+1]²)) + Vᵀ∇z[t]  # from the future + from this output"
    assert rows_of(cell, "mem") == [line]


def test_names_have_the_signs_of_their_terms() -> None:
    cell = Cell.parse("v[t] = 0.5 * v[t-1] - A @ x[t]\nh[t] = tanh(A @ x[t] - v[t]) - 2 * v[t]")
    (mem,) = (e for e in cell.equations if e.target == "v")
    assert term_names(cell, mem) == ("decay − new input", "decay − new")
    assert rows_of(cell, "v") == [
        "∇v[t] = 0.5·∇v[t+1] − ∇h[t] ⊙ (1 − tanh²(a_h[t])) − 2·∇h[t]",
        "        # straight back − via h (1) − via h (2)",
    ]


def test_names_that_find_no_room_behind_the_line_stand_beneath_it() -> None:
    rows = rows_of(CELLS["rnn-hierarchy"], "s")
    assert rows == [
        "∇s[t] = ¬tick[t+1] ⊙ ∇s[t+1] + W_sᵀ∇a_s[t+1] + Rᵀ(∇h[t] ⊙ (1 − h[t]²))",
        "        # straight back + from the future + via h",
    ]


def test_a_long_line_has_a_row_a_term() -> None:
    assert rows_of(Cell.parse(WATCHED), "mem") == [
        "∇mem[t] = q[t+1] ⊙ ∇mem[t+1]                  # straight back",
        "        + k1 ⊙ ∇a_q[t+1] + k2 ⊙ ∇a_r[t+1]     # peepholes q r",
        "        + (1 − tanh²(mem[t])) ⊙ r[t] ⊙ ∇w[t]  # via w",
    ]


def test_what_says_no_more_than_the_equation_is_left_out() -> None:
    cell = CELLS["lstm"]
    assert rows_of(cell, "g") == ["∇g[t] = i[t] ⊙ ∇s[t]"]
    assert rows_of(cell, "W_g") == ["∇W_g += ∇a_g[t] h[t-1]ᵀ"]
    assert rows_of(cell, "L") == ["∇L[t] = 1"]
    assert rows_of(cell, "z") == ["∇z[t] = p[t] − onehot(y[t])  # predicted − the truth"]


def test_a_line_is_broken_before_signs_but_in_no_bracket() -> None:
    line = "v[t] = aaaaaaaa + bbbbbbbb − (cccccccc + dddddddd) + eeeeeeee"
    assert wrapped(line, 7, 30) == ["v[t] = aaaaaaaa + bbbbbbbb", "       − (cccccccc + dddddddd)", "       + eeeeeeee"]
    assert wrapped(line, 7, 99) == [line]
    assert wrapped("v[t] = (a + b) ⊙ (c + d)", 7, 8) == ["v[t] = (a + b) ⊙ (c + d)"]


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("name", CELLS)
def test_every_cell_fits_and_loses_no_term(name: str, layers: int) -> None:
    cell = CELLS[name].stacked(layers)
    for equation in cell.backward:
        rows = [row for row in derived_rows(cell, equation) if not row.strip().startswith("#")]
        assert all(len(row) <= WIDE for row in rows)
        code = [row.partition("  #")[0].strip() for row in rows]
        assert all(len(row) <= WIDTH for row in code)
        assert re.sub(r"\s+", " ", " ".join(code)) == equation.text


def test_forward_sums_and_gated_products_are_put_into_words() -> None:
    lines = in_text(CELLS["lstm"])
    assert "  s[t] = f[t] * s[t-1] + i[t] * g[t]               # cell state: keep + take in" in lines
    assert "  h[t] = o[t] * tanh(s[t])                         # hidden state: show" in lines
    assert "  f[t] = sigmoid(U_f @ x[t] + W_f @ h[t-1] + b_f)  # forget gate" in lines


def test_signs_that_need_it_are_explained() -> None:
    assert in_text(CELLS["rnn-hierarchy"])[-2:] == [
        "rnn-hierarchy: signs",
        "  tick[t] = 1 at t = 1, 5, 9 …, else 0;  ¬tick[t] = 1 − tick[t]",
    ]
    several = Cell.parse("q[t] = hold(2, A @ x[t])\nw[t] = hold(3, q[t] + w[t-2])")
    assert [line.partition(",")[0] for line in in_text(several)[-2:]] == [
        "  tick[t] of q = 1 at t = 1",
        "  tick[t] of w = 1 at t = 1",
    ]
    assert in_text(CELLS["rnn-layer-norm"])[-1] == "      with n = layer_norm(a), mean and var over the units"
    assert not any("signs" in line for line in in_text(CELLS["lstm"]))
