"""A step as a line of NumPy that can be pasted, in rows of a width: what is too long stands in brackets, so that the
rows together are one expression still."""

from __future__ import annotations

import re
from dataclasses import replace

from bptt.equation import Equation
from bptt.numpy_source import numpy_equation
from rnntui.explain.braces import Piece
from rnntui.explain.line import LineRow

_INDENT = 4
_BREAK = re.compile(r"(?= [-+*/@] )|(?<=, )")


def numpy_rows(equation: Equation, t: int, expanded: bool, width: int) -> tuple[LineRow, ...]:
    """The rows, at most `width` wide where the names in them allow it. `expanded`: each ∇ of a function's argument
    replaced by its own line."""
    if expanded and equation.expanded is not None:
        equation = replace(equation, expression=equation.expanded)
    target, sign, side = re.split(r" (\+?=) ", numpy_equation(equation, t), maxsplit=1)
    opening = f" {sign} "
    if len(target) + len(opening) + len(side) <= width:
        return (_row(target, opening + side),)
    rows: list[LineRow] = []
    line = f"{opening}("
    room = width - len(target)
    for chunk in _BREAK.split(f"{side})"):
        if len(line) + len(chunk) > room and line.strip():
            rows.append(_row(target, line.rstrip()) if not rows else _continued(line.rstrip()))
            line, room = " " * _INDENT, width
            chunk = chunk.lstrip()
        line += chunk
    rows.append(_row(target, line) if not rows else _continued(line))
    return tuple(rows)


def _row(target: str, rest: str) -> LineRow:
    return LineRow("equation", (Piece(0, target, "text", -1), Piece(len(target), rest, "text", -1)))


def _continued(text: str) -> LineRow:
    bare = text.lstrip()
    return LineRow("equation", (Piece(len(text) - len(bare), bare, "text", -1),))
