"""`rnntui train` without a screen: its lines, the record, the model, the refusals, and what exit codes tell."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import bptt
from bptt import Training

GROWS = "v[t] = W @ v[t-1] + U @ x[t]\n"
ODD = "q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)\nmem[t] = q[t] * mem[t-1] + (1 - q[t]) * tanh(C @ x[t])\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program runs."""
    monkeypatch.chdir(tmp_path)
    Path("odd.txt").write_text(ODD)
    Path("grows.txt").write_text(GROWS)
    return tmp_path


def test_the_record_holds_what_the_engine_computes(piped) -> None:
    done = piped("train", "--cell", "odd.txt", "--text", "hello hell", "--optimizer", "momentum:0.5", "--rate", "0.1",
                 "--clip", "norm:1", "--l2", "0.01", "--iterations", "8", "-o", "a.jsonl", "--save",
                 "a.npz")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    codes = {letter: n for n, letter in enumerate(sorted(set("hello hell")))}
    text = [codes[letter] for letter in "hello hell"]
    model = bptt.Model.create(bptt.Cell.parse(ODD), 5, 4, 5, seed=0)
    training = Training(model, (text[:-1], text[1:]), optimizer="momentum:0.5", rate=0.1, clip="norm:1", l2=0.01,
                        iterations=8)  # fmt: skip
    training.run()
    header, *events = map(json.loads, Path("a.jsonl").read_text(encoding="utf-8").splitlines())
    assert (header["format"], header["iterations"], header["T"]) == ("rnntui-training", 8, 9)
    assert [event["loss"] for event in events] == [record.loss for record in training.records]
    assert [event["norm"] for event in events] == [record.norm for record in training.records]
    assert events[3]["norms"]["B"] == training.record(4).norms["B"]
    assert events[3]["time_norms"]["mem"] == training.record(4).time_norms["mem"].tolist()
    saved = bptt.load("a.npz")
    assert all(np.array_equal(array, saved.parameters[name]) for name, array in training.model.parameters.items())


def test_a_line_for_some_iterations_and_the_same_for_the_same_seed(piped) -> None:
    arguments = ("train", "--task", "recall", "--batch", "4", "--holdout", "3", "--seed", "5", "--iterations", "6")
    lines = piped(*arguments, "--every", "3").stdout.splitlines()
    assert lines[0].startswith("rnn H=4 on recall 20 T=20 B=4: 6 iterations of adam, rate 0.01")
    assert [line[:8] for line in lines[1:]] == ["iter 1/6", "iter 3/6", "iter 6/6"]
    assert "held out" not in lines[1] and "held out L" in lines[2]
    assert piped(*arguments, "--every", "3").stdout.splitlines() == lines
    assert piped(*arguments, "--every", "3", "--seed", "6").stdout.splitlines() != lines


@pytest.mark.parametrize("form", ["jsonl", "csv", "npz"])
@pytest.mark.parametrize("saved", ["npz", "safetensors"])
def test_the_same_seed_gives_the_same_bytes(piped, form: str, saved: str) -> None:
    for name in "ab":
        files = ("-o", f"{name}.{form}", "--save", f"{name}2.{saved}")
        done = piped("train", "--cell", "odd.txt", "--iterations", "5", *files, PYTHONHASHSEED=str(ord(name)))
        assert done.returncode == 0
    assert Path(f"a.{form}").read_bytes() == Path(f"b.{form}").read_bytes()
    assert Path(f"a2.{saved}").read_bytes() == Path(f"b2.{saved}").read_bytes()
    assert bptt.load(f"a2.{saved}").parameters.keys() == {"A", "B", "C", "d", "V", "c"}


def test_the_columns_of_the_two_tables_say_the_same(piped) -> None:
    for name in ("a.csv", "a.npz"):
        piped("train", "--iterations", "4", "--batch", "2", "--text", "hellohellohe", "--holdout", "1", "--every", "2",
              "-o", name)  # fmt: skip
    rows = [line.split(",") for line in Path("a.csv").read_text().splitlines()]
    with np.load("a.npz", allow_pickle=False) as archive:
        assert [float(row[1]) for row in rows[1:]] == archive["loss"].tolist()
        assert [float(row[rows[0].index("grad_norm.W")]) for row in rows[1:]] == archive["grad_norm.W"].tolist()
        assert archive["holdout_iteration"].tolist() == [2, 4]
        assert float(rows[2][4]) == archive["holdout_loss"][0]
        assert archive["time_norm.h"].shape == (4, 5)


def test_a_training_that_blows_up_names_the_place_and_saves_no_model(piped) -> None:
    done = piped("train", "--cell", "grows.txt", "--text", "hellohellohello", "--optimizer", "sgd", "--rate", "5",
                 "--iterations", "9", "-o", "a.jsonl", "--save", "a.npz")  # fmt: skip
    assert done.returncode == 1
    assert "! Iteration 3: the loss is NaN. It began at forward t=11 z.\n" in done.stdout
    assert done.stderr.endswith("are not finite after 9 iterations: a.npz is not written\n")
    assert not Path("a.npz").exists()
    events = [json.loads(line) for line in Path("a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert events[3]["loss"] is None and events[3]["nonfinite"]["loss"] == "nan"
    assert any(alert["kind"] == "nonfinite" for alert in events[3]["alerts"])


def test_the_record_can_be_piped_and_its_lines_go_elsewhere(piped) -> None:
    done = piped("train", "--iterations", "3", "-o", "-")
    assert [json.loads(line).get("iteration") for line in done.stdout.splitlines()] == [None, 1, 2, 3]
    assert done.stderr.startswith("rnn H=4 on 'hello'")


BAD = [
    (["--optimizer", "adm"], "--optimizer: there is no 'adm'; did you mean adam?"),
    (["--rate", "fast"], "--rate: there is no 'fast'"),
    (["--rate", "0"], "--rate: got 0.0, expected a finite number > 0"),
    (["--clip", "norm"], "--clip: norm needs a number"),
    (["--l1", "-1"], "--l1: got -1.0, expected"),
    (["--iterations", "-5"], "--iterations: got -5, expected a whole number 0…"),
    (["--every", "0"], "--every: got 0, expected"),
    (["--minibatch", "2"], "--minibatch: got 2, expected"),
    (["--holdout", "1"], "--holdout: got 1 of 1 sequences: give --batch 2 or more"),
    (["--save", "model.pt"], "model.pt: has the suffix .pt: name it .npz or .safetensors"),
    (["-o", "odd.txt"], "odd.txt: has the suffix .txt: name it .jsonl, .csv or .npz"),
    (["--save", "no/a.npz"], "no/a.npz: there is no folder no: create it first"),
]


@pytest.mark.parametrize(("arguments", "line"), BAD, ids=[" ".join(arguments) for arguments, _ in BAD])
def test_bad_input_is_one_line_and_nothing_is_written(piped, folder: Path, arguments: list[str], line: str) -> None:
    before = sorted(folder.iterdir())
    done = piped("train", "--iterations", "2", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(line) and done.stderr.count("\n") == 1
    assert sorted(folder.iterdir()) == before
