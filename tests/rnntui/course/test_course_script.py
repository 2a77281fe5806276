"""A script: every place found, every expression read and tried, and everything wrong named at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bptt.queries import Reading
from rnntui.course.script import Panel, Script

Open = Callable[[str], Script]
Faults = Callable[[str], list[str]]


def test_stops_stand_where_the_file_says(odd_lesson: str, opened: Open) -> None:
    """4 forward equations, 2 times: q[1] is step 1, q[2] step 5; backward t=1 begins after 8 + 6 steps."""
    stops = opened(odd_lesson).stops
    assert [(stop.kind, stop.position, stop.t) for stop in stops[:3]] == [
        ("say", 0, 1),
        ("say", 1, 1),
        ("number", 5, 2),
    ]
    assert stops[3].kind == "choice"
    assert stops[3].t == 1
    assert stops[4].position == stops[3].position
    assert stops[1].show == (Panel("q"), Panel("mem", True))
    assert stops[1].focus == Reading("q", 1, False)


def moves(*steps: str) -> str:
    return "".join(f"  - say: here\n    {step}\n" for step in steps)


@pytest.mark.parametrize(
    ("steps", "positions"),
    [
        (["step: 3", "step: 2", "back: 4"], [3, 5, 1]),
        (["goto: end", "goto: start", "goto: '#7'"], [20, 0, 7]),
        (["goto: forward t=2 mem", "goto: backward t=T mem", "goto: t=1"], [7, 10, 15]),
        (["until: q[t][0] == 1", "until: q[2][0] > 0", "until: t == 1"], [1, 5, 15]),
        (["until: norm(grad(mem[t])) > 0 and t == 2"], [10]),
    ],
)
def test_moves_are_relative_to_the_step_before(
    steps: list[str], positions: list[int], odd_lesson: str, opened: Open
) -> None:
    head, _, _ = odd_lesson.partition("  - say: Nothing")
    script = opened(head + moves(*steps) + "  - expect: loss > 0\n")
    assert [stop.position for stop in script.stops] == positions


def test_a_silent_step_only_moves(odd_lesson: str, opened: Open) -> None:
    script = opened(odd_lesson.replace("  - say: The end.\n", "  - goto: end\n  - say: The end.\n"))
    assert len(script.stops) == 5
    assert script.stops[4].position == 20


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("goto: forward t=1 q", "goto: forward t=1 qq", "16:11: no forward step computes 'qq'; did you mean q?"),
        ("goto: forward t=1 q", "goto: forward t=3 q", "16:11: t=3 does not exist: this run has t=1…2"),
        ("goto: forward t=1 q", "goto: wherever it is", "16:11: cannot read"),
        ("goto: forward t=1 q", "step: 21", "16:11: the run ends 20 steps further on"),
        ("goto: forward t=1 q", "back: 1", "16:11: only 0 steps lie behind the cursor here"),
        ("goto: forward t=1 q", "until: q[t][0] > 5", "16:12: this never becomes true from here to the end"),
        ("goto: forward t=1 q", "until: q[1][0]", "16:12: a condition belongs here"),
        ("goto: forward t=1 q", "until: q[1][0] > zz", "16:22: odd has no variable or parameter 'zz'"),
        ("{{ q[1][0] }}", "{{ q[1][0 }}", "15:38: the bracket ]"),
        ("{{ q[1][0] }}", "{{ q[3][0] }}", "15:34: q[3] does not exist: this run has q[1] … q[2]"),
        ("{{ q[1][0] }}", "{{ }}", "15:34: the expression is empty"),
        ("{{ q[1][0] }}", "{{ q[1][0] ", "15:10: {{ without its other half"),
        ("{{ q[1][0] }}", "q[1] }}", "15:10: }} without its other half"),
        ("number: q[2][1]", "number: q[2]", "21:13: a question asks for one finite number"),
        ("number: q[2][1]", "number: q[2][1] > 0", "21:13: a question asks for one finite number"),
        ("number: q[2][1]", "number: 1 / 0", "21:13: a question asks for one finite number"),
        ("show: [q, grad(mem)]", "show: [q, grad(men)]", "17:15: show takes names like h or grad(h)"),
        ("focus: q[1]", "focus: q[1] + 1", "18:12: focus takes one thing"),
        ("mask: grad(r2[1])", "mask: A", "28:11: a mask is a variable or its gradient at a time"),
        ("mask: grad(r2[1])", "mask: grad(r3[1])", "28:16: odd has no variable or parameter 'r3'"),
        ("miss[1] == 0.5", "miss[1]", "32:13: a condition belongs here"),
        ("miss[1] == 0.5", "miss[9] == 0.5", "32:13: miss[9] does not exist"),
        ("  - expect: miss[1] == 0.5\n", "", "14:3: the lesson does not test itself"),
        ("explain: It is {{ q[2][1] }}", "explain: It is {{ q[2][1] + {{ 1 }}", "23:33: '{' has no place"),
    ],
)
def test_what_cannot_be_played_is_named_at_its_place(
    old: str, new: str, fault: str, odd_lesson: str, faults: Faults
) -> None:
    assert old in odd_lesson
    found = faults(odd_lesson.replace(old, new, 1))
    assert len(found) >= 1
    assert fault in found[0], found


def test_a_lesson_that_says_nothing_is_refused(odd_lesson: str, faults: Faults) -> None:
    head, _, _ = odd_lesson.partition("  - say: Nothing")
    assert "nothing is said" in faults(head + "  - goto: end\n  - expect: loss > 0\n")[0]


def test_the_self_test_names_every_expectation_that_does_not_hold(odd_lesson: str, opened: Open) -> None:
    assert opened(odd_lesson).self_test() == ()
    script = opened(odd_lesson + "  - expect: 2 * q[2][1] > 0\n  - expect: q[1][0] == 1\n  - expect: not loss > 0\n")
    assert [str(error).partition("lesson.yaml:")[2] for error in script.self_test()] == [
        "33:13: expected 2 * q[2][1] > 0, but −1 > 0 is false",
        "35:13: expected not loss > 0, but it is false",
    ]


def test_a_single_reference_is_hidden_by_default_and_a_computed_number_is_not(odd_lesson: str, opened: Open) -> None:
    question = opened(odd_lesson).stops[2].question
    assert question is not None
    assert question.hidden == {Reading("q", 2, False)}
    question = opened(odd_lesson.replace("number: q[2][1]", "number: 2 * q[2][1]")).stops[2].question
    assert question is not None
    assert question.hidden == frozenset()


def test_time_in_an_expression_is_the_cursor_s(odd_lesson: str, opened: Open) -> None:
    script = opened(
        odd_lesson.replace("What is the second component", "At {{ t }} of {{ T }}, what is {{ q[t-1][1] }}")
    )
    assert script.fill(script.stops[2].prose, script.stops[2]).startswith("At 2 of 2, what is −1 ")
