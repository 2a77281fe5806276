"""Every kind of question and exercise, walked through right, wrong, and without an answer."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnntui.course.answers import AnswerError
from rnntui.course.exercises import TrialAsked
from rnntui.course.script import Script, open_script
from rnntui.session import Session
from rnntui.walk import Walk

KINDS = [
    "say",
    "number",
    "choice",
    "order",
    "sign",
    "shape",
    "true-false",
    "equation",
    "bug",
    "try",
    "say",
    "say",
    "say",
]
WRONG = {
    "number": ["7"],
    "choice": ["a", "mem"],
    "order": ["a b c d", "d c b a"],
    "sign": ["zero", "0"],
    "shape": ["2 x 3", "5 x 5"],
    "equation": ["tanh(C @ x[t])", "r2[t-1]", "sigmoid(C @ x[t] + E @ mem[t-1])", "C"],
    "bug": ["∇L t=4", "∇C t=1"],
    "try": ["d[0] = -9", "q[2][0] = 1"],
}


@pytest.fixture
def script(every_kind: Path) -> Script:
    return open_script(every_kind)


@pytest.fixture
def walk(script: Script) -> Walk:
    return Walk(Session(script.run, script.source), script)


def at(walk: Walk, kind: str) -> Walk:
    walk.jump(KINDS.index(kind))
    assert walk.step.kind == kind
    return walk


def test_the_right_answer_to_each_is_judged_right(walk: Walk, script: Script) -> None:
    assert [stop.kind for stop in script.stops] == KINDS
    for stop in script.stops:
        if stop.question is not None:
            answers = ["d[0] = 90", "d[1] = 90"] if stop.kind == "try" else [script.right_answer(stop)]
            for answer in answers:
                outcome = walk.answer(answer)
            assert (outcome.right, outcome.settled) == (True, True), stop.kind
            assert outcome.explain
        assert walk.next() or stop is script.stops[-1]
    assert walk.finished


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_is_not_right_and_a_hint_comes_with_the_second(kind: str, walk: Walk) -> None:
    at(walk, kind)
    for answer in WRONG[kind]:
        outcome = walk.answer(answer)
        assert not outcome.right, answer
        assert not outcome.given_up
        assert bool(outcome.explain) == outcome.settled
    if not outcome.settled and kind not in ("bug", "try"):
        assert walk.hints


def test_a_false_statement_is_answered_with_the_truth(walk: Walk, script: Script) -> None:
    at(walk, "true-false")
    right = script.right_answer(script.stops[walk.place])
    wrong = "false" if right == "true" else "true"
    outcome = walk.answer(wrong)
    assert (outcome.right, outcome.settled, outcome.message) == (False, True, f"not this time: it is {right}")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"say", "number"}))
def test_what_cannot_be_read_is_no_answer(kind: str, walk: Walk) -> None:
    at(walk, kind)
    with pytest.raises(AnswerError):
        walk.answer("next please")
    assert walk.outcome is None


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"say"}))
def test_who_gives_up_is_told_the_answer_and_why(kind: str, walk: Walk) -> None:
    at(walk, kind)
    assert walk.next()
    assert walk.outcome is not None
    assert walk.outcome.given_up
    assert walk.outcome.message.startswith("it is ")
    assert walk.outcome.explain
    assert walk.session.hidden == frozenset()


def test_letters_in_order_are_an_order_and_what_is_right_so_far_is_said(walk: Walk, script: Script) -> None:
    at(walk, "order")
    right = script.right_answer(script.stops[walk.place]).split()
    assert sorted(right) == ["a", "b", "c", "d"]
    assert right != ["a", "b", "c", "d"]
    assert "not the first one" in walk.answer("".join(reversed(right))).message
    assert "the first 2 are right" in walk.answer(" ".join([*right[:2], right[3], right[2]])).message
    assert walk.answer("".join(right)).right


def test_rows_and_columns_turned_round_are_said_to_be(walk: Walk) -> None:
    at(walk, "shape")
    assert "rows come first" in walk.answer("2 × 3").message
    assert walk.answer("(3, 2)").right


@pytest.mark.parametrize(
    "text",
    [
        "tanh(E @ mem[t-1] + C @ x[t])",
        "r2[t] = tanh(C @ x[t] + E @ mem[t-1])",
        "2 * sigmoid(2 * (C @ x[t] + E @ mem[t-1])) - 1",
    ],
)
def test_an_equation_is_judged_by_its_numbers_and_not_by_its_letters(text: str, walk: Walk) -> None:
    assert at(walk, "equation").answer(text).right


@pytest.mark.parametrize("text", ["r2[t]", "r2[t] + grad(mem[t])", "r2[t-1] + grad(q[t])", "tanh(loss)", "q[t] > 0"])
def test_an_equation_reads_neither_itself_nor_what_comes_later(text: str, walk: Walk) -> None:
    with pytest.raises(AnswerError):
        at(walk, "equation").answer(text)


def test_the_fault_is_in_the_run_that_is_shown_and_the_truth_is_at_hand(walk: Walk, script: Script) -> None:
    at(walk, "bug")
    session = walk.session
    assert session.run is not script.run
    session.goto(len(session.run))
    assert not np.allclose(session.run.read("mem", 1, True), script.run.read("mem", 1, True))
    assert walk.truth.startswith("true: ∇")
    session.goto_place("backward t=3 mem")  # at t = 4 there is no future that could be missing
    assert walk.answer("here").right
    walk.next()
    assert session.run is script.run


def test_stepping_on_is_no_wandering_where_a_fault_is_looked_for(walk: Walk) -> None:
    at(walk, "bug")
    walk.session.step()
    assert not walk.wandering


def test_edits_are_judged_as_they_are_made_and_gone_at_the_next_step(walk: Walk, script: Script) -> None:
    at(walk, "try")
    with pytest.raises(AnswerError, match="A may not be changed here: only q, d"):
        walk.answer("A[0][0] = 1")
    outcome = walk.answer("d[0] = 90")
    assert outcome.message.startswith("not yet: q[3][1] is 0.") and outcome.message.endswith("to be above 0.99")
    assert not outcome.settled
    assert not walk.answer("undo").settled
    assert walk.session.whatif.edits == ()
    with pytest.raises(AnswerError, match="nothing is changed yet: there is nothing to undo"):
        walk.answer("undo")
    with pytest.raises(AnswerError, match=r"^write an edit like q\[t\] = "):
        walk.answer(" ")
    for text in ("d[0] = 90", "d[1] = 90"):
        outcome = walk.answer(text)
    assert outcome.right
    assert "It is 1 and 1 now" in outcome.explain.replace("1.000", "1")
    walk.next()
    assert walk.session.whatif.edits == ()
    assert np.array_equal(walk.session.run.read("q", 3), script.stops[walk.place].shown.run.read("q", 3))


def test_several_edits_in_a_line_are_one_answer(walk: Walk) -> None:
    at(walk, "try")
    outcome = walk.answer("d[0] = 90, d[1] = 90")
    assert outcome.right
    assert len(walk.session.whatif.edits) == 2
    assert walk.standings[walk.place] == "right"


def test_an_edit_of_more_numbers_than_the_solution_changes_is_refused(walk: Walk, script: Script) -> None:
    at(walk, "try")
    question = script.stops[walk.place].question
    assert question is not None and isinstance(question.asked, TrialAsked)
    one = replace(question.asked, solution=("d[0] = 90",))
    with pytest.raises(AnswerError, match=r"d = 90 would change 2 numbers at once: write which one, like q\[t\] = "):
        one.read("d = 90", walk.session.run)
    assert question.asked.read("d = 90", walk.session.run)  # its solution changes both


def test_an_edit_by_a_command_counts_as_well(walk: Walk) -> None:
    from bptt.edit_text import parse_edit

    at(walk, "try")
    session = walk.session
    for text in ("d[0] = 90", "d[1] = 90"):
        session.edit(parse_edit(text, session.cell, session.run.T))
    assert walk.outcome is not None
    assert walk.outcome.right


def test_an_edit_that_is_not_allowed_does_not_count(walk: Walk) -> None:
    from bptt.edit_text import parse_edit

    at(walk, "try")
    session = walk.session
    session.edit(parse_edit("A[0][0] = 1", session.cell, session.run.T))
    assert walk.outcome is not None
    assert "A may not be changed here" in walk.outcome.message


def test_steps_show_the_runs_that_they_name(walk: Walk, script: Script) -> None:
    walk.jump(10)
    assert walk.session.run is script.main.after(20)
    walk.jump(11)
    assert walk.session.run.model.hidden == 3
    walk.jump(0)
    assert walk.session.run is script.run


def test_a_table_has_a_row_for_each_case_and_a_dash_for_what_is_not_there(walk: Walk) -> None:
    lines = walk.step.table
    assert len({len(line) for line in lines}) == 1
    assert [line.split()[0] for line in lines[2:]] == ["other", "wider", "left", "cut", "again"]
    assert lines[2].split()[1] == "—"  # its cell has no mem
    assert lines[4].split()[2] == "—"  # it is not trained


def test_what_a_lesson_that_was_not_checked_cannot_work_out_is_told_and_no_fault(
    every_kind: Path, tmp_path: Path
) -> None:
    """Its times and shapes are looked at when it is opened, its numbers not."""
    text = every_kind.read_text(encoding="utf-8").replace("number: q[2][0]", "number: q[2][q[2][0]]")
    (tmp_path / "every_kind.json").write_text(every_kind.with_suffix(".json").read_text(encoding="utf-8"))
    file = tmp_path / "lesson.yaml"
    file.write_text(text.replace("It is {{ q[2][0] }}", "It is {{ q[2][q[2][0]] }}"), encoding="utf-8")
    script = open_script(file, tried=False)
    walk = Walk(Session(script.run, script.source), script)
    walk.next()
    with pytest.raises(AnswerError, match="counted in whole numbers"):
        walk.answer("0.5")
    walk.next()
    assert walk.outcome is not None
    assert walk.outcome.explain == "It is —."


def test_how_an_answer_is_written_holds_no_number_that_could_be_one(script: Script) -> None:
    forms = [stop.question.asked.form for stop in script.stops if stop.question is not None]
    assert any("NUMBER" in form for form in forms)
    assert not any(re.search(r"= *[-\d.]|\d x \d", form) for form in forms)
