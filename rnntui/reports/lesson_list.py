"""The lessons of a folder, and one's progress in lessons, as lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping

from rnntui.course.shelf import Card, Shelf, known_as
from rnntui.safe import clean
from rnntui.store import Progress

_INDENT = 4


def shelf_lines(shelf: Shelf, how: Callable[[Card], str], known: Mapping[str, Progress], width: int = 79) -> list[str]:
    """The title, each lesson with its summary and how far one is, and how to play one: `how` of a lesson is what to
    type for it."""
    lines = [shelf.title]
    for card in shelf.cards:
        progress = known.get(known_as(card.path))
        state = f"  {progress.words}" if progress else ""
        lines += ["", f"  {card.id}    {card.title} (level {card.level}, {card.minutes} min){state}"]
        lines += textwrap.wrap(
            card.summary, max(width, 20), initial_indent=" " * _INDENT, subsequent_indent=" " * _INDENT
        )
    return [*lines, "", f"Play one with: {how(shelf.cards[0])}"]


def progress_lines(known: Iterable[Progress]) -> list[str]:
    """Each lesson that was opened, the latest first, with its place and the answers given in it."""
    lines = [f"  {clean(one.name)}    {one.words}{_answers(one.answers)}" for one in known]
    return lines or ["nothing yet: rnntui lessons lists what there is"]


def _answers(count: int) -> str:
    return f", {count} answer{'' if count == 1 else 's'} given" if count else ""
