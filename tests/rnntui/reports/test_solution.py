"""Worked solutions and sheets: what is in them, and that nothing in them is read as more than text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rnntui.course.script import Script, open_script
from rnntui.reports.solution import solution
from rnntui.reports.solution_latex import in_latex, text
from rnntui.reports.solution_markdown import in_markdown


@pytest.fixture
def script(every_kind: Path) -> Script:
    return open_script(every_kind)


def test_a_solution_has_every_question_with_its_answer_and_why(script: Script) -> None:
    blocks = solution(script)
    kinds = [block.kind for block in blocks]
    assert kinds.count("question") == kinds.count("answer") == 9
    assert "room" not in kinds
    written = in_markdown(blocks)
    for stop in script.stops:
        if stop.question is not None:
            assert script.fill(stop.question.explain, stop).split(".")[0] in written or stop.kind == "try"
    assert "**Answer:** r2\\[t\\] = tanh(C @ x\\[t\\] + E @ mem\\[t-1\\])" in written
    assert "| wider |" in written


def test_a_sheet_has_no_answer_and_no_number_that_is_asked_for(script: Script) -> None:
    blocks = solution(script, blank=True)
    kinds = [block.kind for block in blocks]
    assert "answer" not in kinds
    assert kinds.count("room") == 9
    asked = blocks[kinds.index("question") : kinds.index("room")]
    assert all("0.61" not in line and ".61" not in line for block in asked for line in (block.text, *block.items))
    assert "q[2] = ???" in "".join(line for block in asked for line in block.items)


def test_the_equations_of_a_fault_that_is_looked_for_are_on_the_sheet(script: Script) -> None:
    written = in_markdown(solution(script, blank=True))
    assert "∇mem[t] = Vᵀ∇z[t]\n" in written
    assert "left out" not in written


def test_latex_is_balanced_and_plain_signs_are_escaped(script: Script) -> None:
    written = in_latex(solution(script))
    for name in ("align*", "itemize", "tabular", "document"):
        assert written.count(f"\\begin{{{name}}}") == written.count(f"\\end{{{name}}}") > 0
    bare = re.sub(r"\\[{}\\]", "", written)
    assert bare.count("{") == bare.count("}")
    assert written.isascii()
    assert text("50 % of a_b & {c} # $d^2$ \\e") == (
        r"50 \% of a\_b \& \{c\} \# \$d\textasciicircum{}2\$ \textbackslash{}e"
    )
    assert text("∇h₃ᵀ") == r"\ensuremath{\nabla}h\ensuremath{{}_3}\ensuremath{{}^{\mathsf T}}"
    assert text("\U0001f600") == "[U+1F600]"


def test_markup_of_a_lesson_is_text_in_markdown(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        'id: a\ntitle: "[x](y) <b>"\nmodel: {cell: rnn}\ndata: {text: ab}\n'
        'steps:\n  - say: "<script> | [a](b) `c[1]` **d**"\n  - expect: loss > 0\n',
        encoding="utf-8",
    )
    written = in_markdown(solution(open_script(path)))
    assert "# \\[x\\](y) \\<b\\>" in written
    assert "\\<script\\> \\| \\[a\\](b) `c[1]` **d**" in written


ASKING = """
id: a
title: A
model: {cell: rnn, hidden: 2, seed: 3}
data: {text: abcab}
steps:
  - say: It starts.
    goto: forward t=2 a
  - say: It goes on.
    goto: forward t=2 h
  - ask: Which sign?
    sign: grad(h[3])[0]
    goto: backward t=3 h
  - say: "It was {{ grad(h[3])[0] }}, of {{ loss }}."
    goto: backward t=2 a
  - ask: How much?
    number: norm(W)
  - ask: The line?
    equation: EQUATION
    answer: ANSWER
  - say: "**You saw:** all of it."
  - expect: loss > 0
"""


@pytest.mark.parametrize(
    ("equation", "answer", "telling"),
    [
        ("h[t]", "tanh(U @ x[t] + W @ h[t-1] + b)", ("tanh", "h[t-1]", "h[t]²", "Wᵀ", "U @", "1 −")),
        ("a[t]", "U @ x[t] + W @ h[t-1] + b", ("h[t-1]", "Wᵀ", "U @")),
        ("grad(h[t])", "W.T @ grad(a[t+1]) + V.T @ grad(z[t])", ("Wᵀ", "Vᵀ", "h[t]²", "h[t+1]²", "1 −")),
    ],
)
def test_a_sheet_tells_an_equation_that_is_asked_for_nowhere(
    tmp_path: Path, equation: str, answer: str, telling: tuple[str, ...]
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(ASKING.replace("EQUATION", equation).replace("ANSWER", answer), encoding="utf-8")
    script = open_script(path)
    for write in (in_markdown, in_latex):
        sheet = write(solution(script, blank=True))
        assert [sign for sign in telling if sign in sheet] == []
    assert "z[t] = c + V @ h[t]" in in_markdown(solution(script, blank=True))
    assert "You saw" not in in_markdown(solution(script, blank=True))
    assert "h[t] = tanh(a[t])" in in_markdown(solution(script))


def test_what_one_question_asks_for_is_hidden_beside_the_others_too(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(ASKING.replace("EQUATION", "h[t]").replace("ANSWER", "tanh(a[t])"), encoding="utf-8")
    script = open_script(path)
    sheet = in_markdown(solution(script, blank=True))
    assert "It was ???, of " in sheet
    assert script.right_answer(script.stops[4])[:5] not in sheet
