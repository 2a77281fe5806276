"""Arguments of a trace: the few looks at good arrays let nothing through that the full checks refuse."""

import numpy as np
import pytest

from bptt import InputError, Model, Run, trace
from bptt.execution.batch import _ready, read

T, D, K = 4, 3, 5


def model_of(**options):
    return Model.create("rnn", D, 2, K, **options)


GOOD = np.linspace(-1, 1, T * D).reshape(T, D), np.array([0, 4, -1, 2])


def test_good_arrays_pass_with_a_look_and_are_not_copied():
    x, y = GOOD
    rows, classes, initial, absent, weight = _ready(model_of(), x, y)
    assert (rows.shape, classes.shape, initial, weight) == ((T, 1, D), (T, 1), {}, 1.0)
    assert np.shares_memory(rows, x)
    assert absent[:, 0, 0].tolist() == [False, False, True, False]
    assert _ready(model_of(loss="mean"), x, y)[4] == 1 / 3
    assert _ready(model_of(), x, np.array([0, 4, 1, 2]))[3] is None


@pytest.mark.parametrize(
    "x",
    [
        GOOD[0].astype(np.float32),
        GOOD[0].tolist(),
        np.asfortranarray(GOOD[0]),
        np.array([0, 1, 2, 0]),
        np.full((T, D), 1e200),
        GOOD[0].astype(">f8"),
    ],
    ids=["float32", "list", "fortran", "one-hot", "huge", "big-endian"],
)
def test_other_good_arguments_get_the_full_checks_and_the_same_numbers(x):
    fast, stepped = trace(model_of(), x, GOOD[1]), Run(model_of(), x, GOOD[1]).trace()
    with np.errstate(over="ignore"):
        assert _ready(model_of(), x, GOOD[1]) is None
    assert np.array_equal(fast.x, stepped.x)
    assert fast.loss == pytest.approx(stepped.loss, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_seen(bad):
    x = GOOD[0].copy()
    x[2, 1] = bad
    with pytest.raises(InputError, match=r"x\[2, 1\]"):
        trace(model_of(), x, GOOD[1])
    with pytest.raises(InputError):
        trace(model_of(), np.concatenate([x, -x])[:, None], np.zeros((2 * T, 1), int))


@pytest.mark.parametrize("y", [[0, 1, 2, 5], [0, 1, 2, -2], [0, 1, 2], [0.0, 1, 2, 3], [[0, 1], [2, 3]]])
def test_a_target_that_does_not_fit_is_seen(y):
    with pytest.raises(InputError, match="y"):
        trace(model_of(), GOOD[0], np.array(y))


@pytest.mark.parametrize("shape", [(T,), (T, D + 1), (T, 1, 1, D), (0, D), (T, 0, D)])
def test_inputs_of_another_shape_are_refused_as_in_a_run(shape):
    x = np.zeros(shape)
    with pytest.raises(InputError) as fast:
        read(model_of(), x, GOOD[1], None)
    with pytest.raises(InputError) as stepped:
        Run(model_of(), x, GOOD[1])
    assert str(fast.value) == str(stepped.value)


def test_a_normaliser_without_enough_is_refused():
    with pytest.raises(InputError, match="--batch 8"):
        trace(Model.create("rnn-batch-norm", D, 2, K), *GOOD)
