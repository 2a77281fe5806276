"""Two small networks whose every number was worked out by hand, step by step, with pen and paper."""

from math import log

import numpy as np
import pytest

from bptt import Model, Run, trace
from bptt.cells import find

# tanh(½ ln 3) = 1/2, tanh(ln 2) = 3/5, tanh(ln 3) = 4/5: the inputs are such that every h is a plain fraction
HALF, THREE_FIFTHS, FOUR_FIFTHS = log(3) / 2, log(2), log(3)
X = np.array([[HALF, THREE_FIFTHS], [FOUR_FIFTHS - 0.6, -HALF + 0.5]])
Y = np.array([[1.2, 0.5], [-0.5, -1.5]])
SMALL = Model(
    find("rnn", "linear"),
    {
        "U": [[1, 0], [0, 1]],
        "W": [[0, 1], [-1, 0]],
        "b": [0, 0],
        "V": [[1, 2], [-1, 1]],
        "c": [0, 0],
    },
)
WORKED = [
    # forward, t = 1: h(0) = 0, so a(1) = x(1)
    ("forward", 1, "a", [HALF, THREE_FIFTHS]),
    ("forward", 1, "h", [0.5, 0.6]),
    ("forward", 1, "z", [0.5 + 1.2, -0.5 + 0.6]),
    ("forward", 1, "L", 0.5 * (0.5**2 + 0.4**2)),
    # t = 2: W h(1) = (0.6, −0.5)
    ("forward", 2, "a", [FOUR_FIFTHS, -HALF]),
    ("forward", 2, "h", [0.8, -0.5]),
    ("forward", 2, "z", [0.8 - 1.0, -0.8 - 0.5]),
    ("forward", 2, "L", 0.5 * (0.3**2 + 0.2**2)),
    # backward, t = 2: ∇z = z − y, ∇h = Vᵀ∇z, ∇a = ∇h ⊙ (1 − h²) = (0.1 · 0.36, 0.8 · 0.75)
    ("backward", 2, "L", 1.0),
    ("backward", 2, "z", [0.3, 0.2]),
    ("backward", 2, "c", [0.3, 0.2]),
    ("backward", 2, "V", [[0.24, -0.15], [0.16, -0.1]]),
    ("backward", 2, "h", [0.1, 0.8]),
    ("backward", 2, "a", [0.036, 0.6]),
    ("backward", 2, "b", [0.036, 0.6]),
    ("backward", 2, "W", [[0.018, 0.0216], [0.3, 0.36]]),
    ("backward", 2, "U", [[0.036 * X[1, 0], 0.036 * X[1, 1]], [0.6 * X[1, 0], 0.6 * X[1, 1]]]),
    # t = 1: from the future Wᵀ∇a(2) = (−0.6, 0.036), from this output Vᵀ∇z(1) = (0.9, 0.6)
    ("backward", 1, "L", 1.0),
    ("backward", 1, "z", [0.5, -0.4]),
    ("backward", 1, "c", [0.8, -0.2]),
    ("backward", 1, "V", [[0.24 + 0.25, -0.15 + 0.3], [0.16 - 0.2, -0.1 - 0.24]]),
    ("backward", 1, "h", [0.3, 0.636]),
    ("backward", 1, "a", [0.225, 0.40704]),
    ("backward", 1, "b", [0.261, 1.00704]),
    # h(0) = 0 adds nothing
    ("backward", 1, "W", [[0.018, 0.0216], [0.3, 0.36]]),
    (
        "backward",
        1,
        "U",
        [
            [0.036 * X[1, 0] + 0.225 * X[0, 0], 0.036 * X[1, 1] + 0.225 * X[0, 1]],
            [0.6 * X[1, 0] + 0.40704 * X[0, 0], 0.6 * X[1, 1] + 0.40704 * X[0, 1]],
        ],
    ),
]


def test_every_step_of_two_units_over_two_times_is_the_one_worked_by_hand():
    run = Run(SMALL, X, Y)
    assert len(run) == len(WORKED) == 26
    for step, (phase, t, target, value) in zip(run, WORKED, strict=True):
        assert (step.phase, step.t, step.target) == (phase, t, target), step.index
        shaped = step.value[0] if step.equation.kind != "parameter" else step.value
        np.testing.assert_allclose(shaped, value, rtol=0, atol=1e-15, err_msg=f"step {step.index}")


def test_what_reaches_the_start_is_the_one_worked_by_hand():
    found = trace(SMALL, X, Y)
    assert found.loss == pytest.approx(0.205 + 0.065, abs=1e-15)
    # Wᵀ∇a(1) = (−0.40704, 0.225); U is the identity, so ∇x = ∇a
    np.testing.assert_allclose(found.initial_grads["h"], [[-0.40704, 0.225]], rtol=0, atol=1e-15)
    np.testing.assert_allclose(found.grads["x"][:, 0], [[0.225, 0.40704], [0.036, 0.6]], rtol=0, atol=1e-15)
    np.testing.assert_allclose(found.contribution("b", 1), [0.225, 0.40704], rtol=0, atol=1e-15)
    np.testing.assert_allclose(found.contribution("V", 1), [[0.25, 0.3], [-0.2, -0.24]], rtol=0, atol=1e-15)
    assert not found.contribution("W", 1).any()


def test_what_each_step_of_the_first_time_back_reads():
    read = {step.target: set(step.reads) for step in Run(SMALL, X, Y) if step.phase == "backward" and step.t == 1}
    assert read["L"] == set()
    assert read["z"] == {"z[1]", "y[1]"}
    assert read["h"] == {"W", "∇a[2]", "V", "∇z[1]"}
    assert read["a"] == {"∇h[1]", "h[1]"}
    assert read["W"] == {"∇a[1]", "h[0]"}
    assert read["U"] == {"∇a[1]", "x[1]"}


# the word hello: h e l l in, e l l o out, over the alphabet h e l o
HELLO = Model(
    "rnn",
    {
        "U": [[-0.2, -0.1, 0.2, -0.2], [0.6, -0.5, 0.2, 0.1]],
        "W": [[-0.1, -0.4], [-1.1, 0.8]],
        "V": [[-0.8, -0.9], [-1.1, 0.3], [-1.0, 0.0], [0.0, -1.1]],
        "b": [0, 0],
        "c": [0, 0, 0, 0],
    },
)
TABLE = {
    "h": [[-0.1974, 0.5370], [-0.2868, 0.1457], [0.1688, 0.5595], [-0.0406, 0.4317]],
    "p": [
        [0.1827, 0.3692, 0.3081, 0.1401],
        [0.2338, 0.3035, 0.2823, 0.1805],
        [0.1824, 0.3393, 0.2917, 0.1866],
        [0.1971, 0.3349, 0.2930, 0.1750],
    ],
    "L": [0.9965, 1.2649, 1.2319, 1.7430],
    "own": [[0.2397, -0.5077], [0.1969, -0.3179], [0.1892, -0.2677], [-0.8191, 0.8306]],
    "future": [[-0.1911, 0.2304], [-0.4076, 0.5134], [-0.6616, 0.8678], [0, 0]],
    "∇h": [[0.0486, -0.2773], [-0.2107, 0.1955], [-0.4725, 0.6001], [-0.8191, 0.8306]],
    "‖∇W term‖": [0, 0.156, 0.198, 0.620],
}


@pytest.fixture(scope="module")
def hello():
    return trace(HELLO, [0, 1, 2, 2], [1, 2, 2, 3])


def assert_table(found, expected, digits=4):
    # half a unit of the last digit, and a little where the fifth digit is a 5
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.51 * 10.0**-digits)


def test_hello_has_the_values_of_the_table(hello):
    assert_table(hello.values["h"][:, 0], TABLE["h"])
    assert_table(hello.values["p"][:, 0], TABLE["p"])
    assert_table(hello.values["L"][:, 0], TABLE["L"])
    assert_table(hello.loss, 5.2363)


def test_hello_has_the_gradients_of_the_table(hello):
    V, W = HELLO.parameters["V"], HELLO.parameters["W"]
    own = hello.grads["z"][:, 0] @ V
    future = np.vstack([hello.grads["a"][1:, 0] @ W, np.zeros((1, 2))])
    assert_table(own, TABLE["own"])
    assert_table(future, TABLE["future"])
    assert_table(hello.grads["h"][:, 0], TABLE["∇h"])
    np.testing.assert_allclose(hello.grads["h"][:, 0], own + future, rtol=0, atol=1e-15)
    sizes = [np.linalg.norm(hello.contribution("W", t)) for t in range(1, 5)]
    assert sizes[0] == 0
    assert_table(sizes, TABLE["‖∇W term‖"], digits=3)


def test_hello_keeps_what_is_said_about_it(hello):
    assert sum(array.size for array in HELLO.parameters.values()) == 26
    assert_table(hello.grads["z"][0, 0], [0.1827, -0.6308, 0.3081, 0.1401])
    np.testing.assert_allclose(hello.grads["z"].sum(axis=-1), 0, atol=1e-15)
    np.testing.assert_allclose(hello.grads["c"].sum(), 0, atol=1e-15)
    assert (hello.values["p"][:, 0].argmax(axis=-1) == 1).all()
    sizes = [np.linalg.norm(hello.contribution("W", t)) for t in range(1, 5)]
    assert_table(sum(sizes), 0.974, digits=3)
    assert_table(np.linalg.norm(hello.grads["W"]), 0.831, digits=3)
    assert_table([hello.contribution("W", t)[0, 0] for t in (2, 3, 4)], [0.038, 0.132, -0.138], digits=3)
    assert_table(hello.grads["W"][0, 0], 0.032, digits=3)
    assert not hello.grads["U"][:, 3].any()
    assert hello.grads["U"][:, :3].all()
