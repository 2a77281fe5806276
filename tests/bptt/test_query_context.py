"""Queries that look beyond one run: other runs, trainings, all times, recorded results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pytest

from bptt import Cell, EquationError, Model, Run, Training
from bptt.edit_text import parse_edit
from bptt.queries import Query, QueryError, Reading, parse_query

ODD = Cell.parse(
    "q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)\nmem[t] = (1 - q[t]) * mem[t-1] + q[t] * tanh(C @ x[t])\n", "odd"
)
OTHER = Cell.parse("k[t] = tanh(F @ x[t] + G @ k[t-1])\n", "other")
X, Y = np.array([[0, 1], [1, 2], [2, 0], [1, 1]]), np.array([[1, 0], [2, 1], [0, 2], [1, 1]])


@dataclass
class Made:
    """A context of two models, the first trained for five iterations."""

    first: Run
    others: dict[str, Made] = field(default_factory=dict)
    training: Training | None = None

    @property
    def cell(self) -> Cell:
        return self.first.model.cell

    @property
    def run(self) -> Run:
        return self.first

    @property
    def cases(self) -> Mapping[str, Made]:
        return self.others

    @property
    def iterations(self) -> int:
        return self.training.iterations if self.training else 0

    def after(self, iterations: int) -> Run:
        if not self.training or iterations == 0:
            return self.first
        return Run(self.training.model_after(iterations if iterations > 0 else 5), X, Y)

    def series(self, name: str, gradient: bool, t: int | None) -> np.ndarray:
        assert self.training
        self.training.run()
        if t is not None:
            return np.array([record.time_norms[name][t - 1] for record in self.training.records])
        return np.array([record.norms.get(name, record.loss) for record in self.training.records])

    def recorded(self, path: tuple[str | int, ...]) -> float:
        return {("file", "solved"): 14.0, ("file", "losses", 2): 0.5}[path]

    def fact(self, name: str, run: Run) -> float:
        return 7.0


@pytest.fixture(scope="module")
def made() -> Made:
    model = Model.create(ODD, 3, 2, 3, seed=1)
    other = Model.create(OTHER, 3, 4, 3, seed=2)
    context = Made(Run(model, X, Y), training=Training(model, (X, Y), rate=0.5, iterations=5))
    context.others |= {"main": context, "small": Made(Run(other, X, Y)), "other": Made(Run(other, X, Y))}
    return context


def ask(made: Made, text: str, t: int = 2) -> object:
    query = parse_query(text, made.cell, made)
    query.check(made.after(0), t)
    return query.value(made.run, t)


def norm(rows: np.ndarray) -> float:
    return float(np.sqrt((rows * rows).sum()))


def test_a_case_is_asked_by_its_own_names_and_a_hidden_one_too(made: Made) -> None:
    run = made.others["small"].run
    run.fill(len(run))
    assert np.array_equal(ask(made, "case(small, k[t])"), run.read("k", 2)[0])
    assert ask(made, "other(norm(grad(k[1])))") == pytest.approx(norm(run.read("k", 1, True)[0]))
    with pytest.raises(EquationError, match="other has no variable or parameter 'mem'"):
        parse_query("case(small, mem[1])", made.cell, made)
    with pytest.raises(EquationError, match="no case is called 'smal'; did you mean 'small'"):
        parse_query("case(smal, k[1])", made.cell, made)


def test_a_mask_sees_through_the_same_model_and_not_into_others(made: Made) -> None:
    def slots(text: str) -> set[Reading]:
        return set(parse_query(text, made.cell, made).slots(made.run, 2))

    assert slots("case(main, mem[3])") == slots("before(mem[3])") == {Reading("mem", 3, False)}
    assert slots("case(small, k[3])") == set()
    assert slots("over(mem[t][0])") == {Reading("mem", t, False) for t in (1, 2, 3, 4)}


def test_before_and_after_are_the_same_run_with_other_parameters(made: Made) -> None:
    assert made.training
    after = made.training.model_after(5).parameters["A"]
    assert np.array_equal(ask(made, "after(A)"), after)
    assert np.array_equal(ask(made, "after(A, 2)"), made.training.model_after(2).parameters["A"])
    assert np.array_equal(ask(made, "before(A) - A"), np.zeros_like(after))
    assert ask(made, "after(loss) < before(loss)") is True
    with pytest.raises(EquationError, match="0…5"):
        parse_query("after(A, 6)", made.cell, made)
    with pytest.raises(EquationError, match="nothing is trained here"):
        parse_query("case(small, after(loss))", made.cell, made)


def test_series_are_counted_from_both_ends(made: Made) -> None:
    losses = made.series("loss", False, None)
    assert np.array_equal(ask(made, "record(loss)"), losses)
    assert (ask(made, "loss[0]"), ask(made, "loss[-1]")) == (losses[0], losses[-1])
    assert ask(made, "record(loss)[-2]") == losses[-2]
    assert ask(made, "mean(last(record(loss), 2)) - mean(first(record(loss), 2))") == pytest.approx(
        losses[-2:].mean() - losses[:2].mean()
    )
    assert ask(made, "first_below(record(loss), 99)") == 1
    assert ask(made, "first_below(record(loss), 0)") == -1
    assert np.array_equal(ask(made, "record(grad(mem[1]))"), made.series("mem", True, 1))
    with pytest.raises(EquationError, match="there are 5 iterations"):
        parse_query("loss[-6]", made.cell, made)
    with pytest.raises(QueryError, match="1…5"):
        ask(made, "last(record(loss), 6)")
    for count in ("1/0", "0/0", "1.5"):
        with pytest.raises(QueryError, match="1…5"):
            ask(made, f"first(record(loss), {count})")


def test_reach_is_over_units_and_batch(made: Made) -> None:
    run = made.run
    run.fill(len(run))
    assert ask(made, "reach(mem)") == pytest.approx(norm(run.read("mem", 1, True)) / norm(run.read("mem", 4, True)))
    assert ask(made, "norm(all(grad(mem[1])))") == pytest.approx(norm(run.read("mem", 1, True)))
    assert np.array_equal(ask(made, "all(mem[3])"), run.read("mem", 3))
    with pytest.raises(EquationError, match="no variable or parameter 'memo'; did you mean 'mem'"):
        parse_query("reach(memo)", made.cell, made)


def test_over_and_share_go_through_all_times(made: Made) -> None:
    run = made.run
    run.fill(len(run))
    q = run.times("q")[:, 0, 1]
    assert np.array_equal(ask(made, "over(q[t][1])"), q)
    assert ask(made, "share(q[t][1] > 0.5)") == (q > 0.5).mean()
    assert ask(made, "argmax(over(q[t][1]))") == q.argmax()
    with pytest.raises(QueryError, match="over takes a single number at each time"):
        ask(made, "over(q[t])")


def test_matrices_have_a_transpose_a_radius_and_a_norm(made: Made) -> None:
    B = made.first.model.parameters["B"]
    assert np.array_equal(ask(made, "B.T"), B.T)
    assert ask(made, "B.T[0][1]") == B[1, 0]
    assert ask(made, "spectral_radius(B)") == pytest.approx(abs(np.linalg.eigvals(B)).max())
    assert ask(made, "spectral_norm(B)") == pytest.approx(np.linalg.svd(B)[1][0])
    assert ask(made, "angle(B, -B)") == pytest.approx(180)
    with pytest.raises(QueryError, match="square matrix"):
        ask(made, "spectral_radius(A)")
    with pytest.raises(EquationError, match=r"only \.T"):
        parse_query("B.S", made.cell, made)


def test_differences_take_a_step_forward(made: Made) -> None:
    forward = ask(made, "rel_error(grad(B), numeric_forward(grad(B), 1e-6))")
    assert 1e-9 < float(forward) < 1e-4
    assert float(ask(made, "rel_error(grad(B), numeric_forward(grad(B), 0.1))")) > 10 * float(forward)
    with pytest.raises(QueryError, match="a number above 0"):
        ask(made, "numeric_forward(grad(B), 0 - 1)")


def test_both_differences_are_of_the_edited_run(made: Made) -> None:
    edited = Made(made.run.edited([parse_edit("mem[2][0] = 0.5", made.cell, 4)]))
    for kind in ("numeric", "numeric_forward"):
        query = parse_query(f"rel_error(grad(B), {kind}(grad(B), 1e-6))", made.cell, edited)
        assert float(query.value(edited.run, 2)) < 1e-4


@pytest.mark.parametrize("step", ["0", "-1", "50", "0.1*2"])
def test_the_step_of_central_differences_is_checked_here_too(step: str, made: Made) -> None:
    with pytest.raises(EquationError, match="step of numeric"):
        parse_query(f"numeric(grad(B), {step})", made.cell, made)


def test_a_step_is_counted_as_the_cursor_counts_it(made: Made) -> None:
    """It is the place of the cursor right behind it; what is there from the start has none."""
    run = made.run
    for name, t, gradient in (("q", 1, False), ("mem", 4, False), ("mem", 4, True), ("q", 2, True)):
        index = int(ask(made, f"step(grad({name}[{t}]))" if gradient else f"step({name}[{t}])")) - 1
        place = run.schedule.place(index)
        phase = "backward" if gradient else "forward"
        assert (place.phase, place.t, place.equation.target) == (phase, t, name)
    assert ask(made, "step(mem[0]) + step(x[2])") == 0
    assert ask(made, "step(mem[t-1]) < step(q[t])") is True


def test_reads_are_counted_in_the_equations_as_far_as_the_run_goes(made: Made) -> None:
    """mem[t] is read in the scores, and at t + 1, where there is one, in q and in mem."""
    scores = ask(made, "reads(mem[4])")
    assert ask(made, "reads(mem[3])") == scores + 2
    assert ask(made, "reads(mem[0])") == 2
    assert ask(made, "reads(q[2])") == 2
    assert ask(made, "case(small, reads(k[1]) - reads(k[T]))") == 1


def test_small_angles_are_exact(made: Made) -> None:
    assert ask(made, "angle(grad(B), 3 * grad(B))") == pytest.approx(0, abs=1e-12)
    assert ask(made, "angle(grad(B), -grad(B))") == pytest.approx(180)


def test_recorded_numbers_and_facts(made: Made) -> None:
    assert ask(made, "recorded(file.solved)") == 14
    assert ask(made, "recorded(file.losses[2])") == 0.5
    assert ask(made, "case(small, parameters) + seconds") == 14


@pytest.mark.parametrize(
    "text",
    [
        "case(small)",
        "other()",
        "before(loss, 3)",
        "over(1, 2)",
        "share(loss)",
        "record(p[1])",
        "step(A)",
        "step(2)",
        "reads(grad(mem[1]))",
    ],
)
def test_what_is_not_written_as_it_should_be_says_how(text: str, made: Made) -> None:
    with pytest.raises(EquationError):
        parse_query(text, made.cell, made)


def test_without_a_context_none_of_this_is_there(made: Made) -> None:
    for text in ("case(small, loss)", "reach(mem)", "B.T", "accuracy", "loss[0]"):
        with pytest.raises((EquationError, QueryError)):
            Query.value(parse_query(text, made.cell), made.run, 1)
