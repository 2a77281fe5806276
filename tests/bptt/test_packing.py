"""Parameters in one row and back."""

import numpy as np
import pytest

from bptt.packing import Packing, norm_of

ARRAYS = {"W": np.array([[3.0, 4.0], [0.0, 0.0]]), "b": np.array([5.0, 12.0, 0.0]), "s": np.array([-2.0])}


@pytest.fixture
def packing():
    return Packing({name: array.shape for name, array in ARRAYS.items()}, np.float64)


def test_a_row_holds_all_entries_in_order_and_gives_them_back(packing):
    row = packing.pack(ARRAYS)
    assert row.tolist() == [3, 4, 0, 0, 5, 12, 0, -2]
    assert packing.size == 8
    for name, array in packing.unpack(row).items():
        assert np.array_equal(array, ARRAYS[name])
        assert np.shares_memory(array, row)
    assert packing.view(row, "b").tolist() == [5, 12, 0]


def test_a_locked_row_has_locked_parts(packing):
    row = packing.pack(ARRAYS)
    row.flags.writeable = False
    assert not any(array.flags.writeable for array in packing.unpack(row).values())


def test_norms_are_those_of_each_parameter(packing):
    assert packing.norms(packing.pack(ARRAYS)) == {"W": 5, "b": 13, "s": 2}
    assert packing.norms(packing.pack(ARRAYS) * 1e200) == pytest.approx({"W": 5e200, "b": 13e200, "s": 2e200})


def test_a_row_can_be_filled_by_parameter(packing):
    assert packing.filled({"b": 0.5}).tolist() == [0, 0, 0, 0, 0.5, 0.5, 0.5, 0]


def test_a_norm_neither_overflows_nor_vanishes():
    assert norm_of(np.array([3.0, 4.0])) == 5
    assert norm_of(np.array([3e300, 4e300])) == pytest.approx(5e300)
    assert norm_of(np.array([3e-300, 4e-300])) == pytest.approx(5e-300)
    assert norm_of(np.zeros(3)) == 0
    assert norm_of(np.array([np.inf, 1.0])) == np.inf
    assert np.isnan(norm_of(np.array([np.nan, 1.0])))
