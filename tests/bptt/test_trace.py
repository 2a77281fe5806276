"""What a finished run records: shapes, masks, initial states of several times, contributions, read-only arrays."""

import numpy as np
import pytest

from bptt import Cell, InputError, Model, Run, trace

SKIP = Cell.parse(
    """
q[t] = tanh(A @ x[t] + E @ x[t-2] + R @ q[t-1] + S @ q[t-3])
size[t] = norm(q[t])
mem[t] = 0.5 * mem[t-1] + q[t] / (1 + size[t])
idle[t] = idle[t-1] + F @ q[t]
"""
)
T, B, D, H, K = 5, 2, 2, 3, 4


def model_of(cell=SKIP, **options):
    return Model.create(cell, D, H, K, seed=2, init={"default": {"normal": 0.7}}, **options)


def inputs(T=T, B=B):
    random = np.random.default_rng(3)
    return random.normal(size=(T, B, D)), random.integers(0, K, (T, B))


AUTHORED = Cell.parse(
    """
q[t] = tanh(A @ x[t] + E @ x[t-2] + R @ q[t-1] + S @ q[t-3])
size[t] = norm(q[t])
idle[t] = idle[t-1] + F @ q[t]
guess[t] = V @ q[t] + size[t] * c
cost[t] = squared_error(guess[t], y[t])
"""
)


def test_every_variable_is_time_batch_unit_and_the_loss_is_time_batch():
    model = model_of(AUTHORED)
    x, _ = inputs()
    found = trace(model, x, np.zeros((T, B, K)))
    widths = {"q": H, "a_q": H, "size": 1, "idle": H, "guess": K}
    assert set(found.values) == {*widths, "cost"}
    for name, width in widths.items():
        assert found.values[name].shape == (T, B, width), name
        assert found.grads[name].shape == (T, B, width), name
    assert found.values["cost"].shape == (T, B)
    assert found.grads["cost"].shape == (T, B)
    assert found.grads["x"].shape == (T, B, D)
    for name, array in model.parameters.items():
        assert found.grads[name].shape == array.shape
        assert found.contribution(name, 1).shape == array.shape
    assert set(found.grads) == {*found.values, *model.parameters, "x"}


def test_a_single_sequence_is_a_batch_of_one():
    x, y = inputs(B=1)
    batched, single = trace(model_of(), x, y), trace(model_of(), x[:, 0], y[:, 0])
    assert single.values["q"].shape == (T, 1, H)
    assert single.values["L"].shape == (T, 1)
    for name in batched.grads:
        assert np.array_equal(single.grads[name], batched.grads[name])


def test_one_hot_input_has_a_gradient_too():
    model = model_of()
    tokens = np.array([0, 1, 1, 0, 1])
    found = trace(model, tokens, tokens)
    rows = trace(model, np.eye(D)[tokens], tokens)
    assert found.grads["x"].shape == (T, 1, D)
    assert found.grads["x"].any()
    assert np.array_equal(found.grads["x"], rows.grads["x"])
    assert np.array_equal(found.x, rows.x)


def test_what_the_loss_does_not_depend_on_has_zeros_and_no_step():
    model = model_of(AUTHORED)
    x, _ = inputs()
    run = Run(model, x, np.zeros((T, B, K)))
    assert not {"idle", "F"} & {step.target for step in run if step.phase == "backward"}
    found = run.trace()
    assert found.values["idle"].any()
    assert not found.grads["idle"].any()
    assert not found.grads["F"].any()
    assert not found.contribution("F", 2).any()
    assert not found.initial_grads["idle"].any()
    assert found.grads["q"].any()


@pytest.mark.parametrize("cell", [SKIP, AUTHORED], ids=["cross_entropy", "squared_error"])
def test_a_time_without_a_target_has_a_loss_and_a_gradient_of_exactly_zero(cell):
    model = model_of(cell)
    x, y = inputs()
    if cell is AUTHORED:
        y = np.zeros((T, B, K))
        y[[1, 1, 4], [0, 1, 1]] = np.nan
    else:
        y[[1, 1, 4], [0, 1, 1]] = -1
    found = trace(model, x, y)
    gone = np.zeros((T, B), bool)
    gone[[1, 1, 4], [0, 1, 1]] = True
    assert (found.values[cell.loss][gone] == 0).all()
    assert (found.values[cell.loss][~gone] > 0).all()
    assert (found.grads[cell.prediction][gone] == 0).all()
    assert found.grads[cell.prediction][~gone].all()
    assert np.isfinite(found.loss)


def test_a_run_without_any_target_has_no_loss_and_no_gradient():
    for loss in ("sum", "mean"):
        found = trace(model_of(loss=loss), inputs()[0], np.full((T, B), -1))
        assert found.loss == 0
        assert not any(found.grads[name].any() for name in found.model.parameters)


def test_a_masked_time_hides_a_nan_of_its_prediction():
    cell = Cell.parse("q[t] = A @ x[t]\nroot[t] = sqrt(q[t])\nL[t] = squared_error(root[t], y[t])")
    y = [[1.0], [np.nan], [1.0]]
    found = trace(Model(cell, {"A": [[1.0]]}), [[4.0], [-1.0], [9.0]], y)
    assert np.isnan(found.values["root"][1, 0, 0])
    assert found.values["L"][:, 0].tolist() == [0.5, 0, 2.0]
    assert found.grads["root"][:, 0, 0].tolist() == [1.0, 0, 2.0]


def test_an_initial_state_is_given_as_one_row_a_batch_or_every_time():
    model = model_of()
    x, y = inputs()
    random = np.random.default_rng(9)
    row, rows = random.normal(size=H), random.normal(size=(B, H))
    all_times = np.zeros((3, B, H))
    all_times[-1] = rows
    found = trace(model, x, y, {"q": rows})
    assert np.array_equal(found.initial["q"], all_times)
    assert found.loss == trace(model, x, y, {"q": all_times}).loss
    assert trace(model, x, y, {"q": row}).loss == trace(model, x, y, {"q": np.tile(row, (B, 1))}).loss
    assert found.loss != trace(model, x, y).loss
    assert found.initial_grads["q"].shape == (3, B, H)
    assert found.initial["mem"].shape == found.initial_grads["mem"].shape == (B, H)
    assert set(found.initial) == set(found.initial_grads) == {"q", "mem", "idle"}


def test_earlier_rows_are_read_oldest_first():
    cell = Cell.parse("q[t] = q[t-3] + 0 * q[t-1]\nL[t] = squared_error(q[t], y[t])")
    model = Model(cell, {}, hidden=1, outputs=1, inputs=1)
    initial = {"q": np.array([10.0, 20.0, 30.0]).reshape(3, 1, 1)}
    found = trace(model, np.zeros((4, 1)), np.zeros((4, 1)), initial)
    assert found.values["q"][:, 0, 0].tolist() == [10, 20, 30, 10]
    # L = ½ Σ q²: q(−2) is read by q(1), and by q(4) through it
    assert found.initial_grads["q"][:, 0, 0].tolist() == [20, 20, 30]


def test_inputs_before_the_first_are_zero():
    cell = Cell.parse("q[t] = A @ x[t-2]\nL[t] = squared_error(q[t], y[t])")
    found = trace(Model(cell, {"A": [[1.0]]}), [[1.0], [2.0], [3.0], [4.0]], np.zeros((4, 1)))
    assert found.values["q"][:, 0, 0].tolist() == [0, 0, 1, 2]
    assert found.grads["x"][:, 0, 0].tolist() == [1, 2, 0, 0]


def test_contributions_add_up_to_the_gradient():
    x, y = inputs()
    found = trace(model_of(), x, y)
    for name in found.model.parameters:
        total = sum(found.contribution(name, t) for t in range(1, T + 1))
        assert np.allclose(total, found.grads[name], rtol=1e-12, atol=1e-15), name
    outer = found.grads["a_q"][3].T @ found.values["q"][2]
    assert np.allclose(found.contribution("R", 4), outer, rtol=1e-13)


def test_what_does_not_exist_is_refused_by_name():
    found = trace(model_of(), *inputs())
    with pytest.raises(KeyError, match="'Q' is not a parameter: there are"):
        found.contribution("Q", 1)
    for t in (0, T + 1, -1):
        with pytest.raises(IndexError, match=f"t = {t} is outside 1…{T}"):
            found.contribution("A", t)
    for mapping in (found.values, found.grads, found.initial, found.initial_grads):
        assert "nothing" not in mapping
        with pytest.raises(KeyError):
            mapping["nothing"]


def test_results_are_read_only_and_kept():
    found = trace(model_of(), *inputs())
    for mapping in (found.values, found.grads, found.initial, found.initial_grads):
        for name, array in mapping.items():
            assert mapping[name] is array
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0
        with pytest.raises(TypeError):
            mapping["q"] = 0
    with pytest.raises(ValueError, match="read-only"):
        found.contribution("A", 1)[0, 0] = 1


def test_a_later_trace_changes_nothing_in_an_earlier_one():
    model = model_of()
    x, y = inputs()
    first = trace(model, x, y)
    before = {name: first.grads[name].copy() for name in ("q", "A", "x")} | {"values": first.values["q"].copy()}
    late = trace(model, x * 2, (y + 1) % K)
    assert late.loss != first.loss
    assert all(np.array_equal(first.grads[name], before[name]) for name in ("q", "A", "x"))
    assert np.array_equal(first.values["q"], before["values"])
    assert not np.array_equal(first.contribution("A", 2), late.contribution("A", 2))


def test_the_loss_is_a_float_and_the_sum_of_the_losses():
    found = trace(model_of(), *inputs())
    assert type(found.loss) is float
    assert found.loss == pytest.approx(found.values["L"].sum(), rel=1e-15)
    assert repr(found) == f"<Trace of mine: T={T} B={B} loss={found.loss:.4g}>"


@pytest.mark.parametrize("x", [np.array(1.0), [[1.0], [1.0, 2.0]]])
def test_what_is_no_sequence_is_refused_in_a_line(x):
    with pytest.raises(InputError):
        trace(Model.create("rnn", 2, 2, 2), x, [0, 1])
