"""Every kind of question, answered line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnntui.course.script import open_script
from rnntui.plain.command import CommandError
from rnntui.plain.lesson import LessonConversation
from rnntui.reports.transcript import transcript
from rnntui.session import Session
from rnntui.walk import Walk


@pytest.fixture
def conversation(every_kind: Path) -> LessonConversation:
    script = open_script(every_kind, tried=False)
    return LessonConversation(Walk(Session(script.run, script.source), script))


def said(conversation: LessonConversation, *lines: str) -> str:
    return "\n".join(text for line in lines for text in conversation.answer(line))


def test_a_lesson_is_played_right_from_its_first_line_to_its_last(conversation: LessonConversation) -> None:
    script = conversation.walk.script
    heard = "\n".join(conversation.opening())
    for stop in script.stops:
        if stop.question is not None:
            answers = ["d[0] = 90; d[1] = 90"] if stop.kind == "try" else [script.right_answer(stop)]
            heard += said(conversation, *answers)
            assert not conversation.asks
        heard += said(conversation, "")
    assert conversation.over
    assert heard.count("yes") >= 9
    forms = [stop.question.asked.form for stop in script.stops if stop.question and stop.kind != "number"]
    assert all(form in heard for form in forms)
    assert "Step to the first one and say here" in heard
    assert "other" in heard  # the table


@pytest.mark.parametrize(
    ("step", "line", "answer"),
    [
        (4, "d c b a", "not this time"),
        (6, "2 x 3", "rows come first"),
        (8, "tanh(C @ x[t])", "At t = "),
        (9, "∇L t=4", "is right, and so is all before it"),
        (10, "d[0] = 1", "not yet"),
        (10, "set d[0] = 1", "not yet"),
    ],
)
def test_a_wrong_answer_may_be_tried_again(step: int, line: str, answer: str, conversation: LessonConversation) -> None:
    said(conversation, f"jump {step}")
    heard = said(conversation, line)
    assert answer in heard
    assert "Try again" in heard
    assert conversation.asks


def test_a_fault_is_found_by_stepping_to_it_with_the_truth_at_hand(conversation: LessonConversation) -> None:
    said(conversation, "jump 9", "goto backward t=4 mem")
    assert "is right" in said(conversation, "here")
    assert "true: ∇mem at t = 4 is" in said(conversation, "true")
    said(conversation, "goto backward t=3 mem")
    assert "yes: ∇mem at t = 3 is the first wrong line" in said(conversation, "here")
    with pytest.raises(CommandError, match="is the true one"):
        said(conversation, "jump 1", "true")


def test_what_is_no_answer_is_a_command_or_says_what_would_be_one(conversation: LessonConversation) -> None:
    said(conversation, "jump 8")
    with pytest.raises(CommandError, match="no variable or parameter 'U'"):
        said(conversation, "tanh(U @ x[t])")
    assert "It has a tanh" in said(conversation, "?")
    assert "answer" in conversation.prompt


def test_without_anyone_to_ask_the_walkthrough_has_every_answer_and_table(every_kind: Path) -> None:
    whole = "\n".join(transcript(open_script(every_kind)))
    assert whole.count("  answer: ") == 9
    lines = " ".join(whole.split())
    assert "answer: r2[t] = tanh(C @ x[t] + E @ mem[t-1])" in lines
    assert "for example d[0] = 90, d[1] = 90" in lines
    assert "the part from the future is left out" in lines
    assert "wider" in lines
    assert "—" in lines
