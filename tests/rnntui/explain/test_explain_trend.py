"""Whether a gradient has vanished or exploded on its way back."""

import numpy as np
import pytest

from rnntui.explain.trend import Trend, trend_of


@pytest.mark.parametrize(
    ("norms", "found"),
    [
        ([1e-4, 1e-3, 1e-2, 1.0], Trend(-4, 3)),
        ([2e4, 10.0, 2.0, 5.0], Trend(4, 2)),
        ([0.5, 1.0, 2.0], None),
        ([1e-4, 0.0, 0.0, 1.0], Trend(-4, 3)),
        ([0.0, 1.0], None),
        ([float("nan"), 1.0], None),
        ([1.0, 0.0], None),
        ([1.0], None),
    ],
)
def test_a_factor_of_a_thousand_is_a_trend(norms, found):
    assert trend_of(np.array(norms)) == found
