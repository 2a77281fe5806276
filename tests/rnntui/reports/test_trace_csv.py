"""Tidy CSV: one row a number, every array of the .npz in it, read back as it was."""

from __future__ import annotations

import csv
import io

import numpy as np

from rnntui.reports.record import arrays_of
from rnntui.reports.trace_csv import COLUMNS, count_numbers, write_csv
from rnntui.sources.request import Request

from .conftest import Recorded


def read(recorded: Recorded) -> list[dict[str, str]]:
    file = io.BytesIO()
    write_csv(*recorded, file)
    return list(csv.DictReader(io.StringIO(file.getvalue().decode(), newline="")))


def test_the_rows_of_the_run_worked_out_by_hand(by_hand: Recorded) -> None:
    file = io.BytesIO()
    write_csv(*by_hand, file)
    lines = file.getvalue().decode().split("\n")
    assert lines[0] == COLUMNS == "array,t,sequence,unit,column,value"
    assert lines[-1] == ""
    for line in (
        "value.m,1,0,0,,1.0", "value.m,2,0,0,,2.5", "value.L,2,0,0,,2.0", "x,2,0,0,,2.0", "y,1,0,0,,2.0",
        "grad.m,1,0,0,,2.0", "grad.x,2,0,0,,4.0", "initial.m,0,0,0,,0.0", "initial_grad.m,0,0,0,,1.0",
        "grad.W,,,0,0,4.0", "param.W,,,0,0,0.5", "grad.c,,,0,,2.0",
    ):  # fmt: skip
        assert lines.count(line) == 1
    assert len(lines) == 2 + count_numbers(by_hand[0])


def test_every_number_of_every_array_has_its_row(odd: Recorded) -> None:
    run = odd[0]
    rows = read(odd)
    arrays = arrays_of(run)
    assert len(rows) == count_numbers(run) == sum(array.size for array in arrays.values())
    assert list(dict.fromkeys(row["array"] for row in rows)) == sorted(arrays)
    for row in rows:
        array = arrays[row["array"]]
        if not row["t"]:
            place = [row["unit"], row["column"]][: array.ndim]
            assert row["sequence"] == ""
        else:
            first = 1 if not row["array"].startswith("initial") else 1 - len(array)
            place = [str(int(row["t"]) - first), row["sequence"], row["unit"]][: array.ndim]
            assert row["column"] == ""
        assert float(row["value"]) == array[tuple(map(int, place))]


def test_initial_states_stand_before_the_first_time(odd: Recorded) -> None:
    assert {row["t"] for row in read(odd) if row["array"] == "initial.mem"} == {"-1", "0"}


def test_what_is_not_finite_is_written_so_that_readers_know_it(broken: Recorded) -> None:
    values = [row["value"] for row in read(broken) if row["array"] == "value.r2" and row["t"] == "1"]
    assert values == ["-inf", "0.0", "-inf", "-inf"]
    assert {row["value"] for row in read(broken) if row["array"] == "value.L"} == {"nan"}


def test_classes_are_whole_numbers() -> None:
    rows = read(Request().run())
    assert [row["value"] for row in rows if row["array"] == "y"] == ["0", "2", "2", "3"]


def test_numpy_reads_it(odd: Recorded) -> None:
    file = io.BytesIO()
    write_csv(*odd, file)
    file.seek(0)
    table = np.genfromtxt(file, delimiter=",", names=True, dtype=None, encoding="utf-8")
    chosen = table[table["array"] == "value.q"]
    assert np.array_equal(chosen["value"].reshape(5, 2, 3), arrays_of(odd[0])["value.q"])
