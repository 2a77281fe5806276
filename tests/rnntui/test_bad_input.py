"""Every option of every command with a value that it cannot have: one line, exit code 2, and no file touched."""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from rnntui import cli

FILES = {
    "broken.txt": b"q[t] = tanh(A @ x[t]\n",
    "odd.txt": b"mem[t] = tanh(A @ x[t] + B @ mem[t-1])\n",
    "empty": b"",
    "binary": bytes(range(256)),
    "table.csv": b"a,b\n1,2\n2,x\n",
    "old.npz": b"mine",
    "old.md": b"mine",
    "old.csv": b"mine",
    "old.yaml": b"mine",
}
SHARED = """
--cell nosuch | --cell '' | --cell broken.txt | --cell folder | --cell binary | --cell empty | --hidden 0 | --hidden x
--hidden 1.5 | --hidden 10000000 | --layers 0 | --layers 100000 | --seed -1 | --seed x | --init nosuch | --init A=1
--init W=orthogonal:x | --init '' | --dtype int8 | --load nosuch.npz | --load old.npz | --load folder | --load table.csv
--text '' | --text a | --text-file nosuch | --text-file binary | --text-file folder | --csv nosuch | --csv empty
--csv table.csv | --csv table.csv --column c | --csv table.csv --column b | --column a | --scale 2
    --csv table.csv --column a --scale 0 | --npy nosuch.npy
--targets y.npy
--npy x.npy --targets old.npz | --task nosuch | --task adding --length 0 | --length 0 | --length 100 | --length x
--offset -1 | --offset 100 | --vocab nosuch | --vocab empty | --batch 0 | --batch 1000 | --window 0 | --window x
--stride 0
--window 2 --stride 5 | --text ab --task adding | --hidden | --nosuch | extra
"""
OUTPUT = "-o no/x.csv | -o x.odd | -o old.csv | -o folder | -o ''"
OWN = {
    "step": "--at nowhere | --at b99 | --at '' | --at '#9999'",
    "train": f"""
        {OUTPUT} | --optimizer no | --optimizer sgd:x | --optimizer momentum:7 | --rate x | --rate -1 | --rate nan
        --rate cosine | --rate '' | --clip no | --clip norm | --clip norm:-1 | --l1 x | --l1 -1 | --l2 inf | --l2 x
        --iterations -1 | --iterations 0 | --iterations x
        --minibatch 0 | --minibatch 50 | --holdout 2 | --holdout nan | --holdout x
        --every 0 | --every x | --save no/x.npz | --save x.odd | --save old.npz | --save '' | --save a.npz -o a.npz
        --checkpoint no/x.npz | --checkpoint x.odd | --checkpoint old.npz | --checkpoint old.npz --resume | --resume
        --checkpoint new.npz --resume | --checkpoint new.npz --every 0
        --checkpoint '' | --checkpoint a.npz --save b.npz""",
    "duel": f"{OUTPUT} | --hidden-b 0 | --init-b no | --by-a q | --by-b q | --at b99",
    "blame": f"{OUTPUT} | --state q | --state '' | --sequence 0 | --sequence 9 | --format odd",
    "jacobian": f"{OUTPUT} | --time 0 | --time 9 | --sequence 0 | --sequence 9 | --format odd",
    "export": "-o no/x.csv | -o x.odd | -o old.csv | -o folder | -o '' | --format odd",
}
"""What each command that runs something has besides."""
CELLS = {"duel": "rnn lstm", "export": "-o new.npz"}
"""What it takes first."""
OTHERS = {
    "derive": "| nosuch | broken.txt | folder | binary | '' | rnn --layers 0 | rnn --layers x | rnn extra",
    "check": "| nosuch | broken.txt | folder | binary | old.yaml | '' | odd.txt --nosuch",
    "new": "| old.yaml | no/x.yaml | x.txt | '' | a.yaml b.yaml",
    "new-cell": "no/x.txt | folder | odd.txt | '' | --text '' | --hidden 0 | --hidden x",
    "solve": "nosuch -o x.md | folder -o x.md | unrolling | unrolling -o x.odd | unrolling -o old.md | unrolling -o ''",
    "run": "nosuch | folder | binary | old.yaml | '' | unrolling extra | --watch",
    "progress": "nosuch | reset nosuch | reset '' | reset unrolling extra",
    "schema": "extra | -o no/x.json | -o folder | -o old.npz | -o ''",
    "cells": "extra", "tasks": "extra", "lessons": "extra", "keys": "extra",
}  # fmt: skip


def lines(text: str) -> Iterator[list[str]]:
    for line in text.strip().splitlines():
        yield from (shlex.split(each) for each in line.split("|"))


def wrong(name: str) -> Iterator[list[str]]:
    """The command lines that the command must refuse, without its name."""
    if name in OTHERS:
        yield from lines(OTHERS[name])
        return
    first = shlex.split(CELLS.get(name, ""))
    for arguments in lines(SHARED):
        if name != "duel" or arguments[0] not in ("--cell", "--load"):
            yield [*first, *arguments]
    for arguments in lines(OWN[name]):
        yield arguments if arguments[0] == "-o" and name == "export" else [*first, *arguments]
    yield from ([["rnn"], ["rnn", "nosuch"], ["old.npz", "rnn"], ["broken.txt", "rnn"]] if name == "duel" else [])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path.parent / f"{tmp_path.name}-home"))
    return tmp_path


def held(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_what_cannot_be_is_one_line_and_leaves_no_file(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = held(folder)
    for arguments in wrong(name):
        code = cli.run([name, *arguments])
        captured = capsys.readouterr()
        assert (code, captured.out, captured.err.count("\n")) == (2, "", 1), (arguments, captured)
        assert "Traceback" not in captured.err
        assert not captured.err.startswith(("has ", "is ", ":")), (arguments, captured.err)
        assert held(folder) == before, arguments


@pytest.mark.parametrize("name", [*OWN, *OTHERS])
def test_every_option_is_given_a_wrong_value_somewhere(name: str) -> None:
    command = import_module(f"rnntui.commands.{name.replace('-', '_')}").command
    tried = {part for arguments in wrong(name) for part in arguments}
    flags = [
        parameter.opts for parameter in command.params if isinstance(parameter, click.Option) and not parameter.is_flag
    ]
    assert [opts for opts in flags if not tried & set(opts)] == []


def test_an_option_without_its_value_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["step", "--hidden"]) == 2
    assert capsys.readouterr().err == "rnntui step: option '--hidden' requires an argument (see rnntui step --help)\n"
