"""Training: iterations stepped, run, undone and opened again, bit by bit the same; figures of known nets; refusals."""

import gc
import tracemalloc

import numpy as np
import pytest

import bptt.training
from bptt import TASKS, Cell, InputError, Model, Run, Step, Training, trace
from bptt.cells import find
from bptt.update import UpdateStep

HELLO = {
    "U": [[-0.2, -0.1, 0.2, -0.2], [0.6, -0.5, 0.2, 0.1]],
    "W": [[-0.1, -0.4], [-1.1, 0.8]],
    "V": [[-0.8, -0.9], [-1.1, 0.3], [-1.0, 0.0], [0.0, -1.1]],
    "b": [0.0, 0.0],
    "c": [0.0, 0.0, 0.0, 0.0],
}
TEXT = [0, 1, 2, 2], [1, 2, 2, 3]
LEAK = "q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)\nmem[t] = q[t] * mem[t-2] + (1 - q[t]) * tanh(C @ x[t])\n"
ALL = {
    "optimizer": "adam",
    "rate": "cosine:0.05,warmup=2",
    "clip": "norm:0.5",
    "l1": {"A": 1e-3},
    "l2": 1e-2,
    "window": 4,
    "stride": 2,
}
"""Everything that can be set together."""


def hello(**settings):
    return Training(Model("rnn", HELLO), TEXT, **settings)


def leaky(iterations=9, **settings):
    """A cell that nobody here wrote, on a stream, with everything that can be set."""
    task = TASKS["recall"]
    model = Model.create(Cell.parse(LEAK), task.inputs, 3, task.outputs, seed=2, loss="mean")
    return Training(model, task.stream(7, 4, seed=5), iterations=iterations, **(ALL | settings))


def same(a, b):
    return all(np.array_equal(array, b.parameters[name], equal_nan=True) for name, array in a.parameters.items())


def same_step(a, b):
    return (a.index, a.phase, a.t, a.target, str(a.equation), a.reads) == (
        b.index, b.phase, b.t, b.target, str(b.equation), b.reads) and np.array_equal(a.value, b.value)  # fmt: skip


def test_hello_is_learned_as_in_the_lesson():
    training = hello(rate=0.1, iterations=400)
    training.run()
    losses = [record.loss for record in training.records]
    assert losses[0] == pytest.approx(5.2363, abs=5e-5)
    assert [losses[50], losses[100]] == pytest.approx([0.54, 0.22], abs=0.005)
    assert losses[399] == pytest.approx(0.044, abs=0.0005)
    assert training.evaluate(*TEXT).accuracy == 1
    too_fast = hello(rate=1.0, iterations=2)
    too_fast.run()
    assert too_fast.records[1].loss == pytest.approx(6.94, abs=0.005)


def test_an_iteration_is_a_run_and_then_an_update():
    training = hello(rate=0.1, iterations=2)
    run = Run(Model("rnn", HELLO), *TEXT)
    steps = [training.step() for _ in range(len(run) + 5)]
    for step, expected in zip(steps, run, strict=False):
        assert isinstance(step, Step)
        assert same_step(step, expected)
    updates = steps[len(run) :]
    assert all(isinstance(step, UpdateStep) and (step.phase, step.t) == ("update", 0) for step in updates)
    assert [str(step.equation) for step in updates] == [f"{n} ← {n} − 0.1·∇{n}" for n in ("b", "W", "U", "c", "V")]
    assert [step.index for step in updates] == list(range(len(run), len(run) + 5))
    gradients = trace(Model("rnn", HELLO), *TEXT).grads
    for step in updates:
        assert step.reads == (step.target, f"∇{step.target}")
        assert np.array_equal(step.value, np.array(HELLO[step.target]) - 0.1 * gradients[step.target])
        assert not step.value.flags.writeable
    assert (training.iteration, training.position) == (1, 0)
    assert np.array_equal(training.model.parameters["W"], updates[1].value)
    assert len(training.records) == 1


def test_the_lines_of_an_update_follow_each_other():
    training = leaky(iterations=3)
    training.run(2)
    opened = training.open(3)
    values = dict(opened.model.parameters)
    values |= {f"∇{name}": opened.trace.grads[name] for name in opened.model.parameters}
    lines = [step for step in opened if step.phase == "update"]
    norm = np.sqrt(sum((values[f"∇{name}"] ** 2).sum() for name in opened.model.parameters))
    assert lines[0].target == "‖∇‖"
    assert lines[0].value == pytest.approx(norm, rel=1e-14)
    factor = min(1, 0.5 / norm)
    clipped = {step.target: step.value for step in lines[1:7]}
    for name in opened.model.parameters:
        np.testing.assert_allclose(clipped[f"∇{name}"], values[f"∇{name}"] * factor, rtol=1e-14)
    texts = [str(step.equation) for step in lines]
    assert "∇A ← ∇A + 0.001·sign(A)" in texts
    assert texts.index("∇A ← ∇A + 0.01·A") < texts.index("∇A ← ∇A + 0.001·sign(A)") < texts.index("c1 ← 0.9·c1 + 0.1")
    at = {str(step.equation): step.value for step in lines}
    expected = clipped["∇A"] + 0.01 * values["A"]
    np.testing.assert_array_equal(at["∇A ← ∇A + 0.01·A"], expected)
    np.testing.assert_array_equal(at["∇A ← ∇A + 0.001·sign(A)"], expected + 0.001 * np.sign(values["A"]))
    assert at["c1 ← 0.9·c1 + 0.1"] == pytest.approx(1 - 0.9**3)
    assert same(
        training.model_after(3),
        Model(opened.model.cell, {s.target: s.value for s in lines if s.target in opened.model.parameters}),
    )


def test_a_gradient_below_the_bound_is_said_to_stay():
    training = hello(clip="norm:100", iterations=1)
    lines = [step.equation for step in training if step.phase == "update"]
    assert (str(lines[2]), lines[2].comment) == ("∇W ← ∇W", "‖∇‖ is not above 100")
    short = hello(clip={"norm": 1}, iterations=1)
    lines = [step.equation for step in short if step.phase == "update"]
    assert (str(lines[2]), lines[2].reads) == ("∇W ← ∇W · 1/‖∇‖", ("∇W", "‖∇‖"))
    held = hello(clip={"value": 0.5}, iterations=1)
    assert str(next(s.equation for s in held if s.phase == "update")) == "∇b ← min(max(∇b, −0.5), 0.5)"


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop", "adam"])
def test_stepping_and_running_give_the_same_bits(optimizer):
    stepped, ran = leaky(optimizer=optimizer, iterations=4), leaky(optimizer=optimizer, iterations=4)
    count = sum(1 for _ in stepped)
    ran.run()
    assert count == sum(len(ran.open(k)) for k in range(1, 5))
    assert same(stepped.model, ran.model)
    assert [r.loss for r in stepped.records] == [r.loss for r in ran.records]
    assert stepped.iteration == ran.iteration == 4


def test_going_back_is_exactly_the_inverse_also_over_an_update():
    training = leaky(iterations=3)
    forth = list(training)
    assert training.step() is None
    back = []
    while (step := training.back()) is not None:
        back.append(step)
    assert (training.iteration, training.position) == (0, 0)
    assert len(back) == len(forth)
    assert all(same_step(a, b) for a, b in zip(forth, reversed(back), strict=True))
    again = list(training)
    assert all(same_step(a, b) for a, b in zip(forth, again, strict=True))
    assert len(training.records) == 3


def test_any_iteration_can_be_opened_again_with_the_same_bits(monkeypatch):
    monkeypatch.setattr("bptt.snapshots.MOST", 3)
    training = leaky(iterations=40)
    models = [training.model]
    for _ in range(40):
        training.run(1)
        models.append(training.model)
    for k in (40, 1, 17, 0, 39, 23):
        assert same(training.model_after(k), models[k])
    for k in (1, 18, 40):
        opened = training.open(k)
        assert isinstance(opened.run, Run)
        assert same(opened.run.model, models[k - 1])
        assert opened.run.finish().loss == pytest.approx(training.record(k).loss, rel=1e-12)
        assert np.array_equal(opened.x, TASKS["recall"].stream(7, 4, seed=5)[k - 1].x)
    training.goto(17, 4)
    assert (training.iteration, training.position) == (17, 4)
    assert same(training.model, models[17])
    training.run()
    assert same(training.model, models[40])
    assert len(training.records) == 40


def test_the_same_arguments_give_the_same_training():
    a, b = leaky(), leaky()
    list(a.open(3))
    a.goto(5)
    a.run(2)
    a.run()
    b.run()
    assert same(a.model, b.model)
    x, y = TASKS["recall"].make(7, 20, seed=1)
    drawn = [Training(a.model, (x, y), batch=5, seed=seed, iterations=3) for seed in (1, 1, 2)]
    for training in drawn:
        training.run()
    assert same(drawn[0].model, drawn[1].model)
    assert not same(drawn[0].model, drawn[2].model)


def test_the_callers_model_is_not_changed():
    training = leaky(iterations=2)
    before = {name: array.copy() for name, array in training.model_after(0).parameters.items()}
    given = training.model_after(0)
    training.run()
    assert all(np.array_equal(given.parameters[name], array) for name, array in before.items())
    assert not any(array.flags.writeable for array in training.model.parameters.values())


def test_a_record_says_what_happened():
    training = leaky(iterations=2, rate=0.1)
    training.run()
    opened, record = training.open(2), training.record(2)
    assert (record.iteration, record.loss, record.rate) == (2, opened.trace.loss, 0.1)
    gradients = {name: opened.trace.grads[name] for name in opened.model.parameters}
    for name, array in training.model.parameters.items():
        assert record.norms[name] == pytest.approx(np.linalg.norm(array), rel=1e-14)
        assert record.gradient_norms[name] == pytest.approx(np.linalg.norm(gradients[name]), rel=1e-14)
    assert record.norm == pytest.approx(np.sqrt(sum((g**2).sum() for g in gradients.values())), rel=1e-14)
    expected = np.linalg.norm(opened.trace.grads["mem"].reshape(7, -1), axis=1)
    np.testing.assert_allclose(record.time_norms["mem"], expected, rtol=1e-14)
    with pytest.raises(IndexError, match="iteration 3 has no record: there are 1…2"):
        training.record(3)


def test_norms_over_time_are_kept_within_a_bound(monkeypatch):
    monkeypatch.setattr(bptt.training, "MOST_TIME_NORMS", 7 * 4)
    training = leaky(iterations=10)
    training.run()
    assert [r.iteration for r in training.records if r.time_norms] == [1, 3, 6, 9]


def test_held_out_data_is_scored_now_and_then_and_at_the_end():
    holdout = TASKS["recall"].make(7, 50, seed=99)
    training = leaky(iterations=7, holdout=holdout, every=3)
    training.run()
    scored = [record for record in training.records if record.holdout is not None]
    assert [record.iteration for record in scored] == [3, 6, 7]
    assert scored[-1].holdout == training.evaluate(*holdout)
    assert scored[-1].holdout.targets == 50


def test_a_watcher_sees_every_iteration_once_and_its_words_are_kept():
    seen = []

    def watch(records, found):
        seen.append((records[-1].iteration, found.loss == records[-1].loss))
        return [f"loss {records[-1].loss:.1f}"] if records[-1].iteration == 2 else ()

    training = leaky(iterations=4, watch=watch)
    training.run(3)
    list(training)
    training.goto(1)
    training.run()
    assert seen == [(1, True), (2, True), (3, True), (4, True)]
    assert [len(record.alerts) for record in training.records] == [0, 1, 0, 0]


def test_truncated_gradients_are_what_is_learned_from():
    full, cut = hello(iterations=1), hello(iterations=1, window=2)
    full.run(), cut.run()
    found = trace(Model("rnn", HELLO), *TEXT, window=2)
    assert cut.record(1).gradient_norms["W"] == pytest.approx(np.linalg.norm(found.grads["W"]), rel=1e-14)
    assert not same(full.model, cut.model)


def test_states_are_carried_from_batch_to_batch_and_begin_anew_with_the_text():
    x, y = [0, 1, 2, 2, 0, 1], [1, 2, 2, 3, 1, 0]
    parts = [(x[:3], y[:3]), (x[3:], y[3:])]
    training = Training(Model("rnn", HELLO), parts, rate=1e-300, iterations=3, carry=True)
    training.run()
    whole = trace(Model("rnn", HELLO), x, y)
    first, second, third = (training.open(k).trace for k in (1, 2, 3))
    np.testing.assert_array_equal(second.values["h"], whole.values["h"][3:])
    np.testing.assert_array_equal(second.initial["h"], first.values["h"][-1])
    assert not third.initial["h"].any()
    assert second.loss + first.loss == pytest.approx(whole.loss)


def test_a_checkpoint_goes_on_as_if_nothing_had_been_between(tmp_path):
    task = TASKS["recall"]
    parts = [task.make(7, 4, seed=n) for n in range(20)]
    model = leaky().model

    def training():
        return Training(model, parts, iterations=12, carry=True, **ALL)

    whole, early, late = training(), training(), training()
    whole.run()
    early.run(5)
    np.savez(tmp_path / "kept.npz", **early.checkpoint())
    with np.load(tmp_path / "kept.npz") as kept:
        late.restore(kept)
    assert late.iteration == 5
    late.run()
    assert same(late.model, whole.model)
    assert [r.loss for r in late.records] == [r.loss for r in whole.records[5:]]
    assert late.record(6).iteration == 6
    with pytest.raises(IndexError, match="4 iterations cannot lie behind: there are 5…12"):
        late.goto(4)
    assert same(late.model_after(8), whole.model_after(8))
    with pytest.raises(InputError, match=r"checkpoint: has no memory\.m of shape"):
        late.restore({"iteration": 1, "parameters": whole.checkpoint()["parameters"]})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"memory.m": None}, r"has no memory\.m of shape \(26,\)"),
        ({"memory.q": np.zeros(26)}, "holds 'memory.q'"),
        ({"parameters": np.zeros(25)}, r"has no parameters of shape \(26,\)"),
        ({"parameters": np.array(["a"] * 26)}, "has no parameters of shape"),
        ({"iteration": np.array(np.nan)}, r"has no iteration of shape \(\)"),
        ({"iteration": np.array(101)}, "iteration: got 101, expected a whole number 0…100"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused(change, expected):
    training = hello(optimizer="adam")
    kept = {name: array for name, array in (training.checkpoint() | change).items() if array is not None}
    with pytest.raises(InputError, match=expected):
        training.restore(kept)
    assert training.iteration == 0


def test_one_step_of_an_exploding_relu_net_is_the_end_of_it():
    # both units grow by 1.2 a step; then no unit is ever above 0 again, and nothing moves W any more
    model = Model.create(
        find("rnn-relu", "linear"), 2, 2, 1, init={"W": [[1.2, 0], [0, 1.2]], "U": 0.5, "V": 0.5}, loss="mean"
    )
    training = Training(model, TASKS["adding"].stream(12, 8), rate=0.02, iterations=3)  # of ½(z − y)²: 0.01 of (z − y)²
    assert np.linalg.norm(model.parameters["W"]) == pytest.approx(1.7, abs=0.005)
    training.run()
    first = training.record(1)
    assert first.time_norms["h"][0] / first.time_norms["h"][-1] == pytest.approx(1.2**11)
    assert 15 < first.norms["W"] < 30
    assert training.record(2).gradient_norms["W"] == training.record(3).gradient_norms["W"] == 0
    assert not training.open(3).trace.values["h"].any()


@pytest.mark.parametrize("seed", range(3))
def test_a_linear_net_is_not_a_number_after_two_updates(seed):
    cell = Cell.parse("h[t] = U @ x[t] + W @ h[t-1]", readout="linear")
    model = Model.create(cell, 2, 4, 1, seed=seed, init={"W": {"orthogonal": 1.5}}, loss="mean")
    training = Training(model, TASKS["adding"].stream(20, 8, seed), rate=0.02, iterations=4)
    training.run()
    losses = [record.loss for record in training.records]
    assert 1e5 < losses[0] < 1e8
    assert 1e200 < losses[1] < 1e300
    assert not np.isfinite(losses[2:]).any()
    assert np.isnan(training.model.parameters["W"]).any()
    assert training.open(4).run.finish().loss != 0  # NaN parameters are stepped like any others


def test_l2_shrinks_a_dead_net_by_its_share_each_time():
    init = {"W": [[1.2, 0], [0, 1.2]], "U": 0.5, "V": 0.5}
    model = Model.create(find("rnn-relu", "linear"), 2, 2, 1, init=init, loss="mean")
    training = Training(model, TASKS["adding"].stream(12, 8), rate=0.02, l2={"W": 0.5}, iterations=101)
    training.run()
    before, after = training.record(1).norms["W"], training.record(101).norms["W"]
    assert after / before == pytest.approx(0.99**100, rel=1e-9)


def test_what_is_kept_of_a_long_training_is_bounded(monkeypatch):
    monkeypatch.setattr("bptt.snapshots.MOST", 8)
    model = Model.create("rnn", 4, 60, 4)
    size = 8 * sum(array.size for array in model.parameters.values())
    training = Training(model, TEXT, iterations=300)
    training.run(100)
    tracemalloc.start()
    training.run()
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 25 * size


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"optimizer": "adma"}, r"optimizer: there is no 'adma'; did you mean adam\?"),
        ({"rate": 0}, "rate: got 0, expected a finite number > 0"),
        ({"clip": {"norm": -1}}, "clip: got -1, expected a finite number > 0"),
        ({"l2": {"Q": 1}}, "l2: no parameter is called 'Q'"),
        ({"l1": -1}, "l1: got -1, expected a finite number ≥ 0"),
        ({"iterations": -1}, "iterations: got -1, expected a whole number 0…"),
        ({"every": 0}, "every: got 0, expected a whole number 1…"),
        ({"seed": 1.5}, "seed: got 1.5, expected a whole number"),
        ({"window": 0}, "window: got 0"),
        ({"window": 2, "stride": 3}, "stride"),
        ({"initial": {"q": [0.0]}}, "initial: 'q' is not a variable in rnn"),
        ({"holdout": ([0, 9], [0, 1])}, r"holdout: x\[1\] = 9, expected 0…3"),
        ({"batch": 3}, "batch: got 3, expected a whole number 1…1"),
    ],
)
def test_a_setting_that_cannot_be_is_named_before_anything_runs(settings, expected):
    with pytest.raises(InputError, match=expected):
        hello(**settings)


def test_data_that_does_not_fit_is_named_before_anything_runs():
    with pytest.raises(InputError, match=r"y\[1\] = 7, expected 0…3 or −1"):
        Training(Model("rnn", HELLO), ([0, 1], [0, 7]))


def test_places_that_do_not_exist_are_refused():
    training = hello(iterations=3)
    calls = [
        lambda: training.goto(4),
        lambda: training.goto(-1),
        lambda: training.goto(1, 10**6),
        lambda: training.open(0),
        lambda: training.open(4),
        lambda: training.model_after(4),
    ]
    for call in calls:
        with pytest.raises(IndexError):
            call()
    assert training.iteration == 0
    assert hello(iterations=0).run() is None
    assert list(hello(iterations=0)) == []


def test_more_iterations_go_on_from_where_it_ended():
    short, long = hello(iterations=4, optimizer="adam"), hello(iterations=7, optimizer="adam")
    short.run()
    short.extend(3)
    short.run()
    long.run()
    assert [record.loss for record in short.records] == [record.loss for record in long.records]
    assert same(short.model, long.model)


def test_a_line_of_an_update_reads_what_the_lines_before_it_left():
    model = Model.create("rnn", 4, 2, 4, seed=1)
    first = Training(model, TEXT, optimizer="momentum:0.5", rate=0.1, clip="value:0.2", l2=0.01, iterations=2).open(1)
    gradient = first.trace.grads["W"]
    clipped = np.clip(gradient, -0.2, 0.2)
    penalised = clipped + 0.01 * model.parameters["W"]
    lines = {str(step.equation): step for step in first if step.phase == "update"}
    clip = lines["∇W ← min(max(∇W, −0.2), 0.2)"]
    assert np.array_equal(first.read(clip.index, "∇W"), gradient) and np.array_equal(clip.value, clipped)
    penalty = lines["∇W ← ∇W + 0.01·W"]
    assert np.array_equal(first.read(penalty.index, "∇W"), clipped) and np.array_equal(penalty.value, penalised)
    velocity = lines["v_W ← 0.5·v_W + ∇W"]
    assert np.array_equal(first.read(velocity.index, "∇W"), penalised)
    assert not first.read(velocity.index, "v_W").any()
    update = lines["W ← W − 0.1·v_W"]
    assert np.array_equal(first.read(update.index, "v_W"), velocity.value)
    assert np.allclose(update.value, first.read(update.index, "W") - 0.1 * velocity.value, atol=0, rtol=1e-15)
    with pytest.raises(KeyError):
        first.read(update.index, "U9")


def test_the_first_nan_of_an_iteration_can_be_in_its_update():
    tiny = Model("rnn", HELLO)
    blown = Training(tiny, TEXT, rate=1e308, iterations=2, l2=1e10).open(1)
    index = blown.first_nonfinite()
    assert blown.run.first_nonfinite() is None and blown.at(index).phase == "update"
    assert not np.isfinite(blown.at(index).value).all()
    assert hello(iterations=1).open(1).first_nonfinite() is None
