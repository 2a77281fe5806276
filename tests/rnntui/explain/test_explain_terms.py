"""Terms, their names, and the forms of a step: what a term is called follows from where it comes from."""

import numpy as np
import pytest

from bptt import Cell
from rnntui.explain.terms import explain


def named(cell, target, kind="forward", t=3, T=6, form=0):
    """`name (short) colour` of each term of a step away from both ends."""
    equations = cell.equations if kind == "forward" else cell.backward
    equation = next(e for e in equations if e.target == target and e.kind == kind)
    explained = explain(cell, equation, t)[form]
    return [f"{term.name} ({term.short}) {term.colour}" for term in explained.terms]


def test_forward_terms_of_the_rnn(cell_named):
    cell = cell_named("rnn")
    assert named(cell, "a") == ["bias (bias) muted", "memory (memory) forward", "new input (new) input"]
    assert named(cell, "z") == ["bias (bias) muted", "read the state (state) forward"]


FORWARD = {
    ("lstm", "s"): ["keep (keep) forward", "take in (take in) input"],
    ("lstm", "h"): ["show (show) forward"],
    ("gru", "h"): ["keep (keep) forward", "take in (take in) input"],
    ("gru", "n"): ["new input (new) input", "memory through r (memory) forward", "bias (bias) muted"],
    ("gru-reset-after", "h"): ["take in (take in) input", "keep (keep) forward"],
    ("residual", "h"): ["carry over (carry) forward", "take in (take in) input"],
    ("coupled", "v"): ["decay (decay) forward", "from h (h) forward", "new input (new) input"],
    ("skip", "h"): [
        "memory (memory) forward",
        "memory of 3 steps ago (memory−3) forward",
        "new input (new) input",
        "bias (bias) muted",
    ],
    ("hierarchy", "h"): [
        "memory h (memory h) forward",
        "new input (new) input",
        "memory q (memory q) forward",
        "bias (bias) muted",
    ],
    ("hierarchy", "z"): [
        "read the state h (state h) forward",
        "read the state q (state q) forward",
        "bias (bias) muted",
    ],
    ("helpers", "s"): ["keep (keep) forward", "take in (take in) input"],
    ("helpers", "kept"): ["keep (keep) forward"],
    ("helpers", "i"): ["constant (constant) muted", "from f (f) forward"],
    ("selective-write", "h"): ["show (show) forward"],
    ("odd", "mem"): ["keep (keep) forward", "take in (take in) input"],
}


@pytest.mark.parametrize(("name", "target"), FORWARD)
def test_forward_terms(cell_named, name, target):
    assert named(cell_named(name), target) == FORWARD[name, target]


def test_peepholes_peek(cell_named):
    assert "peek at s (peek) violet" in named(cell_named("peephole"), "f")
    assert "peek at s (peek) violet" in named(cell_named("peephole"), "o")


BACKWARD = {
    ("rnn", "h"): ["from the future (future) backward", "from this output (output) loss"],
    ("lstm", "s"): ["straight back (belt) backward", "via h (via h) loss"],
    ("lstm", "h"): [
        "from the future, through f i o g (future fiog) backward",
        "from this output (output) loss",
    ],
    ("gru", "h"): [
        "straight back (belt) backward",
        "from the future, through r u n (future run) backward",
        "from this output (output) loss",
    ],
    ("residual", "h"): [
        "straight back (belt) backward",
        "from the future (future) backward",
        "from this output (output) loss",
    ],
    ("skip", "h"): [
        "from 1 step on (t+1) backward",
        "from 3 steps on (t+3) backward",
        "from this output (output) loss",
    ],
    ("peephole", "s"): [
        "straight back (belt) backward",
        "peepholes f i (peep fi) violet",
        "peephole o (peep o) violet",
        "via h (via h) loss",
    ],
    ("coupled", "h"): [
        "straight back (belt) backward",
        "from the future, by way of v (via v) backward",
        "from this output (output) loss",
    ],
    ("helpers", "s"): ["straight back (belt) backward", "via h (via h) loss"],
    ("mgu", "f"): ["via n (via n) loss", "via h (via h) loss"],
    ("gru", "u"): ["via h (via h) backward"],
    ("odd", "mem"): ["straight back (belt) backward", "via r2 (via r2) loss"],
}


@pytest.mark.parametrize(("name", "target"), BACKWARD)
def test_backward_terms(cell_named, name, target):
    assert named(cell_named(name), target, "gradient") == BACKWARD[name, target]


def test_a_gradient_has_two_forms_the_expanded_one_first(cell_named):
    cell = cell_named("rnn")
    equation = next(e for e in cell.backward if e.target == "h")
    inlined, stepped = explain(cell, equation, 3)
    assert (inlined.inlined, stepped.inlined) == (True, False)
    assert stepped.terms[0].expressions == (equation.terms[0].expression,)
    assert inlined.terms[0].expressions != stepped.terms[0].expressions


def test_more_than_three_terms_are_never_expanded(cell_named):
    equation = next(e for e in cell_named("peephole").backward if e.target == "s" and e.kind == "gradient")
    assert [form.inlined for form in explain(cell_named("peephole"), equation, 3)] == [False]


def test_only_the_terms_that_exist_at_a_time(cell_named, see):
    seen = see(cell_named("rnn"), T=5)
    last = next(step for step in seen.steps(5) if step.target == "h" and step.phase == "backward")
    assert [term.name for term in explain(seen.cell, last.equation, 5)[0].terms] == ["from this output"]


def test_a_scheme_has_its_own_words(cell_named):
    from bptt.notation import BOOK

    cell = cell_named("lstm")
    state = next(e for e in cell.equations if e.target == "s")
    (explained,) = explain(cell, state, 3, scheme=BOOK)
    assert [term.name for term in explained.terms] == ["selective forget", "selective read"]


def test_names_within_a_step_differ(any_cell):
    for equation in (*any_cell.equations, *any_cell.backward):
        for form in explain(any_cell, equation, 3):
            names = [term.name for term in form.terms if term.colour != "muted"]
            assert len(set(names)) == len(names) and all(names), str(equation)


def test_belts_that_reach_over_several_steps_say_how_many():
    cell = Cell.parse("m[t] = 0.5 * m[t-1] + 0.3 * m[t-2] + U @ x[t]")
    assert named(cell, "m", "gradient")[:2] == [
        "straight back 1 step on (belt 1 step on) backward",
        "straight back 2 steps on (belt 2 steps on) backward",
    ]


def test_the_terms_of_every_form_sum_to_the_value(any_cell, see):
    seen = see(any_cell, loss="mean")
    for step in seen.steps():
        if step.equation.kind == "parameter":
            continue
        for form in explain(any_cell, step.equation, step.t, seen.run.weight):
            if form.function:
                continue
            value = np.atleast_1d(step.value[0])
            total = np.zeros_like(value)
            for term in form.terms:
                for expression in term.expressions:
                    total = total + seen.read(expression, step.t)
            assert np.allclose(total, value, rtol=1e-9, atol=1e-12), str(step.equation)
