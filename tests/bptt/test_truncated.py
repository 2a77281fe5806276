"""Truncated BPTT: what a pass reaches, how passes add up, and that a cursor sees one of them."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bptt import CELLS, Cell, InputError, Model, Run, trace
from bptt.cells import find
from bptt.edits import Edit
from bptt.queries import parse_query
from bptt.schedule import Pass
from bptt.single_loss import SingleLoss

from .test_random_cells import texts

FIXTURES = sorted((Path(__file__).parent / "fixtures" / "truncated").glob("*.npz"))
SPANS = [(1, 1), (3, 3), (5, 5), (4, 1), (5, 2), (13, 4), (13, 1)]
T, B, D, H, K = 13, 2, 2, 3, 3
LAGS = Cell.parse(
    "q[t] = tanh(W @ q[t-1] + S @ q[t-4] + U @ x[t] + R @ x[t-2] + b)\nm[t] = hold(3, tanh(A @ q[t] + G @ m[t-1]))",
    name="lags",
)


def run_of(cell=CELLS["lstm"], T=T, seed=0, loss="sum", **spans):
    random = np.random.default_rng(seed)
    model = Model.create(cell, D, H, K, seed=seed, init={"default": {"normal": 0.6}}, loss=loss)
    initial = {n: random.normal(size=(k, B, H)) for n, k in model.cell.lags.items() if n != "x"}
    x, y = random.normal(size=(T, B, D)), random.integers(-1, K, (T, B))
    return Run(model, x, y, initial, **spans)


def named(recorded, prefix):
    return {key.removeprefix(prefix): array for key, array in recorded.items() if key.startswith(prefix)}


@pytest.mark.parametrize("path", FIXTURES, ids=[path.stem for path in FIXTURES])
def test_gradients_are_those_of_autograd_with_the_states_detached(path):
    with np.load(path, allow_pickle=False) as archive:
        recorded = dict(archive)
    about = json.loads(str(recorded["about"]))
    model = Model(find(about["cell"], about["readout"]), named(recorded, "param."), loss=about["loss"])
    spans = sorted({tuple(map(int, key.split(".")[:2])) for key in recorded if ".grad." in key and key[0].isdigit()})
    assert len(spans) == 9
    for window, stride in spans:
        found = trace(model, recorded["x"], recorded["y"], named(recorded, "initial."), window, stride)
        assert found.loss == pytest.approx(float(recorded["loss"]), rel=1e-12)
        gradients = named(recorded, f"{window}.{stride}.grad.")
        assert {"x", "h", *model.parameters} == set(gradients)
        for name, gradient in gradients.items():
            assert gradient.any()
            np.testing.assert_allclose(
                found.grads[name], gradient, rtol=0, atol=1e-12, err_msg=f"{window} {stride} {name}"
            )
        for name, gradient in named(recorded, f"{window}.{stride}.initial_grad.").items():
            np.testing.assert_allclose(found.initial_grads[name], gradient, rtol=0, atol=1e-12)


def everything(found):
    arrays = [found.values, found.grads, found.initial_grads]
    return {f"{n} {name}": array.tobytes() for n, kind in enumerate(arrays) for name, array in kind.items()}


@pytest.mark.parametrize("spans", [{"window": T, "stride": T}, {"window": 10**9}, {"window": T + 1, "stride": T}])
def test_one_window_is_full_bptt_to_the_bit(spans):
    full, windowed = run_of(), run_of(**spans)
    assert not windowed.schedule.truncated
    assert [(s.index, s.phase, s.t, s.target, str(s.equation), s.reads, s.value.tobytes()) for s in full] == [
        (s.index, s.phase, s.t, s.target, str(s.equation), s.reads, s.value.tobytes()) for s in windowed
    ]
    assert everything(full.trace()) == everything(windowed.trace())
    assert windowed.trace().passes == (Pass(1, 1, T, 1),)


@pytest.mark.parametrize("stride", [1, 4])
def test_a_window_over_all_times_gives_the_full_gradient_block_by_block(stride):
    full, windowed = run_of().trace(), run_of(window=T, stride=stride).trace()
    for name, gradient in full.grads.items():
        np.testing.assert_allclose(windowed.grads[name], gradient, rtol=1e-10, atol=1e-13, err_msg=name)
    for name, gradient in full.initial_grads.items():
        np.testing.assert_allclose(windowed.initial_grads[name], gradient, rtol=1e-10, atol=1e-13)


def test_passes_are_listed_and_the_last_may_be_shorter():
    assert run_of(window=5, stride=5).trace().passes == (Pass(1, 1, 5, 1), Pass(2, 6, 10, 6), Pass(3, 11, 13, 11))
    assert run_of(window=7, stride=4).trace().passes == (
        Pass(1, 1, 4, 1),
        Pass(2, 2, 8, 5),
        Pass(3, 6, 12, 9),
        Pass(4, 7, 13, 13),
    )
    assert run_of(window=3, stride=1).trace().passes[:4] == (
        Pass(1, 1, 1, 1), Pass(2, 1, 2, 2), Pass(3, 1, 3, 3), Pass(4, 2, 4, 4),
    )  # fmt: skip


def test_a_window_of_one_knows_only_its_own_time():
    found = run_of(CELLS["rnn"], window=1).trace()
    h = np.concatenate([found.initial["h"][None], found.values["h"]])
    delta = found.grads["z"] @ found.model.parameters["V"] * (1 - h[1:] ** 2)
    np.testing.assert_allclose(found.grads["a"], delta, rtol=0, atol=1e-15)
    np.testing.assert_allclose(found.grads["W"], np.einsum("tbi,tbj->ij", delta, h[:-1]), rtol=0, atol=1e-14)
    np.testing.assert_allclose(found.initial_grads["h"], delta[0] @ found.model.parameters["W"], rtol=0, atol=1e-15)


def pinned(full, lo):
    """Edits that make every state before time lo the constant that it was."""
    found = []
    for name, lag in full.model.cell.lags.items():
        for t in range(max(1, lo - lag), lo) if name != "x" else ():
            rows = full.read(name, t)
            found += [Edit(name, float(rows[s, n]), (t, t), (n,), s) for s in range(B) for n in range(rows.shape[1])]
    return found


def by_brute_force(full, passes):
    """Parameter → Σ over the passes of ordinary full gradients: other losses left out, earlier states constants."""
    full.finish()
    totals = {name: np.zeros_like(array) for name, array in full.model.parameters.items()}
    inputs = np.zeros_like(full.x)
    initial = {n: full.tape.initial(n) for n in full.model.cell.lags if n != "x"}
    for within in passes:
        y = full.y[: within.hi].copy()
        y[: within.losses_from - 1] = -1
        edits = pinned(full, within.lo)
        found = Run(full.model, full.x[: within.hi], y, initial, edits=edits).trace()
        for name, total in totals.items():
            for t in range(within.lo, within.hi + 1):
                total += found.contribution(name, t)
        inputs[within.lo - 1 : within.hi] += found.grads["x"][within.lo - 1 :]
    return totals, inputs


@pytest.mark.parametrize("spans", SPANS)
@pytest.mark.parametrize("cell", [LAGS, CELLS["gru"]], ids=["lags", "gru"])
def test_a_pass_is_a_full_run_whose_earlier_states_are_constants(cell, spans):
    run = run_of(cell, window=spans[0], stride=spans[1])
    found = run.trace()
    totals, inputs = by_brute_force(run_of(cell), found.passes)
    for name, total in totals.items():
        assert total.any()
        np.testing.assert_allclose(found.grads[name], total, rtol=1e-10, atol=1e-12, err_msg=name)
        shares = sum(found.contribution(name, t) for t in range(1, T + 1))
        np.testing.assert_allclose(shares, total, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found.grads["x"], inputs, rtol=1e-10, atol=1e-12)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(texts(), st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**16))
def test_random_cells_are_cut_where_their_window_ends(text, window, stride, seed):
    stride = min(window, stride)
    cell = Cell.parse(text)
    found = run_of(cell, T=5, seed=seed, window=window, stride=stride).trace()
    totals, inputs = by_brute_force(run_of(cell, T=5, seed=seed), found.passes)
    for name, total in totals.items():
        np.testing.assert_allclose(found.grads[name], total, rtol=1e-9, atol=1e-10, err_msg=text)
    np.testing.assert_allclose(found.grads["x"], inputs, rtol=1e-9, atol=1e-10, err_msg=text)


def test_a_mean_loss_is_divided_by_all_targets_of_the_run():
    total, mean = run_of(window=4, stride=2).trace(), run_of(loss="mean", window=4, stride=2).trace()
    count = (total.y >= 0).sum()
    for name, gradient in total.grads.items():
        np.testing.assert_allclose(mean.grads[name] * count, gradient, rtol=1e-12, atol=1e-14)


def test_the_state_is_carried_and_not_reset():
    full, windowed = run_of(), run_of(window=5)
    for name, values in full.trace().values.items():
        assert np.array_equal(windowed.trace().values[name], values), name
    chunks = [Run(full.model, full.x[a : a + 5], full.y[a : a + 5]).trace().values["h"] for a in (0, 5, 10)]
    reset = np.concatenate(chunks)
    assert not np.allclose(reset[5], windowed.trace().values["h"][5])


def test_the_carried_state_is_the_initial_state_of_a_chunk_of_its_own():
    windowed = run_of(window=5).trace()
    middle = Run(
        windowed.model, windowed.x[5:10], windowed.y[5:10], {n: windowed.values[n][4] for n in ("s", "h")}
    ).trace()
    for name in windowed.values:
        assert np.array_equal(windowed.grads[name][5:10], middle.grads[name]), name


def readable(run):
    """Everything that can be seen at the cursor, as bytes."""
    position = run.position
    found = {"position": position}
    if position:
        step = run.at(position - 1)
        found["step"] = (step.index, step.phase, step.t, step.target, str(step.equation), step.reads)
        found["value"] = (step.value.shape, step.value.tobytes())
    for name in run.model.parameters:
        found[f"∇{name}"] = run.sum_so_far(name, position).tobytes()
    for name in run.model.cell.definitions:
        for t in range(1, run.T + 1):
            for gradient in (False, True):
                if run.schedule.written(name, t, gradient, position) < position:
                    found[name, t, gradient] = run.read(name, t, gradient, position).tobytes()
    return found


@pytest.mark.parametrize("spans", [(4, 4), (3, 1), (5, 2)])
def test_a_cursor_sees_the_same_whatever_came_before_it(spans):
    def fresh():
        return run_of(LAGS, T=8, window=spans[0], stride=spans[1])

    walked = fresh()
    random = np.random.default_rng(3)
    for position in random.integers(1, len(walked), 12):
        alone = fresh()
        alone.goto(int(position))
        walked.goto(int(position))
        assert readable(walked) == readable(alone)
        made = walked.step()
        undone = walked.back()
        assert (made.index, made.value.tobytes()) == (undone.index, undone.value.tobytes())
        assert readable(walked) == readable(alone)
    walked.finish()
    walked.goto(int(position))
    assert readable(walked) == readable(alone)


@pytest.mark.parametrize("spans", SPANS)
def test_every_step_is_made_once_and_gives_what_its_line_says(spans):
    run = run_of(LAGS, window=spans[0], stride=spans[1])
    steps = list(run)
    assert [step.index for step in steps] == list(range(len(run)))
    for step in steps:
        if step.phase == "backward" and step.equation.kind == "gradient":
            value = run.evaluate(step.equation.expression, step.t, step.index + 1)
            loss = step.target == run.model.cell.loss
            np.testing.assert_allclose((value[:, 0] if loss else value) + 0 * step.value, step.value, atol=1e-12)
            assert np.array_equal(run.read(step.target, step.t, True, step.index + 1).ravel(), step.value.ravel())


def test_the_last_sum_is_the_gradient_of_the_trace():
    run = run_of(window=4, stride=2)
    last = {step.target: step.value for step in run if step.equation.kind == "parameter"}
    for name in run.model.parameters:
        assert np.array_equal(run.trace().grads[name], run.sum_so_far(name, len(run)))
        assert np.array_equal(last[name], run.trace().grads[name])


def test_a_cut_is_a_step_that_names_what_is_constant():
    run = run_of(window=5)
    cuts = [step for step in run if step.phase == "cut"]
    assert [(step.t, step.target, step.equation.kind, step.value.shape) for step in cuts] == [
        (5, "", "cut", (B, 0)),
        (10, "", "cut", (B, 0)),
    ]
    assert str(cuts[0].equation) == "cut: h[5] and s[5] are constants from here"
    lags = next(step for step in run_of(LAGS, window=5) if step.phase == "cut")
    assert str(lags.equation) == "cut: q[2]…q[5] and m[5] are constants from here"
    assert str(next(s for s in run_of(CELLS["rnn"], window=2, stride=1) if s.phase == "cut").equation) == (
        "cut: h[1] is a constant from here"
    )


def test_the_loss_before_a_block_is_not_carried_again():
    run = run_of(CELLS["rnn"], window=3, stride=1)
    last = [step for step in run if step.phase == "backward" and step.target in ("L", "z")][-6:]
    assert [(step.t, step.target, str(step.equation)) for step in last] == [
        (13, "L", "∇L[t] = 1"),
        (13, "z", "∇z[t] = p[t] − onehot(y[t])"),
        (12, "L", "∇L[t] = 0"),
        (12, "z", "∇z[t] = 0"),
        (11, "L", "∇L[t] = 0"),
        (11, "z", "∇z[t] = 0"),
    ]
    assert not any(step.value.any() for step in last[2:])


def test_a_gradient_has_no_future_at_the_end_of_its_pass():
    run = run_of(CELLS["rnn"], window=5)
    lines = {step.t: step for step in run if step.phase == "backward" and step.target == "h"}
    assert str(lines[5].equation) == str(lines[13].equation) == "∇h[t] = Vᵀ∇z[t]"
    assert lines[5].reads == ("V", "∇z[5]")
    assert "∇a[5]" in lines[4].reads or "∇h[5]" in lines[4].reads


def test_the_gradient_of_a_single_loss_ends_at_the_cut():
    run = run_of(CELLS["rnn"], window=5, stride=2)
    total = {name: np.zeros_like(array) for name, array in run.model.parameters.items()}
    for t in range(1, T + 1):
        single = SingleLoss(run, t)
        lo = run.schedule.pass_of(run.schedule.block_of(t)).lo
        assert single.gradient("h", lo).any() == bool((run.y[t - 1] >= 0).any())
        assert lo == 1 or not single.gradient("h", lo - 1).any()
        for name, array in total.items():
            array += single.parameter(name)
    for name, array in total.items():
        np.testing.assert_allclose(array, run.trace().grads[name], rtol=1e-12, atol=1e-14)


def test_a_query_sees_the_pass_at_the_cursor_and_in_the_end_the_sum():
    run = run_of(CELLS["rnn"], window=5, stride=2)
    found, query = run.trace(), parse_query("norm(grad(h[5]))", run.model.cell)
    assert query.value(run, 1) == pytest.approx(np.linalg.norm(found.grads["h"][4, 0]))
    end = run.schedule.end(4)
    assert query.value_at(run, end) == pytest.approx(np.linalg.norm(run.read("h", 5, True, end)[0]))
    assert query.value_at(run, end) != pytest.approx(query.value(run, 1))


def test_a_nan_is_found_at_the_step_that_made_it():
    cell = Cell.parse("h[t] = tanh(W @ h[t-1] + U @ x[t])\nq[t] = sqrt(abs(h[t] - h[t]) + 0 * x[t])")
    model = Model.create(cell, 3, 3, 2)
    x = np.ones((6, 1, 3))
    for spans in ({"window": 2}, {"window": 3, "stride": 1}):
        run = Run(model, x, np.array([-1, -1, 0, -1, -1, 1]), **spans)
        first = run.first_nonfinite()
        bad = [step.index for step in run if not np.isfinite(step.value).all()]
        assert first == bad[0]
        assert run.at(first).phase == "backward"


@pytest.mark.parametrize("value", [0, -1, 2.0, True, "5", 10**40 * -1])
@pytest.mark.parametrize("argument", ["window", "stride"])
def test_what_is_not_a_whole_number_above_zero_is_refused_by_name(argument, value):
    with pytest.raises(InputError, match="expected a whole number ≥ 1") as refused:
        run_of(**{"window": 5, argument: value})
    assert refused.value.argument == argument


def test_a_stride_beyond_the_window_is_refused():
    with pytest.raises(InputError, match="got 6, expected at most the window, 5") as refused:
        run_of(window=5, stride=6)
    assert refused.value.argument == "stride"
