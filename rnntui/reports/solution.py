"""A lesson as a worked solution, or as a sheet for class: blocks, which Markdown and LaTeX are written from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bptt.cell import Cell
from bptt.equation import Equation
from rnntui.course.script import Script
from rnntui.reports.step_text import step_lines
from rnntui.reports.withheld import Withheld
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
    """The blocks of a lesson; `blank`: questions without their answers, with room for them. A blank sheet ends with the
    last question: what is said after it is what was to be found."""
    session = Session(script.run, script.source, script.lesson.title)
    return list(_blocks(script, Walk(session, script), blank))


def _blocks(script: Script, walk: Walk, blank: bool) -> Iterator[Block]:
    session, cell = walk.session, walk.session.cell
    withheld = Withheld.of(script) if blank else Withheld()
    last = max((n for n, stop in enumerate(script.stops) if stop.question is not None), default=len(script.stops))
    yield Block("title", walk.title)
    if script.lesson.summary:
        yield Block("prose", clean(script.lesson.summary))
    yield _equations(withheld, cell, cell.equations)
    stood, number = 0, 0
    while True:
        step, stop = walk.step, script.stops[walk.place]
        if blank:
            session.hide(withheld.slots(stop))
        asked = step.kind != "say"
        covers = stop.question is not None and stop.question.hidden
        number += asked
        if asked:
            yield Block("section", f"Question {number}")
        yield Block("question" if asked else "prose", withheld.fill(stop.prose, stop) if blank else step.text)
        if step.choices:
            choices = (f"{letter}) {choice}" for letter, choice in zip(LETTERS, step.choices, strict=False))
            yield Block("choices", items=tuple(choices))
        if step.kind == "bug":
            shown = stop.shown.run.model.cell
            yield _equations(withheld, shown, shown.backward)
        elif session.position and (covers or session.position != stood) and step.kind != "equation":
            yield _line(session, withheld)
        stood = session.position
        if asked and blank:
            yield Block("room")
        elif asked:
            yield from _answered(walk)
        elif stop.table is not None:
            yield _table(script, walk)
        if (blank and walk.place == last) or not walk.jump(walk.place + 1):
            return


def _equations(withheld: Withheld, cell: Cell, equations: Sequence[Equation]) -> Block:
    return Block("lines", items=withheld.written(cell, equations), equations=withheld.told(cell, equations))


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


def _line(session: Session, withheld: Withheld) -> Block:
    """The line at the cursor and its numbers."""
    current = session.current
    assert current is not None  # a caller looks first
    equation = current.equation
    written = () if equation.kind == "cut" else withheld.told(session.cell, (equation,))
    return Block("lines", items=withheld.lines(session.frame()), equations=written)


def _table(script: Script, walk: Walk) -> Block:
    stop = script.stops[walk.place]
    assert stop.table is not None  # a caller looks first
    return Block("table", cells=tuple(tuple(row) for row in stop.table.cells(stop.t)))
