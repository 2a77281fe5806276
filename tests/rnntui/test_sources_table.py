"""A column of a CSV file becomes next-value prediction; a bad cell is named by line and column."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptt.cell import Cell
from bptt.model import Model
from bptt.sequences import coerce
from rnntui.safe import InputError
from rnntui.sources import from_csv


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "d.csv"


def line_of(file: Path, text: str, column: str | None = "x", **options: int) -> str:
    file.write_text(text)
    with pytest.raises(InputError) as raised:
        from_csv(file, column, **options)
    return str(raised.value).replace(f"{file.parent}/", "")


def test_every_value_predicts_the_next_one(file: Path) -> None:
    file.write_text("day,x\n1,0.5\n2,-1e-2\n3,+3.\n4,.25\n")
    source = from_csv(file, "x")
    assert source.x.tolist() == [[0.5], [-0.01], [3.0]]
    assert source.y.tolist() == [[-0.01], [3.0], [0.25]]
    assert (source.T, source.B, source.inputs, source.outputs, source.kind) == (3, 1, 1, 1, "values")
    assert (source.tokens, source.vocabulary, source.tokens_of(0)) == (None, None, None)
    assert source.title == "d.csv x"
    assert source.description == {
        "source": "csv",
        "file": "d.csv",
        "column": "x",
        "offset": 0,
        "length": 4,
        "batch": 1,
    }
    with pytest.raises(ValueError, match="read-only"):
        source.x[0] = 1


def test_the_engine_takes_what_is_made(file: Path) -> None:
    file.write_text("x\n" + "\n".join(map(str, range(12))))
    for batch in (1, 3):
        source = from_csv(file, "x", batch)
        cell = Cell.parse("h[t] = tanh(b + W @ h[t-1] + U @ x[t])", readout="linear")
        model = Model.create(cell, source.inputs, 3, source.outputs)
        sequences = coerce(model, source.x, source.y)
        assert (sequences.T, sequences.B, sequences.kind) == (source.T, batch, "values")
        assert np.array_equal(sequences.x.ravel(), source.x.ravel())


def test_a_batch_is_consecutive_windows(file: Path) -> None:
    file.write_text("x\n" + "\n".join(map(str, range(12))) + "\n")
    source = from_csv(file, "x", batch=2, length=3, offset=1)
    assert source.x.tolist() == [[[1.0], [4.0]], [[2.0], [5.0]]]
    assert source.y.tolist() == [[[2.0], [5.0]], [[3.0], [6.0]]]
    assert (source.T, source.B, source.title) == (2, 2, "d.csv x 1…7")
    whole = from_csv(file, "x", batch=5)
    assert whole.x[0, :, 0].tolist() == [0.0, 2.0, 4.0, 6.0, 8.0]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a,x\n9,1\n9,2\n", "x"),
        ("a,x\n9,1\n9,2", "2"),
        ("\ufeffx,a\r\n1,9\r\n2,9\r\n", "x"),
        ('# made today, "x\n\n a ; x \n 9 ; 1 \n  \n# more\n9;2\n', "x"),
        ("a\tx\n9\t1\n9\t2\n", "x"),
        ('"a,b";"x"\n"9,""9";"1"\n"9;9";2\n', "x"),
        ('a,x\n"two\n# lines",1\n9,2\n', "x"),
        ("x\n1\n2\n", None),
        ("3,1,2\n9,1,1\n9,2,2\n", "1"),
    ],
)
def test_the_column_is_found_in_the_common_kinds_of_csv(file: Path, text: str, column: str | None) -> None:
    file.write_text(text, newline="")
    source = from_csv(file, column)
    assert (source.x.tolist(), source.y.tolist()) == ([[1.0]], [[2.0]])


@pytest.mark.parametrize(
    ("text", "column", "line"),
    [
        ("", "x", "d.csv: is empty: give a file whose first row names the columns"),
        ("# only this\n\n", "x", "d.csv: is empty: give a file whose first row names the columns"),
        ("x\n", "x", "d.csv: has no rows: give at least 2"),
        ("x\n1\n", "x", "d.csv: has 1 row: predicting the next one takes at least 2"),
        ("temp,day\n", "tmep", "d.csv: --column tmep: no column has this name; did you mean 'temp'?"),
        ("temp,day\n", "zzz", "d.csv: --column zzz: no column has this name; there are 'temp', 'day'"),
        ("temp,day\n", "3", "d.csv: --column 3: no column has this name; there are 'temp', 'day'"),
        ("temp,day\n", "0", "d.csv: --column 0: no column has this name; there are 'temp', 'day'"),
        ("temp,day\n", None, "d.csv: has the columns 'temp', 'day': choose one with --column"),
        ("x,x\n1,2\n", "x", "d.csv: --column x: 2 columns have this name: give its number, from 1"),
        (
            "1.5,2\n3,4\n",
            "1",
            "d.csv: the first row holds the number 1.5, not the column's name: add a row of names",
        ),
        ("x\n1\nabc\n", "x", "d.csv:3: column 'x': 'abc' is not a number: correct the cell"),
        ("# c\n\nx\n1\nNaN\n", "x", "d.csv:5: column 'x': 'NaN' is not a finite number: correct the cell"),
        ("x\n1\n-inf\n", "x", "d.csv:3: column 'x': '-inf' is not a finite number: correct the cell"),
        (
            "x\n1\n1e999\n",
            "x",
            "d.csv:3: column 'x': '1e999' is too large for a 64-bit number: correct the cell",
        ),
        ("a;x\n1;3,5\n", "x", "d.csv:2: column 'x': '3,5' is not a number: write it with a decimal point"),
        ("x\n1_000\n", "x", "d.csv:2: column 'x': '1_000' is not a number: correct the cell"),
        ("x\n١\n", "x", "d.csv:2: column 'x': '١' is not a number: correct the cell"),
        ("x\n0x10\n", "x", "d.csv:2: column 'x': '0x10' is not a number: correct the cell"),
        ("a,x\n1, \n", "x", "d.csv:2: column 'x': the cell is empty: fill it in, or take the row out"),
        (
            "a,x\n1,1\n1\n",
            "x",
            "d.csv:3: column 'x': the row has only 1 cells: fill it in, or take the row out",
        ),
        (
            'a,x\n"1\n2",1\n"3\n4",b\n',
            "x",
            "d.csv:4: column 'x': 'b' is not a number: correct the cell",
        ),
        ('x\n1\n"2\n3\n', "x", "d.csv:3: not CSV: unexpected end of data: check the quotes of this row"),
        ("\x1b[2J,a\n", "zzz", r"d.csv: --column zzz: no column has this name; there are '\x1b[2J', 'a'"),
    ],
)
def test_a_table_that_will_not_do_is_one_line(file: Path, text: str, column: str | None, line: str) -> None:
    assert line_of(file, text, column) == line


def test_a_wide_table_is_not_listed_in_full(file: Path) -> None:
    line = line_of(file, ",".join(f"column{n}" for n in range(5000)) + "\n", None)
    assert line.endswith("'column7' and 4992 more: choose one with --column")


def test_a_cell_too_large_to_be_one_is_refused(file: Path) -> None:
    for text in ("x" * 140_000 + "\n1\n", "y\n" + "1" * 140_000 + "\n"):
        line = line_of(file, text, None)
        assert "not CSV: field larger than field limit (131072): check the quotes of this row" in line


def test_only_the_rows_of_the_window_have_to_be_numbers(file: Path) -> None:
    file.write_text("x\nn/a\n1\n2\n3\nn/a\n")
    assert from_csv(file, "x", length=3, offset=1).x.tolist() == [[1.0], [2.0]]


def test_a_window_past_the_end_is_told_how_many_rows_there_are(file: Path) -> None:
    rows = "x\n" + "1\n" * 5
    assert line_of(file, rows, length=4, offset=2) == (
        "d.csv: --length 4: reads 2…6, but there are only 5 rows: give --length 3"
    )
    assert line_of(file, rows, offset=5) == ("d.csv: --offset 5: there are only 5 rows: give a smaller --offset")
    assert line_of(file, "x\n" + "1\n" * 1001) == (
        "d.csv: more than 1,000 rows: give --length 200 for a window of them"
    )
    file.write_text("x\n" + "1\n" * 1000)
    assert from_csv(file, "x").T == 999


def test_a_window_of_a_large_table_is_read_without_the_rest(file: Path) -> None:
    with file.open("w") as out:
        out.write("n,x\n")
        for start in range(0, 400_000, 1000):
            out.write("".join(f"{n},{n}.5\n" for n in range(start, start + 1000)))
    tracemalloc.start()
    try:
        source = from_csv(file, "x", length=3, offset=390_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert source.x.tolist() == [[390000.5], [390001.5]]
    assert peak < 3_000_000


@given(data=st.binary(max_size=200) | st.text('x,;\t\n"#1.e-', max_size=60).map(str.encode))
def test_no_bytes_raise_anything_but_one_input_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzz.csv"
    file.write_bytes(data)
    for column in (None, "x", "1"):
        try:
            source = from_csv(file, column)
        except InputError as error:
            assert str(error).startswith((str(file), "…"))
            assert "\n" not in str(error)
        else:
            assert np.isfinite(source.x).all()
