"""Edits as they are typed: names and places as files or as the screen write them, one after another in a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bptt.cell import Cell
from bptt.edits import Edit, check_name
from bptt.errors import InputError, quoted
from bptt.notation import SCREEN

FORM = "write an edit like h[3][1] = 0, f[3..7] = 1, f[t] = 1 or W[0][2] = 1.5"
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_BRACKET = rf"\[(?:{_QUOTED}|[^\[\]'\"])*\]"
_LINE = re.compile(rf"\s*([^\W\d]\w*)\s*((?:{_BRACKET}\s*)*)=([^=]*)")
_PIECE = re.compile(rf"(?:{_BRACKET}|[^,;\n])+|[,;\n]")
_PLACE = re.compile(rf"(?:{_QUOTED}|[^,'\"])+")
_DECIMALS = re.compile(r"\d+([eE][-+−]?\d+)?\s*")
_TIME = re.compile(r"[+-]?\d{1,8}|T")


def parse_edits(text: str, cell: Cell, T: int, classes: Sequence[str] = ()) -> tuple[Edit, ...]:
    """Read edits with commas or semicolons between them, as `parse_edit` reads one."""
    found = tuple(parse_edit(piece, cell, T, classes) for piece in _pieces(text))
    return found or (parse_edit(text, cell, T, classes),)


def _pieces(text: str) -> Iterator[str]:
    """The edits of a line; a comma before bare digits is one within a number, `0,8`."""
    piece, comma = "", ""
    for part in _PIECE.findall(text):
        if part in (",", ";", "\n"):
            comma = part
        elif comma == "," and piece.rpartition("=")[2].strip("+-− ").isdigit() and _DECIMALS.fullmatch(part):
            piece, comma = f"{piece.rstrip()}.{part}", ""
        else:
            if piece.strip():
                yield piece
            piece, comma = part, ""
    if piece.strip():
        yield piece


def parse_edit(text: str, cell: Cell, T: int, classes: Sequence[str] = ()) -> Edit:
    """Read `NAME[TIME][UNIT] = NUMBER` or `PARAMETER[ROW][COLUMN] = NUMBER`. TIME is a whole number, T, a range
    `3..7` with both ends, or t for every time; without it a variable is meant at every time. `W[0, 2]` is `W[0][2]`.
    NAME may be written as the screen has it, `Uf` for `U_f`, and a unit that stands for one of `classes` by that name
    in quotes, `U[1,'l']`.

    Raises InputError for what cannot be read; whether the component exists is for `check_edit` to say."""
    found = _LINE.fullmatch(text)
    if found is None:
        raise InputError(f"cannot read {quoted(text.strip())}: {FORM}", "edit")
    name, number = _known(found[1], cell), found[3]
    brackets = [part for bracket in re.findall(_BRACKET, found[2]) for part in _PLACE.findall(bracket[1:-1]) or [""]]
    value = _number(number, text)
    if name in cell.parameters:
        dims = (*cell.parameters[name], *[""] * len(brackets))
        return Edit(name, value, None, tuple(_place(p, d, classes, text) for p, d in zip(brackets, dims, strict=False)))
    check_name(name, cell)
    dim = "inputs" if name == "x" else cell.dims[name]
    times = _times(brackets[0], T, text) if brackets else None
    return Edit(name, value, times, tuple(_place(part, dim, classes, text) for part in brackets[1:]))


def _known(typed: str, cell: Cell) -> str:
    """The cell's own name of what is meant, where only one is written like that on the screen."""
    names = (*cell.definitions, "x", *cell.parameters)
    meant = [name for name in names if SCREEN.called(name) == typed]
    return meant[0] if typed not in names and len(meant) == 1 else typed


def _number(typed: str, text: str) -> float:
    try:
        return float(typed.strip().replace("−", "-"))
    except ValueError:
        raise InputError(f"{quoted(typed.strip())} in {quoted(text)} is not a number: {FORM}", "edit") from None


def _place(typed: str, dim: str, classes: Sequence[str], text: str) -> int:
    shown = typed.strip()
    if shown[:1] in ("'", '"'):
        known = [n for n, name in enumerate(classes) if dim not in ("hidden", "scalar") and shown in _spellings(name)]
        if not known:
            raise InputError(f"{quoted(text)}: no unit there is called {shown}; count from 0", "edit")
        return known[0]
    if not (shown.isascii() and shown.isdigit() and len(shown) < 9):
        raise InputError(f"{quoted(typed)} in {quoted(text)} is not a component, counted from 0: {FORM}", "edit")
    return int(shown)


def _spellings(name: str) -> tuple[str, ...]:
    return repr(name), f"'{name}'", f'"{name}"'


def _times(typed: str, T: int, text: str) -> tuple[int, int] | None:
    ends = [end.strip().replace("−", "-") for end in typed.replace("…", "..").split("..")]
    if ends == ["t"]:
        return None
    if len(ends) > 2 or not all(_TIME.fullmatch(end) for end in ends):
        raise InputError(f"{quoted(typed)} in {quoted(text)} is not a time: {FORM}", "edit")
    first, *rest = (T if end == "T" else int(end) for end in ends)
    return first, rest[0] if rest else first
