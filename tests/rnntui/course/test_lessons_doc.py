"""docs/lessons.md: its lesson passes the check, its examples are well formed, and it names every key and function."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bptt.faults import FAULTS
from bptt.query_beyond import _FORMS
from bptt.query_context import FACTS, FUNCTIONS
from rnntui.course.checking import Findings, check_lesson
from rnntui.course.document import read_document
from rnntui.course.lesson import Lesson
from rnntui.course.sections import BpttPart, CasePart, DataPart, ModelPart, Part, TrainingPart
from rnntui.course.steps import Narration, Question, TablePart, Trial

PAGE = (Path(__file__).parents[3] / "docs" / "lessons.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_lesson_that_grows_in_ten_minutes_passes_the_check(tmp_path: Path) -> None:
    first, *steps = EXAMPLES[:4]
    path = tmp_path / "my-lesson.yaml"
    path.write_text(first + "".join(steps), encoding="utf-8")
    assert check_lesson(path) == Findings()


def test_its_choice_and_its_order_are_what_the_run_shows(tmp_path: Path) -> None:
    asked = next(example for example in EXAMPLES if "order: {" in example)
    path = tmp_path / "my-lesson.yaml"
    path.write_text(EXAMPLES[0] + asked, encoding="utf-8")
    findings = check_lesson(path)
    assert (findings.malformed, findings.failed) == ((), ())


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_yaml(example: str) -> None:
    assert read_document("example", example).data


@pytest.mark.parametrize(
    "part",
    [Lesson, ModelPart, DataPart, BpttPart, TrainingPart, CasePart, Narration, Question, Trial, TablePart],
)
def test_every_key_is_told_of(part: type[Part]) -> None:
    for name, field in part.model_fields.items():
        assert re.search(rf"\b{re.escape(field.alias or name)}\b", PAGE), name


def test_every_fault_and_function_is_told_of() -> None:
    for name in (*FAULTS, *FUNCTIONS, *FACTS, *_FORMS, "numeric_forward"):
        assert f"`{name}" in PAGE or f"{name}(" in PAGE, name
