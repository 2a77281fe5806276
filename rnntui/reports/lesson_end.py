"""What is to be said when a lesson is over: what was learned, how it went, what comes next."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from rnntui.course.shelf import Card, known_as
from rnntui.safe import InputError, InputErrors, clean
from rnntui.walk import Walk


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of one lesson; texts are clean."""

    title: str
    place: str
    """`lesson 6 of 27`; empty where it is in no course."""
    learned: str
    """A sentence; empty where the lesson has none."""
    tally: str
    """How many questions were right at once, and which are open."""
    done: bool
    """Whether none is."""
    next: Card | None
    """The lesson that follows; None at the end of a course, and without one."""


def ending_of(walk: Walk) -> Ending:
    """The end of the lesson that a walk goes through."""
    entry = walk.entry
    return Ending(
        title=walk.title,
        place=f"lesson {entry.number + 1} of {entry.count}" if entry is not None else "",
        learned=clean(walk.script.lesson.summary),
        tally=_tally(walk),
        done="open" not in walk.standings,
        next=_next(walk),
    )


def ending_lines(ending: Ending) -> list[str]:
    """The same as lines, with what to type for the next lesson."""
    lines = [f"That was {ending.title}{'' if ending.title.endswith(('?', '!', '.')) else '.'} {ending.tally}"]
    if ending.learned:
        lines.append(f"You learned: {ending.learned}")
    if ending.next is not None:
        card = ending.next
        named = card.id if known_as(card.path) == card.id else shlex.quote(str(card.path))
        lines.append(f"Next: {card.title} ({card.minutes} min), with rnntui run {named}")
    return lines


def _tally(walk: Walk) -> str:
    asked = [standing for standing in walk.standings if standing != "said"]
    if not asked:
        return "It asked nothing."
    text = f"{asked.count('right')} of {len(asked)} questions right at once"
    left = [str(place + 1) for place, standing in enumerate(walk.standings) if standing == "open"]
    if not left:
        return f"{text}."
    where = f"step{'s' if len(left) > 1 else ''} {', '.join(left)}"
    return f"{text}, {len(left)} still open. The lesson is done when none is: {where}."


def _next(walk: Walk) -> Card | None:
    following = walk.entry.next if walk.entry is not None else None
    try:
        return following.card if following is not None else None
    except (InputError, InputErrors):
        return None
