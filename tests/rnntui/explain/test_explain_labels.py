"""Labels of columns, indices and tokens."""

import pytest

from bptt.expressions import Grad, Param, Product, Slope, Var
from rnntui.explain.labels import Labels


@pytest.fixture
def labels(cell_named):
    return Labels(cell_named("lstm"), list("hel"), ["e", "h", "l", "\n", "日", "e\u0301", "a" * 40])


def test_expressions_are_short(labels):
    assert labels.of(Var("h", 1), 4) == "h₃"
    assert labels.of(Grad("a_f", -1), 4) == "δf₅"
    assert labels.of(Slope("tanh", Var("a_g"), Var("g")), 4) == "1−g₄²"
    assert labels.of(Product((Var("f"), Var("s", 1))), 4) == "f₄⊙s₃"
    assert labels.timeless(Grad("a_f", -1)) == "δf"
    assert labels.enclosed(Product((Var("f"), Var("s", 1))), 4) == "(f₄⊙s₃)"
    assert labels.enclosed(Var("f"), 4) == "f₄"


def test_classes_go_by_name_where_it_has_one_cell_a_letter(labels):
    assert [labels.named(n) for n in range(8)] == ["'e'", "'h'", "'l'", "'\\n'", "4", "5", "6", "7"]


def test_places_of_a_parameter(labels):
    assert labels.place("V", 1, 2) == "['h',2]"
    assert labels.place("W_f", 1, 2) == "[1,2]"
    assert labels.place("U_f", 1, 2) == "[1,'l']"
    assert labels.place("b_f", 1, 0) == "[1]"
    assert labels.unit_of(Param("c"), 0) == "'e'"


def test_tokens_are_the_input_at_a_time(labels, cell_named):
    assert labels.token(0, 2) == "'e'"
    assert labels.token(1, 9) == "'h'"
    assert Labels(cell_named("lstm")).token(1, 9) == ":,1"
