"""A request is one run, or one line that says which option stands in the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bptt
from bptt import Model, Run
from bptt.tasks import TASKS
from rnntui.safe import InputError
from rnntui.sources.request import Request

ODD = "q[t] = tanh(A @ x[t] + B @ mem[t-1] + r2)\nmem[t] = q[t] * mem[t-2] + (1 - q[t])\n"


def line_of(**fields: Any) -> str:
    with pytest.raises(InputError) as raised:
        Request(**fields).run()
    return str(raised.value)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("odd.txt").write_text(ODD)
    return tmp_path


def test_nothing_asked_for_is_the_rnn_of_four_units_on_hello() -> None:
    run, source = Request().run()
    assert source.title == "'hello'"
    assert run.model == Model.create("rnn", 4, 4, 4, seed=0)
    assert run.filled == 0
    assert run.finish().loss == Run(Model.create("rnn", 4, 4, 4), [1, 0, 2, 2], [0, 2, 2, 3]).finish().loss


def test_every_field_reaches_the_run(folder: Path) -> None:
    Path("long.txt").write_text("abcabcabcabc")
    Path("letters").write_text("abcxyz\n")
    run, source = Request(
        cell="odd.txt",
        hidden=3,
        seed=5,
        init="A=2,B=identity",
        dtype="float32",
        text_file="long.txt",
        length=4,
        offset=2,
        vocab="letters",
        batch=2,
    ).run()
    assert (run.T, run.B, run.model.inputs, run.model.hidden, run.model.seed) == (3, 2, 6, 3, 5)
    assert run.model.dtype == np.float32
    assert np.array_equal(run.model.parameters["A"], np.full((3, 6), 2))
    assert np.array_equal(run.model.parameters["B"], np.eye(3))
    assert [source.tokens_of(n) for n in range(2)] == [("c", "a", "b"), ("a", "b", "c")]


def test_a_column_of_a_table_is_predicted_by_a_linear_readout(folder: Path) -> None:
    Path("a.csv").write_text("day,price\n1,10\n2,20\n3,15\n")
    run, _ = Request(cell="odd.txt", csv="a.csv", column="price").run()
    assert run.model.cell.loss_functions == ("squared_error",)
    assert run.x[:, 0, 0].tolist() == [10, 20]
    assert run.y[:, 0, 0].tolist() == [20, 15]


def test_arrays_are_taken_as_they_are(folder: Path) -> None:
    np.save("x.npy", np.arange(12.0).reshape(3, 2, 2))
    np.save("y.npy", np.array([[0, 1], [2, -1], [1, 0]]))
    run, _ = Request(cell="gru", npy="x.npy", targets="y.npy").run()
    assert (run.T, run.B, run.model.inputs, run.model.outputs) == (3, 2, 2, 3)
    assert run.model.cell.loss_functions == ("cross_entropy",)


def test_a_task_is_drawn_with_the_seed_of_the_parameters() -> None:
    run, source = Request(task="adding", length=12, batch=3, seed=5).run()
    assert (run.T, run.B, source.title) == (12, 3, "adding 12")
    assert np.array_equal(run.x, TASKS["adding"].make(12, 3, seed=5).x)
    assert run.model.cell.loss_functions == ("squared_error",)
    assert run.model == Model.create(run.model.cell, 2, 4, 1, seed=5)


def test_one_source_is_read_and_no_option_is_passed_over() -> None:
    assert line_of(text="a", csv="b") == "--text and --csv are 2 sources: give one of them"
    assert line_of(text_file="a", csv="b", npy="c") == (
        "--text-file and --csv and --npy are 3 sources: give one of them"
    )
    assert line_of(column="a") == "--column: goes with --csv, not with --text"
    assert line_of(targets="a", text_file="b") == "--targets: goes with --npy, not with --text-file"
    assert line_of(npy="a", targets="b", length=4) == (
        "--length: goes with --text or --text-file or --csv or --task, not with --npy"
    )
    assert line_of(csv="a", vocab="b") == "--vocab: goes with --text or --text-file, not with --csv"
    assert line_of(task="adding", offset=4) == ("--offset: goes with --text or --text-file or --csv, not with --task")
    assert line_of(npy="a") == "--npy: needs --targets: a .npy file with as many targets as inputs"


def test_a_number_that_cannot_be_is_named_by_its_option() -> None:
    assert line_of(hidden=0) == "--hidden: got 0, expected a whole number 1…4096"
    assert line_of(hidden=4097) == "--hidden: got 4097, expected a whole number 1…4096"
    assert line_of(hidden=10**30).startswith("--hidden: got 1000000")
    assert line_of(seed=-1).startswith("--seed: got -1, expected a whole number 0…")
    assert line_of(batch=0) == "--batch: got 0, expected a whole number from 1"
    assert line_of(length=1).startswith("--length: got 1, expected a whole number 2…")
    assert line_of(offset=-1) == "--offset: got -1, expected a whole number from 0"
    assert line_of(dtype="int8") == "--dtype: got 'int8', expected float64 or float32"
    assert line_of(text="") == "--text: has no characters: give at least 2"


def test_an_initialisation_that_does_not_fit_is_named(folder: Path) -> None:
    assert line_of(init="glrot").startswith("--init: no scheme is called 'glrot'; did you mean glorot")
    assert line_of(cell="odd.txt", init="W=1") == "--init: no parameter is called 'W'; there are A, B, r2, c, V"
    assert line_of(init="W=[1,2]") == "--init: W: got shape (2,), expected (4, 4) or one number"


def test_a_loss_that_the_targets_do_not_go_with_is_said_before_anything_runs(folder: Path) -> None:
    Path("mine.txt").write_text("r[t] = V @ x[t]\nerr[t] = squared_error(r[t], y[t])\n")
    assert line_of(cell="mine.txt") == (
        "mine.txt: its loss squared_error takes values, --text gives classes: use cross_entropy, or another source"
    )
    Path("mine.txt").write_text("r[t] = V @ x[t]\nerr[t] = cross_entropy(r[t], y[t])\n")
    Path("a.csv").write_text("price\n1\n2\n3\n")
    assert line_of(cell="mine.txt", csv="a.csv") == (
        "mine.txt: its loss cross_entropy takes classes, --csv gives values: "
        "use squared_error or binary_cross_entropy, or another source"
    )


def test_a_cell_that_needs_a_batch_or_units_says_which_option(folder: Path) -> None:
    Path("bn.txt").write_text("q[t] = tanh(batch_norm(A @ x[t]))\n")
    Path("ln.txt").write_text("q[t] = tanh(layer_norm(A @ x[t]))\n")
    line = line_of(cell="bn.txt")
    assert line.startswith("bn.txt: ")
    assert line.endswith("batch_norm needs a batch of at least 2: --batch 8")
    assert Request(cell="bn.txt", text="hello!", batch=2).run()[0].B == 2
    line = line_of(cell="ln.txt", hidden=1)
    assert line.startswith("--hidden: ")
    assert line.endswith("layer_norm needs at least 2 units: --hidden 4")


def test_a_run_over_the_limits_is_refused_before_anything_is_allocated(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a model was made")

    monkeypatch.setattr(Model, "create", never)
    assert line_of(cell="lstm", hidden=4096) == (
        "the run would take 2.2 GB, over the limit of 1 GB: give a smaller --hidden, --length or --batch"
    )


def test_layers_stack_the_cell_and_a_number_that_cannot_be_is_named(folder: Path) -> None:
    run, _ = Request(cell="odd.txt", layers=3).run()
    assert run.model.layers == 3
    assert {"q1", "mem3", "a2_q", "z"} <= set(run.model.cell.definitions)
    assert line_of(layers=0) == "--layers: got 0, expected a whole number 1…32"
    assert line_of(cell="lstm", hidden=4096, layers=2).startswith("the run would take ")
    Path("two.txt").write_text("q[t] = tanh(A @ x[t] + s[t-1])\ns[t] = q[t] + q[t-1]\nm[t] = q[t] * s[t]\n")
    asked = 'say which of them the next layer reads, output="q" or output="s", or call it h'
    assert line_of(cell="two.txt", layers=2) == f"two.txt: the readout reads q and s: {asked}"


def test_parameters_of_all_layers_or_of_one_are_drawn_by_their_names() -> None:
    model = Request(cell="lstm", layers=2, init="b_f=1,b2_f=3").run()[0].model
    assert (model.parameters["b1_f"] == 1).all()
    assert (model.parameters["b2_f"] == 3).all()


class TestAModelFromAFile:
    @pytest.fixture
    def file(self, tmp_path):
        cell = bptt.Cell.parse("r2[t] = tanh(E @ r2[t-1] + A @ x[t])", "odd")
        bptt.save(bptt.Model.create(cell, 4, 3, 4, seed=2), tmp_path / "odd.npz")
        return str(tmp_path / "odd.npz")

    def test_is_run_on_the_source_with_its_own_numbers(self, file):
        run, _ = Request(load=file, text="hello").run()
        assert np.array_equal(run.model.parameters["E"], bptt.load(file).parameters["E"])
        assert run.model.hidden == 3 and run.T == 4

    def test_says_which_sizes_do_not_fit(self, file):
        with pytest.raises(InputError, match=r"4 inputs, --text gives 5: give the --vocab"):
            Request(load=file, text="hellow").run()
        with pytest.raises(InputError, match="squared_error"):
            Request(load=file, task="adding").run()

    @pytest.mark.parametrize("given", [{"hidden": 3}, {"layers": 2}, {"seed": 1}, {"init": "zeros"}])
    def test_stands_in_the_place_of_what_makes_a_model(self, file, given):
        with pytest.raises(InputError, match=r"--\w+: is said by the model file"):
            Request(load=file, text="hello", **given).run()

    def test_a_file_that_is_none_is_named(self, tmp_path):
        with pytest.raises(InputError, match=r"none\.npz: no such file"):
            Request(load=str(tmp_path / "none.npz"), text="hello").run()
