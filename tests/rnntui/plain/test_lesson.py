"""A lesson by lines: how it goes on, asks, judges, hints, and lets the learner look around."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnntui.course.script import open_script
from rnntui.course.shelf import Card, shipped
from rnntui.plain.lesson import LESSON, LessonConversation
from rnntui.session import Session
from rnntui.walk import Walk

LESSON_TEXT = """\
id: odd-memory
title: A memory of *odd* make
summary: What a square remembers.
minutes: 3
model:
  equations: |
    q[t] = A @ x[t] + B @ mem[t-1]
    r2[t] = relu(q[t])
    mem[t] = r2[t] * r2[t]
    miss[t] = squared_error(mem[t], y[t])
  hidden: 2
  init: {A: [[1.0], [-1.0]], B: [[0.5, 0.0], [0.0, 0.5]]}
data: {x: [[1.0], [0.5]], y: [[0.0, 0.0], [1.0, 1.0]]}
steps:
  - say: Nothing is computed yet.
  - say: The first **sum** is {{ q[1][0] }}.
    goto: forward t=1 q
  - goto: forward t=2 q
    ask: What is the second component of q at t = 2?
    number: q[2][1]
    hint: [A is −1 there., The memory was 0.]
    explain: It is −0.5, and the unit stays shut.
  - goto: backward t=1 r2
    ask: Which unit gets a gradient?
    choice: [the first, the second, neither]
    answer: the first
    mask: grad(r2[1])
    explain: The second one was shut.
  - expect: miss[1] == 0.5
"""

UNCOVERED = ["  q[2] = [1 -0.5]", "  The sum q[0] at t=2 is +1.0: +.50 new input, +.50 memory."]


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LessonConversation:
    """The lesson above, on a terminal 60 wide."""
    monkeypatch.setenv("COLUMNS", "60")
    path = tmp_path / "odd-memory.yaml"
    path.write_text(LESSON_TEXT, encoding="utf-8")
    script = open_script(path)
    return LessonConversation(Walk(Session(script.run, script.source), script))


def say(conversation: LessonConversation, *lines: str) -> list[str]:
    """The answer to the last of these lines."""
    answer: list[str] = []
    for line in lines:
        answer = list(conversation.say(line))
    return answer


def test_it_opens_with_title_summary_header_and_first_step(lesson: LessonConversation) -> None:
    opening = lesson.opening()
    assert opening[0] == "A memory of *odd* make"
    assert "What a square remembers. About 3 minutes." in opening
    assert "  mem[t] = r2[t] * r2[t]" in opening
    assert opening[-1] == "Nothing is computed yet."
    assert lesson.prompt == "[1/4, enter goes on] "


def test_enter_goes_on_and_shows_the_run_and_what_is_said(lesson: LessonConversation) -> None:
    assert say(lesson, "")[1:] == [
        "step 1/20 · forward · t=1 of 2",
        "  q[t] = A x[t] + B mem[t-1]",
        "  q[1] = A [+1.0] + B [0 0]",
        "  q[1] = [1 -1]",
        "  The sum q[0] at t=1 is +1.0: +1.0 new input, 0 memory.",
        "",
        "The first sum is 1.",
    ]


def test_a_number_is_judged_and_what_was_hidden_is_shown(lesson: LessonConversation) -> None:
    asked = say(lesson, "", "")
    assert asked[-1] == "What is the second component of q at t = 2?"
    assert "  q[2] = ???" in asked
    assert lesson.prompt == "[3/4, your answer] "
    assert say(lesson, "print q[2]") == ["q[2] = ???"]
    assert say(lesson, "-0.5") == ["yes: −0.5", "It is −0.5, and the unit stays shut.", *UNCOVERED]
    assert say(lesson, "print q[2]") == ["q[2] = [1 -0.5]"]
    assert lesson.prompt == "[3/4, enter goes on] "


def test_a_wrong_number_gets_both_numbers(lesson: LessonConversation) -> None:
    assert say(lesson, "", "", "0.5")[0] == "not this time: you said 0.5, it is −0.5"
    assert not lesson.asks


def test_an_open_question_is_not_passed_by_enter(lesson: LessonConversation) -> None:
    [line] = say(lesson, "", "", "")
    assert line == "*** a question is open: answer it, or say ? for a hint, skip for the answer"
    assert lesson.walk.place == 2


def test_hints_come_one_at_a_time(lesson: LessonConversation) -> None:
    assert say(lesson, "", "", "?") == ["A is −1 there."]
    assert say(lesson, "hint") == ["The memory was 0."]
    assert say(lesson, "?") == ["*** there is no further hint; skip shows the answer"]
    assert lesson.asks


@pytest.mark.parametrize("word", ["skip", "k", "on", "]"])
def test_a_question_given_up_is_answered(lesson: LessonConversation, word: str) -> None:
    given_up = say(lesson, "", "", word)
    assert given_up == ["it is −0.5", "It is −0.5, and the unit stays shut.", *UNCOVERED]
    assert lesson.walk.place == 2
    assert not lesson.asks


@pytest.mark.parametrize("answer", ["a", "A", "a)", "1", "the first", "The  First"])
def test_a_choice_is_answered_by_letter_number_or_text(lesson: LessonConversation, answer: str) -> None:
    asked = say(lesson, "jump 4")
    assert asked[-3:] == ["  a) the first", "  b) the second", "  c) neither"]
    judged = say(lesson, answer)
    assert judged[:2] == ["yes.", "The second one was shut."]
    assert judged[2] == "  ∇r2[1] = [2 0]"
    assert lesson.prompt == "[4/4, the end, enter leaves] "


def test_a_wrong_choice_may_be_tried_again(lesson: LessonConversation) -> None:
    assert say(lesson, "j 4", "b") == ["not this time.", "Try again; ? gives a hint, skip shows the answer."]
    assert lesson.asks
    assert say(lesson, "a")[0] == "yes."


def test_a_letter_answers_while_a_choice_is_open_and_is_a_command_afterwards(lesson: LessonConversation) -> None:
    say(lesson, "jump 4")
    position = lesson.session.position
    say(lesson, "b")
    assert lesson.session.position == position
    say(lesson, "a", "b")
    assert lesson.session.position == position - 1


def test_every_command_of_the_debugger_works_while_a_question_is_open(lesson: LessonConversation) -> None:
    say(lesson, "jump 4")
    position = lesson.session.position
    assert say(lesson, "back")[0].startswith(f"step {position - 1}/20 ")
    assert "  ∇r2[1] = ???" in say(lesson, "step")
    assert say(lesson, "where")[0].startswith(f"step {position}/20 ")
    assert say(lesson, "list")[0] == "backward, t = T … 1; here t=1"
    assert say(lesson, "print norm(∇r2[1])") == ["norm(∇r2[1]) = ???"]
    assert lesson.asks


def test_wandering_is_told_and_enter_returns(lesson: LessonConversation) -> None:
    say(lesson, "", "goto end")
    assert lesson.prompt == "[2/4, enter returns] "
    returned = say(lesson, "")
    assert returned[1] == "step 1/20 · forward · t=1 of 2"
    assert (lesson.walk.place, lesson.session.position) == (1, 1)
    say(lesson, "step 3")
    assert say(lesson, "return") == returned


def test_previous_and_jump_stand_where_the_run_was(lesson: LessonConversation) -> None:
    first = say(lesson, "")
    say(lesson, "", "0", "")
    assert lesson.walk.place == 3
    assert say(lesson, "[", "previous") == first
    assert say(lesson, "jump 1")[-1] == "Nothing is computed yet."
    assert say(lesson, "[") == ["*** this is the first step of the lesson"]
    assert say(lesson, "jump 9") == ["*** there is no step 9: this lesson has 4"]
    assert say(lesson, "jump") == ["*** jump where? Say jump N, N from 1 to 4"]
    assert say(lesson, "jump x")[0].startswith("*** 'x' is not a count")


def test_an_answered_question_is_shown_with_its_answer_when_it_is_seen_again(lesson: LessonConversation) -> None:
    say(lesson, "", "", "-0.5", "", "[")
    again = say(lesson, "return")
    assert again[-2:] == ["yes: −0.5", "It is −0.5, and the unit stays shut."]


def test_what_is_neither_answer_nor_command_is_one_line(lesson: LessonConversation) -> None:
    assert say(lesson, "", "", "many") == [
        "*** 'many' is not a number: write one like 0.25, -1.5, 1/3 or 2e-3; or say a command, which help lists"
    ]
    [line] = say(lesson, "jump 4", "\x1b[31m")
    assert line.startswith("*** '\\x1b[31m' is none of the answers: write a letter from a to c")
    assert say(lesson, "jump 1", "?") == ["*** nothing is asked here"]
    assert say(lesson, "skip") == ["*** nothing is asked here; enter goes on"]


def test_a_letter_that_is_no_answer_and_no_whole_command_is_told_of_as_an_answer(lesson: LessonConversation) -> None:
    [line] = say(lesson, "jump 4", "d")  # which would be delete
    assert line == "*** 'd' is none of the answers: write a letter from a to c; or say a command, which help lists"
    assert say(lesson, "delete")[0].startswith("*** delete which?")


def test_an_answer_that_comes_too_late_is_told_that_nothing_is_asked(lesson: LessonConversation) -> None:
    assert say(lesson, "jump 3", "-0.5", "-0.25")[-1] == (
        "*** no command is called '-0.25', and the question is answered: enter goes on"
    )


def test_enter_after_the_last_step_leaves(lesson: LessonConversation) -> None:
    say(lesson, "jump 4", "skip")
    assert say(lesson, "on") == ["*** this is the last step of the lesson; quit leaves"]
    assert not lesson.over
    said = " ".join(say(lesson, ""))
    assert said.startswith("That was A memory of odd make. 0 of 2 questions right at once, 1 still open.")
    assert said.endswith("You learned: What a square remembers.")
    assert lesson.over


def test_the_steps_are_listed_with_what_is_open_and_what_is_settled(lesson: LessonConversation) -> None:
    say(lesson, "jump 4", "skip", "jump 2")
    rows = say(lesson, "steps")
    assert [row[:6] for row in rows] == ["   1  ", "→  2  ", "   3 ?", "   4 -"]
    assert rows[0].startswith("   1   Nothing is computed yet")
    assert not any("{{" in row or "0." in row for row in rows), "nothing that is computed is told"


def test_help_has_the_lessons_commands_and_the_debuggers(
    lesson: LessonConversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    listed = "\n".join(say(lesson, "help"))
    for command in lesson.commands:
        assert command.usage in listed
    assert "an empty line" in listed
    assert "go on with the lesson" in listed
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, say(lesson, "help"))) < 80
    names = [name for command in lesson.commands for name in (command.name, command.short)]
    assert len(set(names)) == len(names)
    for command in LESSON:
        assert say(lesson, f"help {command.name}")[1].strip() == command.help


def test_narration_keeps_to_the_terminals_width(lesson: LessonConversation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "32")
    asked = say(lesson, "jump 3")
    assert asked[-2:] == ["What is the second component of", "q at t = 2?"]


@pytest.mark.parametrize("card", shipped().cards, ids=lambda card: card.id)
def test_every_shipped_lesson_plays_to_its_end(card: Card) -> None:
    script = open_script(card.path)
    lesson = LessonConversation(Walk(Session(script.run, script.source), script))
    said = lesson.opening()
    places = [lesson.walk.place]
    while not lesson.over:
        said += say(lesson, "skip" if lesson.asks else "")
        places.append(lesson.walk.place)
    assert sorted(set(places)) == list(range(lesson.walk.count))
    assert not any(line.startswith("***") for line in said)
    assert len(said) >= 30
