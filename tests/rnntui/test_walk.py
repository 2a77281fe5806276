"""A walk through a lesson: where it stands, how it judges, what it hides and when it reveals."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnntui.course.script import open_script
from rnntui.explain.marks import HIDDEN
from rnntui.frame import Slot
from rnntui.session import Session
from rnntui.walk import AnswerError, Walk

LESSON = """\
id: odd
title: An odd memory
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
  - goto: forward t=2 q
    ask: What is q[2], its second component? The first is {{ q[2][0] }}.
    number: q[2][1]
    tolerance: 0.05
    hint: [A is −1 there., The memory was 0.]
    explain: It is {{ q[2][1] }}, and the unit stays shut.
  - goto: backward t=1 r2
    ask: Which unit gets a gradient?
    choice: [the first, the second, neither]
    answer: the first
    mask: grad(r2[1])
    hint: [Look at r2., The second one was shut.]
    explain: The second one was shut.
  - say: The end.
    focus: A
    show: [q, grad(mem)]
  - expect: miss[1] == 0.5
"""
ASKED = Slot("q", 2)


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    path = tmp_path / "odd.yaml"
    path.write_text(LESSON, encoding="utf-8")
    script = open_script(path)
    return Walk(Session(script.run, script.source), script)


@pytest.fixture
def number(walk: Walk) -> Walk:
    """At the question for a number."""
    walk.jump(1)
    return walk


@pytest.fixture
def choice(walk: Walk) -> Walk:
    """At the question with choices."""
    walk.jump(2)
    return walk


# -- the way


def test_it_begins_at_the_first_step(walk: Walk) -> None:
    assert (walk.title, walk.place, walk.count, walk.finished) == ("An odd memory", 0, 4, False)
    assert walk.step.kind == "say"
    assert walk.step.text == "Nothing is computed yet."
    assert walk.outcome is None


def test_next_moves_the_cursor_to_where_the_lesson_stands(walk: Walk) -> None:
    assert walk.next()
    assert (walk.place, walk.session.position) == (1, 5)
    assert not walk.wandering


def test_next_gives_an_open_question_up_and_a_second_one_goes_on(number: Walk) -> None:
    assert number.next()
    assert number.place == 1
    assert number.outcome is not None
    assert number.outcome.given_up
    assert number.outcome.message == "it is −0.5"
    assert number.next()
    assert number.place == 2


def test_previous_restores_the_cursor_and_keeps_the_answer(choice: Walk) -> None:
    choice.previous()
    choice.answer("-0.5")
    choice.next()
    assert choice.previous()
    assert (choice.place, choice.session.position) == (1, 5)
    assert choice.outcome is not None
    assert choice.outcome.right
    assert choice.session.hidden == frozenset()


def test_the_ends_of_the_lesson_are_ends(walk: Walk) -> None:
    assert not walk.previous()
    assert not walk.jump(4)
    assert not walk.jump(-1)
    assert walk.jump(3)
    assert walk.finished
    assert not walk.next()


def test_wandering_is_seen_and_coming_back_restores_cursor_lens_and_masks(number: Walk) -> None:
    number.session.goto(9)
    number.session.look_at(Slot("mem", 1), 1)
    number.session.reveal()
    assert number.wandering
    number.come_back()
    assert not number.wandering
    assert number.session.position == 5
    assert number.session.lens.following
    assert number.session.hidden == {ASKED}


def test_focus_and_panels_are_told(walk: Walk) -> None:
    walk.jump(3)
    assert walk.step.focus is None
    assert walk.step.focus_name == "A"
    assert [(panel.name, panel.gradient) for panel in walk.step.show] == [("q", False), ("mem", True)]


# -- numbers


@pytest.mark.parametrize("text", ["-0.5", "−0.5", " -.5 ", "-5e-1"])
def test_a_number_within_the_tolerance_is_right(text: str, number: Walk) -> None:
    outcome = number.answer(text)
    assert (outcome.right, outcome.given_up, outcome.settled) == (True, False, True)
    assert outcome.message == ("near enough: it is −0.5" if text in ("-0.45", "-0.55") else "yes: −0.5")
    assert outcome.explain == "It is −0.5, and the unit stays shut."
    assert number.outcome == outcome


@pytest.mark.parametrize("text", ["-0.45", "-0.55", "-.51"])
def test_a_number_near_enough_is_said_to_be_that(text: str, number: Walk) -> None:
    outcome = number.answer(text)
    assert (outcome.right, outcome.settled, outcome.message) == (True, True, "near enough: it is −0.5")


def test_a_wrong_number_is_answered_with_both_numbers_and_the_explanation(number: Walk) -> None:
    outcome = number.answer("0.3")
    assert (outcome.right, outcome.given_up, outcome.settled) == (False, False, True)
    assert outcome.message == "not this time: you said 0.3, it is −0.5"
    assert outcome.explain
    assert number.session.hidden == frozenset()


@pytest.mark.parametrize("text", ["a half", "0x1", "1_0", "nan", "inf", "1,2,5", "--1", "\x1b[31m", "h" * 500])
def test_what_is_no_number_is_refused_in_one_line_and_counts_for_nothing(text: str, number: Walk) -> None:
    with pytest.raises(AnswerError) as raised:
        number.answer(text)
    message = str(raised.value)
    assert "is not a number: write one like" in message
    assert len(message) < 100
    assert "\x1b" not in message
    assert number.outcome is None
    assert number.session.hidden == {ASKED}


# -- choices


@pytest.mark.parametrize("text", ["a", "A", "a)", "1", "the first", "  The  FIRST "])
def test_a_choice_is_named_by_letter_number_or_text(text: str, choice: Walk) -> None:
    outcome = choice.answer(text)
    assert (outcome.right, outcome.message) == (True, "yes.")
    assert outcome.explain == "The second one was shut."


def test_a_wrong_choice_may_be_tried_again_and_the_second_brings_a_hint(choice: Walk) -> None:
    first = choice.answer("b")
    assert (first.right, first.given_up, first.settled, first.explain) == (False, False, False, "")
    assert first.message == "not this time."
    assert choice.session.hidden
    assert choice.answer("c").message == "not this time. Look at r2."
    assert choice.answer("a").right
    assert choice.session.hidden == frozenset()


@pytest.mark.parametrize("text", ["d", "0", "4", "fourth", "10000", "00010000"])
def test_what_is_none_of_the_choices_is_refused(text: str, choice: Walk) -> None:
    with pytest.raises(AnswerError, match="is none of the answers: write a letter from a to c"):
        choice.answer(text)
    assert choice.outcome is None


def test_nothing_is_no_choice(choice: Walk) -> None:
    with pytest.raises(AnswerError, match=r"^choose first: a letter from a to c$"):
        choice.answer(" ")
    assert choice.outcome is None


def test_hints_come_one_at_a_time_and_end(choice: Walk) -> None:
    assert [choice.hint(), choice.hint(), choice.hint()] == ["Look at r2.", "The second one was shut.", None]


def test_where_nothing_is_asked_there_is_nothing_to_answer(walk: Walk) -> None:
    with pytest.raises(AnswerError, match="nothing is asked here"):
        walk.answer("a")
    assert walk.hint() is None
    walk.give_up()
    assert walk.outcome is None


# -- masks


def test_what_is_asked_for_is_hidden_until_answered_or_given_up(number: Walk) -> None:
    assert number.session.frame().vector(ASKED) is HIDDEN
    assert number.step.text.endswith("The first is ???.")
    number.give_up()
    assert number.session.hidden == frozenset()
    assert number.step.text.endswith("The first is 1.")
    assert number.session.frame().vector(ASKED)[1] == -0.5


def test_no_frame_on_the_way_to_a_question_shows_what_it_asks_for(walk: Walk) -> None:
    seen: list[object] = []
    walk.session.subscribe(lambda: seen.append(walk.session.frame().mark(ASKED)))
    walk.next()
    assert seen
    assert all(mark is not None for mark in seen)


def test_leaving_an_open_question_takes_its_mask_off_and_returning_puts_it_on(number: Walk) -> None:
    number.jump(0)
    assert number.session.hidden == frozenset()
    number.jump(1)
    assert number.session.hidden == {ASKED}


def test_what_is_shown_is_computed_once_a_stop_and_again_when_the_answer_is_known(number: Walk) -> None:
    shown = number.step
    assert "The first is ???." in shown.text
    number.session.step()
    assert number.step is shown
    number.give_up()
    assert number.step is not shown
