"""The lessons of a folder as lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from rnntui.course.shelf import Card, Shelf

_INDENT = 4


def shelf_lines(shelf: Shelf, how: Callable[[Card], str], width: int = 79) -> list[str]:
    """The title, each lesson with its summary, and how to play one: `how` of a lesson is what to type for it."""
    lines = [shelf.title]
    for card in shelf.cards:
        lines += ["", f"  {card.id}    {card.title} (level {card.level}, {card.minutes} min)"]
        lines += textwrap.wrap(
            card.summary, max(width, 20), initial_indent=" " * _INDENT, subsequent_indent=" " * _INDENT
        )
    return [*lines, "", f"Play one with: {how(shelf.cards[0])}"]
