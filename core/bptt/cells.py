"""The built-in cells by name, each parsed when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache

from bptt.cell import Cell
from bptt.cell_texts import FAMILIES
from bptt.errors import InputError
from bptt.readouts import Readout

TEXTS = {name: text for family in FAMILIES.values() for name, text in family.items()}
"""Name → (a note on the source, the equations up to the last state)."""


@cache
def _parsed(name: str) -> Cell:
    return Cell.parse(_text(name), name)


class _Cells(Mapping[str, Cell]):
    """Name → Cell; a cell is parsed when it is first asked for."""

    def __getitem__(self, name: str) -> Cell:
        if name not in TEXTS:
            raise KeyError(name)
        return _parsed(name)

    def __iter__(self) -> Iterator[str]:
        return iter(TEXTS)

    def __len__(self) -> int:
        return len(TEXTS)


CELLS: Mapping[str, Cell] = _Cells()


def note(name: str) -> str:
    """Where a built-in cell comes from, in a line."""
    return TEXTS[name][0]


def find(name: str, readout: Readout = "softmax") -> Cell:
    """The built-in cell of that name with a stock readout; InputError with near names where there is none."""
    if name in TEXTS:
        return CELLS[name] if readout == "softmax" else Cell.parse(_text(name), name, readout)
    near = get_close_matches(name, TEXTS, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(TEXTS)}"
    raise InputError(f"no built-in cell is called {name!r}; {hint}", argument="cell")


def _text(name: str) -> str:
    return TEXTS[name][1].strip() + "\n"
