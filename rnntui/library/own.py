"""Files of the user's own: lessons and cells in the current folder, and those that were opened before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from bptt.cell import Cell
from bptt.language import MAX_TEXT, EquationError
from rnntui.course.reading import MAX_BYTES
from rnntui.course.shelf import INDEX, Shelf
from rnntui.library.item import Item
from rnntui.library.lessons import lesson_items
from rnntui.library.runs import EXAMPLE
from rnntui.safe import InputError, clean, read_text
from rnntui.sources.request import Request
from rnntui.store import Progress

_CELLS = (".txt", ".cell")
_LESSONS = (".yaml",)
_MOST = 200
"""Files looked at in a folder."""
_STEPS = re.compile(r"^steps:", re.MULTILINE)
_EQUATION = re.compile(r"^\s*\w+\[t\]\s*=", re.MULTILINE)


def own_items(folder: Path, shelf: Shelf, known: Mapping[str, Progress], opened: Iterable[Item]) -> Iterator[Item]:
    """Lessons and cells in the folder, then the other files that were opened: lessons by their progress, cells by
    the runs they were in. What stands on the shelf is left out."""
    seen = {shelf.path(id).absolute() for id in shelf.order}
    there = [path.absolute() for path in _files(folder)]
    lately = [Path(name) for name in known if Path(name).is_absolute()]
    lately += [Path(item.opens.cell) for item in opened if isinstance(item.opens, Request)]
    for path in (*there, *lately):
        if path not in seen:
            seen.add(path)
            yield from _item(path, known)


def _files(folder: Path) -> list[Path]:
    try:
        found = list(islice(folder.iterdir(), _MOST))
    except OSError:
        return []
    return sorted(path for path in found if path.suffix in (*_CELLS, *_LESSONS) and path.name != INDEX)


def _item(path: Path, known: Mapping[str, Progress]) -> Iterator[Item]:
    """A file, if it is a lesson or a cell."""
    is_cell = path.suffix in _CELLS
    try:
        text = read_text(path, 4 * MAX_TEXT if is_cell else MAX_BYTES) if path.is_file() else ""
    except (InputError, OSError, ValueError):
        return
    if path.suffix in _LESSONS and _STEPS.search(text):
        yield from lesson_items(Shelf(path.parent, "", (path.stem,)), known)
    elif is_cell and _EQUATION.search(text):
        yield _cell(path, text)


def _cell(path: Path, text: str) -> Item:
    opens = Request(cell=str(path), text=EXAMPLE)
    try:
        cell = Cell.parse(text, clean(path.stem))
    except EquationError as error:
        return Item(clean(path.name), opens, f"line {error.line}: {clean(error.reason)}", ("cell",), "broken")
    return Item(
        clean(path.name), opens, _made_of(cell), ("cell",), equations=clean(text.strip("\n"), keep_newlines=True)
    )


def _made_of(cell: Cell) -> str:
    """The names of what its author's equations compute."""
    return "computes " + " ".join(equation.target for equation in cell.equations[: -len(cell.readout) or None])
