"""Each optimiser for two updates by hand, and against PyTorch's on a recorded course (fixtures/make_optimisers.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

from bptt import InputError
from bptt.clipping import CLIPPINGS
from bptt.optimisers import METHODS, Optimiser, choose_optimiser

RECORDED = json.loads((Path(__file__).parent / "fixtures" / "optimisers.json").read_text())


def optimiser(choice, size=1, dtype=np.float64):
    return Optimiser(choose_optimiser(choice), size, np.dtype(dtype))


def updated(choice, start, gradients, rate):
    """The parameter after each update."""
    made = optimiser(choice, len(start))
    row, memory = np.array(start), made.start()
    found = []
    for gradient in gradients:
        row, memory = made.update(row, np.array(gradient), memory, rate)
        found.append(row.tolist())
    return found, memory


def test_gradient_descent_by_hand():
    found, memory = updated("sgd", [1.0], [[2.0], [3.0]], 0.1)
    assert np.ravel(found).tolist() == pytest.approx([0.8, 0.5], rel=1e-15)  # 1 − .1·2, .8 − .1·3
    assert memory == {}


def test_momentum_by_hand():
    found, memory = updated("momentum", [1.0], [[2.0], [3.0]], 0.1)
    # v = 2, then .9·2 + 3 = 4.8; w = 1 − .2 = .8, then .8 − .48 = .32
    assert np.ravel(found).tolist() == pytest.approx([0.8, 0.32], rel=1e-15)
    assert memory["v"].tolist() == pytest.approx([4.8], rel=1e-15)


def test_rmsprop_by_hand():
    found, memory = updated("rmsprop:0.75", [1.0], [[2.0], [3.0]], 0.1)
    # v = .25·4 = 1, w = 1 − .1·2/1 = .8; v = .75 + .25·9 = 3, w = .8 − .3/√3 = .6267949…
    assert np.ravel(found).tolist() == pytest.approx([0.8, 0.8 - 0.3 / 3**0.5], rel=1e-8)
    assert memory["v"].tolist() == [3.0]


def test_adam_by_hand():
    found, memory = updated("adam:beta1=0.5,beta2=0.75", [1.0], [[2.0], [3.0]], 0.1)
    # m = 1, c1 = .5; v = 1, c2 = .25: w = 1 − .1·(1/.5)/√(1/.25) = .9
    # m = 2, c1 = .75; v = 3, c2 = .4375: w = .9 − .1·(2/.75)/√(3/.4375) = .7981650…
    assert np.ravel(found).tolist() == pytest.approx([0.9, 0.7981649890], rel=1e-8)
    assert {name: row.tolist() for name, row in memory.items()} == {"m": [2], "v": [3], "c1": [0.75], "c2": [0.4375]}


def test_the_first_step_of_adam_has_the_length_of_the_rate():
    found, _ = updated("adam", [1.0, 1.0, 1.0], [[1e-3, -50.0, 7.0]], 0.1)
    assert found[0] == pytest.approx([0.9, 1.1, 0.9], rel=1e-5)


@pytest.mark.parametrize(
    "case", RECORDED["cases"], ids=[f"{case['optimizer']} clip={case['clip']}" for case in RECORDED["cases"]]
)
def test_the_course_is_that_of_pytorch(case):
    made = optimiser(case["optimizer"], 4)
    row, memory = np.array(RECORDED["start"]), made.start()
    # PyTorch adds 1e-6 to the norm that it divides by
    agrees = 1e-12 if case["clip"] is None else 3e-6
    for gradient, expected in zip(RECORDED["gradients"], case["parameters"], strict=True):
        clipped = CLIPPINGS["norm"].clip(np.array(gradient), case["clip"] or np.inf)
        row, memory = made.update(row, clipped + case["l2"] * row, memory, RECORDED["rate"])
        np.testing.assert_allclose(row, expected, rtol=agrees, atol=agrees)


@pytest.mark.parametrize("name", METHODS)
def test_a_row_is_updated_entry_by_entry_and_nothing_given_is_changed(name):
    random = np.random.default_rng(1)
    row, gradient = random.normal(size=7), random.normal(size=7)
    whole = optimiser(name, 7)
    before, start = row.copy(), whole.start()
    row.flags.writeable = gradient.flags.writeable = False
    together, memory = whole.update(row, gradient, start, 0.1)
    for n in range(7):
        single = optimiser(name)
        alone, _ = single.update(row[n : n + 1], gradient[n : n + 1], single.start(), 0.1)
        assert alone[0] == together[n]
    assert np.array_equal(row, before)
    assert not any(kept.any() for kept in start.values())
    again, _ = whole.update(together, gradient, memory, 0.1)
    assert not np.array_equal(again, together)


def test_lines_are_written_for_one_parameter():
    def lines(choice, parameter, rate):
        made = optimiser(choice)
        return [made.text(line, parameter, rate) for line in made.lines]

    assert lines("sgd", "W", 0.1) == ["W ← W − 0.1·∇W"]
    assert lines("momentum", "b_f", 0.05) == ["v_b_f ← 0.9·v_b_f + ∇b_f", "b_f ← b_f − 0.05·v_b_f"]
    assert lines("adam", "W", 0.01) == [
        "m_W ← 0.9·m_W + 0.1·∇W",
        "v_W ← 0.999·v_W + 0.001·∇W²",
        "c1 ← 0.9·c1 + 0.1",
        "c2 ← 0.999·c2 + 0.001",
        "W ← W − (0.01·m_W / c1) / (√(v_W / c2) + 1e−8)",
    ]
    made = optimiser("adam")
    assert made.reads(made.lines[-1], "W") == ("W", "m_W", "c1", "v_W", "c2")
    assert made.shared == {"c1", "c2"}


def test_single_precision_stays():
    made = optimiser("adam", 2, np.float32)
    row, memory = made.update(np.ones(2, np.float32), np.ones(2, np.float32), made.start(), 0.1)
    assert {row.dtype, *(kept.dtype for kept in memory.values())} == {np.dtype(np.float32)}
    assert row.tolist() == pytest.approx([0.9, 0.9], rel=1e-6)


def test_what_cannot_be_is_named():
    for given, expected in (
        ("adma", "optimizer: there is no 'adma'; did you mean adam?"),
        ({"adam": {"beta3": 1}}, "optimizer: adam has no setting 'beta3'; did you mean beta2 or beta1?"),
        ("momentum:1.5", "optimizer: got 1.5, expected a number in 0…1"),
        ("sgd:0.1", "optimizer: sgd takes no number, got 0.1"),
    ):
        with pytest.raises(InputError) as caught:
            choose_optimiser(given)
        assert str(caught.value) == expected
