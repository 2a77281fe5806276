"""A lesson as a worked solution, or as a sheet for class: blocks, which Markdown and LaTeX are written from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bptt.equation import Equation
from rnntui.course.script import Script
from rnntui.reports.step_text import step_lines
from rnntui.safe import clean
from rnntui.session import Session
from rnntui.walk import LETTERS, Walk

Kind = Literal["title", "section", "prose", "question", "choices", "lines", "answer", "table", "room"]
ROOM = 5
"""Lines that are left free for an answer."""


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the sheet, in the order of reading."""

    kind: Kind
    text: str = ""
    """Markdown of bold, italic and code; of a title or section, plain."""
    items: tuple[str, ...] = ()
    """Lines to be set as they are, or choices."""
    equations: tuple[Equation, ...] = ()
    """Set as mathematics where that is possible, above the lines."""
    cells: tuple[tuple[str, ...], ...] = ()
    """Of a table, the headings first."""


def solution(script: Script, blank: bool = False) -> list[Block]:
    """The blocks of a lesson; `blank`: questions without their answers, with room for them."""
    session = Session(script.run, script.source, script.lesson.title)
    return list(_blocks(script, Walk(session, script), blank))


def _blocks(script: Script, walk: Walk, blank: bool) -> Iterator[Block]:
    session, cell = walk.session, walk.session.cell
    yield Block("title", walk.title)
    if script.lesson.summary:
        yield Block("prose", clean(script.lesson.summary))
    yield Block("lines", items=tuple(str(e) for e in cell.equations), equations=cell.equations)
    stood, number = 0, 0
    while True:
        step, stop = walk.step, script.stops[walk.place]
        asked = step.kind != "say"
        number += asked
        if asked:
            yield Block("section", f"Question {number}")
        yield Block("question" if asked else "prose", step.text)
        if step.choices:
            choices = (f"{letter}) {choice}" for letter, choice in zip(LETTERS, step.choices, strict=False))
            yield Block("choices", items=tuple(choices))
        if step.kind == "bug":
            backward = stop.shown.run.model.cell.backward
            yield Block("lines", items=tuple(str(e) for e in backward), equations=backward)
        elif session.position and (session.hidden or session.position != stood) and step.kind != "equation":
            yield _line(session)
        stood = session.position
        if asked and blank:
            yield Block("room")
        elif asked:
            yield from _answered(walk)
        elif stop.table is not None:
            yield _table(script, walk)
        if not walk.jump(walk.place + 1):
            return


def _answered(walk: Walk) -> Iterator[Block]:
    session = walk.session
    before, position = step_lines(session.frame()), session.position
    hidden = bool(session.hidden)
    walk.give_up()
    assert walk.outcome is not None  # what giving up leaves
    yield Block("answer", walk.outcome.message.removeprefix("it is "))
    if session.position and (hidden or session.position != position):
        found = tuple(line for line in step_lines(session.frame()) if line not in before)
        if found:
            yield Block("lines", items=found)
    if walk.outcome.explain:
        yield Block("prose", walk.outcome.explain)
    if walk.step.table:
        yield _table(walk.script, walk)


def _line(session: Session) -> Block:
    """The line at the cursor and its numbers."""
    place, *lines = step_lines(session.frame())
    current = session.current
    assert current is not None  # a caller looks first
    equation = current.equation
    written = () if equation.kind == "cut" else (equation,)
    return Block("lines", items=(place, *lines), equations=written)


def _table(script: Script, walk: Walk) -> Block:
    stop = script.stops[walk.place]
    assert stop.table is not None  # a caller looks first
    return Block("table", cells=tuple(tuple(row) for row in stop.table.cells(stop.t)))
