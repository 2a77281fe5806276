"""Writes the table of lessons in README.md anew from their files: `python docs/course.py`."""

from __future__ import annotations

import re
from pathlib import Path

from rnntui.course.reading import read_lesson
from rnntui.course.shelf import shipped

PAGE = Path(__file__).parent.parent / "README.md"
_BLOCK = re.compile(r"(<!-- lessons -->\n).*?(?=<!-- end -->)", re.DOTALL)


def generated() -> str:
    """A row a lesson, in the order of the course: its id, what it is about, how long it takes."""
    course = shipped()
    rows = ["| | lesson | what it is about | minutes |", "|---|---|---|---|"]
    for number, name in enumerate(course.order, 1):
        lesson = read_lesson(course.path(name)).lesson
        title = lesson.title if lesson.title.endswith("?") else f"{lesson.title}."
        about = f"**{title}** {lesson.summary}".replace("|", "\\|")
        rows.append(f"| {number} | `{name}` | {about} | {lesson.minutes} |")
    return "\n".join(rows) + "\n"


def renewed(page: str) -> str:
    """The page with the table as it is now."""
    return _BLOCK.sub(lambda block: block[1] + generated(), page)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
