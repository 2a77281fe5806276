"""The embedded Reber grammar: strings of seven symbols whose last but one repeats the second."""

from __future__ import annotations

from numpy.random import Generator

SYMBOLS = ("B", "T", "P", "S", "X", "V", "E")
SHORTEST = 9
"""Symbols of the shortest embedded string: B T B T X S E T E."""
_ARCS: tuple[tuple[tuple[str, int], ...], ...] = (
    (("T", 1), ("P", 2)),
    (("S", 1), ("X", 3)),
    (("T", 2), ("V", 4)),
    (("X", 2), ("S", 5)),
    (("P", 3), ("V", 5)),
)
"""State → (symbol, next state), two of equal chance; state 5 ends with E (Reber 1967)."""
_END = len(_ARCS)


def reber(random: Generator) -> str:
    """A string of the Reber grammar, like BTXSE."""
    string, state = "B", 0
    while state != _END:
        symbol, state = _ARCS[state][int(random.integers(2))]
        string += symbol
    return string + "E"


def embedded(random: Generator, longest: int) -> str:
    """A string of the embedded grammar of at most `longest` ≥ 9 symbols: B, T or P, a Reber string, that T or P, E
    (Cleeremans, Servan-Schreiber and McClelland 1989; Hochreiter and Schmidhuber 1997, experiment 1)."""
    branch = "TP"[int(random.integers(2))]
    while True:
        inner = reber(random)
        if len(inner) + 4 <= longest:
            return f"B{branch}{inner}{branch}E"
