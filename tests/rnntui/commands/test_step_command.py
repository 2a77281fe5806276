"""`rnntui step` in each of its modes: with pipes, by lines on a terminal, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from rnntui.commands.step import command
from rnntui.session import Session

ODD = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + k)   # how much
r2[t] = tanh(C @ x[t] + D @ (q[t] * mem[t-1]))
mem[t] = q[t] * mem[t-1] + (1 - q[t]) * r2[t]
"""


@pytest.fixture
def odd(tmp_path: Path) -> str:
    """A file with a cell that nobody ships."""
    path = tmp_path / "odd.txt"
    path.write_text(ODD, encoding="utf-8")
    return str(path)


def test_commands_are_read_from_a_pipe_to_its_end(piped, places, odd: str) -> None:
    done = piped("step", "--plain", "--cell", odd, given="step 5")
    assert (done.returncode, done.stderr) == (0, "")
    assert places(done.stdout) == [f"{n}/80" for n in range(1, 6)]
    assert "  r2[1] = tanh(C 'h' + D([" in done.stdout
    assert done.stdout.startswith("odd")


def test_the_same_holds_without_plain_and_after_quit_nothing_is_read(piped, places) -> None:
    done = piped("step", given="step\nback\nstep 2\nquit\nstep\n")
    assert done.returncode == 0
    assert places(done.stdout) == ["1/56", "0/56", "1/56", "2/56"]


def test_without_commands_the_header_and_all_equations_are_printed(piped, odd: str) -> None:
    done = piped("step", "--plain", "--cell", odd, "--hidden", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert "inputs 4, hidden 2, outputs 4, T = 4" in done.stdout
    assert "80 steps: 4 × 6 forward, 4 × 14 backward" in done.stdout
    assert "mem[t] = q[t] * mem[t-1] + (1 - q[t]) * r2[t]" in done.stdout
    assert "∇mem[t] = " in done.stdout
    assert "∇D += " in done.stdout
    assert not any(line.startswith("step ") for line in done.stdout.splitlines())


def test_errors_in_commands_are_lines_the_rest_is_done_and_the_exit_code_says_so(piped, places) -> None:
    done = piped("step", given="stpe\nprint nothing\ngoto b77\nstep\n")
    assert (done.returncode, done.stderr) == (2, "")
    assert sum(line.startswith("*** ") for line in done.stdout.splitlines()) == 3
    assert places(done.stdout) == ["1/56"]


def test_a_move_that_goes_as_far_as_there_is_is_no_error(piped) -> None:
    done = piped("step", given="step 1000\ncontinue\nback 1000\n")
    assert done.returncode == 0
    assert "*** this is the end of the run" in done.stdout and "*** this is the start of the run" in done.stdout


def test_forward_and_back_again_print_the_same_step(piped) -> None:
    once = piped("step", given="goto #100\n", COLUMNS="80").stdout
    much = piped("step", "--cell", "lstm", given="goto #5\nstep 100\nback 100\n").stdout
    lines = much.splitlines()
    first = [n for n, line in enumerate(lines) if line.startswith("step 5/")]
    assert len(first) == 2
    length = next(n for n in range(1, 9) if lines[first[0] + n].startswith("step "))
    assert lines[first[0] : first[0] + length] == lines[first[1] : first[1] + length]
    assert once.endswith("*** #100 does not exist: the run ends at #56\n")


def test_at_begins_there(piped, places) -> None:
    done = piped("step", "--at", "b3 h", given="where\n")
    assert places(done.stdout) == ["34/56", "34/56"]
    assert "  computed: ∇h[3] = " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--at", "b9"), "--at: t=9 does not exist: this run has t=1…4"),
        (("--at", "b3 hh"), "did you mean h?"),
        (("--cell", "lstn"), "lstm"),
        (("--hidden", "0"), "--hidden"),
        (("--text", ""), "--text"),
        (("--text-file", "/nonexistent/x"), "/nonexistent"),
        (("--plane",), "--plain"),
    ],
)
def test_bad_input_is_one_line_on_standard_error_and_nothing_on_standard_output(piped, arguments, error) -> None:
    done = piped("step", *arguments, given="step\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert error in done.stderr


def test_an_output_without_our_characters_is_spelled(piped) -> None:
    done = piped("step", given="goto b3 h\n", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii()
    assert "grad h[t] = W^T(grad h[t+1] * (1 - h[t+1]^2)) + V^T grad z[t]" in done.stdout


def test_input_that_is_not_text_is_an_unknown_command() -> None:
    program = [sys.executable, "-m", "rnntui", "step"]
    done = subprocess.run(program, input=b"\xff\xfe\nstep\n", capture_output=True, check=False, timeout=30)
    assert (done.returncode, done.stderr) == (2, b"")
    assert rb"*** no command is called '\xff\xfe'" in done.stdout
    assert b"\nstep 1/56 " in done.stdout


def test_a_reader_that_leaves_ends_it_quietly(piped) -> None:
    program = f"echo 'step 56' | {sys.executable} -m rnntui step --cell lstm --text {'hello' * 60} | head -1"
    done = subprocess.run(["sh", "-c", program], capture_output=True, encoding="utf-8", check=False, timeout=30)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


def test_by_lines_on_a_dumb_terminal_nothing_but_text_is_written(terminal, places) -> None:
    screen = terminal("step", "--text", "hello", TERM="dumb")
    header = screen.expect("(rnntui) ")
    assert "help lists the commands" in header
    screen.send("step 2\n")
    answer = screen.expect("(rnntui) ")
    assert places(answer) == ["1/56", "2/56"]
    screen.send("\n")
    assert places(screen.expect("(rnntui) ")) == ["3/56", "4/56"]
    screen.send("nonsense\n")
    assert "*** no command is called 'nonsense'" in screen.expect("(rnntui) ")
    screen.send("\x04")
    assert screen.end() == 0
    assert "\x1b" not in header + answer + screen.screen


def test_by_lines_with_plain_and_quit(terminal, places) -> None:
    screen = terminal("step", "--plain", "--at", "b2 h")
    assert places(screen.expect("(rnntui) ")) == ["43/56"]
    screen.send("back\n")
    assert "42/56" in screen.expect("(rnntui) ")
    screen.send("q\n")
    assert screen.end() == 0


def test_ctrl_c_drops_the_line_and_says_how_to_leave(terminal) -> None:
    for keywords in ({"TERM": "dumb"}, {"TERM": "xterm"}):
        screen = terminal("step", "--plain", **keywords)
        screen.expect("(rnntui) ")
        screen.send("step 5")
        screen.expect("step 5")
        screen.interrupt("quit or Ctrl-D leaves")
        screen.expect("(rnntui) ")
        screen.send("step\n")
        screen.expect("\nstep 1/56 ")
        screen.send("quit\n")
        assert screen.end() == 0


def test_two_terminals_and_nothing_else_said_open_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[Session, bool]] = []
    _with_app(monkeypatch, lambda begin, ascii: shown.append((begin()[0], ascii)) or 0)
    monkeypatch.setattr("rnntui.commands.step.choose_mode", lambda plain: "screen")
    arguments = ["--at", "#7", "--cell", "gru", "--ascii"]
    assert CliRunner().invoke(command, arguments, standalone_mode=False).return_value == 0
    [(session, ascii)] = shown
    assert (session.position, session.title, ascii) == (7, "gru", True)


def _with_app(monkeypatch: pytest.MonkeyPatch, show: Callable[..., int]) -> None:
    app = ModuleType("rnntui.app")
    app.show = show  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rnntui.app", app)
