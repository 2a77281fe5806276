"""How a training is made from a plan: what is trained on, and what is held out."""

import numpy as np
import pytest

from bptt import Model, Run
from bptt.tasks import Stream
from rnntui.safe import InputError
from rnntui.sources import from_task, from_text
from rnntui.training.plan import Plan


def parts(source, holdout):
    """(what is trained on, what is held out)."""
    run = Run(Model.create("rnn", source.inputs, 2, source.outputs), source.x, source.y)
    return Plan(holdout=holdout)._data(source, run)


def test_of_one_sequence_a_share_is_its_last_times():
    learned, held_out = parts(from_text("abcdefghijk"), 0.25)
    assert learned[0].tolist() == list(range(7)) and learned[1].tolist() == list(range(1, 8))
    assert held_out[0].tolist() == [7, 8, 9] and held_out[1].tolist() == [8, 9, 10]


@pytest.mark.parametrize("holdout", [0.3, 1])
def test_of_several_sequences_the_last_ones_are_held_out(holdout):
    learned, held_out = parts(from_text("abcabdabe", batch=3), holdout)
    assert (learned[0].shape, held_out[0].shape) == ((2, 2), (2, 1))
    assert held_out[1][:, 0].tolist() == [1, 4]


def test_a_task_gives_fresh_sequences_and_holds_out_others():
    learned, held_out = parts(from_task("recall", 9, 4, 7), 0.05)
    assert isinstance(learned, Stream)
    assert held_out[0].shape == (9, 50)
    assert not np.array_equal(learned[0].x, held_out[0][:, :4])


@pytest.mark.parametrize("holdout", [-0.5, 1.5, float("nan"), float("inf")])
def test_what_is_neither_a_share_nor_a_number_of_sequences_is_refused(holdout):
    with pytest.raises(InputError, match="expected a share below 1 or a whole number"):
        parts(from_text("hello hello", batch=3), holdout)


def test_something_is_left_to_train_on():
    with pytest.raises(InputError, match=r"got 0\.9 of 4 times: none is left"):
        parts(from_text("hello"), 0.9)
    with pytest.raises(InputError, match=r"got 0\.7 of 2 sequences: give --batch 2 or more"):
        parts(from_text("hello!", batch=2), 0.7)
