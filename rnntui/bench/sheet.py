"""What the bench begins with: a text, the file it is from, and the ground it runs on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bptt.cells import CELLS
from bptt.language import MAX_TEXT
from rnntui.bench.draft import TEMPLATE, text_of
from rnntui.bench.ground import Ground, ground_of
from rnntui.safe import check_output, clean, read_text
from rnntui.session import Session
from rnntui.sources.request import Request

DATA = "hello hello"
"""The text that a new cell reads."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A text to go on with."""

    text: str
    ground: Ground
    name: str = "my-cell"
    """What the cell is called as long as it has no file."""
    file: Path | None = None
    """Where it is from, or will be written."""
    origin: str = "a new cell"
    """What else it is from: under this name a text without a file is kept, until it is saved or given up."""


def new_sheet(file: str | None = None, request: Request | None = None) -> Sheet:
    """A new cell; with a file, the cell in it, or a new one that will be written there. Raises InputError for a file
    that cannot be read or written."""
    asked = request or Request(text=DATA)
    source = asked.source()
    ground = Ground(source, asked.hidden, asked.layers, asked.window, asked.stride)
    if file is None:
        return Sheet(TEMPLATE, ground)
    path = Path(file)
    if path.exists():
        return Sheet(read_text(path, 4 * MAX_TEXT), ground, clean(path.stem), path)
    check_output(path)
    return Sheet(TEMPLATE, ground, clean(path.stem), path)


def sheet_of(session: Session) -> Sheet:
    """The cell of a session, to be changed and run on the same data. Raises InputError where it has no data."""
    name = f"{clean(session.cell.name)}-changed"
    return Sheet(text_of(session.cell), ground_of(session), name, origin=f"the cell {name}")


def sheet_for(request: Request) -> Sheet:
    """The cell of a run that may be asked for, to be changed. Raises InputError where it cannot be read."""
    if request.load is None and request.cell not in CELLS:
        return new_sheet(request.cell, request)
    run, source = request.run()
    return sheet_of(Session(run, source))
