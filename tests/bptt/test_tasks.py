"""Generated tasks: what is shown, what is asked, where there is no target; seeded, streamed, refused by name."""

import re
from itertools import islice

import numpy as np
import pytest

from bptt import InputError, Model, trace
from bptt.cells import find as find_cell
from bptt.reber import SYMBOLS
from bptt.tasks import TASKS, find


def names(task, codes):
    return "".join(task.symbols[code] for code in codes)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_is_what_a_trace_takes(name):
    task = TASKS[name]
    x, y = task.make(batch=3, seed=1)
    assert x.shape[:2] == y.shape[:2] == (task.length, 3)
    model = Model.create(find_cell("rnn", "softmax" if task.kind == "classes" else "linear"),
                         task.inputs, 4, task.outputs)  # fmt: skip
    assert np.isfinite(trace(model, x, y).loss)
    assert (x.dtype.kind == "i") == bool(task.symbols)
    assert len(task.symbols) in (0, task.inputs)
    assert len(task.answers) == (task.outputs if task.kind == "classes" else 0)


@pytest.mark.parametrize("name", TASKS)
def test_a_seed_gives_the_same_batches_and_another_seed_others(name):
    task = TASKS[name]
    stream = task.stream(task.length, 4, seed=7)
    once, twice = list(islice(stream, 3)), [stream[n] for n in (2, 1, 0)][::-1]
    for a, b in zip(once, twice, strict=True):
        assert np.array_equal(a.x, b.x)
        assert np.array_equal(a.y, b.y, equal_nan=True)
    assert not np.array_equal(once[0].x, once[1].x)
    assert np.array_equal(task.make(task.length, 4, seed=7).x, once[0].x)
    assert not np.array_equal(task.make(task.length, 4, seed=8).x, once[0].x)
    assert not once[0].x.flags.writeable


@pytest.mark.parametrize("name", TASKS)
def test_the_shortest_length_works_and_one_less_is_refused(name):
    task = TASKS[name]
    x, y = task.make(task.shortest, 5)
    assert len(x) == task.shortest
    assert (y[-1] >= 0).all() or name in ("reber", "sine")
    with pytest.raises(InputError, match=f"length: got {task.shortest - 1}, expected a whole number {task.shortest}"):
        task.make(task.shortest - 1)


def test_adding_asks_for_the_two_marked_values():
    x, y = TASKS["adding"].make(11, 200, seed=3)
    assert np.array_equal(np.unique(x[..., 1]), [0, 1])
    assert (x[:5, :, 1].sum(axis=0) == 1).all()
    assert (x[5:, :, 1].sum(axis=0) == 1).all()
    assert np.isnan(y[:-1]).all()
    for n in range(200):
        marked = x[x[:, n, 1] == 1, n, 0]
        assert y[-1, n, 0] == marked.sum()
    assert set(x[..., 1].argmax(axis=0)) == set(range(5))
    # the sum of two uniform numbers: mean 1, variance 1/6
    y = TASKS["adding"].make(11, 20000, seed=4).y[-1]
    assert y.mean() == pytest.approx(1, abs=0.01)
    assert y.var() == pytest.approx(1 / 6, abs=0.005)


def test_recall_asks_for_the_first_symbol():
    task = TASKS["recall"]
    x, y = task.make(6, 100, seed=1)
    assert (y[:-1] == -1).all()
    assert np.array_equal(y[-1], x[0])
    assert {names(task, x[:1, n]) for n in range(100)} == {"A", "B"}
    assert set("".join(names(task, x[1:, n]) for n in range(100))) == {"C", "D"}


def test_copy_asks_for_the_letters_after_the_signal():
    task = TASKS["copy"]
    x, y = task.make(12, 50, seed=1)
    for n in range(50):
        assert re.fullmatch("[ABCD]{4}···\\?····", names(task, x[:, n]))
        assert np.array_equal(y[-4:, n], x[:4, n])
    assert (y[:-4] == -1).all()


def test_order_asks_for_both_symbols_as_they_came():
    task = TASKS["order"]
    x, y = task.make(20, 100, seed=1)
    assert (y[:-1] == -1).all()
    for n in range(100):
        string = names(task, x[:, n])
        assert string[2:4].strip("abcd") + string[10:12].strip("abcd") == task.answers[y[-1, n]]
        assert len([letter for letter in string if letter in "XY"]) == 2
    assert set(y[-1]) == {0, 1, 2, 3}


def test_parity_asks_whether_the_number_of_ones_was_odd():
    x, y = TASKS["parity"].make(7, 40, seed=1)
    assert [int(bit) for bit in y[-1]] == [int(x[:, n].sum()) % 2 for n in range(40)]
    assert (y[:-1] == -1).all()


def test_reber_strings_are_of_the_embedded_grammar():
    grammar = "BT(BTS*XSE|BTS*X(XT*V(PXT*V)*(PS|V))E|BP(T*V(PXT*V)*(PS|V))E|BTS*XX.*E|BPT*V.*E)TE|BP(B.*E)PE"
    task = TASKS["reber"]
    x, y = task.make(14, 60, seed=2)
    lengths = set()
    for n in range(60):
        asked = y[:, n] >= 0
        length = int(asked.sum())
        assert asked[:length].all()
        assert (names(task, x[length:, n])).strip("E") == ""
        string = names(task, x[:length, n]) + SYMBOLS[y[length - 1, n]]
        assert names(task, y[:length, n]) == string[1:]
        assert re.fullmatch(grammar, string), string
        assert string[1] == string[-2]
        lengths.add(len(string))
    assert {9, 10} <= lengths
    assert max(lengths) <= 15


def test_sine_asks_for_the_next_value():
    x, y = TASKS["sine"].make(30, 50, seed=1)
    assert np.array_equal(x[1:], y[:-1])
    # sin(a + w) + sin(a − w) = 2 cos(w) sin(a): one number a sequence
    cosine = (x[2:] + x[:-2])[:, :, 0] / (2 * x[1:-1, :, 0])
    periods = 2 * np.pi / np.arccos(np.median(cosine, axis=0))
    assert periods.min() >= 8
    assert periods.max() <= 24


def test_what_cannot_be_is_named():
    with pytest.raises(InputError, match="task: no task is called 'ading'; did you mean adding"):
        find("ading")
    task = find("adding")
    with pytest.raises(InputError, match="batch: got 0, expected a whole number 1…65536"):
        task.make(10, 0)
    with pytest.raises(InputError, match="seed: got -1"):
        task.make(10, 1, seed=-1)
    with pytest.raises(InputError, match="batch: length 1000000 times batch 1000 is too much"):
        task.stream(10**6, 1000)
    with pytest.raises(IndexError, match="batch -1 does not exist"):
        task.stream(10)[-1]
