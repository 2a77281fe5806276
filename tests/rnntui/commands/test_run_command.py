"""`rnntui run` in each of its modes, and how lessons are named."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from rnntui.commands.run import command
from rnntui.session import Session
from rnntui.walk import Walk

LESSON = """\
id: {id}
title: The odd one
summary: A question and no more.
model:
  equations: |
    q[t] = A @ x[t] + B @ mem[t-1]
    mem[t] = tanh(q[t])
    miss[t] = squared_error(mem[t], y[t])
  hidden: 1
  init: {{A: [[1.0]], B: [[0.5]]}}
data: {{x: [[0.0], [0.5]], y: [[0.0], [1.0]]}}
steps:
  - goto: forward t=2 q
    ask: What is q at t = 2?
    number: q[2][0]
    explain: Half of nothing, and a half.
  - expect: q[2][0] == 0.5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two lessons of the user's."""
    for id in ("odd-one", "odd-two"):
        (tmp_path / f"{id}.yaml").write_text(LESSON.format(id=id), encoding="utf-8")
    return tmp_path


def test_without_a_terminal_the_whole_walkthrough_is_printed(piped) -> None:
    done = piped("run", "bptt-recursion")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) >= 30
    assert "∇h[t] = Wᵀ(∇h[t+1] ⊙ (1 − h[t+1]²)) + Vᵀ∇z[t]" in done.stdout
    assert "???" in done.stdout


def test_with_plain_and_without_a_terminal_nothing_is_asked_either(piped, folder: Path) -> None:
    done = piped("run", "--plain", str(folder / "odd-one.yaml"), given="0.1\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "answer: 0.5" in done.stdout
    assert "Half of nothing, and a half." in done.stdout
    assert "not this time" not in done.stdout


def test_no_lesson_lists_the_course_with_a_hint(piped) -> None:
    done = piped("run")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  bptt-recursion    " in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Play one with: rnntui run ")


def test_a_folder_is_listed_with_what_to_type(piped, folder: Path) -> None:
    done = piped("run", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "  odd-one    The odd one" in done.stdout
    assert "  odd-two    The odd one" in done.stdout
    assert done.stdout.splitlines()[-1] == f"Play one with: rnntui run {folder / 'odd-one.yaml'}"
    assert piped("run", str(folder / "odd-one.yaml")).returncode == 0


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("bptt-recursoin", "did you mean bptt-recursion?"),
        ("", "no lesson is named"),
        ("nowhere/x.yaml", "nowhere"),
        ("odd-tow.yaml", "odd-two.yaml"),
    ],
)
def test_a_lesson_that_is_not_there_is_one_line(piped, folder: Path, name: str, error: str) -> None:
    done = piped("run", str(folder / name) if name == "odd-tow.yaml" else name)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert error in done.stderr


def test_every_mistake_of_a_lesson_is_one_line_with_its_place(piped, folder: Path) -> None:
    path = folder / "odd-one.yaml"
    text = path.read_text(encoding="utf-8")
    text = (
        text.replace("t=2 q", "t=7 q")
        .replace("number: q[2][0]", "number: qq[2][0]")
        .replace("q[2][0] ==", "q[2][5] ==")
    )
    path.write_text(text, encoding="utf-8")
    done = piped("run", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"{path}:") and line.split(":")[1].isdigit() for line in lines)


def test_by_lines_a_question_is_asked_and_a_wrong_answer_ends_with_0(terminal, folder: Path) -> None:
    screen = terminal("run", str(folder / "odd-one.yaml"), TERM="dumb")
    opening = screen.expect("[1/1, your answer] ")
    assert "What is q at t = 2?" in opening
    assert "  q[2] = ???" in opening
    screen.send("0.1\n")
    answer = screen.expect("[1/1, the end, enter leaves] ")
    assert "not this time: you said 0.1, it is 0.5" in answer
    assert "Half of nothing, and a half." in answer
    screen.send("\n")
    assert screen.end() == 0
    assert "\x1b" not in opening + answer + screen.screen


def test_by_lines_ctrl_c_drops_a_line_and_ctrl_d_leaves(terminal) -> None:
    screen = terminal("run", "--plain", "bptt-recursion")
    screen.expect("goes on] ")
    screen.send("ste")
    screen.expect("ste")  # it has been read: the terminal throws away what is not when Ctrl-C comes
    screen.interrupt("quit or Ctrl-D leaves")
    screen.expect("goes on] ")
    screen.send("\x04")
    assert screen.end() == 0


def test_two_terminals_and_nothing_else_said_open_the_screen(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    shown: list[tuple[Session, Walk]] = []
    app = ModuleType("rnntui.app")
    app.show = lambda begin, **_: shown.append(begin()) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rnntui.app", app)
    monkeypatch.setattr("rnntui.commands.run.choose_mode", lambda plain: "screen")
    result = CliRunner().invoke(command, [str(folder / "odd-two.yaml")], standalone_mode=False)
    assert result.return_value == 0
    [(session, walk)] = shown
    assert walk.session is session
    assert walk.count == 1
