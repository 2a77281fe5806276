"""Every shipped lesson: it loads, its own tests hold, it plays, and it keeps to the course's manners."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rnntui.course.asked import NumberAsked
from rnntui.course.prose import split
from rnntui.course.script import Script, open_script
from rnntui.course.shelf import shipped
from rnntui.safe import InputErrors
from rnntui.session import Session
from rnntui.walk import Walk

COURSE = shipped()
MOST_WORDS = 60


def walk_through(script: Script) -> Walk:
    return Walk(Session(script.run, script.source), script)


def test_its_own_tests_hold(script: Script) -> None:
    assert script.self_test() == ()
    assert script.expected


def test_its_file_bears_its_id(script: Script, path: Path) -> None:
    assert script.lesson.id == path.stem
    assert all(need in COURSE.order for need in script.lesson.needs)


@pytest.fixture
def broken(path: Path, tmp_path: Path) -> Callable[[str, str], Path]:
    """A copy of the lesson in which what a pattern finds is replaced."""

    def copy(pattern: str, put: str) -> Path:
        shutil.copytree(path.parent / "data", tmp_path / "data", dirs_exist_ok=True)
        made = tmp_path / path.name
        made.write_text(re.sub(pattern, put, path.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8")
        return made

    return copy


def test_each_answer_that_is_no_choice_is_noticed_at_its_place(path: Path, broken) -> None:
    copy = broken(r"^( +answer: ).*$", r"\1nothing of the kind[")
    lines = path.read_text(encoding="utf-8").split("\n")
    changed = {n for n, line in enumerate(lines, 1) if re.match(r" +answer: ", line)}
    with pytest.raises(InputErrors) as raised:
        open_script(copy, tried=False)
    assert changed == {int(line.split(":")[1]) for line in raised.value.lines()}


def test_it_plays_with_right_answers(script: Script, right_answers) -> None:
    walk = walk_through(script)
    for stop in script.stops:
        assert walk.session.position == stop.position
        if stop.question is not None:
            for answer in right_answers(script, stop):
                outcome = walk.answer(answer)
            assert outcome.right
            assert outcome.explain
        assert walk.next() or stop is script.stops[-1]
    assert walk.finished


def test_it_plays_with_wrong_answers(script: Script, wrong_answers) -> None:
    walk = walk_through(script)
    for stop in script.stops:
        if stop.question is not None:
            for answer in wrong_answers(script, stop):
                assert not walk.answer(answer).right
            while walk.hint():
                pass
            assert walk.next() == (stop is not script.stops[-1])
        if walk.outcome is not None and walk.outcome.given_up:
            assert walk.next()
        elif stop.question is None:
            assert walk.next() or stop is script.stops[-1]
    assert walk.finished


def test_it_plays_without_answers(script: Script) -> None:
    walk = walk_through(script)
    turns = 1
    while walk.next():
        turns += 1
    questions = sum(stop.question is not None for stop in script.stops)
    assert turns == walk.count + questions
    assert walk.finished


def test_a_question_is_answered_by_its_number_alone_within_its_tolerance(script: Script) -> None:
    for stop in script.stops:
        if stop.question is not None and isinstance(stop.question.asked, NumberAsked):
            asked = stop.question.asked
            assert 0 < asked.tolerance <= (0.5 if asked.relative else 0.1 * max(1, abs(script.answer(stop))))


def test_it_has_predictions_and_an_exercise_with_hints_and_explanations(script: Script) -> None:
    questions = [stop.question for stop in script.stops if stop.question is not None]
    assert len(questions) >= 3
    assert sum(question.asked.kind != "try" for question in questions) >= 2
    assert any(question.asked.kind == "try" for question in questions)
    assert all(question.hints and question.explain.pieces != ("",) for question in questions)


def test_what_it_says_is_short(script: Script) -> None:
    for step in script.lesson.steps:
        for key in ("say", "ask", "task", "explain"):
            text = getattr(step, key, None) or ""
            words = " 0 ".join(split(text)[0]).split()
            said = [word for word in words if any(letter.isalnum() for letter in word)]
            assert len(said) <= MOST_WORDS, (step, len(said))


def test_its_tables_fit_into_the_narrowest_lesson_pane(script: Script) -> None:
    lines = [line for stop in script.stops for line in script.table(stop)]
    assert max(map(len, lines), default=0) <= 46  # at 120 columns


def test_it_ends_with_what_was_seen(script: Script) -> None:
    assert script.stops[-1].kind == "say"
    assert "**You saw:**" in "".join(script.stops[-1].prose.pieces)


def test_every_step_says_where_to_look(script: Script) -> None:
    for stop in script.stops:
        assert stop.focus is not None
        assert stop.show


def test_it_opens_cold(script: Script) -> None:
    """Its first step says what the net is, for a reader who has seen no other lesson."""
    first = script.fill(script.stops[0].prose, script.stops[0])
    assert any(word in first for word in ("net", "LSTM"))


def test_three_mistakes_give_three_lines(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wrong = text.replace("summary:", "sumary:", 1).replace("expect: ", "expect: nothing[1] + ", 1)
    wrong = re.sub(r"goto: .*", "goto: forward t=9999", wrong, count=1)
    shutil.copytree(path.parent / "data", tmp_path / "data")
    copy = tmp_path / "wrong.yaml"
    copy.write_text(wrong, encoding="utf-8")
    with pytest.raises(InputErrors) as raised:
        open_script(copy, tried=False)
    lines = raised.value.lines()
    assert len(lines) == 3
    assert all(re.fullmatch(rf"{re.escape(str(copy))}:\d+:\d+: .+", line) for line in lines)
