"""Why a value is so: the terms add up to it, for any cell; worked out by hand; the culprit of a faded gradient."""

import numpy as np
import pytest

from bptt import Cell, InputError, Model, Run
from bptt.debugger.causes import Spot
from bptt.debugger.chains import chain
from bptt.debugger.reasons import why
from bptt.edits import Edit
from bptt.initialisation import initialise

LINEAR = "h[t] = W @ h[t-1] + U @ x[t]\no[t] = V @ h[t]\nL[t] = squared_error(o[t], y[t])"


def by_hand(edits=()):
    """h = 2 h′ + 3 x, o = 5 h, x = 1, 1, targets 0: h = 3, 9; ∇h = 525, 225."""
    model = Model(Cell.parse(LINEAR, "linear"), {"W": [[2.0]], "U": [[3.0]], "V": [[5.0]]})
    return Run(model, [[1.0], [1.0]], [[0.0], [0.0]], edits=edits)


def test_a_value_is_told_by_hand():
    run = by_hand()
    reason = why(run, "h", 2)
    assert (reason.value, reason.step, reason.line) == (9, 3, "h[2] = W h[1] + U x[2]")
    assert [(t.text, t.value) for t in reason.terms] == [("W h[1]", 6), ("U x[2]", 3)]
    assert [t.share for t in reason.terms] == pytest.approx([2 / 3, 1 / 3])
    cause = reason.terms[0].causes[0]
    assert (cause.spot, cause.value, cause.product) == (Spot("h", 1, (0,)), 3, 6)
    assert (cause.weight, cause.by) == (Spot("W", None, (0, 0)), 2)
    assert reason.of(cause).value == 3
    assert reason.sentence == "h[2][0] is 9, most of it W h[1] = 6 (67% of all sizes), with W[0][0] · h[1][0] = 2 · 3."


def test_a_gradient_and_a_parameters_gradient_are_told_by_hand():
    run = by_hand()
    reason = why(run, "h", 1, 0, gradient=True)
    assert [(t.text, t.value) for t in reason.terms] == [("Wᵀ∇h[2]", 450), ("Vᵀ∇o[1]", 75)]
    assert reason.of(reason.terms[0].causes[0]).value == 225
    total = why(run, "W", None, (0, 0), gradient=True)
    assert [(t.text, t.value) for t in total.terms] == [("the share of t=2", 675), ("the share of t=1", 0)]
    assert {str(cause.spot): cause.value for cause in total.terms[0].causes} == {"∇h[2][0]": 225, "h[1][0]": 3}


def test_what_was_given_is_the_end_of_every_road():
    run = by_hand([Edit("h", 1.0, (1, 1))])
    said = {
        why(run, "x", 1).sentence,
        why(run, "U", None, (0, 0)).sentence,
        why(run, "h", 0).sentence,
        why(run, "h", 1).sentence,
        why(run, "L", 1, gradient=True).sentence,
    }
    assert said == {
        "x[1][0] is 1: an input.",
        "U[0][0] is 3: a parameter.",
        "h[0][0] is 0: an initial state.",
        "h[1][0] is 1: set by the edit h[1] = 1.",
        "∇L[1] is 1: what the loss of a time counts.",
    }


def test_an_edit_passes_nothing_on_and_says_so():
    run = by_hand([Edit("h", 1.0, (1, 1))])
    reason = why(run, "x", 1, 0, gradient=True)
    (cause,) = reason.terms[0].causes
    assert (reason.value, str(cause.spot)) == (0, "∇h°[1][0]")
    assert reason.of(cause).sentence == "∇h°[1][0] is 0: nothing is passed on: h[1] = 1 holds."


@pytest.mark.parametrize("edited", [False, True])
def test_terms_add_up_to_the_value_and_causes_are_real_for_any_cell(any_cell, run_of, edited):
    run = run_of(any_cell, T=4, B=2)
    if edited:
        run = run.edited([Edit(name, 0.3, (2, 2), (0,)) for name in any_cell.definitions])
    for name in (*any_cell.definitions, "x"):
        for gradient in (False, True):
            for t in (1, 2, 4):
                reason = why(run, name, t, 0, gradient, 1)
                shown = run.input_gradient(t) if (name, gradient) == ("x", True) else run.read(name, t, gradient)
                assert reason.value == shown[1, 0]
                if reason.terms:
                    assert sum(t.value for t in reason.terms) == pytest.approx(reason.argument, rel=1e-9, abs=1e-12)
                for cause in (cause for term in reason.terms for cause in term.causes[:2]):
                    assert reason.of(cause).value == pytest.approx(cause.value, rel=1e-12), str(cause.spot)


@pytest.mark.parametrize(("window", "stride"), [(3, 1), (3, 2), (2, 2)])
def test_a_truncated_gradient_is_told_by_the_terms_of_its_last_pass(window, stride, run_of):
    whole = run_of(Model.create("lstm", 2, 3, 4).cell, T=5, B=2)
    run = Run(whole.model, whole.x, whole.y, window=window, stride=stride)
    for name in (*run.model.cell.definitions, "x"):
        for t in range(1, 6):
            reason = why(run, name, t, 0, gradient=True, sequence=1)
            assert sum(term.value for term in reason.terms) == pytest.approx(reason.value, rel=1e-9, abs=1e-12)
            last = run.schedule.pass_of(run.schedule.covering(t)).hi
            assert all(link.consumer_t <= last for link in chain(run, name, t).links)


def test_shares_of_a_parameter_add_up_to_its_gradient_for_any_cell(any_cell, run_of):
    run = run_of(any_cell, T=4, B=2)
    for name, array in run.model.parameters.items():
        reason = why(run, name, None, (0,) * array.ndim, gradient=True)
        assert sum(term.value for term in reason.terms) == pytest.approx(reason.value, rel=1e-9, abs=1e-12)


def test_the_sizes_of_a_matrix_product_are_its_products(run_of):
    run = run_of(Model.create("lstm", 2, 3, 4).cell, T=4)
    term = next(term for term in why(run, "a_f", 3, 1).terms if term.text.startswith("W_f"))
    products = run.model.parameters["W_f"][1] * run.read("h", 2)[0]
    assert sorted(cause.product for cause in term.causes) == pytest.approx(sorted(products))
    assert sum(cause.product for cause in term.causes) == pytest.approx(term.value)
    sizes = [abs(cause.product) for cause in term.causes]
    assert sizes == sorted(sizes, reverse=True)


def test_a_tree_is_drawn_as_deep_as_it_is_asked_for():
    reason = why(by_hand(), "h", 2)
    assert reason.lines(1) == [
        "h[2][0] = 9    h[2] = W h[1] + U x[2]",
        "  6  67%  W h[1]",
        "    6  W[0][0] · h[1][0] = 2 · 3",
        "  3  33%  U x[2]",
        "    3  U[0][0] · x[2][0] = 3 · 1",
    ]
    assert "      h[1][0] = 3    h[1] = W h[0] + U x[1]" in reason.lines(2)


def test_what_does_not_exist_is_refused():
    run = by_hand()
    for arguments, reason in (
        (("q", 1), "linear has no variable or parameter 'q'"),
        (("h", 3), "time of h"),
        (("h",), "h is a variable and needs a time"),
        (("h", 1, 1), r"h\[1\]\[1\] does not exist: h has 1 components"),
        (("W", None, 0), "W has 1 × 1 components"),
        (("h", 1, 0, False, 1), "sequence"),
    ):
        with pytest.raises(InputError, match=reason):
            why(run, *arguments)


def halved(T=12):
    model = Model.create("rnn", 1, 4, 2, seed=1)
    W = initialise({"W": (4, 4)}, {"W": {"orthogonal": 0.5}}, 3)["W"]
    return Run(model.replaced({"W": W}), np.zeros((T, 1)), [-1] * (T - 1) + [0])


def test_the_chain_of_a_halved_gradient_names_the_matrix_and_the_exact_factor():
    run = halved()
    found = chain(run, "h", 1)
    assert [time.t for time in found.times] == list(range(12, 0, -1))
    assert [time.factor for time in found.times[1:]] == pytest.approx([0.5] * 11, rel=1e-12)
    assert (found.culprit.name, found.culprit.consumer, found.culprit.road, found.culprit.count) == ("h", "a", "Wᵀ", 11)
    assert found.culprit.product == pytest.approx(2**-11)
    assert found.loss_t == 12
    assert "× 0.5 a step back: what shrank it most is Wᵀ from ∇a to ∇h, 11 times (× 0.5 each time)" in found.sentence


def test_products_of_a_chain_are_the_gradients_themselves_for_any_cell(any_cell, run_of):
    run = run_of(any_cell, T=5, B=2)
    for name in (*any_cell.definitions, "x"):
        found = chain(run, name, 2, sequence=1)
        for link in found.links:
            read = run.input_gradient(link.t) if link.name == "x" else run.read(link.name, link.t, True)
            assert link.norm == pytest.approx(np.linalg.norm(read[1]), rel=1e-12)
            assert link.product == pytest.approx(link.norm, rel=1e-9)  # ‖∇L‖ is 1
        if not found.links and name != any_cell.loss:
            assert not run.read(name, 2, True).any()


def test_a_dead_relu_is_named_at_its_time():
    model = Model.create("rnn-relu", 4, 3, 4, seed=1).replaced({"W": np.eye(3), "U": np.ones((3, 4)), "b": [0.0] * 3})
    run = Run(model, np.array([[1.0] * 4, [1] * 4, [-9] * 4, [20] * 4, [1] * 4]), [-1, -1, -1, -1, 3])
    found = chain(run, "h", 1)
    assert found.links[-1].norm == 0
    assert (found.culprit.road, found.culprit.worst.t, found.culprit.worst.factor) == ("relu′", 3, 0)
    assert found.sentence.startswith(
        "‖∇h[1]‖ is 0, × 0 from the loss at t=5: what shrank it most is relu′ from ∇h to ∇a"
    )


def test_a_gradient_that_no_loss_reaches_has_no_chain():
    run = halved()
    assert chain(run, "p", 3).sentence == "‖∇p[3]‖ is 0: no loss reaches it."
    assert chain(run, "L", 12).sentence == "‖∇L[12]‖ is where gradients begin."
