"""Prose with expressions in it: `{{ … }}` is replaced by what the run says."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

from bptt.queries import Query, QueryError, Reading, show
from bptt.query_nodes import Reference, TotalLoss, walk
from bptt.run import Run
from rnntui.safe import clean

OPEN, CLOSE = "{{", "}}"
_BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
HIDDEN = "???"
"""Stands for a number that a question hides."""
MISSING = "—"
"""Stands for a number that there is not; the check of a lesson names why."""


def split(text: str) -> tuple[list[str], list[str]]:
    """(the pieces of prose, the expressions between them): one piece more than there are expressions."""
    found = _BRACES.split(text)
    return found[::2], found[1::2]


@dataclass(frozen=True)
class Prose:
    """Clean text and, between its pieces, queries."""

    pieces: tuple[str, ...] = ("",)
    """One more than there are queries."""
    queries: tuple[Query, ...] = ()

    def at(self, run: Run, t: int, hidden: Set[Reading] = frozenset()) -> str:
        """The text with the finished run's numbers, the cursor being at t; ??? for what reads something hidden, and —
        for what this run has not."""
        text = self.pieces[0]
        for query, piece in zip(self.queries, self.pieces[1:], strict=True):
            text += _number(query, run, t, hidden) + piece
        return text


def _number(query: Query, run: Run, t: int, hidden: Set[Reading]) -> str:
    try:
        return HIDDEN if _tells(query, run, t, hidden) else show(query.value(run, t))
    except QueryError:
        return MISSING


def _tells(query: Query, run: Run, t: int, hidden: Set[Reading]) -> bool:
    """Whether a query reads something hidden. The part that a single loss has in a hidden gradient is not the whole,
    except at T, and may be told."""
    if not query.slots(run, t) & hidden:
        return False
    for node in walk(query.root):
        if isinstance(node, TotalLoss):
            return True
        if isinstance(node, Reference):
            when = None if node.time is None else node.time.at(t, run.T)
            whole = node.of is None or when in (None, run.T)
            if whole and Reading(node.name, when, node.gradient) in hidden:
                return True
    return False


def cleaned(pieces: list[str]) -> tuple[str, ...]:
    """Pieces of a text from a file, fit to be shown; line ends stay, blanks around the whole do not."""
    shown = [clean(piece, keep_newlines=True) for piece in pieces]
    shown[0], shown[-1] = shown[0].lstrip(), shown[-1].rstrip()
    return tuple(shown)
