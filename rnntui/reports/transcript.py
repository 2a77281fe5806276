"""A whole lesson as lines of text, with its answers: what is printed where nobody is there to be asked."""

from __future__ import annotations

from textwrap import wrap

from rnntui.course.prose import plain
from rnntui.course.script import Script
from rnntui.frame import Frame
from rnntui.reports.step_text import step_lines
from rnntui.session import Session
from rnntui.walk import LETTERS, Walk

WIDTH = 78


def transcript(script: Script) -> list[str]:
    """Lines: for each step what is said, where the run stands, the equation, the same with numbers, the result; for a
    question the choices, then the answer and its explanation."""
    session = Session(script.run, script.source, script.lesson.title)
    walk = Walk(session, script)
    lines = [walk.title, "=" * len(walk.title)]
    shown: Frame | None = None
    while True:
        lines += ["", f"{walk.place + 1}/{walk.count}", *_said(walk)]
        frame = session.frame()
        if frame.position and (shown is None or frame.position != shown.position or frame.hidden):
            lines += _indented(step_lines(frame))
        shown = frame
        if walk.step.kind != "say":
            walk.give_up()
            lines += _answered(walk)
            if frame.hidden and frame.position:
                lines += _indented(step_lines(session.frame()))
        if not walk.next():
            return lines


def _said(walk: Walk) -> list[str]:
    step = walk.step
    lines = _paragraphs(f"? {step.text}" if step.kind != "say" else step.text)
    lines += [f"  {letter}) {plain(choice)}" for letter, choice in zip(LETTERS, step.choices, strict=False)]
    return lines


def _answered(walk: Walk) -> list[str]:
    outcome = walk.outcome
    assert outcome is not None  # it has just been given up
    answer = outcome.message.removeprefix("it is ")
    return [f"  answer: {plain(answer)}", *_paragraphs(outcome.explain)]


def _paragraphs(markdown: str) -> list[str]:
    """The lines of each paragraph joined and broken again at the width; a list item or heading begins its own."""
    lines: list[str] = []
    gathered: list[str] = []

    def flush() -> None:
        indent = "  " if gathered and gathered[0].startswith("- ") else ""
        lines.extend(wrap(plain(" ".join(gathered)), WIDTH, subsequent_indent=indent, break_long_words=False))
        gathered.clear()

    for line in markdown.split("\n"):
        if not line.strip() or line.lstrip().startswith(("- ", "#")):
            flush()
        if line.strip():
            gathered.append(line.strip())
    flush()
    return lines


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
