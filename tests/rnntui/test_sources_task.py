"""A generated task is a source: names for its symbols, or one line that says which option is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from bptt.tasks import TASKS
from rnntui.safe import InputError
from rnntui.sources import from_task


def test_a_single_sequence_has_no_batch_axis() -> None:
    source = from_task("adding", 12, seed=3)
    x, y = TASKS["adding"].make(12, seed=3)
    assert np.array_equal(source.x, x[:, 0])
    assert np.array_equal(source.y, y[:, 0], equal_nan=True)
    assert (source.T, source.B, source.inputs, source.outputs, source.kind) == (12, 1, 2, 1, "values")
    assert (source.tokens, source.vocabulary) == (None, None)
    assert source.description == {"source": "task", "task": "adding", "length": 12, "batch": 1, "seed": 3}


def test_symbols_have_names_in_every_sequence() -> None:
    source = from_task("recall", 5, batch=4, seed=1)
    assert (source.T, source.B, source.inputs, source.outputs) == (5, 4, 4, 2)
    assert source.vocabulary == ("A", "B", "C", "D")
    for sequence in range(4):
        tokens = source.tokens_of(sequence)
        assert tokens is not None
        assert tokens[0] in "AB"
        assert set(tokens[1:]) <= set("CD")
        assert source.vocabulary[source.y[-1, sequence]] == tokens[0]


def test_classes_that_are_no_inputs_have_numbers_and_inputs_keep_their_names() -> None:
    source = from_task("order", 20, seed=2)
    assert source.vocabulary is None
    assert source.tokens is not None
    asked = [token for token in source.tokens if token in "XY"]
    assert TASKS["order"].answers[source.y[-1]] == "".join(asked)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_is_a_source_of_its_proposed_length(name: str) -> None:
    source = from_task(name)
    assert TASKS[name].length == source.T
    assert source.title == f"{name} {source.T}"
    assert not source.x.flags.writeable
    assert not source.y.flags.writeable


def test_what_cannot_be_is_named_by_its_option() -> None:
    def line(**options: int) -> str:
        with pytest.raises(InputError) as raised:
            from_task("copy", **options)
        return str(raised.value)

    assert line(length=8) == "--length: got 8, expected a whole number 9…1000000"
    assert line(batch=0) == "--batch: got 0, expected a whole number 1…65536"
    assert line(length=100_000, batch=60_000).startswith("--batch: length 100000 times batch 60000 is too much")
    with pytest.raises(InputError) as raised:
        from_task("copi")
    assert str(raised.value) == "--task: no task is called 'copi'; did you mean copy?"
