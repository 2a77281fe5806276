"""The scrub bar maps positions to columns and back."""

import pytest

from rnntui.widgets.scrub import column_of, position_of


@pytest.mark.parametrize(("total", "length"), [(60, 78), (93, 118), (10_000, 78), (1, 5)])
def test_the_ends_of_the_bar_are_the_ends_of_the_run(total, length):
    assert column_of(0, total, length) == 0
    assert column_of(total, total, length) == length - 1
    assert position_of(0, total, length) == 0
    assert position_of(length - 1, total, length) == total
    assert position_of(-3, total, length) == 0
    assert position_of(length + 9, total, length) == total


def test_a_click_on_the_playhead_stays_at_the_playhead():
    for position in range(0, 1001, 7):
        column = column_of(position, 1000, 78)
        assert column_of(position_of(column, 1000, 78), 1000, 78) == column
