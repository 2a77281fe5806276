"""The cursor: back undoes step to the bit, goto is stepping, any walk reads as a fresh run, sums grow in order."""

import threading

import numpy as np
import pytest

from bptt import CELLS, Cell, Model, Run

ODD = Cell.parse(
    """
q[t] = tanh(A @ x[t] + R @ q[t-1] + S @ mem[t-2] + k)    # reading
r2[t] = softmax(G @ q[t] + 0.5 * r2[t-1])                # shares
mem[t] = hold(3, r2[t] * mem[t-1] + (1 - r2[t]) * q[t])  # store
unused[t] = exp(q[t])
out[t] = mem[t] + norm(q[t]) * w
""",
    name="odd",
)
T, B, D, H, K = 7, 2, 2, 3, 4


def run_of(cell=ODD, T=T, B=B, seed=0, **options):
    random = np.random.default_rng(seed)
    model = Model.create(cell, D, H, K, seed=seed, init={"default": {"normal": 0.5}}, **options)
    y = random.integers(0, K, (T, B))
    y[1, 0] = -1
    return Run(model, random.normal(size=(T, B, D)), y)


def readable(run):
    """Everything that can be read at the cursor, as bytes."""
    found = {"position": run.position, "filled": run.position <= run.filled}
    if run.position:
        step = run.at(run.position - 1)
        found["step"] = (step.index, step.phase, step.t, step.target, str(step.equation), step.reads)
        found["value"] = (step.value.shape, step.value.tobytes())
    for name in run.model.parameters:
        found[f"∇{name}"] = run.sum_so_far(name, run.position).tobytes()
    for name in run.model.cell.definitions:
        for t in range(1, run.T + 1):
            for gradient in (False, True):
                if run.schedule.written(name, t, gradient) < run.position:
                    found[(name, t, gradient)] = run.read(name, t, gradient).tobytes()
    return found


def same(a, b):
    return (a.index, a.phase, a.t, a.target, str(a.equation), a.reads) == (
        b.index,
        b.phase,
        b.t,
        b.target,
        str(b.equation),
        b.reads,
    ) and np.array_equal(a.value, b.value)


def test_nothing_is_computed_on_creation():
    run = run_of()
    assert (run.position, run.filled) == (0, 0)
    assert not any(array.any() for name, array in run.tape.values.items() if name != "x")


def test_iterating_from_the_start_gives_every_step_once_in_order():
    run = run_of()
    steps = list(run)
    assert [step.index for step in steps] == list(range(len(run)))
    assert len(steps) == len(run) == T * (len(ODD.equations) + len(ODD.backward))
    assert run.position == len(run)
    assert run.step() is None
    assert list(run) == []


def test_forward_runs_up_and_backward_runs_down_in_the_order_of_the_equations():
    run = run_of()
    steps = list(run)
    forward = [(e.target, t) for t in range(1, T + 1) for e in ODD.equations]
    backward = [(e.target, t) for t in range(T, 0, -1) for e in ODD.backward]
    assert [(step.target, step.t) for step in steps] == forward + backward
    assert {step.phase for step in steps[: len(forward)]} == {"forward"}
    assert {step.phase for step in steps[len(forward) :]} == {"backward"}
    assert "unused" not in [step.target for step in steps[len(forward) :]]


def test_back_undoes_step_to_the_bit_anywhere():
    run = run_of()
    random = np.random.default_rng(5)
    for position in [0, len(run) - 1, *random.integers(0, len(run), 25)]:
        run.goto(int(position))
        before = readable(run)
        made = run.step()
        undone = run.back()
        assert same(made, undone)
        assert readable(run) == before


def test_step_undoes_back_to_the_bit_anywhere():
    run = run_of()
    random = np.random.default_rng(6)
    for position in random.integers(1, len(run) + 1, 25):
        run.goto(int(position))
        before = readable(run)
        run.back()
        run.step()
        assert readable(run) == before


def test_a_hundred_steps_and_a_hundred_back_is_where_one_was():
    run = run_of(CELLS["lstm"], T=4, B=1)
    run.goto(17)
    before = readable(run)
    for _ in range(100):
        run.step()
    for _ in range(100):
        run.back()
    assert readable(run) == before


def test_goto_is_stepping():
    for position in (0, 1, 40, 61, 62, 100, 10**9):
        stepped, jumped = run_of(), run_of()
        position = min(position, len(stepped))
        for _ in range(position):
            stepped.step()
        last = jumped.goto(position)
        assert readable(stepped) == readable(jumped)
        assert (last is None) == (position == 0)


def test_a_random_walk_reads_as_a_fresh_run_to_the_bit():
    walker = run_of()
    random = np.random.default_rng(7)
    for _ in range(60):
        match random.integers(4):
            case 0:
                walker.goto(int(random.integers(len(walker) + 1)))
            case 1:
                walker.back()
            case 2:
                walker.trace()
            case _:
                for _ in range(random.integers(1, 9)):
                    walker.step()
        if random.random() < 0.3:
            fresh = run_of()
            fresh.goto(walker.position)
            assert readable(walker) == readable(fresh)
    fresh = run_of()
    assert all(same(a, walker.at(a.index)) for a in fresh)


def test_iteration_goes_on_from_the_middle():
    run = run_of()
    run.goto(30)
    assert next(iter(run)).index == 30
    run.back()
    run.back()
    assert [step.index for step in run] == list(range(29, len(run)))


def test_the_ends_are_quiet():
    run = run_of()
    assert run.back() is None
    assert run.goto(0) is None
    assert run.goto(len(run)).index == len(run) - 1
    assert run.step() is None
    assert run.position == len(run)
    assert run.back().index == len(run) - 1


@pytest.mark.parametrize("index", [-1, 10**6])
def test_a_position_that_does_not_exist_is_refused_and_the_cursor_stays(index):
    run = run_of()
    run.goto(5)
    with pytest.raises(IndexError, match=f"{index} does not exist"):
        run.goto(index)
    with pytest.raises(IndexError, match=f"{index} does not exist"):
        run.at(index)
    assert run.position == 5
    assert run.filled == 5


def test_finish_goes_to_the_end_and_trace_stays():
    run = run_of()
    run.goto(9)
    found = run.trace()
    assert run.position == 9
    assert found.loss == run.finish().loss
    assert run.position == len(run)


def test_a_step_holds_the_value_that_the_trace_holds():
    run = run_of()
    found = run.trace()
    for step in run:
        if step.equation.kind == "parameter":
            continue
        recorded = (found.grads if step.phase == "backward" else found.values)[step.target][step.t - 1]
        assert step.value.shape == recorded.shape
        assert np.array_equal(step.value, recorded)
        assert not step.value.flags.writeable


def test_the_loss_and_its_gradient_have_one_number_a_sequence():
    steps = [step for step in run_of() if step.target == "L"]
    assert {step.value.shape for step in steps} == {(B,)}
    assert all((step.value == 1).all() for step in steps if step.phase == "backward")


def test_a_parameters_gradient_at_the_cursor_is_the_sum_of_the_contributions_passed():
    run = run_of(T=70)
    found = run.trace()
    for step in run:
        if step.equation.kind != "parameter":
            continue
        expected = sum(found.contribution(step.target, t) for t in range(run.T, step.t, -1))
        if step.index == run.schedule.index("backward", step.t, step.target):
            expected = expected + found.contribution(step.target, step.t)
            assert np.allclose(step.value, expected, rtol=1e-13, atol=1e-15)
            assert not step.value.flags.writeable
    for name in run.model.parameters:
        assert not run.sum_so_far(name, run.schedule.turn).any()
        assert np.array_equal(run.sum_so_far(name, len(run)), found.grads[name])


def test_a_parameter_read_by_two_equations_grows_twice_a_time():
    cell = Cell.parse("q[t] = tanh(W @ q[t-1] + A @ x[t])\nr[t] = W @ q[t]")
    run = run_of(cell, T=3)
    steps = [step for step in run if step.equation.kind == "parameter" and step.target == "W" and step.t == 2]
    assert len(steps) == 2
    later = run.trace().contribution("W", 3)
    first = steps[0].value - later
    second = steps[1].value - steps[0].value
    assert first.any()
    assert second.any()
    assert np.allclose(first + second, run.trace().contribution("W", 2), rtol=1e-13)


def test_what_is_asked_first_does_not_change_a_sum():
    orders = ([3, 69, 40, 41, 70, 0], [70, 40], [40, 69, 41, 3, 0, 70])
    found = []
    for order in orders:
        run = run_of(T=70)
        run.fill(len(run))
        sums = {n: run.sum_so_far("R", run.schedule.turn + n * len(run.schedule.backward)) for n in order}
        found.append((sums[40].tobytes(), sums[70].tobytes()))
    assert len(set(found)) == 1


def test_a_gradient_near_the_end_has_no_future():
    run = run_of(CELLS["rnn"], T=3)
    texts = {step.t: step for step in run if step.phase == "backward" and step.target == "h"}
    assert "t+1" not in str(texts[3].equation)
    assert "∇a[4]" not in texts[3].reads
    assert "t+1" in str(texts[2].equation)
    assert "∇a[3]" in texts[2].reads


def test_reads_name_their_times():
    step = next(step for step in run_of() if step.target == "q" and step.t == 4)
    assert step.reads == ("A", "x[4]", "R", "q[3]", "S", "mem[2]", "k")


def test_a_hold_is_shown_as_the_branch_that_is_taken():
    steps = [step for step in run_of() if step.target == "mem"]
    forward = {step.t: step for step in steps if step.phase == "forward"}
    assert [t for t, step in forward.items() if "r2" in str(step.equation)] == [1, 4, 7]
    assert str(forward[4].equation) == "mem[t] = r2[t] * mem[t-1] + (1 - r2[t]) * q[t]"
    assert str(forward[5].equation) == "mem[t] = mem[t-1]"
    assert forward[5].reads == ("mem[4]",)
    assert np.array_equal(forward[5].value, forward[4].value)
    backward = {step.t: step for step in steps if step.phase == "backward"}
    assert "tick" not in "".join(str(step.equation) for step in steps)
    assert "∇mem[6]" in backward[5].reads  # held at 6, so its gradient comes back whole
    assert "r2[7]" in backward[6].reads  # taken anew at 7


def test_another_thread_may_fill_while_this_one_reads():
    expected = [(step.target, step.value.tobytes()) for step in run_of(T=40)]
    run = run_of(T=40)
    threads = [threading.Thread(target=run.fill, args=(len(run),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    found = [(step.target, step.value.tobytes()) for step in run]
    for thread in threads:
        thread.join()
    assert found == expected
    assert run.filled == len(run)


def test_a_reader_does_not_wait_for_the_whole_run():
    run = run_of(CELLS["lstm"], T=2000, B=1)
    thread = threading.Thread(target=run.fill, args=(len(run),))
    thread.start()
    run.step()
    seen = run.filled
    thread.join()
    assert seen < len(run)


def test_filling_more_than_there_is_stops_at_the_end():
    run = run_of()
    run.fill(10**9)
    assert run.filled == len(run)
    assert run.position == 0
