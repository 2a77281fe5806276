"""Output fits any encoding, and no descriptor is left closed."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rnntui import streams


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> io.TextIOWrapper:
    """An ASCII standard output that has been prepared."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    streams.prepare()
    return stream


def written(stream: io.TextIOWrapper, text: str) -> str:
    stream.write(text)
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("ascii")


def test_our_own_characters_are_spelled_where_the_encoding_lacks_them(out: io.TextIOWrapper) -> None:
    line = "∇h[t] = Wᵀ(∇h[t+1] ⊙ (1 − h[t+1]²)) + Vᵀ∇z[t], t = 1 … T"
    assert written(out, line) == "grad h[t] = W^T(grad h[t+1] * (1 - h[t+1]^2)) + V^T grad z[t], t = 1 ... T"


def test_other_characters_become_escapes(out: io.TextIOWrapper) -> None:
    assert written(out, "é\udc80𝄞a") == r"\xe9\udc80\U0001d11ea"


def test_an_encoding_that_has_a_character_keeps_it() -> None:
    streams.prepare()
    assert "h² ∇".encode("latin-1", "rnntui.spell").decode("latin-1") == "h² grad "
    assert "h² ∇".encode("utf-8", "rnntui.spell").decode("utf-8") == "h² ∇"


def test_every_spelling_is_ascii_and_spells_what_is_not() -> None:
    assert all(spelling.isascii() for spelling in streams.SPELLINGS.values())
    assert not any(letter.isascii() for letters in streams.SPELLINGS for letter in letters)


def shell(line: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    program = f'"{sys.executable}" -m rnntui'
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(root), str(root / "core")))}
    return subprocess.run(
        ["sh", "-c", line.replace("rnntui", program, 1)],
        env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code", "errors"),
    [
        ("rnntui derive rnn >&-", 2, ["standard output: bad file descriptor"]),
        ("rnntui --help >&-", 2, ["standard output: bad file descriptor"]),
        ("rnntui derive rnn <&- >&- 2>&-", 2, []),
        ("rnntui derive nothing 2>&-", 2, []),
        ("rnntui derive rnn <&- >/dev/null", 0, []),
        ("rnntui derive rnn >/dev/full", 2, ["standard output: no space left on device"]),
        ("rnntui --help >/dev/full", 2, ["standard output: no space left on device"]),
        ("rnntui export -o - >/dev/full", 2, ["standard output: no space left on device"]),
    ],
)
def test_a_stream_that_takes_nothing_is_at_most_one_line(line: str, code: int, errors: list[str]) -> None:
    done = shell(line)
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (code, "", errors)


def test_with_all_three_closed_a_file_is_still_written_whole(tmp_path: Path) -> None:
    done = shell(f"rnntui export -o '{tmp_path}/closed.jsonl' <&- >&- 2>&-")
    assert done.returncode == 0
    assert shell(f"rnntui export -o '{tmp_path}/open.jsonl'").returncode == 0
    assert (tmp_path / "closed.jsonl").read_bytes() == (tmp_path / "open.jsonl").read_bytes()
    done = shell(f"rnntui export -o '{tmp_path}/full.jsonl' >/dev/full")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_leaves_ends_it_with_141_and_no_word() -> None:
    done = shell("rnntui export --cell lstm --hidden 32 --text hello,hello -o - | head -c 100 >/dev/null; exit $?")
    assert (done.returncode, done.stderr) == (0, "")
    line = "{ rnntui export --cell lstm --hidden 64 --text hello,hello -o -; echo $? >&2; } | head -c 100 >/dev/null"
    assert shell(line).stderr == "141\n"
