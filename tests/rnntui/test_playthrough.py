"""A lesson taken up: where it goes on, what of it is kept, and under which name."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnntui.course.shelf import entry_of, find_lesson, known_as, shipped
from rnntui.playthrough import take_up
from rnntui.reports.lesson_end import ending_of
from rnntui.store import Store, all_progress

LESSON = """\
id: odd
title: An odd memory
model:
  equations: |
    q[t] = A @ x[t] + B @ mem[t-1]
    mem[t] = tanh(q[t])
    miss[t] = squared_error(mem[t], y[t])
  hidden: 1
  init: {A: [[1.0]], B: [[0.5]]}
data: {x: [[0.0], [0.5]], y: [[0.0], [1.0]]}
steps:
  - say: One.
  - ask: What is q at t = 2?
    goto: forward t=2 q
    number: q[2][0]
  - ask: Is it?
    choice: ["so", "else"]
    answer: "so"
  - expect: q[2][0] == 0.5
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    path = tmp_path / "odd.yaml"
    path.write_text(LESSON, encoding="utf-8")
    return path


def test_place_and_answers_are_kept_and_the_lesson_goes_on_where_it_was_left(lesson: Path) -> None:
    walk = take_up(lesson, Store())
    assert walk.place == 0
    walk.next()
    walk.answer("0.9")
    again = take_up(lesson, Store())
    assert again.place == 1 and again.session.position == walk.session.position
    assert again.outcome is None, "the question is asked again"
    one = all_progress(Store())[known_as(lesson)]
    assert (one.place, one.count, one.done, one.answers) == (1, 3, False, 1)


def test_a_lesson_is_done_when_its_last_question_is_settled(lesson: Path) -> None:
    walk = take_up(lesson, Store())
    walk.jump(1)
    walk.answer("0.9")  # wrong, and settled
    walk.next()
    assert not all_progress(Store())[known_as(lesson)].done
    walk.answer("else")
    assert not all_progress(Store())[known_as(lesson)].done
    walk.answer("so")
    assert all_progress(Store())[known_as(lesson)].done
    assert take_up(lesson, Store()).place == 0


def test_what_is_jumped_over_is_not_done_until_it_is_answered_or_given_up(lesson: Path) -> None:
    walk = take_up(lesson, Store())
    walk.jump(2)
    walk.answer("so")
    assert not all_progress(Store())[known_as(lesson)].done
    assert ending_of(walk).tally.endswith("1 still open. The lesson is done when none is: step 2.")
    walk.jump(1)
    walk.give_up()
    assert all_progress(Store())[known_as(lesson)].done


def test_what_was_answered_before_the_lesson_was_left_counts_at_its_end(lesson: Path) -> None:
    first = take_up(lesson, Store())
    first.jump(1)
    first.answer("0.5")
    again = take_up(lesson, Store())
    assert again.standings == ("said", "right", "open") and again.asks
    again.jump(2)
    again.answer("so")
    assert all_progress(Store())[known_as(lesson)].done
    assert ending_of(again).tally == "2 of 2 questions right at once."
    assert ending_of(take_up(lesson, Store())).tally == "2 of 2 questions right at once."


def test_a_lesson_that_was_changed_begins_at_its_start(lesson: Path) -> None:
    take_up(lesson, Store()).jump(1)
    lesson.write_text(LESSON.replace("One.", "Two."), encoding="utf-8")
    assert take_up(lesson, Store()).place == 0


def test_a_shipped_lesson_is_known_by_its_id_and_another_by_its_path(lesson: Path) -> None:
    course = shipped()
    assert known_as(find_lesson(course.order[0])) == course.order[0]
    assert known_as(lesson) == str(lesson.resolve())


def test_a_lesson_knows_its_place_in_the_course_and_the_next_one(lesson: Path) -> None:
    course = shipped()
    first = entry_of(course.path(course.order[0]))
    assert first is not None and (first.number, first.count) == (0, len(course.order))
    assert first.next is not None and first.next.card.id == course.order[1]
    last = entry_of(course.path(course.order[-1]))
    assert last is not None and last.next is None
    assert entry_of(lesson) is None, "a file alone is in no course"
    (lesson.parent / "index.yaml").write_text("title: Mine\norder: [odd]\n", encoding="utf-8")
    own = entry_of(lesson)
    assert own is not None and (own.number, own.count, own.shelf.title) == (0, 1, "Mine")
