"""A lesson file: every fault of form with its line and column, all of them in one run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rnntui.course.reading import MAX_BYTES, read_lesson
from rnntui.course.script import Script, open_script
from rnntui.safe import InputError

Faults = Callable[[str], list[str]]


def test_a_lesson_is_read_with_its_parts(odd_lesson: str, opened: Callable[[str], Script]) -> None:
    lesson = opened(odd_lesson).lesson
    assert (lesson.id, lesson.level, lesson.minutes, lesson.needs) == ("odd", 1, 5, ())
    assert len(lesson.steps) == 6


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("summary:", "sumary:", "3:1: sumary is not known here; did you mean summary?"),
        ("    number: q[2][1]\n", "    nubmer: q[2][1]\n", "21:5: nubmer is not known here; did you mean number?"),
        ("  hidden: 2\n", "  hiden: 2\n", "10:3: hiden is not known here; did you mean hidden?"),
        ("  hidden: 2\n", "  hidden: 0\n", "10:11: got 0, expected a number ≥ 1"),
        ("  hidden: 2\n", "  hidden: two\n", "10:11: a whole number belongs here, like 4"),
        ("title: An *odd* memory\n", "", "1:1: title is missing: write `title: …`"),
        ("title: An *odd* memory", "title: 5", "2:8: a text belongs here: put it in quotes"),
        ("id: odd", "id: Odd One", "1:5: an id is made of small letters, digits and single -"),
        ("    answer: the first\n", "    answer: the fourth\n", "the answer 'the fourth' is not one of the choices"),
        ("    answer: the first\n", "", "26:5: answer is missing"),
        ("    number: q[2][1]\n", "", "20:5: a question needs either number"),
        ("    goto: forward t=1 q\n", "    goto: start\n    step: 2\n", "17:5: one move a step: goto and step"),
        ("  - say: The end.\n", "  - show: [q]\n", "a step says something (say), asks (ask), moves"),
        ("  - say: The end.\n", "  - The end.\n", "31:5: entries like `key: value` belong here"),
        ("[the first, the second, neither]", "the first", "choice needs two or more different answers"),
        ("  hidden: 2\n", "  hidden: 2\n  loss: most\n", "11:9: got 'most', expected 'sum' or 'mean'"),
        ("data: {x:", "data: {text: hi, x:", "12:18: give one of text, csv (with column), task, or x (with y)"),
        ("    choice: [the", "    tolerance: -1\n    choice: [the", "26:5: a tolerance is a number above 0"),
    ],
)
def test_a_fault_of_form_is_named_at_its_place(old: str, new: str, fault: str, odd_lesson: str, faults: Faults) -> None:
    assert old in odd_lesson
    found = faults(odd_lesson.replace(old, new, 1))
    assert any(fault in line for line in found), found


def test_a_document_that_is_no_lesson_is_named(faults: Faults) -> None:
    assert faults("just text\n") == ["1:1: entries like `key: value` belong here"]
    assert "1:1: id is missing: write `id: …`" in faults("a: 1\n")


def test_three_mistakes_of_three_kinds_give_three_lines(odd_lesson: str, faults: Faults) -> None:
    wrong = (
        odd_lesson.replace("summary:", "sumary:")
        .replace("relu(q[t])", "rellu(q[t])")
        .replace("[the first, the second, neither]", "[the first]")
    )
    assert [line.split(": ")[0] for line in faults(wrong)] == ["3:1", "7:13", "26:5"]


def test_a_fault_of_form_does_not_hide_what_is_wrong_elsewhere(odd_lesson: str, faults: Faults) -> None:
    wrong = (
        odd_lesson.replace("summary:", "sumary:")
        .replace("{{ q[1][0] }}", "{{ q[1][7] }}")
        .replace("goto: forward t=2 q", "goto: forward t=9 q")
        .replace("miss[1] == 0.5", "mis[1] == 0.5")
    )
    assert [line.split(": ")[0] for line in faults(wrong)] == ["3:1", "15:34", "19:11", "32:13"]


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text("a: " + "x" * MAX_BYTES)
    with pytest.raises(InputError, match="over the limit of 262,144"):
        read_lesson(path)


def test_what_a_file_says_cannot_steer_the_terminal(odd_lesson: str, faults: Faults) -> None:
    line = faults(odd_lesson.replace("summary:", '"\\e[31m":'))[0]
    assert "\x1b" not in line
    assert r"\x1b" in line


def test_a_missing_file_has_near_names(tmp_path: Path) -> None:
    (tmp_path / "gates.yaml").write_text("a: 1")
    with pytest.raises(InputError, match=r"did you mean gates\.yaml\?"):
        open_script(tmp_path / "gate.yaml")
