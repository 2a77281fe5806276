"""A cell is found by a built-in name or by its file; what is wrong with it is one line that says where."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bptt import CELLS
from rnntui.safe import InputError
from rnntui.sources.cell_file import find_cell

ODD = "q[t] = tanh(A @ x[t] + B @ mem[t-1] + r2)  # what is new\nmem[t] = q[t] * mem[t-2] + (1 - q[t])\n"


def line_of(name: str | os.PathLike[str]) -> str:
    with pytest.raises(InputError) as raised:
        find_cell(os.fspath(name))
    return str(raised.value)


def text_line_of(folder: Path, text: str | bytes) -> str:
    file = folder / "a.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return line_of(file).replace(f"{folder}/", "")


def test_a_built_in_name_is_that_cell() -> None:
    for name in CELLS:
        assert find_cell(name) is CELLS[name]


def test_a_file_is_the_cell_that_it_holds(tmp_path: Path) -> None:
    (tmp_path / "two words.txt").write_text(ODD)
    cell = find_cell(str(tmp_path / "two words.txt"))
    assert cell.name == "two words"
    assert [equation.target for equation in cell.equations] == ["q", "mem", "z", "p", "L"]
    assert cell.equations[0].comment == "what is new"


def test_the_readout_goes_by_the_kind_of_the_targets(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(ODD)
    for name in ("gru", str(file)):
        assert find_cell(name, "classes").loss_functions == ("cross_entropy",)
        assert find_cell(name, "values").loss_functions == ("squared_error",)
    file.write_text(ODD + "r[t] = V @ mem[t]\nerr[t] = binary_cross_entropy(r[t], y[t])\n")
    for kind in ("classes", "values"):
        assert find_cell(str(file), kind).loss == "err"  # type: ignore[arg-type]  # mypy widens the tuple


def test_a_built_in_name_comes_before_a_file_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rnn").write_text(ODD)
    Path("plain").write_text(ODD)
    assert find_cell("rnn") is CELLS["rnn"]
    assert find_cell("./rnn").equations[0].target == "q"
    assert find_cell("plain").name == "plain"


def test_a_name_that_is_neither_proposes_near_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my-cell.txt").write_text(ODD)
    assert line_of("lsmt") == "lsmt: no built-in cell and no file has this name; did you mean lstm?"
    assert line_of("elephant").endswith(f"there are {', '.join(CELLS)}")
    assert line_of("my-cel.txt") == "my-cel.txt: no such file; did you mean my-cell.txt?"
    assert line_of("").startswith("no cell is named: there are rnn, ")
    assert line_of(tmp_path).endswith(": is a folder: name a file in it")


def test_a_mistake_in_the_text_is_named_by_line_and_column(tmp_path: Path) -> None:
    assert text_line_of(tmp_path, "# mine\nq[t] = tan(A @ x[t])\n") == (
        "a.txt:2:8: no function is called 'tan'; did you mean 'tanh'?"
    )
    assert text_line_of(tmp_path, "\r\n\r\nq[t] = tanh(A @ x[t]\r\n").startswith("a.txt:3:12: ")
    assert text_line_of(tmp_path, "").startswith("a.txt:1:1: the text holds no equation: write at least one")
    assert text_line_of(tmp_path, "# nothing\n").startswith("a.txt:1:1: the text holds no equation")


def test_a_file_that_is_no_text_is_refused_by_its_first_bad_byte(tmp_path: Path) -> None:
    assert text_line_of(tmp_path, bytes(range(256))) == (
        "a.txt: binary file: byte 0x00 at offset 0 is not UTF-8 text: pass a text file"
    )
    assert text_line_of(tmp_path, b"q[t] = x[t]\n\xff").startswith("a.txt:2:1: byte 0xff at offset 12 is not UTF-8")
    assert text_line_of(tmp_path, "#" * 40_000).startswith("a.txt: has 40,000 bytes, over the limit of 32,000")
    assert text_line_of(tmp_path, "#" * 9_000).startswith("a.txt:1:1: 9,000 characters, and 8,000 are allowed")


def test_a_readout_that_cannot_follow_is_not_blamed_on_a_line_that_nobody_wrote(tmp_path: Path) -> None:
    line = text_line_of(tmp_path, "q[t] = tanh(A @ x[t])\nn[t] = sum(q[t])\n")
    assert line.startswith("a.txt:2:1: n is a single number")


def test_the_name_of_a_cell_is_clean_and_short(tmp_path: Path) -> None:
    file = tmp_path / ("\x1b[31m" + "n" * 60 + ".txt")
    file.write_text(ODD)
    name = find_cell(str(file)).name
    assert name.startswith(r"\x1b[31mnnn")
    assert len(name) == 40
