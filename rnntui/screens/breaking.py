"""Where a line of mathematics that is too long is broken: between terms before in a product, never in a bracket."""

from __future__ import annotations

_RANKS = {"=": 0, "+": 0, "−": 0, "⊙": 1, "·": 1, "×": 1}
"""Sign → how little it costs to begin a line with it."""
_ANYWHERE = 2


def broken(text: str, room: int, indent: int = 0) -> str:
    """The text in lines of at most `room` characters, where its words are that short; those after the first begin with
    `indent` blanks. Each is broken before the sign that costs least, and of these before the last that fits."""
    lines: list[str] = []
    while len(text) > room:
        places = [place for place in _places(text) if indent * bool(lines) < place[1] <= room]
        if not places:
            break
        _, at = min(places, key=lambda place: (place[0], -place[1]))
        lines.append(text[:at])
        text = " " * indent + text[at + 1 :]
    return "\n".join([*lines, text])


def _places(text: str) -> list[tuple[int, int]]:
    """(what it costs, where) of every blank at which the text may be broken: those before signs outside brackets, or
    any between two words where there is none."""
    found: list[tuple[int, int]] = []
    depth, begun = 0, False
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if character == " " and begun and depth == 0:
            alone = text[at + 2 : at + 3] == " "
            found.append((_RANKS.get(text[at + 1 : at + 2], _ANYWHERE) if alone else _ANYWHERE, at))
        begun = begun or character != " "
    return found
