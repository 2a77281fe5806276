"""A derived equation in rows for any width, each term and its name in the colour of where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bptt.cell import Cell
from bptt.equation import Equation
from bptt.notation import TEXT, render_target
from rnntui.explain.explained import Colour
from rnntui.reports.equation_rows import Part, note_of, parts_of, wrapped

INDENT = 4
"""Columns by which what does not fit in a row is moved in."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a row in one colour."""

    text: str
    colour: Colour | None
    """None: the colour of text."""
    bold: bool = False


Row = tuple[Run, ...]


def coloured_rows(cell: Cell, equation: Equation, width: int) -> list[Row]:
    """The equation as `rnntui derive` has it: in one row where that fits, the names of its terms behind it or beneath;
    else a row a term. Only a term that cannot be broken is wider than `width`."""
    left = render_target(equation, TEXT, None, cell.arguments)
    head = Run(left, "backward", bold=True)
    sign = " += " if equation.kind == "parameter" else " = "
    parts = parts_of(cell, equation)
    whole: Row = (head, Run(sign, None), *_joined([(part.negative, part.text, part.colour) for part in parts]))
    names = _names(parts)
    if _width(whole) <= width:
        return _noted(whole, names, width)
    rows: list[Row] = []
    for place, part in enumerate(parts):
        opening = (
            f"{sign}{'−' if part.negative else ''}" if place == 0 else f"{' ' * INDENT}{'−' if part.negative else '+'} "
        )
        first: Row = (head, Run(opening, None)) if place == 0 else (Run(opening, None),)
        above, *below = wrapped(" " * _width(first) + part.text, INDENT + 2, width)
        texts = [(*first, Run(above[_width(first) :], part.colour)), *((Run(text, part.colour),) for text in below)]
        rows += texts[:-1]
        rows += _noted(texts[-1], (Run(part.name, part.colour),) if part.name and names else (), width)
    return rows


def _joined(terms: Sequence[tuple[bool, str, Colour]]) -> Iterator[Run]:
    for place, (negative, text, colour) in enumerate(terms):
        if place:
            yield Run(" − " if negative else " + ", None)
        yield Run(f"−{text}" if negative and not place else text, colour)


def _names(parts: Sequence[Part]) -> Row:
    """The names of the terms with the signs between them; nothing where they say no more than the equation."""
    if not note_of(parts):
        return ()
    return tuple(_joined([(part.negative and place > 0, part.name, part.colour) for place, part in enumerate(parts)]))


def _noted(row: Row, names: Row, width: int) -> list[Row]:
    """A row with the names as a comment behind it; beneath, where there is no room."""
    if not names:
        return [row]
    if _width(row) + _width(names) + 4 <= width:
        return [(*row, Run("  # ", "muted"), *names)]
    return [row, (Run(f"{' ' * INDENT}# ", "muted"), *names)]


def _width(row: Row) -> int:
    return sum(len(run.text) for run in row)
