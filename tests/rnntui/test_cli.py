"""How the command line ends: exit codes, one line an error, nothing imported that is not needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import click
import pytest

from rnntui import cli
from rnntui.safe import InputError, InputErrors

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "core"))), "PYTHONUTF8": "1"}


def ended(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, list[str]]:
    """(exit code, standard output, lines of standard error)."""
    code = cli.run(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err.splitlines()


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """`rnntui cells` raises the exception put into this list."""
    errors: list[BaseException] = []

    @click.command("cells")
    def command() -> None:
        raise errors[0]

    module = ModuleType("rnntui.commands.cells")
    module.command = command  # type: ignore[attr-defined]  # a module made here
    monkeypatch.setitem(sys.modules, "rnntui.commands.cells", module)
    return errors


def test_help_lists_every_command_and_each_has_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, errors = ended(capsys, "--help")
    assert (code, errors) == (0, [])
    for name, line in cli.COMMANDS.items():
        assert f"{name} " in out
        assert line in out
    assert ended(capsys) == (0, out, [])


def test_an_unknown_command_is_one_line_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(capsys, "exprot") == (
        2, "", ["rnntui: no command is called 'exprot'; did you mean export? (see rnntui --help)"],
    )  # fmt: skip
    assert ended(capsys, "zzz")[2][0].startswith(
        "rnntui: no command is called 'zzz'; there are run, lessons, progress, solve, step,"
    )


def test_bad_usage_is_one_line_that_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, line in (
        (["export", "--hiden", "3"], "rnntui export: no such option '--hiden'"),
        (["export", "-o", "a.npz", "extra"], "rnntui export: got unexpected extra argument (extra)"),
        (["export", "-o", "a.npz", "--hidden", "four"], "rnntui export: invalid value for '--hidden': 'four' is not"),
        (["derive"], "rnntui derive: missing argument 'CELL|FILE'"),
        (["cells", "rnn"], "rnntui cells: got unexpected extra argument (rnn)"),
    ):
        code, out, errors = ended(capsys, *arguments)
        assert (code, out, len(errors)) == (2, "", 1)
        assert errors[0].startswith(line)
        assert errors[0].endswith(f"(see rnntui {arguments[0]} --help)")


def test_several_errors_are_a_line_each_and_fifty_at_most(
    capsys: pytest.CaptureFixture[str], raising: list[BaseException]
) -> None:
    raising.append(InputErrors(InputError("a.yaml", f"{n}:1", "wrong") for n in range(1, 63)))
    code, out, errors = ended(capsys, "cells")
    assert (code, out) == (2, "")
    assert errors == [*(f"a.yaml:{n}:1: wrong" for n in range(1, 51)), "… and 12 more"]


def test_a_line_is_clean_and_at_most_400_characters(
    capsys: pytest.CaptureFixture[str], raising: list[BaseException]
) -> None:
    raising.append(click.UsageError("\x1b[31m" + "long " * 200))
    _, _, errors = ended(capsys, "cells")
    assert len(errors[0]) == 400
    assert r"\x1b[31m" in errors[0]


def test_the_file_of_a_failed_system_call_is_named(
    capsys: pytest.CaptureFixture[str], raising: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "silence", lambda stream: None)  # standard output is pytest's
    raising.append(PermissionError(13, "Permission denied", "some\nfile"))
    assert ended(capsys, "cells") == (2, "", [r"some\nfile: permission denied"])


def test_a_fault_of_our_own_is_one_line_with_a_report(
    capsys: pytest.CaptureFixture[str], raising: list[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    raising.append(ZeroDivisionError("a secret"))
    code, out, errors = ended(capsys, "cells")
    assert (code, out, len(errors)) == (1, "", 1)
    [report] = tmp_path.iterdir()
    assert str(report) in errors[0]
    assert "ZeroDivisionError" in report.read_text()
    assert "secret" not in report.read_text()


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (click.Abort(), 130), (SystemExit(143), 143), (SystemExit("x"), 1)]
)
def test_an_interrupted_command_ends_without_a_word(
    capsys: pytest.CaptureFixture[str], raising: list[BaseException], error: BaseException, code: int
) -> None:
    raising.append(error)
    assert ended(capsys, "cells") == (code, "", [])


def test_a_command_may_say_its_exit_code(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("rnntui.commands.cells")
    module.command = click.command("cells")(lambda: 1)  # type: ignore[attr-defined]  # a module made here
    monkeypatch.setitem(sys.modules, "rnntui.commands.cells", module)
    assert ended(capsys, "cells") == (1, "", [])


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--help"], "numpy textual pydantic rich"),
        (["export", "--help"], "numpy textual pydantic"),
        (["export", "-o", "-"], "textual pydantic rich"),
        (["derive", "lstm"], "textual pydantic rich"),
        (["cells"], "textual pydantic rich"),
        (["blame"], "textual pydantic rich"),
        (["jacobian"], "textual pydantic rich"),
        (["duel", "rnn", "gru", "--plain"], "textual pydantic rich"),
        (["train", "--iterations", "1"], "textual pydantic rich"),
        (["tasks"], "textual pydantic rich"),
    ],
)
def test_a_command_imports_only_what_it_needs(arguments: list[str], absent: str) -> None:
    program = f"import sys; from rnntui.cli import run; code = run({arguments!r}); " + (
        f"print(sorted(set({absent.split()!r}) & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "[]\n")


def test_no_commands_help_imports_what_runs_it(capsys: pytest.CaptureFixture[str]) -> None:
    program = "import sys; from rnntui.cli import COMMANDS, run; codes = [run([name, '-h']) for name in COMMANDS]; " + (
        "print(set(codes), {'numpy', 'textual', 'pydantic'} & set(sys.modules), file=sys.stderr)"
    )
    environment = {**ENVIRONMENT, "COLUMNS": "80"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == "{0} set()\n"
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert max(map(len, ended(capsys, "--help")[1].splitlines())) <= 80


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)]
)
def test_a_signal_ends_it_with_its_code_and_leaves_no_file(tmp_path: Path, number: signal.Signals, code: int) -> None:
    (tmp_path / "long.txt").write_text("ab" * 20_000)
    arguments = ["export", "--text-file", "long.txt", "--length", "40000", "-o", "a.jsonl"]
    process = subprocess.Popen(
        [sys.executable, "-m", "rnntui", *arguments], cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE
    )
    end = time.monotonic() + 30
    while not list(tmp_path.glob(".rnntui-*.tmp")) and time.monotonic() < end:
        time.sleep(0.01)
    process.send_signal(number)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (code, b"")
    assert [file.name for file in tmp_path.iterdir()] == ["long.txt"]


def test_a_debugger_without_a_lesson_does_not_import_the_lesson_language() -> None:
    code = "import sys, rnntui.app, rnntui.screens.debugger; print({'pydantic', 'ruamel.yaml'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
