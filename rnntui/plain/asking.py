"""Expressions as they are typed on a line: read, asked of what the cursor has reached, and shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import bptt
from bptt.language import EquationError
from bptt.queries import PENDING as NOT_REACHED
from bptt.queries import Query, QueryError, parse_query
from bptt.query_nodes import Reference, walk
from bptt.query_values import Found
from rnntui.explain.marks import HIDDEN, PENDING, Mark
from rnntui.frame import Frame, Slot
from rnntui.plain.command import CommandError
from rnntui.reports.step_text import sum_is_hidden
from rnntui.safe import clean
from rnntui.session import Session


@contextmanager
def said() -> Iterator[None]:
    """Turns what the engine refuses into a CommandError: one clean line."""
    try:
        yield
    except EquationError as error:
        raise CommandError(clean(f"column {error.column}: {error.reason}" if error.column else error.reason)) from None
    except QueryError as error:
        raise CommandError(clean(str(error))) from None
    except bptt.InputError as error:
        raise CommandError(clean(error.reason)) from None


def read(session: Session, text: str) -> Query:
    """An expression. Raises CommandError."""
    with said():
        return parse_query(text, session.cell)


def asked(frame: Frame, query: Query) -> Found | Mark:
    """What a query gives at the cursor; HIDDEN where it reads anything hidden. Raises QueryError."""
    query.check(frame.run, frame.t)  # also where what it reads is not computed yet
    if is_hidden(frame, query):
        return HIDDEN
    found = query.value_at(frame.run, frame.position, frame.sequence)
    return PENDING if found is NOT_REACHED else found


def is_hidden(frame: Frame, query: Query, t: int | None = None) -> bool:
    """Whether a query reads anything that is hidden, with the cursor where it is or, where t is given, at that time.
    Raises QueryError."""
    at = frame.t if t is None else t
    for name, t, gradient in query.slots(frame.run, at) if frame.hidden else ():
        if Slot(name, t, gradient) in frame.hidden if t is not None else gradient and sum_is_hidden(frame, name):
            return True
    return False


def reads_hidden(frame: Frame, queries: Iterable[Query]) -> bool:
    """Whether any of these could show what is hidden, wherever the cursor stands: any that reads a hidden variable."""
    names = {(slot.name, slot.gradient) for slot in frame.hidden}
    nodes = (node for query in queries for node in walk(query.root) if isinstance(node, Reference))
    return any((node.name, node.gradient) in names or node.time is None for node in nodes) if names else False
