"""`rnntui check`, `new`, `schema` and `solve`: what they print and how they end."""

from __future__ import annotations

import json
from pathlib import Path


def test_new_writes_a_lesson_that_passes_the_check_and_is_not_overwritten(piped, tmp_path: Path) -> None:
    file = str(tmp_path / "my-lesson.yaml")
    assert piped("new", file).returncode == 0
    checked = piped("check", "--strict", file)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "1 checked, all well\n", "")
    again = piped("new", file)
    assert again.returncode == 2
    assert "exists" in again.stderr
    wrong = piped("new", str(tmp_path / "lesson.txt"))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "a lesson is a .yaml file" in wrong.stderr


def test_check_ends_with_two_for_what_cannot_be_played_and_one_for_what_is_not_so(piped, tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    piped("new", str(good))
    text = good.read_text(encoding="utf-8")
    false = tmp_path / "false.yaml"
    false.write_text(text.replace("expect: norm(grad(h[1])) > 1", "expect: norm(grad(h[1])) > 9"), encoding="utf-8")
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace("hidden:", "hiden:").replace("level: 1", "level: 7"), encoding="utf-8")
    done = piped("check", str(good), str(false))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{false}:")
    assert "9 is false" in done.stderr
    done = piped("check", str(tmp_path))
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert [line.split(":")[0] for line in lines if "not known here" in line or "got 7" in line] == [str(bad)] * 2
    assert any("the file of good is good.yaml" in line for line in lines)


def test_check_tells_what_was_claimed_and_what_the_run_shows(piped, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    piped("new", str(file))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("answer: from this output", "answer: from the future"), encoding="utf-8")
    done = piped("check", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    line = 1 + text[: text.index("answer: from this output")].count("\n")
    assert done.stderr.startswith(
        f"{file}:{line}:13: the answer is said to be 'from the future', but the run decides for"
    )
    assert len(done.stderr.splitlines()) == 1


def test_every_fault_of_a_cell_is_a_line_in_whatever_command_reads_it(piped, tmp_path: Path) -> None:
    cell = tmp_path / "cell.txt"
    cell.write_text("q[t] = tahn(A @ x[t])\nr2[t] = q[t] + i[t]\nmem[t] = mem[t-1] + 0,5 * r2[t]\n")
    for command in (("check", str(cell)), ("derive", str(cell)), ("step", "--cell", str(cell))):
        done = piped(*command)
        assert done.returncode == 2 and done.stdout == ""
        assert [line.removeprefix(f"{cell}:").split(": ")[0] for line in done.stderr.splitlines()] == [
            "1:8",
            "2:16",
            "3:22",
        ]


def test_a_cell_without_memory_is_warned_of_and_runs(piped, tmp_path: Path) -> None:
    cell = tmp_path / "cell.txt"
    cell.write_text("# nothing\nq[t] = tanh(A @ x[t])\n")
    done = piped("check", str(cell))
    assert done.returncode == 0 and "1 warning" in done.stdout
    assert done.stderr.startswith(f"{cell}:2:1: warning: nothing is read at t-1: this cell has no memory")
    assert piped("check", "--strict", str(cell)).returncode == 1
    assert piped("step", "--cell", str(cell)).returncode == 0


def test_check_reads_cells_too(piped, tmp_path: Path) -> None:
    cell = tmp_path / "cell.txt"
    cell.write_text("q[t] = tanh(A @ x[t] + B @ q[t-1])\n")
    assert piped("check", str(cell)).returncode == 0
    cell.write_text("q[t] = tanh(A @ x[t] + B @ r[t-1])\n")
    done = piped("check", str(cell))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{cell}:1:28: no equation defines 'r'" in done.stderr


def test_schema_is_json(piped) -> None:
    done = piped("schema")
    assert done.returncode == 0
    assert json.loads(done.stdout)["title"] == "Lesson"


def test_schema_is_written_to_a_file_once(piped, tmp_path: Path) -> None:
    file = tmp_path / "lesson.schema.json"
    assert piped("schema", "-o", str(file)).returncode == 0
    assert json.loads(file.read_text(encoding="utf-8"))["title"] == "Lesson"
    file.write_text("mine")
    assert piped("schema", "-o", str(file)).returncode == 2
    assert file.read_text() == "mine"
    assert piped("schema", "-o", str(file), "--force").returncode == 0


def test_a_new_lesson_stands_beside_the_schema_that_its_first_line_names(piped, tmp_path: Path) -> None:
    assert piped("new", str(tmp_path / "one.yaml")).returncode == 0
    first = (tmp_path / "one.yaml").read_text(encoding="utf-8").split("\n")[0]
    schema = tmp_path / first.partition("$schema=")[2]
    assert json.loads(schema.read_text(encoding="utf-8"))["title"] == "Lesson"
    schema.write_text("mine")
    assert piped("new", str(tmp_path / "two.yaml")).returncode == 0
    assert schema.read_text() == "mine"


def test_solve_writes_what_its_name_says(piped, tmp_path: Path) -> None:
    for suffix, begin in ((".md", "# "), (".tex", "\\documentclass")):
        file = tmp_path / f"out{suffix}"
        assert piped("solve", "unrolling", "-o", str(file)).returncode == 0
        assert file.read_text(encoding="utf-8").startswith(begin)
    done = piped("solve", "unrolling", "-o", str(tmp_path / "out.pdf"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "written as .md or .tex" in done.stderr
    assert piped("solve", "unrolling", "-o", str(tmp_path / "out.md")).returncode == 2


def test_solve_warns_of_a_solution_that_misses_its_goal(piped, tmp_path: Path) -> None:
    file, sheet = tmp_path / "mine.yaml", tmp_path / "mine.md"
    piped("new", str(file))
    done = piped("solve", str(file), "-o", str(sheet))
    assert (done.returncode, "warning" in done.stderr) == (0, False)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("W[1][1] = -4", "W[1][1] = 0.8"), encoding="utf-8")
    done = piped("solve", str(file), "-o", str(sheet), "--force")
    line = 1 + text[: text.index("    goal: ")].count("\n")
    assert done.returncode == 0 and sheet.exists()
    assert f"warning: {file}:{line}:" in done.stderr and "the solution does not meet the goal" in done.stderr
