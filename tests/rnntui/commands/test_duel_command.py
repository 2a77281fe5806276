"""`rnntui duel`: the table, the files, what is refused, and the screen."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rnntui.cli import run

ODD = "q[t] = sigmoid(A @ x[t] + B @ mem[t-1])\nmem[t] = q[t] * mem[t-1] + (1 - q[t]) * tanh(C @ x[t])\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program runs."""
    monkeypatch.chdir(tmp_path)
    Path("odd.txt").write_text(ODD)
    return tmp_path


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def called(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Runs `rnntui ARGUMENTS` in this process, without a terminal."""

    def call(*arguments: str) -> Done:
        code = run(list(arguments))
        return Done(code, *capsys.readouterr())

    return call


def test_without_a_terminal_there_is_a_table_and_a_sentence(called):
    done = called("duel", "rnn", "odd.txt", "--text", "hello", "--hidden-b", "6")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("A  rnn, hidden 4") and lines[0].endswith("‖∇h‖")
    assert lines[1].startswith("B  odd, hidden 6") and lines[1].endswith("‖∇mem‖")
    assert lines[2].endswith("T = 4; the loss is at t=4 alone")
    assert [line.split()[:2] for line in lines[5:9]] == [["1", "'h'"], ["2", "'e'"], ["3", "'l'"], ["4", "'l'"]]
    assert lines[-1].startswith("From t=4 to t=1 A keeps ")


def test_the_files_hold_the_norms_of_the_table(called):
    arguments = ("duel", "rnn", "lstm", "--text", "hello")
    table = called(*arguments).stdout.splitlines()[5:9]
    assert called(*arguments, "-o", "d.csv").returncode == 0
    assert called(*arguments, "-o", "d.json").returncode == 0
    with Path("d.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {(row["side"], row["cell"], row["state"]) for row in rows} == {
        ("A", "rnn", "h"),
        ("B", "lstm", "h"),
        ("B", "lstm", "s"),
    }
    about = json.loads(Path("d.json").read_text())
    for side, state in (("A", "h"), ("B", "s")):
        norms = [float(row["norm"]) for row in rows if (row["side"], row["state"]) == (side, state)]
        assert about["runs"][side]["norms"][state] == [norms]
    shown = [float(line.split()[2]) for line in table]
    assert shown == pytest.approx(about["runs"]["A"]["norms"]["h"][0], rel=0.06)
    assert about["kept"]["A"] == pytest.approx(
        about["runs"]["A"]["norms"]["h"][0][0] / about["runs"]["A"]["norms"]["h"][0][-1]
    )
    assert about["ratio"] == pytest.approx(about["kept"]["B"] / about["kept"]["A"])
    again = called(*arguments, "-o", "d.csv")
    assert again.returncode == 2 and "exists" in again.stderr


def test_all_losses_are_carried_back_where_asked(called):
    table = called("duel", "rnn", "gru", "--text", "hello", "--all-losses").stdout
    assert "4 times have a loss" in table


def test_models_may_be_files(called):
    assert called("export", "--cell", "odd.txt", "--text", "hello", "-o", "odd.npz").returncode == 0
    done = called("duel", "odd.npz", "odd.txt", "--text", "hello")
    assert done.returncode == 0
    assert "B keeps" in done.stdout and done.stdout.splitlines()[-1].endswith("= the same.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rnn",), "CELL_B"),
        (("rnn", "nope"), "nope: no built-in cell and no file has this name"),
        (("rnn", "lstm", "--by-b", "q"), "--by-b: 'q' is no state of lstm; there are s, h"),
        (("rnn", "lstm", "--at", "b99"), "--at: t=99 does not exist"),
        (("rnn", "lstm", "-o", "x.txt"), "x.txt: has the suffix .txt: name it .csv or .json"),
        (("rnn", "lstm", "-o", "no/x.csv"), "there is no folder no"),
        (("rnn", "lstm", "--hidden-b", "0"), "--hidden-b: got 0"),
        (("rnn", "lstm", "--init-b", "W=no"), "--init-b: no scheme"),
    ],
)
def test_what_cannot_be_is_one_line(called, arguments, message):
    done = called("duel", *arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert message in done.stderr and done.stderr.count("\n") == 1


def test_full_screen_in_a_terminal(terminal):
    screen = terminal("duel", "rnn", "odd.txt", "--text", "hello hello", COLUMNS="")
    screen.expect("BACKWARD")
    screen.send("q")
    assert screen.end() == 0
    assert "Traceback" not in screen.screen
