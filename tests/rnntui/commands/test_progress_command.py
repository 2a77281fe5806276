"""`rnntui progress` and what `rnntui lessons` and `rnntui run` say of progress."""

from __future__ import annotations

import re
from pathlib import Path

import click
from click.testing import CliRunner

from rnntui.commands.lessons import command as lessons
from rnntui.commands.progress import command as progress
from rnntui.store import Notebook, Store


def kept(name: str, place: int, done: bool = False) -> None:
    Notebook(Store(), name, "d", 12).stands(place, done)


def said(command: click.Command, *arguments: str) -> str:
    """What a command prints."""
    return CliRunner().invoke(command, arguments).stdout


def test_progress_is_listed_and_forgotten_by_lesson_or_whole() -> None:
    assert said(progress) == "nothing yet: rnntui lessons lists what there is\n"
    kept("unrolling", 3)
    kept("lstm-gates", 11, done=True)
    shown = said(progress)
    assert "  unrolling    step 4 of 12\n" in shown and "  lstm-gates    done\n" in shown
    listed = said(lessons)
    assert re.search(r"  unrolling    .*min\)  step 4 of 12\n", listed)
    assert re.search(r"  bptt-recursion    .*min\)\n", listed)
    assert said(progress, "reset", "unrolling") == "forgot the progress in 1 lesson\n"
    assert said(progress, "reset") == "forgot the progress in 1 lesson\n"
    assert said(progress, "reset") == "there was nothing to forget\n"


def test_the_help_says_where_progress_is_kept() -> None:
    told = " ".join(said(progress, "--help").split())
    assert "RNNTUI_HOME" in told and "XDG_STATE_HOME" in told and "progress.db" in told


def test_a_name_that_is_no_lessons_is_one_line(piped) -> None:
    done = piped("progress", "reset", "unroling")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean unrolling?" in done.stderr and done.stderr.count("\n") == 1


def test_on_a_terminal_forgetting_all_is_asked_first(terminal) -> None:
    kept("unrolling", 3)
    shell = terminal("progress", "reset")
    shell.expect("Forget your progress in 1 lesson? [y/N]")
    shell.send("n\n")
    assert shell.end() == 130
    assert Notebook(Store(), "unrolling", "d", 12).left_at == 3


def test_by_lines_a_lesson_goes_on_where_it_was_left(terminal) -> None:
    first = terminal("run", "--plain", "unrolling")
    first.expect("Lesson 1 of ")
    first.send("jump 3\n")
    first.expect("--- 3 of ")
    first.send("q\n")
    assert first.end() == 0
    again = terminal("run", "--plain", "unrolling")
    again.expect("You left it at step 3")
    again.expect("--- 3 of ")
    again.send("q\n")
    assert again.end() == 0


def test_with_a_home_that_cannot_be_written_to_the_lesson_plays_and_says_so_once(terminal, tmp_path: Path) -> None:
    blocked = tmp_path / "in-the-way"
    blocked.write_text("")
    shell = terminal("run", "--plain", "unrolling", RNNTUI_HOME=str(blocked))
    shell.expect("progress is not kept: ")
    shell.send("jump 3\nq\n")
    shell.expect("--- 3 of ")
    assert shell.end() == 0
    assert "not kept" not in shell.screen
