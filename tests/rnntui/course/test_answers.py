"""Typed answers are read as people write them, or refused in a line that says how."""

from __future__ import annotations

import pytest

from rnntui.course.answers import TRUTHS, AnswerError, read_choice, read_number, read_shape, read_sign, read_truth

READERS = {"choice": read_choice, "sign": read_sign, "true-false": lambda text, _: read_truth(text)}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0.25", 0.25),
        (" −1.5 ", -1.5),
        ("2e-3", 0.002),
        ("1/2048", 1 / 2048),
        ("-3 / 4", -0.75),
        (".5", 0.5),
        ("-0,82", -0.82),
        ("-8,19e-1", -0.819),
        (",5", 0.5),
    ],
)
def test_numbers_and_fractions(typed: str, number: float) -> None:
    assert read_number(typed)[0] == number


@pytest.mark.parametrize(
    "typed", ["", "1/", "/2", "1/2/3", "nan", "inf", "1/-2", "0x10", "1_0", "2**3", "1/0", "1,2,3", "1.2,3"]
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(AnswerError):
        read_number(typed)


def test_a_decimal_comma_is_told_as_the_point_that_it_was_read_as() -> None:
    assert read_number("1,000")[1] == "1.000"


@pytest.mark.parametrize(
    ("kind", "key", "choices", "place"),
    [
        ("choice", "c", ("left", "right", "both"), 2),
        ("choice", "2", ("left", "right", "both"), 1),
        ("choice", "2", ("3", "2", "4", "1"), 1),
        ("choice", "1", ("3", "2", "4", "1"), 3),
        ("choice", "o", ("f", "i", "o"), 2),
        ("sign", "-", ("plus", "minus", "zero"), 1),
        ("sign", "0", ("plus", "minus", "zero"), 2),
        ("true-false", "n", TRUTHS, 1),
        ("true-false", "t", TRUTHS, 0),
    ],
)
def test_a_key_means_the_choice_that_it_would_mean_as_a_line(
    kind: str, key: str, choices: tuple[str, ...], place: int
) -> None:
    assert READERS[kind](key, choices) == place


@pytest.mark.parametrize(("kind", "key"), [("choice", "4"), ("choice", "x"), ("choice", "."), ("true-false", "x")])
def test_other_keys_mean_none(kind: str, key: str) -> None:
    with pytest.raises(AnswerError):
        READERS[kind](key, ("left", "right", "both"))


@pytest.mark.parametrize("typed", ["", "two"])
def test_what_is_said_of_a_shape_that_cannot_be_read_is_no_answer(typed: str) -> None:
    with pytest.raises(AnswerError) as raised:
        read_shape(typed)
    assert not any(letter.isdigit() for letter in str(raised.value))
