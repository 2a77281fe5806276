"""The line debugger's breakpoints, watches, what-ifs and reasons, on a cell worked out by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bptt.cells import CELLS
from bptt.edits import Edit
from bptt.model import Model
from bptt.run import Run
from rnntui.frame import Slot
from rnntui.plain.conversation import ERROR, Conversation
from rnntui.plain.debugger import DEBUGGER, debugger
from rnntui.reports.record import header_of
from rnntui.session import Session
from rnntui.sources.characters import from_text


def say(conversation: Conversation, *lines: str) -> list[str]:
    """The answer to the last of these lines."""
    answer: list[str] = []
    for line in lines:
        answer = list(conversation.say(line))
    return answer


# -- breakpoints


def test_continue_and_reverse_stop_at_a_step_and_say_why(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    assert say(conversation, "break mem") == ["breakpoint 1: mem"]
    assert say(conversation, "c")[:2] == ["breakpoint 1: mem", "step 3/20 · forward · t=1 of 2"]
    assert say(conversation, "continue")[1] == "step 7/20 · forward · t=2 of 2"
    assert say(conversation, "")[1].startswith("step 10/20 · backward")  # an empty line repeats it
    assert say(conversation, "reverse", "reverse")[1] == "step 3/20 · forward · t=1 of 2"
    assert say(conversation, "reverse")[:2] == [
        "the start of the run: no breakpoint lies before",
        "step 0/20 · start · nothing is computed yet",
    ]
    assert say(conversation, "break") == ["  1  mem    # met 5 times"]


def test_continue_without_a_breakpoint_goes_to_the_end(by_hand: Session) -> None:
    assert say(debugger(by_hand), "c")[:2] == [
        "the end of the run: no breakpoint is ahead",
        "step 20/20 · backward · t=1 of 2",
    ]
    assert say(debugger(by_hand), "c") == ["*** this is the end of the run: step 20 of 20"]


@pytest.mark.parametrize(
    ("said", "shown", "position"),
    [
        ("max(mem[t]) > 0.5", "max(mem[t]) > 0.5", 3),
        ("backward t=1", "backward t=1", 15),
        ("∇mem", "∇mem", 10),
        ("b1 q", "∇q t=1", 18),
        ("mem if t == 2", "mem if t == 2", 7),
        ("#5", "forward q t=2", 5),
        ("t=2", "t=2", 5),
        ("norm(grad(A)) >= 2", "norm(grad(A)) >= 2", 19),
    ],
)
def test_a_breakpoint_is_a_place_an_expression_or_both(by_hand: Session, said: str, shown: str, position: int) -> None:
    conversation = debugger(by_hand)
    assert say(conversation, f"tbreak {said}") == [f"breakpoint 1: {shown}"]
    say(conversation, "c")
    assert by_hand.position == position
    assert say(conversation, "break")[0].startswith("there are no breakpoints")  # it stops once


def test_breakpoints_rest_and_go_by_their_numbers(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    say(conversation, "break mem", "break q t=2", "disable 1")
    assert say(conversation, "break")[0] == "  1  mem    # met 0 times, disabled"
    say(conversation, "c")
    assert by_hand.position == 5
    assert say(conversation, "enable all", "delete 2") == ["deleted breakpoint 2: q t=2"]
    assert say(conversation, "break")[0].startswith("  1  mem    # met ")


def test_a_breakpoint_is_ignored_so_many_times(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    say(conversation, "break mem")
    assert say(conversation, "ignore 1 x") == ["*** pass over what? Write ignore N COUNT; break lists the breakpoints"]
    assert say(conversation, "ignore 1 1") == ["breakpoint 1 is passed over 1 time: mem"]
    assert say(conversation, "break") == ["  1  mem    # met 0 times, passed over 1 more"]
    say(conversation, "c")
    assert by_hand.run.schedule.place(by_hand.position - 1).t == 2
    assert say(conversation, "break") == ["  1  mem    # met 2 times"]
    assert "Write ignore N COUNT" in say(conversation, "ignore 1")[0]


# -- watches


def test_a_watch_is_shown_at_every_step_and_over_time_when_listed(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    assert say(conversation, "watch q[t][1]") == ["  1: q[t][1] = not computed yet"]
    assert say(conversation, "step")[-1] == "  1: q[t][1] = -1"
    assert say(conversation, "goto f2 mem")[-1] == "  1: q[t][1] = -0.5"
    assert say(conversation, "watch") == ["  1: q[t][1] = -0.5", "     over t: 1: −1  2: −0.5"]
    assert say(conversation, "unwatch 1") == ["no longer watched: q[t][1]"]
    assert say(conversation, "step")[-1].startswith("  The loss at t=2 is 0.5")


def test_a_watch_shows_nothing_that_is_hidden(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    say(conversation, "watch max(mem[t])", "goto f2 miss")
    by_hand.hide([Slot("mem", 2)])
    assert say(conversation, "watch") == ["  1: max(mem[t]) = ???"]


# -- what-ifs


def test_an_edit_runs_again_and_is_undone(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    say(conversation, "goto f2 q")
    answer = say(conversation, "set mem[1][0] = 3")
    assert answer[0] == "edit 1: mem[1][0] = 3; the run is computed again, undo takes it back"
    assert answer[1] == "step 5/20 · forward · t=2 of 2"
    assert "  q[2] = [2 -0.5]" in answer
    assert say(conversation, "back 2")[-1] == "  edited: mem[1][0] = 3"
    assert say(conversation, "undo")[0] == "undone: mem[1][0] = 3"
    assert "  q[2] = [1 -0.5]" in say(conversation, "goto f2 q")


def test_edits_are_listed_beside_the_original(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    say(conversation, "clamp r2[t][0] = 2", "set A[1][0] = 0")
    answer = say(conversation, "edits")
    assert answer[:2] == ["  1  r2[0] = 2", "  2  A[1][0] = 0"]
    assert answer[2].startswith("loss 1 → 13; what differs from the original")
    assert any(line.split()[0] == "r2" and line.endswith("from t=1 on") for line in answer[3:])
    assert say(conversation, "undo all")[0] == "no edits are left: this is the original run"
    assert say(conversation, "edits") == ["nothing is edited; write set h[3][1] = 0 or clamp f = 1"]


def test_edits_stand_in_what_is_exported(hello: Session) -> None:
    assert "edits" not in json.loads(header_of(hello.run, hello.source))  # type: ignore[arg-type]
    say(debugger(hello), "set mem[2][1] = 0.5", "set B[0][1] = 2")
    meta = json.loads(header_of(hello.run, hello.source))  # type: ignore[arg-type]
    assert meta["edits"] == ["mem[2][1] = 0.5", "B[0][1] = 2"]


def test_breakpoints_see_the_edited_run(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    say(conversation, "break max(mem[t]) > 5", "set mem[2][0] = 6", "c")
    assert by_hand.position == 7


# -- reasons


def test_why_tells_a_value_by_its_terms(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    say(conversation, "goto end")
    assert say(conversation, "why q[2][0]") == [
        "q[2][0] is 1, most of it A x[2] = 0.5 (50% of all sizes), with A[0][0] · x[2][0] = 1 · 0.5.",
        "q[2][0] = 1    q[2] = A x[2] + B mem[1]",
        "  0.5  50%  A x[2]",
        "    0.5  A[0][0] · x[2][0] = 1 · 0.5",
        "  0.5  50%  B mem[1]",
        "    0.5  B[0][0] · mem[1][0] = 0.5 · 1",
        "    0  B[0][1] · mem[1][1] = 0 · 0",
    ]


def test_why_tells_a_gradient_by_its_terms_and_its_road(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    say(conversation, "goto end")
    answer = say(conversation, "why ∇q[1]")
    assert answer[0] == "∇q[1][0] is 2 = ∇r2[1] ⊙ [q[1] > 0], with ∇r2[1][0] = 2 and r2[1][0] = 1."
    assert answer[-1].startswith("‖∇q[1]‖ is 2, × 2 from the loss at t=1")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("break foo", "no step computes 'foo'; there are q, r2, mem, miss, A, B"),
        ("break q[1]", "cannot read 'q[1]' in the place 'q[1]'"),
        ("break norm(q[t])", "'norm(q[t])' is not true or false: compare it"),
        ("break q[t][5] > 0", "q[t][5] does not exist: q[t] has components 0 … 1"),
        ("break #0", "no step ends at the start"),
        ("break t=9", "t=9 does not exist"),
        ("tbreak", "stop once where?"),
        ("delete", "delete which?"),
        ("delete 7", "no breakpoint has the number 7: there are none"),
        ("enable x", "enable which?"),
        ("watch q", "column 1: q is a variable and needs a time"),
        ("unwatch 3", "no watch has the number 3: there are none"),
        ("unwatch", "unwatch which?"),
        ("set", "set what?"),
        ("set q = 1", "at which time? Write set q[3] = 1, or clamp q = 1"),
        ("set q[1][7] = 1", "q[1][7] = 1 does not exist"),
        ("set q[1] = one", "'one' in 'q[1] = one' is not a number"),
        ("clamp", "clamp what?"),
        ("clamp A = 1", "A is a parameter and holds at every time as it is: write set A = 1"),
        ("undo", "nothing is edited"),
        ("undo x", "undo which?"),
        ("edits now", "nothing can follow edits"),
        ("reverse now", "nothing can follow reverse"),
        ("why", "why is what so?"),
        ("why q[1] + q[1]", "q[1] + q[1] is not one component"),
        ("why q[t][t]", "a component is a whole number here"),
        ("why q[2][0]", "q[2] is not computed yet here: go on to it first"),
        ("why ∇A[0][0]", "∇A is not computed yet here: go on to the backward phase"),
        ("why A", "of which component? A has 2 × 1 of them"),
        ("why q[1][4]", "q[1][4] does not exist"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_changes_nothing(by_hand: Session, line: str, error: str) -> None:
    conversation = debugger(by_hand)
    say(conversation, "step 2")
    (answer,) = say(conversation, line)
    assert answer.startswith(f"{ERROR}{error}")
    assert (by_hand.position, len(by_hand.breakpoints), len(by_hand.watches)) == (2, 0, 0)
    assert by_hand.whatif.edits == ()


def test_reasons_and_comparisons_wait_for_an_open_question(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    say(conversation, "goto end", "set q[1][0] = 2")
    by_hand.hide([Slot("mem", 2)])
    assert say(conversation, "why q[2][0]") == ["*** a question is open: reasons could give its answer away"]
    assert say(conversation, "edits")[1:] == ["what they change is not shown while a question is open"]


def test_every_command_of_the_table_explains_itself(by_hand: Session) -> None:
    for command in DEBUGGER:
        assert len(say(debugger(by_hand), f"help {command.name}")) == 2


@pytest.mark.parametrize("name", list(CELLS))
def test_every_step_of_an_edited_run_has_its_lines(name: str) -> None:
    source = from_text("hello hello", length=4, batch=2)
    model = Model.create(name, source.inputs, 3, source.outputs)
    session = Session(Run(model, source.x, source.y), source)
    for variable in model.cell.definitions:
        session.edit(Edit(variable, 0.3, (2, 3), (0,)))
    conversation = debugger(session)
    answer = say(conversation, f"step {session.total}")
    assert sum(line.startswith("step ") for line in answer) == session.total
    assert not any(line.startswith(ERROR) or "not computed yet" in line for line in answer)
    assert np.isfinite(session.run.trace().loss)
