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
