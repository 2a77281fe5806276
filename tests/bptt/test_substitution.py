"""A step's line with its numbers in place of the small vectors."""

import numpy as np

from bptt import CELLS, Model, Run
from bptt.expressions import Grad, Power, Product, Tick, Var
from bptt.notation import SCREEN
from bptt.substitution import substitute


def reader(values):
    return lambda node, t: values.get((node.name, t, isinstance(node, Grad)))


def test_vectors_stand_in_place_of_their_symbols():
    read = reader({("h", 3, False): [0.5, -0.25], ("z", 4, True): [1.0, 0.0]})
    equation = next(e for e in CELLS["rnn"].equations if e.target == "a")
    assert substitute(equation.expression, read, 4) == "b + W [+.50 -.25] + U x[4]"
    (backward,) = [e for e in CELLS["rnn"].backward if e.target == "h"]
    assert substitute(backward.expression, read, 4) == "Wᵀ∇a[5] + Vᵀ[+1.0 0]"


def test_a_power_takes_the_vector_as_it_is():
    assert substitute(Power(Var("h"), 2), reader({("h", 1, False): [0.5]}), 1) == "[+.50]²"


def test_a_text_may_stand_for_what_is_hidden_or_a_token():
    read = reader({("x", 2, False): "'l'", ("h", 2, False): "?"})
    assert substitute(Product((Var("h"), Var("x"))), read, 2) == "? ⊙ 'l'"


def test_the_target_of_a_loss_is_asked_for_as_y():
    (equation,) = [e for e in CELLS["rnn"].backward if e.target == "z"]
    asked = []

    def read(node, t):
        asked.append((node.name, t))
        return "'o'" if node.name == "y" else [0.25, 0.75]

    assert substitute(equation.expression, read, 3) == "[+.25 +.75] − onehot('o')"
    assert asked == [("p", 3), ("y", 3)]


def test_a_clock_is_one_or_nothing():
    assert [substitute(Tick(3), reader({}), t) for t in (1, 2, 3, 4)] == ["1", "0", "0", "1"]
    assert [substitute(Tick(3, negated=True), reader({}), t) for t in (1, 2, 4)] == ["0", "1", "0"]
    assert substitute(Tick(3, -1), reader({}), 3) == "1"


def test_long_vectors_are_cut_and_digits_can_be_asked_for():
    read = reader({("h", 1, False): np.arange(6) / 7})
    assert substitute(Var("h"), read, 1) == "[0 +.14 +.29 +.43 …]"
    assert substitute(Var("h"), read, 1, units=2, digits=4) == "[0 0.1429 …]"


def test_every_step_of_a_run_has_its_numbers(any_cell, run_of):
    run = run_of(any_cell, T=3)
    for step in run:
        line = substitute(
            step.equation.expression,
            lambda node, t: None if node.name == "y" else run.read(node.name, t, isinstance(node, Grad))[0],
            step.t,
            SCREEN,
            any_cell.arguments,
        )
        assert "∇" not in line
        assert "None" not in line


def test_the_numbers_are_those_of_the_run():
    run = Run(Model("rnn", {"U": [[1.0]], "W": [[0.5]], "b": [0.0], "V": [[1.0]], "c": [0.0]}), [0, 0], [0, 0])
    step = next(s for s in run if s.target == "a" and s.t == 2)
    line = substitute(step.equation.expression, lambda node, t: run.read(node.name, t)[0], 2)
    assert line == "b + W [+.76] + U [+1.0]"  # tanh(1) = 0.76
