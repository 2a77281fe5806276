"""`rnntui export`: what it writes, what it keeps, what it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import bptt

ODD = "q[t] = tanh(A @ x[t] + B @ mem[t-1] + r2)\nmem[t] = q[t] * mem[t-2] + (1 - q[t])\n"
README = "# A title\n\nRecurrent networks, ∇h[t] and all.\n\n" * 20


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program runs."""
    monkeypatch.chdir(tmp_path)
    Path("odd.txt").write_text(ODD)
    Path("README.md").write_text(README, encoding="utf-8")
    return tmp_path


def names() -> list[str]:
    return sorted(file.name for file in Path().iterdir())


def test_a_window_of_a_text_file_opens_without_pickle_and_as_a_model(piped, folder: Path) -> None:
    done = piped("export", "--cell", "gru", "--hidden", "8", "--text-file", "README.md", "--length", "200",
                 "-o", "trace.npz")  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "trace.npz is written\n", "")
    with np.load("trace.npz", allow_pickle=False) as archive:
        assert archive["value.h"].shape == (199, 1, 8)
        classes = archive["x"][:, 0].argmax(axis=-1)
        vocabulary = json.loads(str(archive["__meta__"]))["vocabulary"]
    assert "".join(vocabulary[n] for n in classes) == README[:199]
    assert bptt.load("trace.npz").cell == bptt.CELLS["gru"]


@pytest.mark.parametrize("form", ["npz", "jsonl", "csv"])
def test_the_suffix_is_the_format_and_the_same_input_gives_the_same_bytes(piped, folder: Path, form: str) -> None:
    arguments = ["export", "--cell", "odd.txt", "--text", "hello"]
    assert piped(*arguments, "-o", f"a.{form}").returncode == 0
    assert piped(*arguments, "-o", f"b.{form.upper()}", PYTHONHASHSEED="7", LC_ALL="C", TZ="Asia/Tokyo").returncode == 0
    assert piped(*arguments, "-o", "c", "--format", form).returncode == 0
    program = [sys.executable, "-m", "rnntui", *arguments, "-o", "-", "--format", form]
    written = subprocess.run(program, stdout=subprocess.PIPE, check=True, timeout=60).stdout
    contents = [Path(name).read_bytes() for name in (f"a.{form}", f"b.{form.upper()}", "c")]
    assert contents == [written] * 3
    assert written.startswith({"npz": b"PK", "jsonl": b'{"format"', "csv": b"array,"}[form])


def test_standard_output_is_json_lines_unless_said_otherwise(piped, folder: Path) -> None:
    lines = piped("export", "-o", "-").stdout.splitlines()
    assert json.loads(lines[0])["steps"] == len(lines) - 1 == 56
    assert names() == ["README.md", "odd.txt"]


def test_standard_output_is_utf_8_whatever_its_encoding(piped, folder: Path) -> None:
    one = piped("export", "-o", "-").stdout
    assert piped("export", "-o", "-", PYTHONUTF8="0", PYTHONIOENCODING="ascii").stdout == one
    assert "∇h[t]" in one


def test_a_file_that_exists_is_kept_unless_forced(piped, folder: Path) -> None:
    Path("a.csv").write_text("old")
    done = piped("export", "-o", "a.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "a.csv: exists and is kept: give another name, or --force to replace it\n"
    assert Path("a.csv").read_text() == "old"
    assert piped("export", "-o", "a.csv", "--force").returncode == 0
    assert Path("a.csv").read_text().startswith("array,")


BAD = [
    (["--cell", "lsmt"], "lsmt: no built-in cell and no file has this name; did you mean lstm?"),
    (["--cell", "missing.txt"], "missing.txt: no such file: check the path"),
    (["--cell", "."], ".: is a folder: name a file in it"),
    (["--cell", "binary"], "binary: binary file: byte 0x00 at offset 0 is not UTF-8 text: pass a text file"),
    (["--cell", "empty"], "empty:1:1: the text holds no equation"),
    (["--cell", "bad.txt"], "bad.txt:2:8: no function is called 'tan'; did you mean 'tanh'?"),
    (["--text-file", "missing"], "missing: no such file"),
    (["--text-file", "secret"], "secret: cannot be read: permission denied"),
    (["--text-file", "/proc/self/mem"], "/proc/self/mem: cannot be read: input/output error"),
    (["--text-file", "binary"], "binary: binary file: byte 0x00 at offset 0 is not UTF-8 text"),
    (["--text-file", "latin"], "latin:1:2: byte 0xe9 at offset 1 is not UTF-8: save the file as UTF-8"),
    (["--text-file", "empty"], "empty: has no characters: give at least 2"),
    (["--text-file", "long"], "long: more than 1,000 characters: give --length 200 for a window of them"),
    (["--text", ""], "--text: has no characters: give at least 2"),
    (["--text", "a"], "--text: has 1 character: predicting the next one takes at least 2"),
    (["--hidden", "0"], "--hidden: got 0, expected a whole number 1…4096"),
    (["--hidden", "four"], "rnntui export: invalid value for '--hidden': 'four' is not a valid integer"),
    (["--cell", "lstm", "--hidden", "4096"], "the run would take 2.2 GB, over the limit of 1 GB"),
    (["--text", "ab", "--csv", "long"], "--text and --csv are 2 sources: give one of them"),
    (["--csv", "long", "--column", "price"], "long: --column price: no column has this name"),
    (["--npy", "binary", "--targets", "binary"], "binary: is not a NumPy .npy file of plain numbers"),
    (["--init", "W=gaussian"], "--init: no scheme is called 'gaussian'"),
    (["-o", "a.xyz"], "a.xyz: has the suffix .xyz: name it .npz, .jsonl or .csv, or give --format"),
    (["-o", "a"], "a: has no suffix: name it .npz, .jsonl or .csv, or give --format"),
    (["-o", "no/a.npz"], "no/a.npz: there is no folder no: create it first"),
    (["-o", "/dev/full", "--format", "csv"], "/dev/full: is not a regular file: name a file, or - for"),
]


@pytest.mark.parametrize(("arguments", "line"), BAD, ids=[" ".join(arguments) for arguments, _ in BAD])
def test_bad_input_is_one_line_and_nothing_is_written(piped, folder: Path, arguments: list[str], line: str) -> None:
    Path("binary").write_bytes(bytes(range(256)))
    Path("latin").write_bytes(b"n\xe9e")
    Path("empty").touch()
    Path("long").write_text("ab," * 500)
    Path("bad.txt").write_text("# mine\nq[t] = tan(A @ x[t])\n")
    Path("secret").write_text("ab")
    Path("secret").chmod(0)
    if "secret" in arguments and os.access("secret", os.R_OK):
        pytest.skip("this user may read everything")
    if "/proc/self/mem" in arguments and sys.platform != "linux":
        pytest.skip("a file of Linux")
    before = names()
    done = piped("export", "-o", "out.npz", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(line)
    assert names() == before


def test_a_binary_format_is_not_sent_to_a_terminal(terminal) -> None:
    screen = terminal("export", "-o", "-", "--format", "npz")
    screen.expect("-o -: an .npz is not text for a terminal: name a file, or give --format jsonl")
    assert screen.end() == 2


def test_a_window_near_the_end_of_200_megabytes_takes_neither_memory_nor_time(folder: Path) -> None:
    block = ("The quick brown fox, ∇h[t]. " * 40 + "\n").encode() * 1_000
    with Path("huge.txt").open("wb") as file:
        for _ in range(175):
            file.write(block)
    assert Path("huge.txt").stat().st_size > 200_000_000
    # ru_maxrss would count what the process was before it became this program: the tests themselves
    program = (
        "import re, sys, tracemalloc; from pathlib import Path; from rnntui.cli import run; "
        "status = Path('/proc/self/status'); status.exists() or tracemalloc.start(); code = run(sys.argv[1:]); "
        "print(re.search(r'VmHWM:\\s+(\\d+)', status.read_text())[1] if status.exists() "
        "else tracemalloc.get_traced_memory()[1] // 1024); sys.exit(code)"
    )
    arguments = ["export", "--text-file", "huge.txt", "--length", "200", "--offset", "190000000", "-o", "a.npz"]
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout.split()[-1]) < 150_000  # KiB
    assert time.monotonic() - start < 20
