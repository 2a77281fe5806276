"""Kept states: bounded in number and bytes, evenly spaced, the nearest one found."""

import numpy as np

from bptt import snapshots
from bptt.snapshots import MOST, Snapshots, State


def state(number, size=1):
    return State(np.full(size, float(number)), {}, {})


def test_the_nearest_earlier_one_is_found_and_few_are_kept():
    kept = Snapshots(0, state(0))
    for n in range(1, 1001):
        kept.keep(n, state(n))
        for wanted in (n, n // 2, 0):
            found, its_state = kept.nearest(wanted)
            assert found == its_state.parameters[0]
            assert 0 <= wanted - found < kept.spacing
    assert kept.spacing == 16  # 1,000 states at 64 or fewer


def test_early_states_are_all_kept():
    kept = Snapshots(5, state(5))
    for n in range(6, 5 + MOST):
        kept.keep(n, state(n))
    assert kept.spacing == 1
    assert [kept.nearest(n)[0] for n in (5, 40, 5 + MOST - 1)] == [5, 40, 5 + MOST - 1]


def test_large_states_are_fewer(monkeypatch):
    monkeypatch.setattr(snapshots, "MOST_BYTES", 80)
    kept = Snapshots(0, state(0, size=2))
    for n in range(1, 33):
        kept.keep(n, state(n, size=2))
    assert kept.spacing == 8  # 0, 8, 16, 24, 32: five of 16 bytes


def test_a_state_knows_its_size():
    full = State(np.zeros(4), {"m": np.zeros(4), "c": np.zeros(1)}, {"h": np.zeros((1, 2, 3))})
    assert full.size == 8 * (4 + 4 + 1 + 6)
