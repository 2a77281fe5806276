"""Times in the columns of the Score."""

from __future__ import annotations

import numpy as np
import pytest

from rnntui.widgets.columns import columns_of

VALUES = np.arange(1.0, 98.0)[:, None] * np.where(np.arange(97) % 2, 1, -1)[:, None]


@pytest.mark.parametrize("at", [1, 21, 50, 98])
def test_where_nothing_is_seen_inside_a_column_of_several_times_nothing_is_drawn(at: int) -> None:
    columns = columns_of(97, 30, 7, 0, 1)
    assert columns.joined
    assert not columns.largest(VALUES, at, at).any()
    assert not columns.mean(VALUES, at, at).any()
    assert columns.edges(at, at) == (slice(0, 0), ())


def test_of_several_times_the_largest_is_drawn_with_its_sign() -> None:
    columns = columns_of(97, 30, 7, 0, 1)
    found = columns.largest(VALUES, 1, 98)[:, 0]
    ends = [end - 1 for end in columns.ends]
    assert list(np.abs(found)) == ends
    assert list(np.sign(found)) == [float(VALUES[end - 1, 0]) / end for end in ends]
