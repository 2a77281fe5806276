"""Every shipped lesson is played from start to end: line by line with right answers, wrong ones and none, and in the
app by key presses."""

from __future__ import annotations

import pytest

from rnntui.app import DebuggerApp
from rnntui.course.script import Script
from rnntui.plain.lesson import LessonConversation
from rnntui.session import Session
from rnntui.walk import Walk


def begun(script: Script) -> LessonConversation:
    conversation = LessonConversation(Walk(Session(script.run, script.source), script))
    conversation.opening()
    return conversation


def said(conversation: LessonConversation, line: str) -> str:
    return "\n".join(conversation.answer(line))


def test_by_lines_with_right_answers(script: Script, right_answers) -> None:
    conversation = begun(script)
    for stop in script.stops:
        if stop.question is not None:
            heard = ""
            for answer in right_answers(script, stop):
                if conversation.asks:  # a goal may be met before the last edit of its solution
                    heard = said(conversation, answer)
            assert "yes" in heard, stop.question.place
            assert not conversation.asks
        said(conversation, "")
    assert conversation.over


def test_by_lines_with_wrong_answers(script: Script, wrong_answers) -> None:
    conversation = begun(script)
    for stop in script.stops:
        if stop.question is not None:
            for answer in wrong_answers(script, stop):
                heard = said(conversation, answer)
                assert ("not yet" if stop.kind == "try" else "not this time") in heard, (stop.question.place, answer)
            if conversation.asks:
                said(conversation, "skip")
            assert not conversation.asks
        said(conversation, "")
    assert conversation.over


def test_by_lines_with_no_answers(script: Script) -> None:
    conversation = begun(script)
    lines = 0
    while not conversation.over:
        said(conversation, "skip" if conversation.asks else "")
        lines += 1
    questions = sum(stop.question is not None for stop in script.stops)
    assert lines == len(script.stops) + questions


def keys(kind: str, answer: str) -> list[str]:
    """What is pressed to give an answer."""
    match kind:
        case "choice":
            return [answer, "enter"]
        case "order":
            return [*answer.split(), "enter"]
        case "sign":
            return ["down"] * (1 + ["plus", "minus", "zero"].index(answer)) + ["enter"]
        case "true-false":
            return ["down"] * (1 if answer == "true" else 2) + ["enter"]
    return [*answer.replace(" × ", "x"), "enter"]


@pytest.mark.parametrize("size", [(80, 24), pytest.param((120, 36), marks=pytest.mark.nightly)])
async def test_in_the_app_by_key_presses(script: Script, right_answers, size) -> None:
    walk = Walk(Session(script.run, script.source), script)
    app = DebuggerApp(walk.session, walk)
    async with app.run_test(size=size) as pilot:
        for place, stop in enumerate(script.stops):
            await pilot.pause()
            assert walk.place == place
            if stop.kind == "bug":
                await pilot.press("g", *f"#{stop.question.asked.first + 1}", "enter")
                await pilot.pause()
                await pilot.press("enter")
            elif stop.question is not None:
                for answer in right_answers(script, stop):
                    if walk.outcome is None or not walk.outcome.right:  # as above
                        await pilot.press(*keys(stop.kind, answer))
                        await pilot.pause()
            if stop.question is not None:
                await pilot.pause()
                assert walk.outcome is not None and walk.outcome.right, stop.question.place
            if stop is not script.stops[-1]:
                await pilot.press("enter")
        assert walk.finished
