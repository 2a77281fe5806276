"""The text of a query as Python's parser reads it: `∇h[3]` is `grad(h[3])`."""

from __future__ import annotations

import ast
import re

from bptt.source_line import EquationError, SourceLine

_NABLA = re.compile(r"\s*([^\W\d]\w*)")
_FORM = "write an expression like h[3][1], grad(W) or norm(grad(h[t])) < 0.01"


def parsed(text: str) -> tuple[ast.expr, SourceLine]:
    """The tree of a query, and its line for errors. Raises EquationError."""
    if not isinstance(text, str):
        raise EquationError(f"an expression is a text, not {type(text).__name__}")
    typed = text.rstrip().replace("\r\n", " ").replace("\n", " ")
    if not typed.strip():
        raise EquationError("the expression is empty: write one, like h[3] or norm(grad(h[t]))")
    code, columns = _without_nabla(typed)
    line = SourceLine(code, typed, columns=columns, remedy="ask for less at once", form=_FORM)
    tree = line.parse("eval")
    assert isinstance(tree, ast.Expression)  # what the mode "eval" gives
    return tree.body, line


def _without_nabla(typed: str) -> tuple[str, dict[int, int]]:
    """The text with `∇h[3]` written as `grad(h[3])`, and for each place in it the place in the text as typed."""
    code: list[str] = []
    columns: dict[int, int] = {}
    waiting: list[int] = []  # the depths of brackets at which a ∇'s name ends
    depth = 0

    def put(piece: str, place: int) -> None:
        for character in piece:
            columns[len(code)] = place
            code.append(character)

    place = len(typed) - len(typed.lstrip())
    while place < len(typed):
        character = typed[place]
        if character == "∇":
            named = _NABLA.match(typed, place + 1)
            put("grad" if named is None else "grad(", place)
            place += 1
            if named is not None:
                for letter in range(named.start(1), named.end(1)):
                    put(typed[letter], letter)
                place = named.end(1)
                waiting.append(depth)
        else:
            put(character, place)
            depth += (character == "[") - (character == "]")
            place += 1
        while waiting and waiting[-1] == depth and typed[place : place + 1] != "[":
            waiting.pop()
            put(")", place - 1)
    put(")" * len(waiting), len(typed))
    columns[len(code)] = len(typed)
    return "".join(code), columns
