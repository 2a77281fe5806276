"""What a learner answers, read: a plain decimal number, or one of the choices."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from rnntui.safe import clean, cut

LETTERS = "abcdefghijklmnopqrstuvwxyz"
"""The names of the choices, in order."""
_DIGITS = r"([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][-+−]?[0-9]+)?"
_NUMBER = re.compile(rf"[-+−]?{_DIGITS}( */ *{_DIGITS})?")
_LONGEST = 30
"""Characters shown of an answer."""


class AnswerError(ValueError):
    """An answer that cannot be read; the message is one line that says what can."""


def read_number(text: str) -> tuple[float, str]:
    """The number and how it is written, a decimal comma as a point. Raises AnswerError."""
    typed = text.strip()
    if not _NUMBER.fullmatch(typed):
        wrong = f"{_shown(typed)} is not a number: write one" if typed else "write a number,"
        raise AnswerError(f"{wrong} like 0.25, -1.5, 1/3 or 2e-3")
    typed = typed.replace(",", ".")
    above, _, below = typed.replace("−", "-").partition("/")
    if below and not float(below):
        raise AnswerError("nothing can be divided by 0")
    return float(above) / float(below or 1), cut(typed.replace("-", "−"), _LONGEST)


def is_rounded(typed: str, value: float) -> bool:
    """Whether a number as it was typed is another one, rounded to as many decimals."""
    above, _, below = typed.replace("−", "-").partition("/")
    if below or not math.isfinite(value):
        return False
    try:
        written = Decimal(above)
        return abs(written - Decimal(value)) <= Decimal(5).scaleb(int(written.as_tuple().exponent) - 1)
    except ArithmeticError:  # cut, or beyond all exponents
        return False


def _shown(typed: str) -> str:
    return f"'{cut(clean(typed), _LONGEST)}'" if typed else "nothing"


def read_choice(text: str, choices: tuple[str, ...], named: bool = False) -> int:
    """The place of the choice that is meant. Raises AnswerError; `named`: which names the choices, few words."""
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
    wrong = f"{_shown(typed)} is none of the answers: write" if typed else "choose first:"
    names = f"{', '.join(choices)}, or " if named else ""
    raise AnswerError(f"{wrong} {names}a letter from a to {LETTERS[len(choices) - 1]}")


SIGNS = {"+": 0, "-": 1, "−": 1, "0": 2}
"""Characters that are the answer to a question for a sign: plus, minus, zero."""
TRUTHS = ("true", "false")
WORDS: dict[str, dict[str, int]] = {
    "sign": {"plus": 0, "positive": 0, "minus": 1, "negative": 1, "zero": 2, "none": 2},
    "true-false": {"true": 0, "yes": 0, "false": 1, "no": 1},
}
"""Kind of question → the words that answer it, and the places of the choices that they mean."""


def read_sign(text: str, signs: tuple[str, ...]) -> int:
    """The place of plus, minus or zero, also as +, -, 0, positive and negative. Raises AnswerError."""
    typed = text.strip().casefold()
    short = SIGNS | WORDS["sign"]
    return short[typed] if typed in short else read_choice(text, signs, named=True)


def read_truth(text: str) -> int:
    """0 for true, 1 for false; also t and f, yes and no. Raises AnswerError."""
    typed = text.strip().casefold()
    meant = WORDS["true-false"] | {word[0]: place for word, place in WORDS["true-false"].items()}
    return meant[typed] if typed in meant else read_choice(text, TRUTHS, named=True)


def read_order(text: str, count: int) -> list[int]:
    """The places that are meant, each once: c a b, cab, 3 1 2. Raises AnswerError."""
    typed = re.sub(r"[\s,;>→]+", " ", text.strip().casefold())
    words = typed.split() if " " in typed or not typed.isalpha() else list(typed)
    places = [
        LETTERS.find(word) if len(word) == 1 and word in LETTERS else int(word) - 1 if word.isdecimal() else -1
        for word in words
    ]
    if sorted(places) != list(range(count)):
        shown = cut(clean(text.strip()), _LONGEST) or "nothing"
        raise AnswerError(f"{shown} is no order: write each of {' '.join(LETTERS[:count])} once, the first one first")
    return places


SHAPE = "rows x columns, or one number for a vector"
"""How a shape is written: without an example, which could be the answer."""


def read_shape(text: str) -> tuple[int, ...]:
    """Rows and columns: 2 × 4, 2x4, 2, 4; one number for a vector. Raises AnswerError."""
    found = re.fullmatch(r"\(?\s*(\d{1,5})\s*(?:(?:[x×*,]|by|\s)\s*(\d{1,5})?)?\s*\)?", text.strip().casefold())
    if not found:
        shown = cut(clean(text.strip()), _LONGEST)
        wrong = f"{shown} is no shape: write" if shown else "write"
        raise AnswerError(f"{wrong} {SHAPE}")
    return tuple(int(number) for number in found.groups() if number)
