"""`rnntui blame` and `rnntui jacobian`: tables, files, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import bptt
from bptt.diagnostics import itemised, jacobians
from rnntui.cli import run
from rnntui.sources import from_text

ODD = "q[t] = tanh(A @ x[t] + B @ mem[t-1] + r2)\nmem[t] = q[t] * mem[t-2] + (1 - q[t])\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program runs."""
    monkeypatch.chdir(tmp_path)
    Path("odd.txt").write_text(ODD)
    return tmp_path


def same_run(window: int | None = None) -> bptt.Run:
    source = from_text("hello hell")
    model = bptt.Model.create(bptt.Cell.parse(ODD, "odd.txt"), source.inputs, 4, source.outputs, 0)
    return bptt.Run(model, source.x, source.y, window=window)


OPTIONS = ("--cell", "odd.txt", "--text", "hello hell")


def test_the_table_has_the_numbers_of_the_diagnostics(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["blame", *OPTIONS, "--window", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    row = next(line for line in lines if line.split()[:1] == ["9"])
    numbers = [float(word.lstrip("×")) for word in row.split()[2:]]
    assert np.allclose(numbers, itemised(same_run(), "mem")[8], rtol=5e-3)
    assert row.count("×") == 6
    assert lines[-1].startswith("Chunks of 3 times cut ")


def test_csv_and_json_hold_every_number(folder: Path) -> None:
    norms = itemised(same_run(), "mem")
    assert run(["blame", *OPTIONS, "-o", "a.csv", "--window", "4", "--stride", "1"]) == 0
    header, *rows = Path("a.csv").read_text().splitlines()
    assert header == "t,k,norm,cut"
    assert len(rows) == 45
    for row in rows:
        t, k, norm, cut = row.split(",")
        assert float(norm) == norms[int(t) - 1, int(k) - 1]
        assert cut == str(int(int(t) - int(k) >= 4))
    assert run(["blame", *OPTIONS, "-o", "a.json"]) == 0
    found = json.loads(Path("a.json").read_text())
    assert found["state"] == "mem" and found["cut_cells"] == 0
    assert found["norms"][8] == norms[8].tolist()


def test_jacobians_by_table_csv_and_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = jacobians(same_run())
    assert run(["jacobian", *OPTIONS, "--time", "5"]) == 0
    out = capsys.readouterr().out
    assert "∂state(5)/∂state(4), 8 × 8" in out
    line = next(line for line in out.splitlines() if line.startswith("singular values"))
    assert np.allclose([float(word) for word in line.split()[2:]], found.singular_values[4], rtol=5e-3)
    assert run(["jacobian", *OPTIONS, "-o", "j.json"]) == 0
    read = json.loads(Path("j.json").read_text())
    assert read["steps"] == found.steps.tolist()
    assert read["coordinates"] == [str(one) for one in found.coordinates]
    assert read["product_singular_values"] == found.product_singular_values.tolist()
    assert run(["jacobian", *OPTIONS, "-o", "j.csv"]) == 0
    rows = [line.split(",") for line in Path("j.csv").read_text().splitlines()[1:]]
    steps = [float(value) for array, _, _, _, value in rows if array == "step"]
    assert steps == found.steps.ravel().tolist()


BAD = [
    (["blame", "--state", "mem2"], "--state: there is no variable 'mem2'; there are "),
    (["blame", "--sequence", "2"], "--sequence: got 2, expected 1…1"),
    (["blame", "-o", "a.svg"], "a.svg: has the suffix .svg: name it .csv or .json, or give --format"),
    (["blame", "-o", "odd.txt", "--format", "csv"], "odd.txt: exists and is kept"),
    (["blame", "--task", "recall", "--length", "3000"], "the run has 3000 times, at most 2000 can be itemised"),
    (["jacobian", "--time", "0"], "--time: got 0, expected 1…4"),
    (["jacobian", "--time", "5"], "--time: got 5, expected 1…4"),
    (["jacobian", "-o", "a"], "a: has no suffix: name it .csv or .json, or give --format"),
    (["jacobian", "--task", "recall", "--length", "6000", "--hidden", "80"], "the Jacobians of 6000 times would take"),
]


@pytest.mark.parametrize(("arguments", "line"), BAD, ids=[" ".join(arguments)[:40] for arguments, _ in BAD])
def test_bad_input_is_one_line_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], line: str
) -> None:
    assert run(arguments) == 2
    out, error = capsys.readouterr()
    assert out == "" and error.count("\n") == 1 and error.startswith(line), error
    assert [file.name for file in folder.iterdir()] == ["odd.txt"]


def test_an_existing_file_is_replaced_only_by_force(folder: Path) -> None:
    assert run(["jacobian", "-o", "odd.txt", "--format", "json", "--force"]) == 0
    assert json.loads(Path("odd.txt").read_text())["T"] == 4


def test_a_run_that_is_not_finite_is_valid_json(folder: Path) -> None:
    arguments = ["--cell", "rnn-relu", "--init", "W=1e200,U=1", "--text", "hello hell"]
    for name in ("blame", "jacobian"):
        assert run([name, *arguments, "-o", f"{name}.json"]) == 0
        assert "null" in Path(f"{name}.json").read_text()
        json.loads(Path(f"{name}.json").read_text(), parse_constant=pytest.fail)
        assert run([name, *arguments]) == 0
