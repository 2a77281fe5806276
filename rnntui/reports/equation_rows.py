"""A derived equation in rows of bearable width: broken before a sign, its terms named in comments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bptt.cell import Cell
from bptt.equation import Equation
from bptt.notation import TEXT, join_terms, render_target, signed_terms
from rnntui.explain.explained import Colour, NamedTerm
from rnntui.explain.terms import explain

WIDTH = 79
"""Of an equation."""
WIDE = 99
"""Of an equation with its comment."""
_SIGN = re.compile(r" (?=[+−-] )")


@dataclass(frozen=True, slots=True)
class Part:
    """One term, or a group of terms under one name."""

    text: str
    """With its signs inside; the first one's sign is `negative`."""
    negative: bool
    name: str
    colour: Colour


def derived_rows(cell: Cell, equation: Equation) -> list[str]:
    """A backward equation as `Equation.text` has it: in one row where that fits, the names of its terms behind it or in
    a row beneath; else a row a term, each with its name."""
    left = render_target(equation, TEXT, None, cell.arguments)
    sign = "+=" if equation.kind == "parameter" else "="
    parts = parts_of(cell, equation)
    note = note_of(parts)
    whole = f"{left} {sign} {join_terms((part.negative, part.text) for part in parts)}"
    if not note:
        return wrapped(whole, len(left) + 1)
    if len(whole) <= WIDTH or len(parts) == 1:
        return _commented([(whole, note)], len(left) + 3)
    rows: list[tuple[str, str]] = []
    for place, part in enumerate(parts):
        first = f"{left} {sign} {'−' if part.negative else ''}"
        opening = first if place == 0 else f"{'':<{len(left) + 1}}{'−' if part.negative else '+'} "
        *above, last = wrapped(opening + part.text, len(left) + 1)
        rows += [(row, "") for row in above] + [(last, part.name)]
    return _commented(rows, len(left) + 3)


def term_names(cell: Cell, equation: Equation) -> tuple[str, str]:
    """The names of a forward equation's terms with the signs between them: `keep + take in`; the same in short."""
    terms = explain(cell, equation, 1)[-1].terms
    signs = [negative for negative, _ in signed_terms((term.expressions[0] for term in terms), TEXT)]
    long = join_terms((sign, term.name) for sign, term in zip(signs, terms, strict=True))
    return long, join_terms((sign, term.short) for sign, term in zip(signs, terms, strict=True))


def wrapped(line: str, indent: int, width: int = WIDTH) -> list[str]:
    """A line broken before signs so that no row is wider than `width`, but for a term that is; the rows after the first
    are indented."""
    rows: list[str] = []
    row = ""
    for piece in _SIGN.split(line):
        longer = f"{row} {piece}" if row else piece
        if row and len(longer) > width and _closed(row):
            rows.append(row)
            longer = " " * indent + piece
        row = longer
    return [*rows, row]


def _closed(row: str) -> bool:
    """Whether no bracket is open at its end: a line is not broken inside one."""
    return row.count("(") == row.count(")")


def parts_of(cell: Cell, equation: Equation) -> list[Part]:
    """The terms in the form that the equation's text has."""
    terms = explain(cell, equation, 1)[-1].terms
    if equation.target == cell.loss and equation.kind == "gradient":
        terms = (NamedTerm("", "", (equation.expression,), "muted"),)
    expanded = equation.expanded is not None and equation.text != equation.stepped
    parts = []
    for term in terms:
        expressions = [cell.expand(e) for e in term.expressions] if expanded else term.expressions
        pieces = signed_terms(expressions, TEXT, None, cell.arguments)
        (negative, text), *more = pieces
        text += "".join(f" {'−' if minus else '+'} {other}" for minus, other in more)
        parts.append(Part(text, negative, term.name, term.colour))
    return parts


def note_of(parts: Sequence[Part]) -> str:
    """The names of the terms with the signs between them; empty where they say no more than the equation."""
    if len(parts) == 1 and (parts[0].name.startswith("via ") or parts[0].name in ("", "this step's share")):
        return ""
    return join_terms((part.negative, part.name) for part in parts).removeprefix("−")


def _commented(rows: Sequence[tuple[str, str]], indent: int) -> list[str]:
    """Rows with their comments below each other; one that does not fit beside its row gets a row of its own."""
    room = max((len(row) for row, name in rows if name and len(row) + len(name) + 4 <= WIDE), default=0)
    lines = []
    for row, name in rows:
        if not name:
            lines.append(row)
        elif max(len(row), room) + len(name) + 4 <= WIDE:
            lines.append(f"{row:<{room}}  # {name}")
        else:
            lines += [row, f"{'':<{indent}}# {name}"]
    return lines
