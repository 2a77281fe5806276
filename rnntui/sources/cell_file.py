"""A cell by what the user typed: the name of a built-in one, or a file with the equations."""

from __future__ import annotations

import os
from pathlib import Path

from bptt.cell import Cell
from bptt.cells import CELLS, find
from bptt.errors import near
from bptt.language import MAX_TEXT, EquationError
from bptt.readouts import Readout
from rnntui.safe import InputError, clean, cut, read_text
from rnntui.sources.source import Kind

READOUTS: dict[Kind, Readout] = {"classes": "softmax", "values": "linear"}
"""The readout that a text without one is given, by the kind of the targets."""
_MAX_BYTES = 4 * MAX_TEXT
_LONGEST_NAME = 40


def find_cell(name: str, kind: Kind = "classes") -> Cell:
    """The built-in cell called `name`, or else the one whose equations the file `name` holds; a built-in name
    comes first, so a file called rnn is ./rnn. A text without a loss gets the readout for `kind`.

    Raises InputError for a name that is neither, for a file that cannot be read, and for a text that is not
    well formed, by its line and column, the other faults of the text with it."""
    if name in CELLS:
        return find(name, READOUTS[kind])
    if not name:
        raise InputError("", "", f"no cell is named: there are {', '.join(CELLS)}, or name a file")
    if not _is_path(name):
        raise InputError(name, "", f"no built-in cell and no file has this name; {near(name, CELLS)}")
    text = read_text(name, _MAX_BYTES)
    try:
        return Cell.parse(text, cut(clean(Path(name).stem), _LONGEST_NAME), READOUTS[kind])
    except EquationError as error:
        first, *others = (InputError(name, f"{e.line}:{e.column}", e.reason) for e in (error, *error.also))
        first.also = tuple(others)
        raise first from None


def _is_path(name: str) -> bool:
    """Whether the name can only mean a file, or is one."""
    return bool(Path(name).suffix) or os.sep in name or os.path.lexists(name)
