"""Numbers side by side can be told apart without their colours."""

import pytest

from rnntui.widgets.tile_painter import row_texts


@pytest.mark.parametrize(
    ("numbers", "width", "row"),
    [
        ((5e-10, -1e-10, -0.02), 5, "5e-10 -.00 -.02"),
        ((4e-3, 2e-3), 4, "4e-3 e-3"),
        ((0.78, -0.9, 0.5), 4, "+.78-.90+.50"),
        ((800, -800, 0, 800), 4, "+800-800   0+800"),
        ((0.5, 0.002), 5, " +.50 2e-3"),
        ((0.002,), 4, "2e-3"),
        ((2e-3, -4e-3, -7e-3), 5, " 2e-3-4e-3-7e-3"),
    ],
)
def test_powers_of_ten_do_not_touch(numbers, width, row):
    assert "".join(row_texts(numbers, width)) == row
