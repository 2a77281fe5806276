"""Every shipped lesson: it loads, its own tests hold, it plays, and it keeps to the course's manners."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rnntui.course.asked import ChoiceAsked, NumberAsked
from rnntui.course.prose import split
from rnntui.course.script import Script, Stop, open_script
from rnntui.course.shelf import shipped
from rnntui.safe import InputErrors
from rnntui.session import Session
from rnntui.walk import LETTERS, Walk

COURSE = shipped()
MOST_WORDS = 60


@pytest.fixture(params=COURSE.order)
def path(request: pytest.FixtureRequest) -> Path:
    return COURSE.path(request.param)


@pytest.fixture
def script(path: Path) -> Script:
    return open_script(path)


def walk_through(script: Script) -> Walk:
    return Walk(Session(script.run, script.source), script)


def right_answer(script: Script, stop: Stop) -> str:
    return script.right_answer(stop)


def wrong_answers(script: Script, stop: Stop) -> list[str]:
    question = stop.question
    assert question is not None
    choices = script.choices(stop)
    if isinstance(question.asked, NumberAsked):
        return [f"{script.answer(stop) + 10 * question.asked.tolerance:.6f}"]
    assert isinstance(question.asked, ChoiceAsked)
    return [LETTERS[n] for n in range(len(choices)) if n != question.asked.right]


def test_its_own_tests_hold(script: Script) -> None:
    assert script.self_test() == ()
    assert script.expected


def test_its_file_bears_its_id(script: Script, path: Path) -> None:
    assert script.lesson.id == path.stem
    assert all(need in COURSE.order for need in script.lesson.needs)


def test_breaking_what_it_expects_is_noticed(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for n, found in enumerate(re.finditer(r"expect: (.*)", text)):
        broken = f"{text[: found.start(1)]}not ({found[1]}){text[found.end(1) :]}"
        copy = tmp_path / f"{n}.yaml"
        copy.write_text(broken, encoding="utf-8")
        errors = open_script(copy).self_test()
        assert len(errors) == 1
        assert errors[0].place.split(":")[0] == str(text.count("\n", 0, found.start()) + 1)


def test_it_plays_with_right_answers(script: Script) -> None:
    walk = walk_through(script)
    for stop in script.stops:
        assert walk.session.position == stop.position
        if stop.question is not None:
            outcome = walk.answer(right_answer(script, stop))
            assert outcome.right
            assert outcome.explain
        assert walk.next() or stop is script.stops[-1]
    assert walk.finished


def test_it_plays_with_wrong_answers(script: Script) -> None:
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
            assert 0 < stop.question.asked.tolerance <= 0.1 * max(1, abs(script.answer(stop)))


def test_it_asks_at_least_three_times_both_ways_with_hints_and_explanations(script: Script) -> None:
    questions = [stop.question for stop in script.stops if stop.question is not None]
    assert len(questions) >= 3
    assert any(question.asked.kind == "choice" for question in questions)
    assert any(question.asked.kind == "number" for question in questions)
    assert all(question.hints and question.explain.pieces != ("",) for question in questions)


def test_what_it_says_is_short(script: Script) -> None:
    for step in script.lesson.steps:
        for key in ("say", "ask", "explain"):
            text = getattr(step, key, None) or ""
            words = " 0 ".join(split(text)[0]).split()
            said = [word for word in words if any(letter.isalnum() for letter in word)]
            assert len(said) <= MOST_WORDS, (step, len(said))


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
    wrong = re.sub(r"goto: (\w+) t=\d+", r"goto: \1 t=99", wrong, count=1)
    copy = tmp_path / "wrong.yaml"
    copy.write_text(wrong, encoding="utf-8")
    with pytest.raises(InputErrors) as raised:
        open_script(copy)
    lines = raised.value.lines()
    assert len(lines) == 3
    assert all(re.fullmatch(rf"{re.escape(str(copy))}:\d+:\d+: .+", line) for line in lines)
