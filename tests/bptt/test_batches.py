"""What each iteration reads, by number."""

import numpy as np
import pytest

from bptt import TASKS, InputError
from bptt.batches import Batches


def test_one_pair_is_read_every_time():
    pair = ([0, 1], [1, 0])
    batches = Batches(pair)
    assert batches[0] is batches[7] is pair
    assert batches.count == 1


def test_a_list_is_read_in_turn():
    pairs = [([0, 1], [1, 0]), ([1, 1], [0, 0]), ([0, 0], [1, 1])]
    batches = Batches(pairs)
    assert [batches[n] for n in (0, 1, 2, 3, 7)] == [pairs[n] for n in (0, 1, 2, 0, 1)]
    assert batches.count == 3


def test_a_stream_is_read_by_number():
    stream = TASKS["recall"].stream(5, 3, seed=4)
    batches = Batches(stream)
    assert batches.count is None
    assert np.array_equal(batches[11][0], stream[11].x)


@pytest.mark.parametrize("name", ["recall", "adding"])
def test_sequences_are_drawn_anew_each_time_without_repeats(name):
    x, y = TASKS[name].make(6, 20, seed=1)
    batches = Batches((x, y), batch=7, seed=3)
    whole = [x[:, n].tolist() for n in range(20)]
    seen = set()
    for number in range(30):
        part, targets = batches[number]
        assert part.shape[:2] == targets.shape[:2] == (6, 7)
        places = [whole.index(part[:, n].tolist()) for n in range(7)]
        assert np.array_equal(x[:, places], part)
        assert np.array_equal(y[:, places], targets, equal_nan=True)
        seen |= set(places)
    assert seen == set(range(20)) - {n for n in range(20) if whole.index(whole[n]) != n}
    assert np.array_equal(batches[5][0], Batches((x, y), batch=7, seed=3)[5][0])
    assert not np.array_equal(batches[5][0], batches[6][0])
    assert not np.array_equal(batches[5][0], Batches((x, y), batch=7, seed=4)[5][0])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (([],), "data: got an empty list"),
        ((3,), "data: got int, expected x and y, a list of them, or a stream"),
        (("text",), "data: got str, expected x and y"),
        ((([0, 1], [1, 0]), 2), "batch: got 2, expected a whole number 1…1"),
        (([([0, 1], [1, 0])], 1), "batch: goes with x and y alone"),
        ((([0, 1], [1, 0]), None, -1), "seed: got -1"),
    ],
)
def test_what_cannot_be_read_is_named(arguments, expected):
    with pytest.raises(InputError, match=expected):
        Batches(*arguments)


def test_a_list_of_something_else_is_named_by_its_place():
    with pytest.raises(InputError, match="data: batch 1 is int, expected x and y"):
        Batches([([0, 1], [1, 0]), 5])[1]
