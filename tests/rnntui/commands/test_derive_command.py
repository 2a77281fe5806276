"""`rnntui derive`: the forward equations and those that follow from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bptt import CELLS

ODD = (
    "q[t] = tanh(A @ x[t] + B @ mem[t-1] + r2)  # what is \x1b[31mnew\n"
    "mem[t] = q[t] * mem[t-2] + (1 - q[t])\n"
)  # fmt: skip


@pytest.fixture
def odd(tmp_path: Path) -> str:
    file = tmp_path / "odd.txt"
    file.write_text(ODD)
    return str(file)


def test_the_rnn_is_the_textbook_line_and_the_one_that_a_step_computes(piped) -> None:
    done = piped("derive", "rnn")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        "rnn: forward, t = 1 … T",
        "  a[t] = b + W @ h[t-1] + U @ x[t]  # pre-activation: bias + memory + new input",
    ]
    at = lines.index("  ∇h[t] = Wᵀ(∇h[t+1] ⊙ (1 − h[t+1]²)) + Vᵀ∇z[t]  # from the future + from this output")
    assert lines[at + 1] == "        = Wᵀ∇a[t+1] + Vᵀ∇z[t]"
    assert lines[at + 2 :] == [
        "  ∇a[t] = ∇h[t] ⊙ (1 − h[t]²)",
        "  ∇b += ∇a[t]",
        "  ∇W += ∇a[t] h[t-1]ᵀ",
        "  ∇U += ∇a[t] x[t]ᵀ",
    ]


def test_a_text_that_nobody_ships_is_derived_alike(piped, odd: str) -> None:
    lines = piped("derive", odd).stdout.splitlines()
    assert lines[0] == "odd: forward, t = 1 … T"
    assert lines[1].endswith(r"# what is \x1b[31mnew")
    named = lines.index("odd: named for the backward pass")
    assert lines[named + 1] == "  a_q[t] = A x[t] + B mem[t-1] + r2"
    for line in (
        "  mem[t] = q[t] * mem[t-2] + (1 - q[t])      # carry over + constant − take in",
        "  ∇mem[t] = q[t+2] ⊙ ∇mem[t+2] + Bᵀ(∇q[t+1] ⊙ (1 − q[t+1]²)) + Vᵀ∇z[t]",
        "            # straight back + from the future + from this output",
        "          = q[t+2] ⊙ ∇mem[t+2] + Bᵀ∇a_q[t+1] + Vᵀ∇z[t]",
        "  ∇q[t] = (mem[t-2] − 1) ⊙ ∇mem[t]",
        "  ∇B += ∇a_q[t] mem[t-1]ᵀ",
    ):
        assert line in lines


@pytest.mark.parametrize("cell", [*CELLS, "odd"])
def test_latex_has_one_row_an_equation_and_its_braces_are_balanced(piped, odd: str, cell: str) -> None:
    done = piped("derive", odd if cell == "odd" else cell, "--latex")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    begun, ended = lines.count(r"\begin{align*}"), lines.count(r"\end{align*}")
    assert begun == ended == (2 if cell in CELLS and not CELLS[cell].arguments else 3)
    rows = [line for line in lines if line.startswith("  ")]
    assert len(rows) == len(lines) - begun - ended - (begun - 1)
    for row in rows:
        assert row.count("&") == 1
        assert row.count("{") == row.count("}")
        assert row.count(r"\left") == row.count(r"\right")
    assert done.stdout.isascii()


def test_bad_input_is_one_line(piped, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("q[t] = tanh(A @ x[t+1])\n")
    for given, line in (
        ("gur", "gur: no built-in cell and no file has this name; did you mean mgu or gru?"),
        (str(tmp_path / "bad.txt"), f"{tmp_path}/bad.txt:1:"),
        (str(tmp_path / "none.txt"), f"{tmp_path}/none.txt: no such file"),
    ):
        done = piped("derive", given)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert done.stderr.startswith(line)


def test_words_of_a_sum_stand_beneath_where_there_is_no_room(piped, tmp_path: Path) -> None:
    file = tmp_path / "wide.txt"
    file.write_text(
        "gate[t] = sigmoid(A @ x[t] + B @ memory[t-1] + d)  # how much of the memory stays as it is at this time\n"
        "memory[t] = gate[t] * memory[t-1] + (1 - gate[t]) * tanh(C @ x[t])  # what is remembered for later\n"
    )
    lines = piped("derive", str(file)).stdout.splitlines()
    (place,) = (n for n, line in enumerate(lines) if line.endswith("# what is remembered for later"))
    assert lines[place + 1] == "              # keep + take in"
