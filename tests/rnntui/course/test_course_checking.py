"""The check of lessons: every fault at its place in one run, every claim of a lesson tried."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rnntui.course.checking import Findings, check_lesson, lessons_in
from rnntui.course.reading import read_lesson
from rnntui.course.schema import schema_text
from rnntui.course.shelf import shipped
from rnntui.course.template import template

Check = Callable[[str], Findings]
MISTAKES = [
    ("title: Every", "tilte: Every", r"2:1: tilte is not known here; did you mean title"),
    ("level: 1", "level: 9", "got 9, expected a number ≤ 4"),
    ("  hidden: 2\n", "  hidden: two\n", "a whole number belongs here"),
    ("goto: forward t=2 q", "goto: forward t=22 q", "t=22 does not exist"),
    ("number: q[2][0]", "number: qq[2][0]", "no variable or parameter 'qq'"),
    ("answer: q\n", "answer: gate\n", "the answer 'gate' is not one of the choices"),
    ("sign: grad(mem[1])[0]", "sign: grad(mem[1])", "asks for one finite number"),
    ("shape: A.T", "shape: A.TT", "only .T"),
    ("bug: missing-future", "bug: missing-futur", "expected one of missing-future"),
    (
        "{{ q[3][0] }}.\n  - ask: What is the line",
        "{{ q[33][0] }}.\n  - ask: What is the line",
        r"q\[33\] does not exist",
    ),
    ("run: wide", "run: wider", "there is no run 'wider'; did you mean wide"),
    ("expect: accuracy <= 1", "expect: accuracies <= 1", "'accuracies'"),
]


@pytest.fixture
def check(tmp_path: Path, every_kind: Path) -> Check:
    """Checks a text beside the file of recorded results."""
    (tmp_path / "every_kind.json").write_text(every_kind.with_suffix(".json").read_text(encoding="utf-8"))

    def check_text(text: str) -> Findings:
        path = tmp_path / "every-kind.yaml"
        path.write_text(text, encoding="utf-8")
        return check_lesson(path)

    return check_text


@pytest.fixture
def text(every_kind: Path) -> str:
    return every_kind.read_text(encoding="utf-8")


def test_a_lesson_without_a_fault_has_no_findings(check: Check, text: str) -> None:
    assert check(text) == Findings()


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES, ids=[new for _, new, _ in MISTAKES])
def test_a_mistake_is_one_line(old: str, new: str, message: str, check: Check, text: str) -> None:
    assert text.count(old) == 1 or old in ("answer: q\n",)
    found = check(text.replace(old, new, 1)).malformed
    wanted = 2 if old.startswith("title") else 1  # the title is missing then, too
    assert len(found) == wanted, [str(error) for error in found]
    assert any(re.search(message, f"{error.place}: {error.reason}") for error in found)


def test_twelve_mistakes_are_named_in_one_run_each_at_its_place(check: Check, text: str) -> None:
    for old, new, _ in MISTAKES:
        if new != "  hidden: two\n":  # without a model no expression can be read
            text = text.replace(old, new, 1)
    text = text.replace("optimizer: adam", "optimiser: adam", 1)
    found = [f"{error.place}: {error.reason}" for error in check(text).malformed]
    messages = [message for _, new, message in MISTAKES if new != "  hidden: two\n"]
    messages += ["optimiser is not known here; did you mean optimizer"]
    assert all(any(re.search(message, line) for line in found) for message in messages), found
    assert len(found) == len(messages) + 1  # and the title that is missing
    lines = text.split("\n")
    for error in check(text).malformed:
        line, column = map(int, error.place.split(":"))
        assert 1 <= column <= len(lines[line - 1]) + 1


CLAIMS = [
    ("answer: tanh(C @ x[t] + E @ mem[t-1])", "answer: tanh(C @ x[t] - E @ mem[t-1])", "is judged wrong"),
    ("goal: q[3][0] > 0.99 and q[3][1] > 0.99", "goal: q[3][0] > 0", "is met before anything is changed"),
    ('solution: ["d[0] = 90", "d[1] = 90"]', 'solution: ["d[0] = 90"]', "the solution does not meet the goal"),
    ("      r2: min(", '      "{{ 1 }}":\n      "{{ 2 - 1 }}": min(', "look the same"),
]


@pytest.mark.parametrize(("old", "new", "message"), CLAIMS)
def test_an_answer_a_goal_or_a_solution_that_is_not_right_is_noticed(
    old: str, new: str, message: str, check: Check, text: str
) -> None:
    assert text.count(old) == 1
    findings = check(text.replace(old, new))
    assert findings.malformed == ()
    assert [message in error.reason for error in findings.failed] == [True], findings
    begins = text.index(old)
    assert findings.failed[0].place.split(":")[0] in (str(text.count("\n", 0, begins) + n) for n in range(5))


def test_every_broken_expectation_is_noticed(check: Check, text: str) -> None:
    expected = list(re.finditer(r"expect: (.*)", text))
    for found in expected:
        broken = f"{text[: found.start(1)]}not ({found[1]}){text[found.end(1) :]}"
        failed = check(broken).failed
        assert [error.place for error in failed] == [f"{text.count(chr(10), 0, found.start()) + 1}:13"]


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        ('    mask: ["q[3]"]\n', "", ""),
        ("number: q[2][0]", "number: q[2][0] + 1", "nothing is hidden while this is asked"),
        ("    explain: It multiplies.\n", "", "nothing is explained"),
        ("ask: Which is a gate?", "ask: Which is #1, a gate?", "ends in front of #"),
        ("ask: Which is a gate?", 'ask: "Which is \\tanh?"', "double quotes"),
        ("ask: Which is a gate?", f"ask: {'word ' * 61}?", "61 words"),
    ],
)  # fmt: skip
def test_what_is_seldom_meant_is_a_warning(old: str, new: str, warning: str, check: Check, text: str) -> None:
    assert old in text
    findings = check(text.replace(old, new, 1))
    assert (findings.malformed, findings.failed) == ((), ())
    assert len(findings.warnings) == bool(warning)
    assert not warning or warning in findings.warnings[0].reason


def test_a_lesson_that_asks_nothing_is_warned_of(check: Check) -> None:
    text = "id: a\ntitle: A\nmodel: {cell: rnn}\ndata: {text: ab}\nsteps:\n  - say: a\n  - expect: loss > 0\n"
    assert "nothing is asked" in check(text).warnings[0].reason


def test_the_template_has_no_findings(check: Check) -> None:
    assert check(template("my-lesson", "my-lesson.yaml")) == Findings()


def test_a_course_names_what_is_out_of_place(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(template(name, name), encoding="utf-8")
    (tmp_path / "index.yaml").write_text("title: Ours\norder: [two, tree]\n")
    lessons, findings = lessons_in(tmp_path)
    assert [path.stem for path in lessons] == ["one", "two"]
    assert "there is no tree.yaml here" in findings.malformed[0].reason
    moved = tmp_path / "other.yaml"
    moved.write_text(template("one", "one").replace("needs: []", "needs: [zero]"), encoding="utf-8")
    assert [error.reason for error in check_lesson(moved, ["one", "two"]).failed] == [
        "the file of one is one.yaml",
        "there is no lesson 'zero' in this folder",
    ]


def test_the_schema_in_the_course_is_the_one_that_is_printed() -> None:
    kept = (shipped().folder / "lesson.schema.json").read_text(encoding="utf-8")
    assert kept == schema_text(), "run rnntui schema --force -o lessons/lesson.schema.json"


def test_the_schema_knows_every_key_of_a_lesson_and_says_what_it_is(every_kind: Path) -> None:
    schema = json.loads(schema_text())
    assert set(read_lesson(every_kind).document.data) <= set(schema["properties"])
    question = schema["definitions"]["Question"]
    assert {"true-false", "equation", "bug"} <= set(question["properties"])
    assert question["additionalProperties"] is False
    assert "right order" in question["properties"]["order"]["description"]


ALL_AT_ONCE = """\
id: a
title: A
levle: 2
model: {cell: rrn, hiden: 2}
data: {text: "hello"}
steps:
  - say: "One {{ k[1] }}."
    goto: forward t=9 h
    foucs: h[1]
  - ask: Sign?
    sign: h[2][1]
    answer: plsu
    explain: So.
  - ask: Which?
    choice: {a: "h[1][0] > 0", b: "h[1][0] < 0"}
    answer: c
    explain: "{{ gone[1] }}"
  - number: h[1][0]
    explain: So.
  - ask: Where?
    bug: no-slope
    of: h
    explain: So.
  - try: Do it.
    allow: Q
    goal: h[1][0] > j
    solution: "W[1][1] = "
    explain: So.
"""
AT_ONCE = [
    "3:1: levle is not known here",
    "4:15: no built-in cell is called 'rrn'; did you mean rnn?",
    "4:20: hiden is not known here",
    "7:3: the lesson does not test itself",
    "7:18: rnn has no variable or parameter 'k'",
    "8:11: t=9 does not exist",
    "9:5: foucs is not known here; did you mean focus?",
    "12:13: 'plsu' is none of the answers: write plus, minus, zero",
    "16:5: the answer 'c' is not one of the choices",
    "17:18: rnn has no variable or parameter 'gone'",
    "18:5: ask is missing: write `ask: …`",
    "21:10: there is no room for no-slope in ∇h of rnn: the slope is left out; there is in ∇a",
    "25:12: 'Q' can not be edited",
    "26:21: rnn has no variable or parameter 'j'",
    "27:16: '' in 'W[1][1] =' is not a number",
]


def test_faults_of_all_kinds_are_named_in_one_run(check: Check) -> None:
    found = [f"{error.place}: {error.reason}" for error in check(ALL_AT_ONCE).malformed]
    assert len(found) == len(AT_ONCE), found
    places = {line.split(" ")[0]: line for line in found}
    for wanted in AT_ONCE:
        assert places[wanted.split(" ")[0]].startswith(wanted) or wanted.startswith("16"), found
    mended = check(ALL_AT_ONCE.replace("rrn, hiden", "rnn, hidden")).malformed
    assert len(mended) == len(AT_ONCE) - 2


def test_answers_and_forms_are_read_where_there_is_no_cell(check: Check) -> None:
    text = ALL_AT_ONCE.replace("cell: rrn", "cell: something-else")
    reasons = [error.reason for error in check(text).malformed]
    assert any("plsu" in reason for reason in reasons)
    assert any("does not test itself" in reason for reason in reasons)


def test_the_self_test_goes_on_beside_faults_of_other_steps(check: Check, text: str) -> None:
    false = text.replace("expect: accuracy <= 1", "expect: accuracy > 1").replace("focus: mem[1]", "foucs: mem[1]")
    findings = check(false)
    assert ["foucs" in error.reason for error in findings.malformed] == [True]
    assert ["accuracy" in error.reason for error in findings.failed] == [True]


def test_nothing_is_tested_where_it_is_not_known_which_run_is_meant(check: Check, text: str) -> None:
    findings = check(text.replace("run: main", "run: mian").replace("loss) < loss", "loss) > loss"))
    assert ["mian" in error.reason for error in findings.malformed] == [True]
    assert findings.failed == ()
    assert check(text.replace("rate: 0.1", "rate: fast").replace("loss) < loss", "loss) > loss")).failed == ()
