"""README.md and docs: the commands that they show run as they stand, and what they name exists."""

from __future__ import annotations

import io
import re
import shlex
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

from rnntui import cli

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TABLE = "sunspots\n" + "".join(f"{n * 7 % 11}\n" for n in range(60))
FEW = "5"
"""Iterations of every training here."""


def shown(page: Path) -> list[list[str]]:
    """The command lines of its blocks, in order, without what is said beside them."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = re.findall(r"^(?:    )?(?:.* && \S+bin/)?rnntui (.+)$", text, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


def quick(arguments: list[str]) -> list[str]:
    """The same with a short training."""
    pairs = pairwise(["", *arguments])
    return [FEW if before == "--iterations" else each for before, each in pairs]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A newcomer's: a table, the README, nothing on standard input, and a state of their own."""
    (tmp_path / "sun.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "lessons").symlink_to(ROOT / "lessons")
    (tmp_path / "README.md").write_text(PAGES[0].read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_run_one_after_the_other(
    page: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in shown(page):
        code = cli.run(quick(arguments))
        captured = capsys.readouterr()
        assert (code, captured.err) == (0, ""), arguments
        for flag, file in pairwise(arguments):
            if flag in ("-o", "--save", "--checkpoint"):
                assert (folder / file).stat().st_size > 100, arguments


def test_the_readme_tells_of_the_duel_what_it_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = " ".join(PAGES[0].read_text(encoding="utf-8").split())
    (fought,) = [arguments for arguments in shown(PAGES[0]) if arguments[0] == "duel"]
    assert cli.run(fought) == 0
    assert capsys.readouterr().out.splitlines()[-1].removesuffix(".") in readme
    at = fought.index("--init-b")
    assert cli.run(fought[:at] + fought[at + 2 :]) == 0
    assert f"it is {capsys.readouterr().out.split(' = ')[-1].strip().removesuffix('.')}" in readme


def test_the_commands_of_the_readme_can_be_pasted() -> None:
    """What is said beside a command is a comment to the shell, and no file is named that is not there or written."""
    for block in re.findall(r"^```sh\n(.*?)^```", PAGES[0].read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            assert "`" not in line and "  " not in line.split("#")[0].rstrip(), line
    assert all(
        (ROOT / arguments[arguments.index("--csv") + 1]).is_file()
        for arguments in shown(PAGES[0])
        if "--csv" in arguments
    )


def test_every_command_is_shown_in_the_readme_but_the_lists() -> None:
    commands = {arguments[0] for arguments in shown(PAGES[0])}
    spans = {span.split()[0] for span in named(PAGES[0]) if span}
    assert set(cli.COMMANDS) - commands - spans <= {"schema", "tasks", "progress", "keys"}


def named(page: Path) -> list[str]:
    """What stands after `rnntui` in its code spans."""
    return re.findall(r"`rnntui ([^`]+)`", page.read_text(encoding="utf-8").replace("\n", " "))


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.name)
def test_every_command_and_option_that_is_named_exists(page: Path) -> None:
    for span in named(page):
        name, *rest = span.split()
        assert name in cli.COMMANDS, span
        command = import_module(f"rnntui.commands.{name.replace('-', '_')}").command
        known = {"--help"} | {flag for parameter in command.params for flag in parameter.opts}
        assert {part for part in rest if re.match(r"--?[a-z]", part)} <= known, span


def test_every_file_that_how_it_works_names_is_there() -> None:
    page = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \|$", page.split("## Where to change what")[1], re.MULTILINE)[1:]
    assert len(rows) > 10
    for row in rows:
        spans = re.findall(r"`([^` ]+)`", row)
        folder = ROOT
        for span in spans:
            if "/" in span:
                path = ROOT / span.replace("ID.yaml", "unrolling.yaml")
                folder = path if path.is_dir() else path.parent
                assert path.exists(), span
            elif span.endswith(".py"):
                assert (folder / span).exists(), span
    modules = {path.stem for top in ("core/bptt", "rnntui") for path in (ROOT / top).rglob("*")}
    told = page.split("## Where to change what")[0]
    for group in re.findall(r"\(((?:`[a-z_.]+`(?:, | and |; )?)+)\)", told):
        for span in re.findall(r"`([a-z_.]+)`", group):
            assert span.split(".")[-1] in modules, span
