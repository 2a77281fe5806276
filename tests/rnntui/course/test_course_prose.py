"""Prose with expressions: numbers from the run, nothing that a question hides, nothing that steers a terminal."""

from __future__ import annotations

from collections.abc import Callable

from bptt.queries import Reading, parse_query
from rnntui.course.markdown import plain
from rnntui.course.prose import Prose, cleaned, split
from rnntui.course.script import Script


def test_a_text_is_split_at_its_expressions() -> None:
    assert split("a {{ x }} b {{y}}") == (["a ", " b ", ""], [" x ", "y"])
    assert split("none") == (["none"], [])


def test_pieces_are_cleaned_and_keep_their_lines() -> None:
    assert cleaned(["  a\x1b[31m\n\nb ", " c\n"]) == ("a\\x1b[31m\n\nb ", " c")


def test_signs_of_emphasis_are_left_out_and_products_stay() -> None:
    assert plain("**bold** and *thin* and `code`, 2 * 3 * 4, a*b*c") == "bold and thin and code, 2 * 3 * 4, a*b*c"


def test_what_reads_something_hidden_is_covered(odd_lesson: str, opened: Callable[[str], Script]) -> None:
    run = opened(odd_lesson).run

    def told(text: str, *hidden: Reading) -> str:
        return Prose(("", ""), (parse_query(text, run.model.cell),)).at(run, 2, frozenset(hidden))

    assert told("q[2][1]") == "−0.5"
    assert told("q[2][1]", Reading("q", 2, False)) == "???"
    assert told("norm(q[t]) + 1", Reading("q", 2, False)) == "???"
    assert told("q[2][1]", Reading("q", 2, True), Reading("q", 1, False)) == "−0.5"
    assert told("loss", Reading("miss", 1, False)) == "???"


def test_the_part_of_one_loss_in_a_hidden_gradient_may_be_told_except_at_the_end(
    odd_lesson: str, opened: Callable[[str], Script]
) -> None:
    run = opened(odd_lesson).run
    hidden = frozenset({Reading("mem", 1, True), Reading("mem", 2, True)})

    def told(text: str) -> str:
        return Prose(("", ""), (parse_query(text, run.model.cell),)).at(run, 2, hidden)

    assert told("grad(mem[1], miss[1])[0]") == "1"
    assert told("grad(mem[1])[0]") == "???"
    assert told("grad(mem[2], miss[2])[0]") == "???"
