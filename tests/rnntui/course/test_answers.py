"""Typed answers are read as people write them, or refused in a line that says how."""

from __future__ import annotations

import pytest

from rnntui.course.answers import AnswerError, read_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0.25", 0.25), (" −1.5 ", -1.5), ("2e-3", 0.002), ("1/2048", 1 / 2048), ("-3 / 4", -0.75), (".5", 0.5)],
)
def test_numbers_and_fractions(typed: str, number: float) -> None:
    assert read_number(typed)[0] == number


@pytest.mark.parametrize("typed", ["", "1/", "/2", "1/2/3", "nan", "inf", "1/-2", "0x10", "1_0", "2**3", "1/0"])
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(AnswerError):
        read_number(typed)
