"""What a lesson says of its answers is held against the run: the check tells both, at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rnntui.course.checking import Findings, check_lesson
from rnntui.course.script import Script, open_script
from rnntui.plain.lesson import LessonConversation
from rnntui.reports.solution import solution
from rnntui.reports.solution_markdown import in_markdown
from rnntui.session import Session
from rnntui.walk import Walk

Check = Callable[[str], Findings]
HEAD = """\
id: claims
title: Claims
model:
  equations: |
    q[t] = A @ x[t] + B @ mem[t-1]
    mem[t] = relu(q[t])
    miss[t] = squared_error(mem[t], y[t])
  hidden: 2
  init: {A: [[1.0], [-1.0]], B: [[0.5, 0.0], [0.0, 0.5]]}
data: {x: [[1.0], [0.5]], y: [[0.0, 0.0], [2.0, 2.0]]}
steps:
  - expect: q[2][0] == 1 and q[2][1] == -0.5
  - goto: forward t=2 mem
    mask: []
    explain: So it is.
    ask: Well?
"""
CHOICE = """\
    choice:
      "{{ q[2][0] }}": q[2][0] > q[2][1]
      the other: q[2][0] < q[2][1]
      neither:
    answer: """
DOUBTS = [
    ("    number: q[2][1]\n    answer: -0.4\n", "18:13: the answer is said to be -0.4, but the run shows −0.5"),
    ("    sign: q[2][1]\n    answer: plus\n", "18:13: the answer is said to be plus, but the run shows minus: −0.5"),
    ("    shape: A.T\n    answer: 2 x 1\n", "18:13: the answer is said to be 2 x 1, but the run shows 1 × 2"),
    (
        "    true-false: q[2][1] > 0\n    answer: true\n",
        "18:13: the answer is said to be true, but the run shows false: q[2][1] > 0 is −0.5 > 0",
    ),
    (
        "    bug: missing-future\n    answer: ∇mem t=2\n",
        "18:13: the answer is said to be ∇mem t=2, but the run shows ∇mem t=1",
    ),
    (
        f"{CHOICE}neither\n".replace("q[2][0] > q[2][1]", "q[2][0] > 1"),
        "21:13: the answer is said to be 'neither', but no condition holds, and none stands beside that",
    ),
    (
        f"{CHOICE}the other\n".replace("q[2][0] > q[2][1]", "q[2][0] > q[2][3 * q[2][0]]"),
        "21:13: the condition of '1' has no answer: q[2][3] does not exist: q[2] has components 0 … 1",
    ),
    (
        f"{CHOICE}the other\n",
        "21:13: the answer is said to be 'the other', but the run decides for '1': q[2][0] > q[2][1] is 1 > −0.5",
    ),
    (
        f"{CHOICE}neither\n",
        "21:13: the answer is said to be 'neither', but the run decides for '1': q[2][0] > q[2][1] is 1 > −0.5",
    ),
    (
        f"{CHOICE}the other\n".replace("q[2][0] > q[2][1]", "q[2][0] > 1"),
        "21:13: the answer is said to be 'the other', but its condition does not hold: q[2][0] < q[2][1] is 1 < −0.5",
    ),
    (
        "    order: {q: 'step(q[2])', x: 'step(x[2])'}\n",
        "17:12: 'q' is said to come before 'x', but the run shows 4 and 0: the smallest stands first",
    ),
    ("    order: {q: 'step(q[2])', x: 'q[2]'}\n", "17:12: 'x' needs one finite number beside it, not q[2]"),
]
MALFORMED = [
    ("    number: q[2][1]\n    answer: much\n", "18:13: 'much' is not a number"),
    ("    sign: q[2][1]\n    answer: up\n", "18:13: 'up' is none of the answers"),
    ("    shape: A.T\n    answer: wide\n", "18:13: wide is no shape"),
    ("    true-false: q[2][1] > 0\n    answer: perhaps\n", "18:13: 'perhaps' is none of the answers"),
    ("    choice: {a: loss > 0}\n    answer: a\n", "17:5: choice needs two or more"),
    ("    choice: {a: loss > 0, b: 'r[2] > 0'}\n    answer: a\n", "17:31: claims has no variable or parameter 'r'"),
    ("    choice: {a: loss > 0, b: loss}\n    answer: a\n", "17:30: a condition belongs here"),
    (
        "    choice:\n      a:\n        loss > 0\n        and r[2] > 0\n      b:\n    answer: a\n",
        "20:13: claims has no variable",
    ),
    ("    true-false: 'loss > 0\n      or  r[2] > 0'\n", "18:11: claims has no variable or parameter 'r'"),
    ("    choice: {a: loss > 0, '{{ q }}': loss < 0}\n    answer: a\n", "17:31: q is a variable and needs a time"),
    ("    choice: {a: loss > 0, 'b }}': loss < 0}\n    answer: a\n", "17:27: }} without its other half"),
    ("    choice: {a: loss > 0, a: loss < 0}\n    answer: a\n", "17:27: a stands here a second time"),
    ("    choice: [a, b, a]\n    answer: a\n", "17:20: 'a' stands here a second time"),
    ("    choice: {a: '', b: }\n    answer: a\n", "17:18: the expression is empty"),
    (f"    choice: {{{', '.join(f'{n}: ' for n in range(9))}}}\n    answer: 1\n", "17:13: 9 items, and 8 are allowed"),
    ("    choice: [a, 1]\n    answer: a\n", "17:17: a text belongs here"),
    ("    order: {a: loss, b: 'q[9]'}\n", "17:26: q[9] does not exist"),
    ("    order: [a, b]\n    answer: a\n", "18:5: the right order is that in which the items stand"),
]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    def check_text(text: str) -> Findings:
        path = tmp_path / "claims.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        return check_lesson(path)

    return check_text


@pytest.mark.parametrize(("asked", "doubt"), DOUBTS)
def test_a_claim_that_the_run_does_not_bear_out_is_told_with_what_it_shows(
    asked: str, doubt: str, check: Check
) -> None:
    findings = check(asked)
    assert findings.malformed == ()
    assert [f"{error.place}: {error.reason}" for error in findings.failed] == [doubt] * bool(doubt)


@pytest.mark.parametrize(
    "asked",
    [
        "    number: q[2][1]\n    answer: -1/2\n",
        "    number: q[2][1] - q[2][1]\n    answer: 0\n",
        "    sign: q[2][1]\n    answer: minus\n",
        "    shape: A.T\n    answer: 1 x 2\n",
        "    true-false: q[2][1] > 0\n    answer: false\n",
        f"{CHOICE}'{{{{ q[2][0] }}}}'\n",
        "    choice: {1: loss > 0, 2: loss < 0}\n    answer: 1\n",
        "    order: {x: 'step(x[2])', q: 'step(q[2])', mem: 'step(mem[2])'}\n",
    ],
)
def test_what_the_run_bears_out_is_no_finding(asked: str, check: Check) -> None:
    findings = check(asked)
    assert (findings.malformed, findings.failed) == ((), ())
    assert not any("nothing tests" in warning.reason for warning in findings.warnings)


@pytest.mark.parametrize(("asked", "fault"), MALFORMED)
def test_a_claim_that_cannot_be_read_is_named_at_its_place(asked: str, fault: str, check: Check) -> None:
    lines = [f"{error.place}: {error.reason}" for error in check(asked).malformed]
    assert len(lines) == 1
    assert lines[0].startswith(fault), lines


@pytest.mark.parametrize(
    ("asked", "warning"),
    [
        ("    choice: [a, b]\n    answer: a\n", "18:13: nothing tests this answer: write each choice as"),
        ("    choice: {a: , b: loss < 0}\n    answer: a\n", "18:13: nothing tests this answer"),
        ("    order: [a, b]\n", "17:12: nothing tests this order: write each item as"),
        ("    true-false: true\n", "17:17: nothing tests this answer: write a condition"),
    ],
)
def test_an_answer_that_nothing_tests_is_warned_of(asked: str, warning: str, check: Check) -> None:
    found = [f"{error.place}: {error.reason}" for error in check(asked).warnings]
    assert [line.startswith(warning) for line in found if "nothing tests" in line] == [True], found


def test_a_learner_never_sees_what_decides(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(
        f"{HEAD}{CHOICE}'{{{{ q[2][0] }}}}'\n"
        "  - ask: In which order?\n    order: {x: 'step(x[2])', q: 'step(q[2])'}\n"
        "  - ask: What sign?\n    sign: q[2][1]\n    answer: minus\n",
        encoding="utf-8",
    )
    script = open_script(path)
    shown = "\n".join((_played(script), *(in_markdown(solution(script, blank)) for blank in (False, True))))
    assert "the other" in shown
    for text in ("q[2][0] >", "q[2][0] <", "step("):
        assert text not in shown


def _played(script: Script) -> str:
    conversation = LessonConversation(Walk(Session(script.run, script.source), script))
    lines = list(conversation.opening())
    for answer in ("b", "c", "skip", "", "b a", "", "+", "-", ""):
        lines += conversation.answer(answer)
    return "\n".join(lines)
