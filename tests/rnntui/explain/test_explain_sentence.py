"""Every step as one sentence, with the unit's numbers."""

import re

import pytest

from bptt import Cell
from rnntui.explain.sentence import sentence_of, share, signed
from rnntui.explain.terms import explain


def said(seen, target, phase, t, unit=1, kind=None):
    wanted = [s for s in seen.steps(t) if (s.target, s.phase) == (target, phase)]
    (step,) = [s for s in wanted if kind in (None, s.equation.kind)]
    form = explain(seen.cell, step.equation, t, seen.run.weight)[0]
    return sentence_of(seen.cell, form, seen.read, unit, seen.tokens, seen.vocabulary)


def numbers(text):
    """The signed numbers of a sentence, in order."""
    found = re.findall(r"[+−]?\d*\.\d+(?:e−?\d+)?|[+−]\d+(?:e−?\d+)?", text)
    return [float(number.replace("−", "-")) for number in found]


def test_a_gate_says_how_far_it_is_open(cell_named, see):
    seen = see(cell_named("lstm"))
    open_by = round(100 * float(seen.run.read("f", 4)[0, 1]))
    assert said(seen, "f", "forward", 4) == (f"Gate f[1] at t=4 is {open_by} % open: how much of the old memory stays.")
    assert said(seen, "o", "forward", 4).endswith("how much of the memory is shown.")


def test_one_gate_for_both_says_what_stays_and_what_comes_in(cell_named, see):
    seen = see(cell_named("gru"))
    taken = round(100 * float(seen.run.read("u", 4)[0, 1]))
    assert f"keeps {100 - taken} % of the old and takes in {taken} %." in said(seen, "u", "forward", 4)
    after = see(cell_named("gru-reset-after"))
    kept = round(100 * float(after.run.read("u", 4)[0, 1]))
    assert f"keeps {kept} % of the old and takes in {100 - kept} %." in said(after, "u", "forward", 4)


def test_a_gate_that_may_exceed_one_is_a_multiplier(cell_named, see):
    assert said(see(cell_named("exp-gate")), "e", "forward", 3).startswith("Multiplier e[1] at t=3 is +")


def test_a_sum_names_its_terms_with_their_shares(cell_named, see):
    seen = see(cell_named("lstm"))
    text = said(seen, "s", "forward", 3)
    assert re.fullmatch(r"The memory s\[1\] at t=3 is \S+: \S+ keep, \S+ take in\.", text)
    total, keep, taken = numbers(text)
    assert total == pytest.approx(float(seen.run.read("s", 3)[0, 1]), rel=0.06, abs=0.006)
    assert keep + taken == pytest.approx(total, abs=0.02)


def test_a_function_says_what_it_makes_of_the_sum(cell_named, see):
    text = said(see(cell_named("gru")), "n", "forward", 3)
    assert text.startswith("The new content offered, n[1] at t=3 is ")
    assert "; tanh turns the sum " in text


def test_the_loss_tells_the_probability_of_what_came(cell_named, see):
    seen = see(cell_named("rnn"))
    step = next(s for s in seen.steps(2) if s.target == "L" and s.phase == "forward")
    target = seen.vocabulary[int(seen.run.y[1, 0])]
    text = said(seen, "L", "forward", 2)
    assert text.startswith(f"The target at t=2 is '{target}'; it was given probability ")
    assert text.endswith(f"so the loss is {float(step.value[0]):.3g}.")


def test_the_gradient_of_a_belt_says_what_the_belt_multiplies_by(cell_named, see):
    seen = see(cell_named("lstm"))
    text = said(seen, "s", "backward", 2)
    factor = float(seen.run.read("f", 3)[0, 1])
    assert text.startswith("∇s[1] at t=2 is ")
    assert text.endswith(f" The belt multiplies by {factor:.2g}, with no matrix.")


def test_a_gradient_with_one_term_names_its_factors(cell_named, see):
    seen = see(cell_named("lstm"))
    text = said(seen, "g", "backward", 3)
    assert re.fullmatch(r"∇g\[1\] at t=3 is \S+: i₃ \(\S+\) × the blame of s \(\S+\)\.", text)
    assert "the slope 1−g₃² (" in said(seen, "a_g", "backward", 3)
    assert "the blame of n back through W (" in said(see(cell_named("gru")), "r", "backward", 3)


def test_the_start_of_the_backward_pass(cell_named, see):
    assert said(see(cell_named("rnn")), "L", "backward", 5) == "∇L at t=5 is 1: every loss counts once."
    mean = see(cell_named("rnn"), loss="mean")
    assert said(mean, "L", "backward", 5) == "∇L at t=5 is 0.2: the mean counts every loss alike."
    assert said(mean, "z", "backward", 5).endswith(", times 0.2 for the mean loss.")


def test_prediction_and_truth(cell_named, see):
    seen = see(cell_named("rnn"))
    target = int(seen.run.y[2, 0])
    assert said(seen, "z", "backward", 3, unit=target).endswith(", the truth 1.")
    assert said(seen, "z", "backward", 3, unit=(target + 1) % 5).endswith(", the truth 0.")


def test_nothing_comes_back_to_what_is_only_read_later(see):
    seen = see(Cell.parse("m[t] = tanh(W @ m[t-1] + U @ x[t])\nq[t] = tanh(A @ m[t-1])"))
    assert said(seen, "m", "backward", 5) == "∇m[1] at t=5 is 0: nothing later depends on it."


def test_a_share_of_a_parameter(cell_named, see):
    seen = see(cell_named("rnn"))
    text = said(seen, "W", "backward", 3)
    column = int(abs(seen.run.read("h", 2)[0]).argmax())
    value = float(seen.run.read("a", 3, True)[0, 1] * seen.run.read("h", 2)[0, column])
    assert text.startswith(f"∇W[1,{column}] gets {signed(value)} at t=3: ∇a₃[1] (")
    assert said(seen, "b", "backward", 3).startswith("∇b[1] gets ")


def test_a_share_is_that_of_one_sequence_of_a_batch(cell_named, see):
    cell = cell_named("rnn")
    seen = see(cell)
    (step,) = (step for step in seen.steps(3) if step.target == "W")
    form = explain(cell, step.equation, 3, seen.run.weight)[0]
    assert " of this sequence at t=3: " in sentence_of(cell, form, seen.read, 1, batch=8)
    assert "sequence" not in sentence_of(cell, form, seen.read, 1)


def test_every_step_has_a_sentence_of_bearable_length(any_cell, see):
    seen = see(any_cell)
    for step in seen.steps(1, 3, 5):
        for form in explain(any_cell, step.equation, step.t, seen.run.weight):
            for unit in (0, 1, 99):
                text = sentence_of(any_cell, form, seen.read, unit, seen.tokens, seen.vocabulary)
                assert 10 < len(text) < 200 and text.endswith("."), text
                assert f"t={step.t}" in text and "\n" not in text


def test_numbers_always_have_a_sign_and_never_a_hyphen():
    assert [signed(v) for v in (0.163, -0.04, 0.002, -1234.0, 0.0)] == ["+.16", "−.04", "+2e−3", "−1234", "0"]
    assert [signed(v) for v in (-1.565e6, -4.07e5, -1.158e6)] == ["−1.56e6", "−4.07e5", "−1.16e6"]
    assert [signed(v) for v in (float("nan"), float("inf"), float("-inf"))] == ["NaN", "+inf", "−inf"]
    assert [share(v) for v in (0.312, 0.00002, 1.0, 1.5)] == [".31", "2e−5", "1.0", "+1.5"]
