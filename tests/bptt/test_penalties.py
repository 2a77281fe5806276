"""L1 and L2: what they add to a gradient, to which parameters."""

import numpy as np
import pytest

from bptt import InputError, Model, Training
from bptt.penalties import PENALTIES, coefficients

QUIET = {"x": np.zeros((3, 2)), "y": np.full(3, -1)}
"""No target at any time: every gradient is 0, and only a penalty moves a parameter."""


def decayed(**settings):
    model = Model("rnn", {"U": [[1.0, -2.0]], "W": [[0.5]], "b": [0.25], "V": [[4.0], [0.0]], "c": [1.0, -1.0]})
    training = Training(model, (QUIET["x"], QUIET["y"]), rate=0.1, iterations=1, **settings)
    training.run()
    return {name: array.tolist() for name, array in training.model.parameters.items()}


def test_the_slopes_are_the_derivatives():
    w = np.array([2.0, -3.0, 0.0])
    assert PENALTIES["l2"].slope(w).tolist() == [2, -3, 0]
    assert PENALTIES["l1"].slope(w).tolist() == [1, -1, 0]


def test_l2_takes_the_same_share_of_every_entry():
    assert decayed(l2=0.5) == {
        "b": [0.2375],
        "W": [[0.475]],
        "U": [[0.95, -1.9]],
        "c": [0.95, -0.95],
        "V": [[3.8], [0.0]],
    }


def test_l1_takes_the_same_amount_and_leaves_zeros():
    found = decayed(l1=0.5)
    assert found["U"] == [[0.95, -1.95]]
    assert found["V"] == [[3.95], [0.0]]


def test_only_the_parameters_named_are_penalised():
    found = decayed(l2={"W": 1.0}, l1={"c": 0.5, "b": 0.0})
    assert found == {"b": [0.25], "W": [[0.45]], "U": [[1, -2]], "c": [0.95, -0.95], "V": [[4], [0]]}


def test_coefficients_are_checked_by_name():
    assert coefficients(0.5, "l2", ["U", "W"]) == {"U": 0.5, "W": 0.5}
    assert coefficients({"W": 0.5, "U": 0}, "l2", ["U", "W"]) == {"W": 0.5}
    with pytest.raises(InputError, match=r"l2: no parameter is called 'w'; did you mean W\?"):
        coefficients({"w": 0.5}, "l2", ["U", "W"])
    with pytest.raises(InputError, match=r"l1: got -0\.5, expected a finite number ≥ 0"):
        coefficients(-0.5, "l1", ["U"])
    with pytest.raises(InputError, match="l1: got 'a', expected a finite number ≥ 0"):
        coefficients({"U": "a"}, "l1", ["U"])
