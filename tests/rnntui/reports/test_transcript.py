"""A lesson as text: everything said and asked, the steps of the run, the answers, and nothing before its time."""

from __future__ import annotations

import time
from pathlib import Path

from rnntui.course.script import Script, open_script
from rnntui.course.shelf import shipped
from rnntui.reports.transcript import WIDTH, transcript

LESSON = """\
id: odd
title: An odd memory
model:
  equations: |
    q[t] = A @ x[t] + B @ mem[t-1]
    mem[t] = q[t] * q[t]              # the square
    miss[t] = squared_error(mem[t], y[t])
  hidden: 1
  init: {A: 1.234, B: 0.5}
data: {x: [[1.0], [0.5]], y: [[0.0], [1.0]]}
steps:
  - say: "**Before** anything."
  - goto: forward t=1 mem
    ask: What is mem?
    number: mem[1][0]
    explain: It is {{ mem[1][0] }}.
  - say: Still here.
  - expect: loss > 0
"""


def script(tmp_path: Path) -> Script:
    path = tmp_path / "odd.yaml"
    path.write_text(LESSON, encoding="utf-8")
    return open_script(path)


def test_each_step_is_told_with_equation_numbers_and_result(tmp_path: Path) -> None:
    """mem[1] = 1.234² = 1.522756."""
    assert [line for line in transcript(script(tmp_path)) if " at t=1 is " not in line] == [
        "An odd memory",
        "=============",
        "",
        "1/3",
        "Before anything.",
        "",
        "2/3",
        "? What is mem?",
        "    step 2/16 · forward · t=1 of 2",
        "      mem[t] = q[t] ⊙ q[t]    # the square",
        "      mem[1] = [+1.2] ⊙ [+1.2]",
        "      mem[1] = ???",
        "  answer: 1.523",
        "      mem[1] = 1.523",
        "It is 1.523.",
        "",
        "3/3",
        "Still here.",
    ]


def test_a_hidden_number_stands_nowhere_before_its_answer(tmp_path: Path) -> None:
    before, _, after = "\n".join(transcript(script(tmp_path))).partition("answer:")
    assert "1.52" not in before
    assert "1.523" in after


LONG = ("remedies", "duel")
"""The two whose trainings may take ten seconds."""


def test_shipped_lessons_take_under_three_seconds_and_at_least_thirty_lines_that_fit() -> None:
    course = shipped()
    for id in course.order:
        started = time.process_time()
        lines = transcript(open_script(course.path(id)))
        assert time.process_time() - started < (10 if id in LONG else 3), id
        assert len(lines) >= 30
        assert sum(" = " in line or " += " in line for line in lines) >= 10, id
        assert max(len(line) for line in lines if not line.startswith("    ")) <= WIDTH
        assert not any("\x1b" in line or "{{" in line for line in lines)
