"""Loss a target and share of right answers, by hand."""

import numpy as np
import pytest

from bptt import Cell, Model
from bptt.scoring import score

READ_OUT = "z[t] = V @ x[t]\nL[t] = {}(z[t], y[t])\n"


def model(loss, V, reduction="sum"):
    return Model(Cell.parse(READ_OUT.format(loss)), {"V": V}, loss=reduction)


def test_classes_are_right_where_their_score_is_the_largest():
    made = model("cross_entropy", [[0.0, 9.0], [0.0, 0.0], [1.0, 0.0]])
    found = score(made, [0, 1, 0, 1], [2, 0, 1, -1])
    one = np.log(2 + np.e)
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.loss == pytest.approx(((one - 1) + np.log1p(2 * np.exp(-9)) + one) / 3)
    assert found.targets == 3
    assert (
        score(model("cross_entropy", [[0.0, 9.0], [0.0, 0.0], [1.0, 0.0]], "mean"), [0, 1, 0, 1], [2, 0, 1, -1])
        == found
    )


def test_bits_are_right_on_their_side_of_a_half():
    made = model("binary_cross_entropy", [[2.0], [-2.0]])
    found = score(made, [[1.0], [1.0]], [[1, 1], [0, 0]])
    assert found.accuracy == 0.5
    assert found.targets == 2


def test_values_have_no_accuracy():
    made = model("squared_error", [[2.0]])
    found = score(made, [[1.0], [2.0], [3.0]], [[1.0], [1.0], [np.nan]])
    assert (found.loss, found.accuracy, found.targets) == ((0.5 + 4.5) / 2, None, 2)


def test_without_a_target_there_is_no_score():
    found = score(model("cross_entropy", [[0.0, 1.0], [0.0, 0.0]]), [0, 1], [-1, -1])
    assert np.isnan(found.loss)
    assert (found.accuracy, found.targets) == (None, 0)
