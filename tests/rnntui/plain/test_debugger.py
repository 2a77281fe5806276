"""The line debugger: what every command answers, on cells worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bptt.cells import CELLS
from bptt.model import Model
from bptt.run import Run
from rnntui.frame import Slot
from rnntui.plain.conversation import ERROR, LONGEST_LINE, Conversation, converse
from rnntui.plain.debugger import DEBUGGER, debugger
from rnntui.session import Session
from rnntui.sources.characters import from_text


def say(conversation: Conversation, *lines: str) -> list[str]:
    """The answer to the last of these lines."""
    answer: list[str] = []
    for line in lines:
        answer = list(conversation.say(line))
    return answer


def test_a_step_is_printed_as_place_equation_numbers_result_and_sentence(by_hand: Session) -> None:
    assert say(debugger(by_hand), "goto #5") == [
        "step 5/20 · forward · t=2 of 2",
        "  q[t] = A x[t] + B mem[t-1]    # what comes in",
        "  q[2] = A [+.50] + B [+1.0 0]",
        "  q[2] = [1 -0.5]",
        "  The sum q[0] at t=2 is +1.0: +.50 new input, +.50 memory.",
    ]
    assert say(debugger(by_hand), "goto b1 r2") == [
        "step 17/20 · backward · t=1 of 2",
        "  ∇r2[t] = 2·r2[t] ⊙ ∇mem[t]",
        "  ∇r2[1] = 2·[+1.0 0] ⊙ [+1.0 0]",
        "  ∇r2[1] = [2 0]",
        "  ∇r2[0] at t=1 is +2.0: 2 × r2₁ (+1.0) × the blame of mem (+1.0).",
    ]


def test_a_parameter_shows_its_share_and_the_sum_so_far(by_hand: Session) -> None:
    assert say(debugger(by_hand), "goto b1 A") == [
        "step 19/20 · backward · t=1 of 2",
        "  ∇A += ∇q[t] x[t]ᵀ",
        "  ∇A += [+2.0 0] [+1.0]ᵀ",
        "  ∇A = [2]    # summed over t=2…1",
        "       [0]",
        "  ∇A[0,0] gets +2.0 at t=1: ∇q₁[0] (+2.0) × x₁[0] (+1.0).",
    ]


def test_inputs_and_targets_of_a_text_are_shown_as_characters(hello: Session) -> None:
    first = say(debugger(hello), "step")
    assert first[0] == "step 1/80 · forward · t=1 of 4 · x = 'h'"
    assert first[2] == "  q[1] = σ(A 'h' + B [0 0 0] + k)"
    loss = say(debugger(hello), "goto f4 L")
    assert loss[2].endswith(", 'o')")


def test_step_and_back_take_a_count_and_print_every_step(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    places = [line for line in say(conversation, "step 3") if line.startswith("step")]
    assert [place.split(" ·")[0] for place in places] == ["step 1/20", "step 2/20", "step 3/20"]
    assert say(conversation, "b 2")[-5] == "step 1/20 · forward · t=1 of 2"
    assert by_hand.position == 1


def test_a_hundred_steps_forward_and_a_hundred_back_print_the_same_step(hello: Session) -> None:
    source = from_text("hello hello")
    model = Model.create(hello.cell, source.inputs, 3, source.outputs)
    session = Session(Run(model, source.x, source.y), source)
    conversation = debugger(session)
    before = say(conversation, "goto f3 r2"), say(conversation, "where"), say(conversation, "list")
    position = session.position
    say(conversation, *["step"] * 100)
    assert session.position == position + 100
    say(conversation, *["back"] * 99)
    after = say(conversation, "back"), say(conversation, "where"), say(conversation, "list")
    assert session.position == position
    assert before == after


def test_next_goes_by_timesteps_and_phase_by_phases(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    positions = []
    for line in ("next", "n", "n", "back 3", "phase", "goto start", "next 3", "goto start", "f", "f"):
        say(conversation, line)
        positions.append(by_hand.position)
    assert positions == [4, 8, 14, 11, 20, 0, 14, 0, 8, 20]


def test_an_empty_line_repeats_the_last_move_and_is_a_step_at_first(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    positions = []
    for line in ("", "", "next", "", "print q[1]", "", "back 2", ""):
        say(conversation, line)
        positions.append(by_hand.position)
    assert positions == [1, 2, 4, 8, 8, 14, 12, 10]


def test_the_ends_of_the_run_are_named(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    assert say(conversation, "back") == ["*** this is the start of the run: step 0 of 20"]
    answer = say(conversation, "goto #19", "step 5")
    assert answer[0] == "step 20/20 · backward · t=1 of 2"
    assert answer[-1] == "*** this is the end of the run: step 20 of 20"
    assert say(conversation, "next") == say(conversation, "phase") == [answer[-1]]


def test_goto_reads_the_grammar_of_places(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    wanted = {"end": 20, "start": 0, "#7": 7, "forward t=2 mem": 7, "b2 ∇q": 12, "backward t=1": 15, "f1": 1}
    for place, position in wanted.items():
        say(conversation, f"goto {place}")
        assert by_hand.position == position, place
    assert say(conversation, "goto nan") == ["*** every value of this run is finite: there is no NaN to go to"]
    assert say(conversation, "goto b9") == ["*** t=9 does not exist: this run has t=1…2"]
    assert say(conversation, "goto")[0].startswith("*** a place is missing")
    assert by_hand.position == 1


def test_print_gives_values_as_they_stand_at_the_cursor(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    say(conversation, "goto b1 q")
    assert say(conversation, "print q[2]") == ["q[2] = [1 -0.5]"]
    assert say(conversation, "p q[t][1]") == ["q[t][1] = -1"]
    assert say(conversation, "p ∇mem[2]") == ["∇mem[2] = [0 -1]"]
    assert say(conversation, "p grad(mem[t])") == ["grad(mem[t]) = [1 0]"]
    assert say(conversation, "p norm(q[2]) < 1.2 and t == 1") == ["norm(q[2]) < 1.2 and t == 1 = true"]
    assert say(conversation, "p A") == ["A = [1]", "    [-1]"]
    assert say(conversation, "p ∇A") == ["∇A = [0]", "     [0]"]  # t=1 is not added yet
    assert say(conversation, "step", "p ∇A") == ["∇A = [2]", "     [0]"]
    assert say(conversation, "p total(grad(A))") == ["total(grad(A)) = [2]", "                 [0]"]


def test_print_says_what_is_not_computed_yet(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    say(conversation, "goto f1 q")
    for text in ("r2[1]", "q[2]", "∇q[1]", "grad(A)", "loss"):
        assert say(conversation, f"print {text}") == [f"{text} = not computed yet"]
    assert say(conversation, "print q[1]") == ["q[1] = [1 -1]"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "print what?"),
        ("qq[1]", "column 1: by-hand has no variable or parameter 'qq'; did you mean 'q'?"),
        ("q", "q is a variable and needs a time"),
        ("q[3]", "q[3] does not exist: this run has q[1] … q[2]"),
        ("q[1][2]", "q[1][2] does not exist"),
        ("q[1", "column 2"),
        ("__import__('os')", "*** column"),
        ("q[1] + A", "do not fit together"),
        ("9**9**9", "exponent"),
    ],
)
def test_a_bad_expression_is_one_line(by_hand: Session, text: str, error: str) -> None:
    [line] = say(debugger(by_hand), f"print {text}")
    assert line.startswith(ERROR)
    assert error in line


def test_what_a_question_hides_is_hidden_in_every_answer(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    by_hand.goto(20)
    by_hand.hide([Slot("q", 1, gradient=True)])
    for text in ("∇q[1]", "norm(∇q[1])", "grad(q[1])[0]", "grad(A)", "2 * ∇q[1]"):
        assert "???" in say(conversation, f"print {text}")[0], text
    assert say(conversation, "goto b1 q")[-2:] == ["  ∇q[1] = ???", "  ∇q at t=1 is hidden until you answer."]
    share = say(conversation, "goto b1 A")
    assert share[2:4] == ["  ∇A += ??? [+1.0]ᵀ", "  ∇A = ???    # summed over t=2…1"]
    assert "hidden" in share[4]
    assert say(conversation, "goto b2 A")[-3] == "  ∇A = [0]    # the share of t=2"
    assert say(conversation, "print ∇q[2]") == ["∇q[2] = [0 0]"]
    by_hand.reveal()
    assert say(conversation, "print ∇q[1]") == ["∇q[1] = not computed yet"]


def test_where_tells_place_what_was_computed_and_what_is_next(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    assert say(conversation, "where") == ["step 0/20 · start", "  next: q[1] = A x[1] + B mem[0]"]
    assert say(conversation, "goto b2 r2", "w") == [
        "step 11/20 · backward · t=2 of 2",
        "  computed: ∇r2[2] = 2·r2[2] ⊙ ∇mem[2]",
        "  equation 3 of the 6 of a backward timestep",
        "  next: ∇q[2] = ∇r2[2] ⊙ [q[2] > 0]",
    ]
    assert say(conversation, "goto end", "w")[-1] == "  this is the end of the run"


def test_list_marks_the_current_equation_of_the_phase(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    assert say(conversation, "goto f2 r2", "list") == [
        "forward, t = 1 … T; here t=2",
        "   q[t] = A x[t] + B mem[t-1]    # what comes in",
        " → r2[t] = relu(q[t])",
        "   mem[t] = r2[t] ⊙ r2[t]    # the memory",
        "   miss[t] = squared_error(mem[t], y[t])",
    ]
    backward = say(conversation, "goto b1 q", "l")
    assert [line for line in backward if "→" in line] == [" → ∇q[t] = ∇r2[t] ⊙ [q[t] > 0]"]
    assert not any("→" in line for line in say(conversation, "goto start", "l"))


def test_help_lists_every_command_and_explains_each(by_hand: Session) -> None:
    conversation = debugger(by_hand)
    listed = "\n".join(say(conversation, "help"))
    for command in DEBUGGER:
        assert command.usage in listed
        for name in (command.name, command.short):
            explained = say(conversation, f"help {name}")
            assert explained[0].startswith(command.usage)
            assert command.help in explained[1]


def test_names_and_short_names_are_all_different() -> None:
    names = [name for command in DEBUGGER for name in (command.name, command.short)]
    assert len(set(names)) == len(names)
    wanted = "step back next phase goto print where list help quit break tbreak delete enable disable continue reverse"
    wanted += " say watch unwatch set clamp undo edits why ignore"
    assert {command.name for command in DEBUGGER} == set(wanted.split())


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("stpe", "no command is called 'stpe'; did you mean step?"),
        ("xyzzy", "no command is called 'xyzzy'; help lists what there is"),
        ("help gotto", "no command is called 'gotto'; did you mean goto?"),
        ("step x", "'x' is not a count: write step N, N a whole number from 1"),
        ("step 0", "'0' is not a count: write step N, N a whole number from 1"),
        ("back -1", "'-1' is not a count: write back N, N a whole number from 1"),
        (
            "b h t=3",
            "'h t=3' is not a count: write back N, N a whole number from 1; a breakpoint is set by break, short B",
        ),
        ("next 1.5", "'1.5' is not a count: write next N, N a whole number from 1"),
        ("step 99999999999999999999", "'99999999999999999999' is not a count: write step N, N a whole number from 1"),
        ("step ３", "'３' is not a count: write step N, N a whole number from 1"),
        ("where now", "nothing can follow where, and here 'now' does"),
        ("quit it", "nothing can follow quit, and here 'it' does"),
        ("\x1b[2J", "no command is called '\\x1b[2J'; help lists what there is"),
        ("s" * 3000, f"a line of over {LONGEST_LINE:,} characters: say it shorter"),
    ],
)
def test_a_line_that_cannot_be_acted_on_is_one_line_and_moves_nothing(by_hand: Session, line: str, error: str) -> None:
    conversation = debugger(by_hand)
    say(conversation, "step 2")
    assert say(conversation, line) == [f"*** {error}"]
    assert by_hand.position == 2
    assert not conversation.over


def test_a_conversation_ends_with_quit_or_with_the_input(by_hand: Session) -> None:
    lines = iter(["step", "nonsense", "q", "step"])
    written: list[str] = []
    assert converse(debugger(by_hand), lambda prompt: next(lines), written.append) == 3
    assert by_hand.position == 1
    assert written[-1].startswith("*** no command is called 'nonsense'")

    def ended(prompt: str) -> str:
        raise EOFError

    assert converse(debugger(by_hand), ended, written.append) == 0


def test_an_interrupt_drops_the_line_only_where_there_is_something_to_say(by_hand: Session) -> None:
    answers: list[str | type[BaseException]] = [KeyboardInterrupt, "step", EOFError]

    def read(prompt: str) -> str:
        answer = answers.pop(0)
        if isinstance(answer, str):
            return answer
        raise answer

    written: list[str] = []
    converse(debugger(by_hand), read, written.append, interrupted="(quit leaves)")
    assert written[0] == "\n(quit leaves)"
    assert by_hand.position == 1
    answers = [KeyboardInterrupt]
    with pytest.raises(KeyboardInterrupt):
        converse(debugger(by_hand), read, written.append)


def test_a_batch_shows_one_sequence_and_sums_parameters_over_all(by_hand: Session) -> None:
    run = by_hand.run
    x = np.stack([run.x[:, 0], -run.x[:, 0]], axis=1)
    batch = Session(type(run)(run.model, x, np.repeat(run.y, 2, axis=1)))
    batch.show_sequence(1)
    conversation = debugger(batch)
    answer = say(conversation, "step")
    assert answer[0] == "step 1/20 · forward · t=1 of 2 · sequence 2 of 2"
    assert answer[-2] == "  q[1] = [-1 1]"
    last = say(conversation, "goto b1 A")
    assert last[3].endswith("# summed over t=2…1, Σ batch")
    assert say(conversation, "print q[1]") == ["q[1] = [-1 1]"]


@pytest.mark.parametrize("name", list(CELLS))
def test_every_step_of_every_built_in_cell_has_its_lines(name: str) -> None:
    source = from_text("hello hello", length=5, batch=2)
    model = Model.create(name, source.inputs, 3, source.outputs)
    session = Session(Run(model, source.x, source.y), source)
    answer = say(debugger(session), f"step {session.total}")
    assert sum(line.startswith("step ") for line in answer) == session.total
    assert not any(line.startswith(ERROR) or "not computed yet" in line for line in answer)
