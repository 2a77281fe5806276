"""A small lesson of a hand-written cell, and what opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rnntui.course.script import Script, open_script
from rnntui.safe import InputErrors

ODD_LESSON = """\
id: odd
title: An *odd* memory
summary: What a square remembers.
model:
  equations: |
    q[t] = A @ x[t] + B @ mem[t-1]
    r2[t] = relu(q[t])
    mem[t] = r2[t] * r2[t]
    miss[t] = squared_error(mem[t], y[t])
  hidden: 2
  init: {A: [[1.0], [-1.0]], B: [[0.5, 0.0], [0.0, 0.5]]}
data: {x: [[1.0], [0.5]], y: [[0.0, 0.0], [1.0, 1.0]]}
steps:
  - say: Nothing is computed yet.
  - say: The first **sum** is {{ q[1][0] }}.
    goto: forward t=1 q
    show: [q, grad(mem)]
    focus: q[1]
  - goto: forward t=2 q
    ask: What is the second component of q at t = 2?
    number: q[2][1]
    hint: [A is −1 there., "The memory was {{ mem[1][1] }}."]
    explain: It is {{ q[2][1] }}, and the unit stays shut.
  - goto: backward t=1 r2
    ask: Which unit gets a gradient?
    choice: [the first, the second, neither]
    answer: the first
    mask: grad(r2[1])
    hint: [Look at r2., The second one was shut.]
    explain: "{{ grad(r2[1])[0] }}, and {{ grad(r2[1])[1] }}."
  - say: The end.
  - expect: miss[1] == 0.5
"""


@pytest.fixture
def odd_lesson() -> str:
    """The text of a lesson: 2 units, 2 times, 20 steps; q[2] = (1, −0.5)."""
    return ODD_LESSON


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[str], Script]:
    """Opens the text of a lesson, written to the file lesson.yaml."""

    def open_text(text: str) -> Script:
        path = tmp_path / "lesson.yaml"
        path.write_text(text, encoding="utf-8")
        return open_script(path)

    return open_text


@pytest.fixture
def faults(opened: Callable[[str], Script]) -> Callable[[str], list[str]]:
    """What is wrong with the text of a lesson: `LINE:COLUMN: reason`, the file left out."""

    def find(text: str) -> list[str]:
        with pytest.raises(InputErrors) as raised:
            opened(text)
        return [line.partition("lesson.yaml:")[2] for line in raised.value.lines()]

    return find
