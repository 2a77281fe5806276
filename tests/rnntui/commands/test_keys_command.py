"""`rnntui keys`: the tables of keys and commands, without Textual; docs/keys.md has the same."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

from rnntui.plain.debugger import DEBUGGER
from rnntui.screens.keys import KEYS

DOCS = Path(__file__).parents[3] / "docs"


def test_every_key_and_every_command_has_a_line(piped) -> None:
    done = piped("keys")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    for key in KEYS:
        assert f"  {key.shown:<9} {key.name:<18} {key.help}" in lines
    names = [line.split()[0] for line in lines[lines.index("") :] if line.startswith("  ")]
    assert {command.name for command in DEBUGGER} <= {*names, *(key.name for key in KEYS)}
    assert max(map(len, lines)) <= 120


def test_it_needs_no_textual() -> None:
    code = "import sys; from rnntui.cli import run; run(['keys']); sys.exit('textual' in sys.modules)"
    environment = {"PYTHONPATH": f"{DOCS.parent}:{DOCS.parent / 'core'}", "PYTHONUTF8": "1"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True).returncode == 0


def test_the_page_of_the_documentation_is_made_from_the_same_table() -> None:
    page = (DOCS / "keys.md").read_text(encoding="utf-8")
    renewed = runpy.run_path(str(DOCS / "keys.py"))["renewed"]
    assert renewed(page) == page, "run python docs/keys.py"
    assert renewed(page.replace("| `n` |", "| `x` |")) == page


def test_where_there_are_no_arrows_no_key_looks_like_another(piped) -> None:
    done = piped("keys", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    lines = done.stdout.splitlines()
    for line in ("  -> .      step ", "  j down    lens-down ", "  k up      lens-up "):
        assert any(shown.startswith(line) for shown in lines), line
