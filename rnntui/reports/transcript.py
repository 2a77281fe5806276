"""A whole lesson as lines of text, with its answers: what is printed where nobody is there to be asked."""

from __future__ import annotations

from rnntui.course.markdown import plain
from rnntui.course.script import Script
from rnntui.reports.step_text import step_lines
from rnntui.reports.wrapping import wrapped
from rnntui.session import Session
from rnntui.walk import LETTERS, Walk

WIDTH = 78


def transcript(script: Script) -> list[str]:
    """Lines: for each step what is said, where the run stands, the equation, the same with numbers, the result; for a
    question the choices, then the answer and its explanation."""
    session = Session(script.run, script.source, script.lesson.title)
    walk = Walk(session, script)
    lines = [walk.title, "=" * len(walk.title)]
    stood = 0
    while True:
        lines += ["", f"{walk.place + 1}/{walk.count}", *_said(walk)]
        frame = session.frame()
        asked = walk.step.kind != "say"
        seen = frame.position and not walk.asks_for_equation and (asked or frame.position != stood)
        before = step_lines(frame) if seen else []
        stood = frame.position
        lines += _indented(before)
        if asked:
            walk.give_up()
            result = [line for line in step_lines(session.frame()) if line not in before]
            lines += [*_answer(walk), *(_indented(result) if frame.hidden else []), *_explanation(walk)]
        if not walk.next():
            return lines


def _said(walk: Walk) -> list[str]:
    step = walk.step
    lines = wrapped(f"? {step.text}" if step.kind != "say" else step.text, WIDTH)
    lines += [f"  {letter}) {plain(choice)}" for letter, choice in zip(LETTERS, step.choices, strict=False)]
    return lines + _table(walk) if step.kind == "say" else lines


def _answer(walk: Walk) -> list[str]:
    message = walk.outcome.message if walk.outcome else ""
    first, *others = wrapped(f"answer: {message.removeprefix('it is ')}", WIDTH - 4)
    return [f"  {first}", *(f"    {line}" for line in others)]


def _explanation(walk: Walk) -> list[str]:
    return wrapped(walk.outcome.explain, WIDTH) + _table(walk) if walk.outcome else []


def _table(walk: Walk) -> list[str]:
    return _indented(["", *walk.step.table]) if walk.step.table else []


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
