"""By norm a gradient keeps its direction, by value it turns: exact numbers, and a net whose gradient explodes."""

import numpy as np
import pytest

from bptt import InputError, Model, Training
from bptt.cells import find
from bptt.clipping import CLIPPINGS, choose_clipping
from bptt.tasks import TASKS


def turned(a, b):
    """Degrees between two directions."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    return 2 * np.degrees(np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b)))


def test_by_norm_the_length_is_the_bound_and_shorter_ones_stay():
    clip = CLIPPINGS["norm"].clip
    assert clip(np.array([3.0, -4.0]), 1.0).tolist() == pytest.approx([0.6, -0.8], rel=1e-15)
    short = np.array([0.3, -0.4])
    assert clip(short, 0.5) is short
    assert clip(short, 0.25).tolist() == pytest.approx([0.15, -0.2], rel=1e-15)


def test_by_value_each_entry_is_held_within_the_bound():
    assert CLIPPINGS["value"].clip(np.array([3.0, -4.0, 0.5]), 1.0).tolist() == [1, -1, 0.5]


def test_a_gradient_whose_square_overflows_is_clipped_all_the_same():
    clipped = CLIPPINGS["norm"].clip(np.array([3e200, -4e200]), 1.0)
    assert clipped.tolist() == pytest.approx([0.6, -0.8], rel=1e-15)


def test_one_exploding_unit_is_clipped_in_its_direction_by_norm_and_turned_by_value():
    # a ReLU net with one unit that grows (1.3) and one that fades (0.5): all gradients are positive, so that by value
    # every one of the 13 becomes 1
    init = {"W": [[1.3, 0], [0, 0.5]], "U": 0.5, "V": 0.5}
    model = Model.create(find("rnn-relu", "linear"), 2, 2, 1, init=init, loss="mean")
    training = Training(model, TASKS["adding"].stream(12, 8), rate=0.01, iterations=1)
    gradient = 2 * training.open(1).update.gradient  # of (z − y)², without the ½
    assert 2000 < np.linalg.norm(gradient) < 3500
    assert turned(CLIPPINGS["norm"].clip(gradient, 1.0), gradient) < 1e-12
    by_value = CLIPPINGS["value"].clip(gradient, 1.0)
    assert by_value.tolist() == [1.0] * 13
    assert np.linalg.norm(by_value) == pytest.approx(np.sqrt(13))
    assert turned(by_value, gradient) == pytest.approx(54.7, abs=0.5)
    assert turned(CLIPPINGS["value"].clip(gradient, 10.0), gradient) == pytest.approx(53.1, abs=0.5)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("norm", "clip: norm needs a number: norm:0.1"),
        ("5", "clip: got a number alone, and not of what: write norm:5 or value:5"),
        ({"nrom": 1}, "clip: there is no 'nrom'; did you mean norm?"),
        ({"value": 0}, "clip: got 0, expected a finite number > 0"),
        (1.0, "clip: got 1.0, expected a name, or one name with its settings"),
    ],
)
def test_a_bound_that_cannot_be_is_named(given, expected):
    assert choose_clipping(None) is None
    with pytest.raises(InputError) as caught:
        choose_clipping(given)
    assert str(caught.value) == expected
