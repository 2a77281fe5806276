"""A condition in words: what was to be reached, and what is."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from bptt.numerals import number
from bptt.queries import Query
from bptt.query_nodes import Comparison, Constant, Logic, Node, Operation, parts
from bptt.run import Run

_DIGITS = range(4, 18)
"""Of a number that is shown: as few as tell on which side of the other one it is."""
_WORDS: dict[str, tuple[str, Callable[[float, float], bool], str]] = {
    "<": ("below", operator.lt, ">"),
    "<=": ("at most", operator.le, ">="),
    ">": ("above", operator.gt, "<"),
    ">=": ("at least", operator.ge, "<="),
    "==": ("equal to", operator.eq, "=="),
    "!=": ("other than", operator.ne, "!="),
}
"""A comparison → its word, what it does, and what it is with the sides exchanged."""
_SLOT = r"\w+(?:\[[^\[\]]*\])*"
_GRADIENT = re.compile(rf"\bgrad\(({_SLOT})\)")
_NORM = re.compile(rf"\bnorm\((∇?{_SLOT})\)")
_REACH = re.compile(r"\breach\((\w+)\)")


def reached(condition: Query, run: Run, t: int) -> tuple[bool, str]:
    """(whether it holds in the finished run with the cursor at time t, the same in words). Raises QueryError."""
    return bool(condition.value(run, t)), "; ".join(_told(condition, run, t))


def _told(condition: Query, run: Run, t: int) -> Iterator[str]:
    """The comparisons that decide, those that do not hold where it does not."""
    holds = bool(condition.value(run, t))
    match condition.root:
        case Comparison(operators, operands, text):
            tree = ast.parse(text, mode="eval").body
            assert isinstance(tree, ast.Compare)  # what the node was made from
            sides = [
                (
                    _written(ast.unparse(part), run.T),
                    float(replace(condition, root=node).value(run, t)),
                    _is_plain(node),
                )
                for part, node in zip((tree.left, *tree.comparators), operands, strict=True)
            ]
            for sign, (left, right) in zip(operators, pairwise(sides), strict=True):
                if _WORDS[sign][1](left[1], right[1]) == holds:
                    yield (
                        _compared(left, sign, right)
                        if right[2] or not left[2]
                        else _compared(right, _WORDS[sign][2], left)
                    )
        case Logic("and" | "or", operands):
            for node in operands:
                part = replace(condition, root=node)
                if bool(part.value(run, t)) == holds:
                    yield from _told(part, run, t)
        case _:
            yield f"{_written(' '.join(condition.text.split()), run.T)} {'holds' if holds else 'does not hold'}"


def _compared(left: tuple[str, float, bool], sign: str, right: tuple[str, float, bool]) -> str:
    word, holds, _ = _WORDS[sign]
    truth = holds(left[1], right[1])
    for digits in _DIGITS:
        shown, limit = (number(side[1], digits, "−") for side in (left, right))
        if holds(_read(shown), right[1] if right[2] else _read(limit)) == truth:
            break
    wanted = right[0] if right[2] else f"{right[0]} = {limit}"
    if not truth:
        return f"{left[0]} is {shown}; it is to be {word} {wanted}"
    return (
        f"{left[0]} is {shown}, as it was to be"
        if sign == "==" and right[2]
        else f"{left[0]} is {shown}, {word} {wanted}"
    )


def _read(shown: str) -> float:
    return float(shown.replace("−", "-"))


def _is_plain(node: Node) -> bool:
    """Whether a side is written in numbers alone."""
    return isinstance(node, Constant | Operation) and all(_is_plain(part) for part in parts(node))


def _written(text: str, T: int) -> str:
    """What stands on the screen: ∇ for a gradient, ‖ ‖ for a norm, both of them for how far a gradient reaches."""
    text = _NORM.sub(r"‖\1‖", _GRADIENT.sub(r"∇\1", text))
    return _REACH.sub(rf"‖∇\1[1]‖ ÷ ‖∇\1[{T}]‖", text)
