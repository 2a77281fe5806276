"""The shipped lessons, each opened once for all that is asked of it, and answers of every kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from rnntui.course.asked import NumberAsked
from rnntui.course.exercises import TrialAsked
from rnntui.course.script import Script, Stop, open_script
from rnntui.course.shelf import shipped
from rnntui.walk import LETTERS
from tests.settling import settled

COURSE = shipped()


@pytest.fixture(params=COURSE.order)
def path(request: pytest.FixtureRequest) -> Path:
    return COURSE.path(request.param)


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a pilot waits for."""
    monkeypatch.setattr("textual.app.wait_for_idle", settled)
    monkeypatch.setattr("textual.pilot.wait_for_idle", settled)


@cache
def opened(path: Path) -> Script:
    return open_script(path)


@pytest.fixture
def script(path: Path) -> Script:
    return opened(path)


def _right(script: Script, stop: Stop) -> tuple[str, ...]:
    """What settles a question when typed in this order: one answer, or the edits of an exercise."""
    assert stop.question is not None
    asked = stop.question.asked
    return asked.solution if isinstance(asked, TrialAsked) else (script.right_answer(stop),)


def _wrong(script: Script, stop: Stop) -> list[str]:
    """Answers that can be read and are not right; of an exercise an edit that does not do yet."""
    assert stop.question is not None
    asked, choices = stop.question.asked, script.choices(stop)
    right = script.right_answer(stop)
    match asked.kind:
        case "number":
            assert isinstance(asked, NumberAsked)
            answer = script.answer(stop)
            return [f"{answer + 10 * asked.tolerance * (abs(answer) if asked.relative else 1):.6f}"]
        case "order":
            letters = [LETTERS[n] for n in range(len(choices))]
            return [" ".join(letters) if right.split() != letters else " ".join(reversed(letters))]
        case "choice":
            return [LETTERS[n] for n in range(len(choices)) if LETTERS[n] != right]
        case "sign":
            return [sign for sign in ("plus", "minus", "zero") if sign != right]
        case "true-false":
            return ["true" if right.startswith("f") else "false"]
        case "shape":
            return ["9 x 9"]
        case "equation":
            return [f"2 * ({right})"]
        case "bug":
            return ["here"]
        case "try":
            return [_idle(stop)]
    raise AssertionError(asked.kind)


def _idle(stop: Stop) -> str:
    """An edit of what an exercise's solution changes first, which leaves it nearly as it is."""
    assert stop.question is not None
    asked = stop.question.asked
    assert isinstance(asked, TrialAsked)
    place = asked.solution[0].partition("=")[0].strip()
    name, *indices = re.findall(r"\w+", place)
    value = stop.shown.true.model.parameters[name][tuple(map(int, indices))]
    return f"{place} = {value + 1e-5:.6f}"


@pytest.fixture
def idle_edit() -> Callable[[Stop], str]:
    return _idle


@pytest.fixture
def right_answers() -> Callable[[Script, Stop], tuple[str, ...]]:
    return _right


@pytest.fixture
def wrong_answers() -> Callable[[Script, Stop], list[str]]:
    return _wrong
