"""Watches by lines: shown wherever a move arrives, and over time when they are listed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bptt.debugger.watches import Watch
from bptt.numerals import number, vector_text
from bptt.queries import QueryError
from rnntui.explain.marks import Mark
from rnntui.plain.asking import asked, read, reads_hidden, said
from rnntui.plain.command import Command, CommandError
from rnntui.plain.conversation import Conversation
from rnntui.reports.step_text import step_lines, value_lines
from rnntui.safe import clean
from rnntui.session import Session

_SHOWN = 12
"""Times of a history, those nearest the cursor."""


def arrival(conversation: Conversation) -> list[str]:
    """The step at which a move arrives, and every watch."""
    if not conversation.arrives:
        return []
    session = conversation.session
    return [*step_lines(session.frame()), *(line for watch in session.watches for line in _now(session, watch))]


def _now(session: Session, watch: Watch) -> list[str]:
    left = f"  {watch.number}: {clean(str(watch))} ="
    try:
        found = asked(session.frame(), watch.query)
    except QueryError:
        return [f"{left} not here"]  # a time that this run does not have
    if isinstance(found, bool):
        return [f"{left} {'true' if found else 'false'}"]
    return value_lines(left, found if isinstance(found, Mark) else np.asarray(found))


def _watch(conversation: Conversation, argument: str) -> Iterator[str]:
    session = conversation.session
    if not argument:
        if not len(session.watches):
            yield "there are no watches; write watch norm(grad(h[t])), and it is shown at every step"
        for watch in session.watches:
            yield from _now(session, watch)
            yield from _over_time(session, watch)
        return
    yield from _now(session, watch_for(session, argument))


def watch_for(session: Session, text: str) -> Watch:
    """Set a watch as it is written. Raises CommandError."""
    query = read(session, text)
    with said():
        return session.watches.add(query, session.run)


def _over_time(session: Session, watch: Watch) -> Iterator[str]:
    """What it would be at each time, as far as the run has come."""
    frame = session.frame()
    if reads_hidden(frame, [watch.query]):
        return
    history = watch.history(frame.run, frame.position, frame.sequence)
    if history.ndim > 2 or all(np.array_equal(row, history[0], equal_nan=True) for row in history):
        return
    first = min(max(1, frame.t - _SHOWN // 2), max(1, frame.run.T - _SHOWN + 1))
    shown = range(first, min(frame.run.T, first + _SHOWN - 1) + 1)
    yield "     over t: " + "  ".join(f"{t}: {_short(history[t - 1])}" for t in shown)


def _short(row: NDArray[np.floating]) -> str:
    if np.isnan(row).all():
        return "·"
    return number(float(row), 3, minus="−") if row.ndim == 0 else vector_text(row)


def _unwatch(conversation: Conversation, argument: str) -> Iterator[str]:
    session = conversation.session
    typed = [str(watch.number) for watch in session.watches] if argument == "all" else argument.split()
    if not typed or not all(part.isascii() and part.isdigit() and len(part) < 7 for part in typed):
        raise CommandError("unwatch which? Write unwatch N or unwatch all; watch lists them")
    for part in typed:
        with said():
            yield f"no longer watched: {clean(str(session.watches.remove(int(part))))}"


WATCHING = (
    Command("watch", "W", "watch [EXPR]", "Show an expression at every step; list them over t.", _watch),
    Command("unwatch", "U", "unwatch N…", "Watch no longer, or all.", _unwatch),
)
