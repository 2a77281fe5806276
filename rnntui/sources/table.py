"""A column of a CSV file as a source: every value predicts the next one."""

from __future__ import annotations

import csv
import math
import os
import re
from array import array
from collections.abc import Generator
from contextlib import closing
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

import numpy as np

from rnntui.safe import InputError, clean, cut, read_lines
from rnntui.sources.source import Source
from rnntui.sources.windows import Windows

_DELIMITERS = ",;\t"
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_SHOWN = 30
_MOST_COLUMNS = 8
Row = tuple[int, list[str]]


def from_csv(
    path: str | os.PathLike[str],
    column: str | None = None,
    batch: int = 1,
    length: int | None = None,
    offset: int = 0,
    scale: float | None = None,
) -> Source:
    """Next-value prediction in one column of a CSV file of any size: x this row's value, y the next row's.

    The first row names the columns; cells are parted by commas, semicolons or tabs; lines that begin with #
    and empty ones are skipped. `column` is a name, or a number from 1 where no column has that name; it may
    be left out where there is only one. `length` and `offset` count rows; `scale` multiplies the values. Raises
    InputError for a column that is not there, for a cell of the rows read that is not a finite decimal number, by its
    line, and for a scale that leaves nothing to tell apart."""
    if scale is not None and (not math.isfinite(scale) or scale == 0):
        raise InputError("--scale", "", f"got {scale:g}, expected a number other than 0, like 0.01")
    windows = Windows(length, offset, batch)
    name = os.fspath(path)
    values = array("d")
    with closing(_rows(name)) as rows:
        _, header = next(rows, (0, []))
        at = _find(name, [cell.strip() for cell in header], column)
        title = header[at].strip()
        count = 0
        ended = True
        for line, row in rows:
            if count >= offset:
                values.append(_number(name, line, title, row, at))
            count += 1
            if len(values) == windows.wanted:
                ended = False
                break
    L = windows.fit(name, "row", len(values), count if ended else None)
    series = np.array(values[: L * batch], np.float64).reshape(batch, L, 1) * (1.0 if scale is None else scale)
    rows_of = series[0] if batch == 1 else series.transpose(1, 0, 2)
    x, y = rows_of[:-1].copy(), rows_of[1:].copy()
    x.flags.writeable = y.flags.writeable = False
    file = Path(name).name
    return Source(
        x=x,
        y=y,
        tokens=None,
        vocabulary=None,
        inputs=1,
        outputs=1,
        kind="values",
        title=clean(" ".join(filter(None, (file, cut(title, _SHOWN), windows.span(L))))),
        description={
            "source": "csv",
            "file": file,
            "column": title,
            "offset": offset,
            "length": L,
            "batch": batch,
            **({} if scale is None else {"scale": f"{scale:g}"}),
        },
    )


def _rows(name: str) -> Generator[Row]:
    """(the line on which it begins, cells) of every row, the header first."""
    begins = 0
    inside = False

    def records() -> Generator[str]:
        nonlocal begins, inside
        with closing(read_lines(name)) as lines:
            for number, line in enumerate(lines, 1):
                if not inside:
                    if line.startswith("#") or not line.strip():
                        continue
                    begins, inside = number, True
                yield line

    with closing(records()) as feed:
        first = next(feed, None)
        if first is None:
            raise InputError(name, "", "is empty: give a file whose first row names the columns")
        delimiter = max(_DELIMITERS, key=lambda mark: _cells(first, mark))
        try:
            for row in csv.reader(chain([first], feed), delimiter=delimiter, strict=True):
                inside = False
                yield begins, row
        except csv.Error as error:
            raise InputError(name, str(begins), f"not CSV: {error}: check the quotes of this row") from None


def _cells(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter)))
    except csv.Error:
        return 0


def _find(file: str, header: list[str], column: str | None) -> int:
    """The column's index."""
    listed = ", ".join(f"'{cut(cell, _SHOWN)}'" for cell in header[:_MOST_COLUMNS])
    listed += f" and {len(header) - _MOST_COLUMNS} more" if len(header) > _MOST_COLUMNS else ""
    if column is None:
        if len(header) > 1:
            raise InputError(file, "", f"has the columns {listed}: choose one with --column")
        at = 0
    elif header.count(column) > 1:
        reason = f"{header.count(column)} columns have this name: give its number, from 1"
        raise InputError(file, f"--column {column}", reason)
    elif column in header:
        return header.index(column)
    elif not (column.isascii() and column.isdigit() and 1 <= int(column[:9]) <= len(header)):
        near = get_close_matches(column[:_SHOWN], header, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are {listed}"
        raise InputError(file, f"--column {cut(column, _SHOWN)}", f"no column has this name; {hint}")
    else:
        at = int(column) - 1
    if _NUMBER.fullmatch(header[at]):
        # a file without a header would silently lose its first value
        number = cut(header[at], _SHOWN)
        reason = f"the first row holds the number {number}, not the column's name: add a row of names"
        raise InputError(file, "", reason)
    return at


def _number(file: str, line: int, title: str, row: list[str], at: int) -> float:
    column = f"column '{cut(title, _SHOWN)}'"
    if at >= len(row):
        reason = f"{column}: the row has only {len(row)} cells: fill it in, or take the row out"
        raise InputError(file, str(line), reason)
    cell = row[at].strip()
    shown = f"{column}: '{cut(cell, _SHOWN)}'"
    if not cell:
        raise InputError(file, str(line), f"{column}: the cell is empty: fill it in, or take the row out")
    if not _NUMBER.fullmatch(cell):
        kinds = ("nan", "inf", "infinity")
        what = "finite number" if cell.lower().lstrip("+-") in kinds else "number"
        hint = "write it with a decimal point" if _NUMBER.fullmatch(cell.replace(",", ".")) else "correct the cell"
        raise InputError(file, str(line), f"{shown} is not a {what}: {hint}")
    value = float(cell)
    if not math.isfinite(value):
        raise InputError(file, str(line), f"{shown} is too large for a 64-bit number: correct the cell")
    return value
