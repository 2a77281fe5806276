"""`rnntui new-cell`: the bench on a terminal, and a cell to begin with where there is none."""

from __future__ import annotations

from pathlib import Path

from rnntui.bench.draft import TEMPLATE


def test_without_a_terminal_a_cell_is_printed_or_written_and_nothing_is_replaced(piped, tmp_path: Path) -> None:
    assert piped("new-cell").stdout == TEMPLATE
    file = tmp_path / "odd.txt"
    assert piped("new-cell", str(file)).returncode == 0
    assert file.read_text(encoding="utf-8") == TEMPLATE
    again = piped("new-cell", str(file))
    assert (again.returncode, again.stdout) == (2, "")
    assert "exists and is kept" in again.stderr and again.stderr.count("\n") == 1


def test_on_a_terminal_a_cell_is_written_run_and_saved(terminal, tmp_path: Path) -> None:
    file = tmp_path / "odd.txt"
    file.write_text("mem[t] = tanh(A @ x[t] + B @ mem[t-1])\n", encoding="utf-8")
    screen = terminal("new-cell", str(file), COLUMNS="")
    screen.expect("backward, t = T")
    screen.send("# mine\r")
    screen.expect("not saved")
    screen.send("\x12")
    screen.expect("START")
    screen.send("q")
    screen.expect("ctrl+s")
    screen.send("\x13")  # what is saved can be left without a question
    screen.send("\x1b")
    assert screen.end() == 0
    assert file.read_text(encoding="utf-8") == "# mine\nmem[t] = tanh(A @ x[t] + B @ mem[t-1])\n"


def test_a_file_that_cannot_be_read_is_one_line(terminal, tmp_path: Path) -> None:
    file = tmp_path / "odd.txt"
    file.write_bytes(b"\xff\xfe")
    screen = terminal("new-cell", str(file))
    screen.expect("odd.txt")
    assert screen.end() == 2
    assert "Traceback" not in screen.screen


def test_sizes_and_texts_that_no_cell_can_have_are_one_line_on_a_terminal_too(terminal) -> None:
    for arguments, message in ((("--hidden", "0"), "--hidden: got 0, expected"), (("--text", "a"), "--text: has 1")):
        screen = terminal("new-cell", *arguments, COLUMNS="")
        screen.expect(message)
        assert screen.end() == 2
