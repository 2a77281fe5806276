"""`rnntui train --checkpoint`: what it writes, how it goes on, what it refuses."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

import bptt
from tests.rnntui.commands.conftest import PROGRAM, environment

TASK = ["--task", "adding", "--length", "8", "--cell", "lstm", "--hidden", "3", "--batch", "4", "--holdout", "0.01"]
ODD = "q[t] = tanh(A @ x[t] + B @ mem[t-1] + r2)\nmem[t] = q[t] * mem[t-2] + (1 - q[t])\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program runs."""
    monkeypatch.chdir(tmp_path)
    Path("odd.txt").write_text(ODD)
    return tmp_path


def names() -> list[str]:
    return sorted(file.name for file in Path().iterdir())


def lines(path: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def test_the_checkpoint_opens_as_the_trained_model_and_the_log_has_a_line_an_iteration(piped) -> None:
    done = piped("train", "--cell", "odd.txt", "--text", "hello hello", "--iterations", "30", "--checkpoint", "a.npz")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("iter 30/30  L ")
    header, *records = lines("a.jsonl")
    assert (header["format"], header["T"], header["settings"]["optimizer"]) == ("rnntui-training", 10, "adam")
    assert [record["iteration"] for record in records] == list(range(1, 31))
    assert records[-1]["loss"] < records[0]["loss"]
    assert set(records[9]["time_norms"]) == {"mem"} and len(records[9]["time_norms"]["mem"]) == 10
    model = bptt.load("a.npz")
    assert (model.cell.parameters.keys(), model.loss) == ({"A", "B", "r2", "c", "V"}, "sum")
    assert records[-1]["norms"]["A"] == pytest.approx(np.linalg.norm(model.parameters["A"]))


def test_it_is_the_training_of_the_engine(piped) -> None:
    options = ["--optimizer", "momentum:0.8", "--rate", "cosine:0.3,warmup=3", "--clip", "norm:0.5", "--l2", "0.01"]
    options += ["--window", "4", "--stride", "2", "--every", "5", "--seed", "3"]
    assert piped("train", *TASK, *options, "--iterations", "12", "--checkpoint", "a.npz").returncode == 0
    task = bptt.TASKS["adding"]
    cell = bptt.Cell.parse(bptt.CELLS["lstm"].source.partition("z[t]")[0], readout="linear")
    training = bptt.Training(
        bptt.Model.create(cell, 2, 3, 1, seed=3), task.stream(8, 4, 3), iterations=12,
        optimizer="momentum:0.8", rate="cosine:0.3,warmup=3", clip="norm:0.5", l2=0.01, window=4, stride=2,
    )  # fmt: skip
    training.run()
    for name, array in training.model.parameters.items():
        assert bptt.load("a.npz").parameters[name].tolist() == array.tolist()
    _, *records = lines("a.jsonl")
    assert [record["loss"] for record in records] == [record.loss for record in training.records]
    assert ["holdout" in record for record in records] == [n % 5 == 0 for n in range(1, 13)]


def test_gone_on_with_it_leaves_the_same_bytes_as_uninterrupted(piped) -> None:
    assert piped("train", *TASK, "--iterations", "60", "--checkpoint", "whole.npz").returncode == 0
    for end, *more in (("7",), ("31", "--resume"), ("60", "--resume")):
        assert piped("train", *TASK, "--iterations", end, *more, "--checkpoint", "parts.npz").returncode == 0
    assert Path("parts.npz").read_bytes() == Path("whole.npz").read_bytes()
    assert Path("parts.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()
    again = piped("train", *TASK, "--iterations", "60", "--resume", "--checkpoint", "parts.npz")
    assert again.stdout == "nothing left to do: parts.npz has all 60 iterations\n"
    assert Path("parts.npz").read_bytes() == Path("whole.npz").read_bytes()


STOPPED = "rnntui train: stopped; a.npz is kept, the same command with --resume goes on\n"


@pytest.mark.parametrize(("sent", "code", "said"), [(signal.SIGINT, 130, STOPPED), (signal.SIGTERM, 143, "")])
def test_a_signal_keeps_the_last_whole_iteration(piped, sent: signal.Signals, code: int, said: str) -> None:
    command = [*PROGRAM, "train", *TASK, "--iterations", "100000", "--checkpoint", "a.npz"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        end = time.monotonic() + 60
        while time.monotonic() < end and not (Path("a.jsonl").exists() and Path("a.jsonl").stat().st_size > 100_000):
            time.sleep(0.02)
        program.send_signal(sent)
        assert (program.wait(60), program.stderr.read()) == (code, said.encode())
    made = json.loads(str(np.load("a.npz")["__meta__"]))["iteration"]
    assert made > 10 and len(lines("a.jsonl")) - made in (1, 2)  # the log may be a line ahead; resuming cuts it back
    for name, *more in (("a.npz", "--resume"), ("b.npz",)):
        assert piped("train", *TASK, "--iterations", str(made + 5), *more, "--checkpoint", name).returncode == 0
    assert Path("a.jsonl").read_bytes() == Path("b.jsonl").read_bytes()
    with np.load("a.npz") as found, np.load("b.npz") as expected:
        assert all((found[name] == expected[name]).all() for name in expected.files)


def test_files_that_exist_are_kept_without_force(piped) -> None:
    Path("a.jsonl").write_text("mine")
    done = piped("train", "--iterations", "2", "--checkpoint", "a.npz")
    assert (done.returncode, done.stderr) == (
        2, "a.jsonl: exists and is kept: give another name, or --force to replace it\n"
    )  # fmt: skip
    assert names() == ["a.jsonl", "odd.txt"]
    assert piped("train", "--iterations", "2", "--checkpoint", "a.npz", "--force").returncode == 0
    assert len(lines("a.jsonl")) == 3


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("--checkpoint a.txt", "a.txt: is a checkpoint: name it .npz"),
        ("--checkpoint a.npz --optimizer adams", "--optimizer: there is no 'adams'; did you mean adam?"),
        (
            "--checkpoint a.npz --rate fast",
            "--rate: there is no 'fast'; there are constant, step,",
        ),
        ("--checkpoint a.npz --clip norm:-1", "--clip: got -1.0, expected a finite number > 0"),
        ("--checkpoint a.npz --l2 -1", "--l2: got -1.0, expected"),
        ("--checkpoint a.npz --iterations -1", "--iterations: got -1, expected a whole number 0…10000000"),
        ("--checkpoint a.npz --holdout 1", "--holdout: got 1 of 1 sequences: give --batch 2 or more"),
        ("--checkpoint a.npz --text ab --holdout 0.5", "--holdout: got 0.5 of 1 times: none is left to train on"),
        ("--checkpoint a.npz --window 2 --stride 3", "--stride: got 3, expected at most the window, 2"),
        ("--resume", "--resume: goes on from a checkpoint: name it, --checkpoint FILE.npz"),
        ("--checkpoint a.npz --save b.npz", "b.npz: is not written with --checkpoint, which has a model and a record"),
        ("--checkpoint a.npz --resume", "a.npz: there is no such file to go on from: leave --resume to begin"),
    ],
)
def test_what_cannot_be_is_one_line_and_leaves_nothing(piped, arguments: str, error: str) -> None:
    done = piped("train", *arguments.split())
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert done.stderr.startswith(error)
    assert names() == ["odd.txt"]


def test_a_checkpoint_of_another_training_is_not_gone_on_with(piped) -> None:
    assert piped("train", "--iterations", "3", "--checkpoint", "a.npz").returncode == 0
    before = Path("a.npz").read_bytes(), Path("a.jsonl").read_bytes()
    for more, error in {
        "--seed 1": "a.npz: was trained with other first parameters: give the options it was made with",
        "--rate 0.5": "a.npz: was trained with --rate 0.01, not 0.5: give the options it was made with",
        "--text hullo": "a.npz: was trained with another source: give the options it was made with",
        "--hidden 5": "a.npz: holds other parameters than this model has: give the options it was made with",
        "--iterations 2": "a.npz: has 3 iterations already: give --iterations 3 or more",
    }.items():
        done = piped("train", "--iterations", "5", *more.split(), "--resume", "--checkpoint", "a.npz")
        assert (done.returncode, done.stderr) == (2, error + "\n")
        assert (Path("a.npz").read_bytes(), Path("a.jsonl").read_bytes()) == before
    for text, error in (
        ("", "a.jsonl: has 0 iterations in a row"),
        ("{}\n", "a.jsonl:1: is not a line of a training's log"),
    ):
        Path("a.jsonl").write_text(text)
        done = piped("train", "--iterations", "5", "--resume", "--checkpoint", "a.npz")
        assert done.returncode == 2 and done.stderr.startswith(error)
    Path("a.jsonl").write_bytes(before[1][: len(before[1]) // 2])
    done = piped("train", "--iterations", "5", "--resume", "--checkpoint", "a.npz")
    assert done.returncode == 2 and done.stderr.startswith("a.jsonl:")


def test_a_checkpoint_tells_what_is_to_be_typed_to_go_on(piped) -> None:
    assert piped("train", *TASK, "--iterations", "5", "--checkpoint", "a.npz").returncode == 0
    for asked in (("--resume", "a.npz"), ("--checkpoint", "a.npz", "--resume")):
        done = piped("train", *asked)
        assert done.returncode == 2 and done.stderr.count("\n") == 1
        typed = done.stderr.split("type rnntui ")[1].split(", and how many")[0]
        assert set(TASK) <= set(shlex.split(typed))
    gone_on = piped(*shlex.split(typed), "--iterations", "9")
    assert gone_on.returncode == 0 and "iter 9/9" in gone_on.stdout
    assert piped("train", *TASK, "--iterations", "12", "--resume", "a.npz").returncode == 0


def test_an_array_that_is_no_checkpoint_is_refused(piped) -> None:
    model = bptt.Model.create("rnn", 4, 4, 4)
    bptt.save(model, "model.npz")
    done = piped("train", "--resume", "--checkpoint", "model.npz")
    assert done.stderr == "model.npz: is not the checkpoint of a training: give another file, or leave --resume\n"
    Path("broken.npz").write_bytes(Path("model.npz").read_bytes()[:100])
    assert piped("train", "--resume", "--checkpoint", "broken.npz").stderr.startswith("broken.npz: is not an .npz file")


def test_numbers_that_blow_up_are_written_down_and_said(piped) -> None:
    options = ["--cell", "rnn-relu", "--optimizer", "sgd", "--rate", "1e200", "--iterations", "20"]
    done = piped("train", *options, "--checkpoint", "a.npz")
    assert done.returncode == 0
    assert "! Iteration 2: the loss is NaN. It began at forward t=1 z.\n" in done.stdout
    assert (lines("a.jsonl")[-1]["loss"], lines("a.jsonl")[-1]["nonfinite"]["loss"]) == (None, "nan")
    more = [*options[:-1], "25", "--resume"]
    assert piped("train", *more, "--checkpoint", "a.npz").returncode == 0
    assert len(lines("a.jsonl")) == 26
