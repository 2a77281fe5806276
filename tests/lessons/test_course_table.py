"""README.md lists the lessons as their files say."""

from __future__ import annotations

import runpy
from pathlib import Path

from rnntui.course.shelf import shipped

ROOT = Path(__file__).parents[2]


def test_the_table_of_lessons_is_made_from_their_files() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    renewed = runpy.run_path(str(ROOT / "docs" / "course.py"))["renewed"]
    assert renewed(page) == page, "run python docs/course.py"
    assert renewed(page.replace("`forward`", "`backward`")) == page


def test_the_course_has_27_lessons() -> None:
    assert len(shipped().order) == 27
