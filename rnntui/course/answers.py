"""What a learner answers, read: a plain decimal number, or one of the choices."""

from __future__ import annotations

import re

from rnntui.safe import clean, cut

LETTERS = "abcdefghijklmnopqrstuvwxyz"
"""The names of the choices, in order."""
_NUMBER = re.compile(r"[-+−]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+−]?[0-9]+)?")
_LONGEST = 30
"""Characters shown of an answer."""


class AnswerError(ValueError):
    """An answer that cannot be read; the message is one line that says what can."""


def read_number(text: str) -> tuple[float, str]:
    """The number and how it is written. Raises AnswerError."""
    typed = text.strip()
    if not _NUMBER.fullmatch(typed):
        shown = cut(clean(typed), _LONGEST) or "nothing"
        raise AnswerError(f"{shown} is not a number: write one like 0.25, -1.5 or 2e-3")
    return float(typed.replace("−", "-")), cut(typed.replace("-", "−"), _LONGEST)


def read_choice(text: str, choices: tuple[str, ...]) -> int:
    """The place of the choice that is meant. Raises AnswerError."""
    typed = " ".join(text.split())
    for place, choice in enumerate(choices):
        if typed.casefold() == " ".join(choice.split()).casefold():
            return place
    letter = typed.rstrip(").").casefold()
    if len(letter) == 1 and letter in LETTERS[: len(choices)]:
        return LETTERS.index(letter)
    counted = not all(choice.strip().isdigit() for choice in choices)
    if counted and letter.isascii() and letter.isdigit() and len(letter) < 4 and 1 <= int(letter) <= len(choices):
        return int(letter) - 1
    shown = cut(clean(typed), _LONGEST) or "nothing"
    raise AnswerError(f"{shown} is none of the answers: write a letter from a to {LETTERS[len(choices) - 1]}")
