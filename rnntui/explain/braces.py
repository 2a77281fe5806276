"""Where the names of terms stand under a line: in their braces, beside the last one, or beneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rnntui.explain.explained import Colour

PieceColour = Colour | Literal["text"]
"""The hue of a term, or that of what stands between terms."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text at a place of a row."""

    column: int
    text: str
    colour: PieceColour
    term: int
    """Which term it belongs to, from 0; −1 for what stands between them."""

    @property
    def end(self) -> int:
        """The column after it."""
        return self.column + len(self.text)


@dataclass(frozen=True, slots=True)
class Brace:
    """The underbrace of one term in one row."""

    start: int
    end: int
    """The column after its last."""
    name: str
    """The long name."""
    short: str
    colour: Colour
    term: int
    shown: str = ""
    """The name that is drawn; empty where the term goes on in the next row and has its name there."""
    where: Literal["inside", "right", "beneath", ""] = ""

    def unnamed(self) -> Brace:
        """The same without a name."""
        return replace(self, name="", short="")

    @property
    def room(self) -> int:
        """Letters that fit into it."""
        return max(0, self.end - self.start - 2)

    def drawn(self, label: str = "") -> Piece:
        """╰──memory─╯"""
        width = self.end - self.start
        if width < 2:
            return Piece(self.start, "╰"[:width], self.colour, self.term)
        spare = width - 2 - len(label)
        left = (spare + 1) // 2
        return Piece(self.start, f"╰{'─' * left}{label}{'─' * (spare - left)}╯", self.colour, self.term)


def label_rows(braces: Sequence[Brace], width: int) -> tuple[list[Brace], list[tuple[Piece, ...]]]:
    """(the braces with what is shown of them, the row of braces and the rows of names beneath it)."""
    if not braces:
        return [], []
    placed: list[Brace] = []
    first: list[Piece] = []
    beneath: list[list[Piece]] = []
    for place, brace in enumerate(braces):
        if not brace.name:
            placed.append(brace)
            first.append(brace.drawn())
        elif len(brace.name) <= brace.room:
            placed.append(replace(brace, shown=brace.name, where="inside"))
            first.append(brace.drawn(brace.name))
        elif place == len(braces) - 1 and brace.end + 1 + len(brace.name) <= width:
            placed.append(replace(brace, shown=brace.name, where="right"))
            first += [brace.drawn(), Piece(brace.end + 1, brace.name, brace.colour, brace.term)]
        elif len(brace.short) <= brace.room:
            placed.append(replace(brace, shown=brace.short, where="inside"))
            first.append(brace.drawn(brace.short))
        else:
            label = _put_beneath(brace, [*braces[:place], *braces[place + 1 :]], beneath, width)
            placed.append(replace(brace, shown=label, where="beneath"))
            first.append(brace.drawn())
    return placed, [tuple(first), *map(tuple, beneath)]


def _put_beneath(brace: Brace, others: Sequence[Brace], rows: list[list[Piece]], width: int) -> str:
    """Under its brace, in the first row with room for the long name, which must not stand under another brace, or for
    the short one; what was written."""
    labels = dict.fromkeys((brace.name, brace.short, brace.short[:width]))
    free = max((other.end + 1 for other in others if other.end <= brace.start), default=0)
    end = min((other.start - 1 for other in others if other.start >= brace.end), default=width)
    for row in [*rows, []]:
        for label in labels:
            left, right = (free, end) if label == brace.name != brace.short else (0, width)
            start = _start_beneath(brace, label, max(left, row[-1].end + 1 if row else 0), right)
            if start is None:
                continue
            if not row:
                rows.append(row)
            row.append(Piece(start, label, brace.colour, brace.term))
            return label
    return ""


def _start_beneath(brace: Brace, label: str, left: int, right: int) -> int | None:
    """Where a name can stand between two columns so that it touches its brace; None where it cannot."""
    middle = (brace.start + brace.end - len(label)) // 2
    start = max(left, min(middle, right - len(label)), 0)
    touches = start < brace.end and brace.start <= start + len(label)
    return start if touches and start + len(label) <= right else None
