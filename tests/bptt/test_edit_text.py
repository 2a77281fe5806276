"""Edits are read as files write them and as the screen shows them, several in a line too."""

import pytest

from bptt.cell import Cell
from bptt.edit_text import parse_edit, parse_edits
from bptt.edits import Edit
from bptt.errors import InputError

CELL = Cell.parse(
    """
    q_r[t] = sigmoid(U_q @ x[t] + W_q @ mem[t-1] + b_q)
    mem[t] = q_r[t] * mem[t-1] + (1 - q_r[t]) * tanh(U_m @ x[t])
    z[t] = V @ mem[t] + c
    L[t] = cross_entropy(z[t], y[t])
    """,
    "odd",
)
CLASSES = ("h", "l", ",", "]", "\n")


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("Uq[0][1] = 2", Edit("U_q", 2, None, (0, 1))),
        ("U_q[0][1] = 2", Edit("U_q", 2, None, (0, 1))),
        ("bq[1] = −3", Edit("b_q", -3, None, (1,))),
        ("qr[t] = 1", Edit("q_r", 1)),
        ("qr[2..T][0] = 1", Edit("q_r", 1, (2, 5), (0,))),
        ("Uq[1,'l'] = 3", Edit("U_q", 3, None, (1, 1))),
        ('Uq[1]["l"] = 3', Edit("U_q", 3, None, (1, 1))),
        ("Uq[1][','] = 3", Edit("U_q", 3, None, (1, 2))),
        ("Uq[1,']'] = 3", Edit("U_q", 3, None, (1, 3))),
        (r"Uq[1,'\n'] = 3", Edit("U_q", 3, None, (1, 4))),
        ("V['l',0] = 3", Edit("V", 3, None, (1, 0))),
        ("z[2]['l'] = 3", Edit("z", 3, (2, 2), (1,))),
        ("x[2]['h'] = 0", Edit("x", 0, (2, 2), (0,))),
        ("bq[0] = 0,8", Edit("b_q", 0.8, None, (0,))),
    ],
)
def test_names_and_places_are_read_as_the_screen_shows_them(text, edit):
    assert parse_edits(text, CELL, 5, CLASSES) == (edit,)


@pytest.mark.parametrize(
    "text",
    [
        "Wq[0][0] = 0.8, Wq[1,1] = −0.8",
        "Wq[0][0]=0.8;Wq[1][1]=-0.8;",
        "W_q[0,0] = 0,8, W_q[1,1] = -0,8",
        "W_q[0,0] = 8e-1\nW_q[1,1] = -8e-1",
    ],
)
def test_several_are_read_from_one_line(text):
    assert parse_edits(text, CELL, 5) == (Edit("W_q", 0.8, None, (0, 0)), Edit("W_q", -0.8, None, (1, 1)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("W_q['l',0] = 1", "no unit there is called 'l'; count from 0"),
        ("V['q',0] = 1", "no unit there is called 'q'"),
        ("V[0] = 1, 2, 3", "cannot read '2'"),
        ("", "cannot read ''"),
        ("Vv[0] = 1", "has no variable or parameter 'Vv'"),
    ],
)
def test_what_is_no_edit_is_said(text, reason):
    with pytest.raises(InputError) as error:
        parse_edits(text, CELL, 5, CLASSES)
    assert reason in str(error.value)


def test_a_name_of_the_cell_comes_before_one_of_the_screen():
    cell = Cell.parse("Uq[t] = tanh(U_q @ x[t] + A @ Uq[t-1])\nL[t] = squared_error(Uq[t], y[t])", "odd")
    assert parse_edit("Uq[1][0] = 2", cell, 3).name == "Uq"
