"""Text from outside cannot steer a terminal, and an error is one line that names file, place and reason."""

from __future__ import annotations

import pickle
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnntui.safe import InputError, InputErrors, clean, cut


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;aGk=\x07", r"\x1b]52;c;aGk=\x07"),
        ("\x00\x7f\x9b31m", r"\x00\x7f\x9b31m"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("\u202egnp.exe\u202c", r"\u202egnp.exe\u202c"),
        ("\u2066\u2069\u200e\u200f\u061c", r"\u2066\u2069\u200e\u200f\u061c"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("\ud800x\udfff", r"\ud800x\udfff"),
        ("\ufeffab\u200bc\u200d", r"\ufeffab\u200bc\u200d"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_steers_or_hides_is_written_as_its_escape(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    "text", ["∇h[t] [/b] [@click=app.quit]", "naïve Ελλάδα 漢字 שלום", "e\u0301", "❤\ufe0f", r"\x1b"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_line_feeds_stay_where_they_are_wanted_and_nothing_else_does() -> None:
    assert clean("a\nb\r\n\tc\x0b", keep_newlines=True) == "a\nb\\r\n\\tc\\x0b"
    assert clean("a\nb") == r"a\nb"


@given(st.text(st.characters(codec=None)))
def test_clean_text_can_be_encoded_and_holds_no_control_or_format_character(text: str) -> None:
    shown = clean(text)
    shown.encode("utf-8")
    # Arabic and Syriac signs that enclose numbers are format characters that are seen
    seen = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    hidden = [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in seen]
    assert [c for c in hidden if not "\U00013430" <= c <= "\U0001343f"] == []  # hieroglyph joiners
    assert clean(shown) == shown


def test_a_long_text_is_cut_at_its_end() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abcde…"


@pytest.mark.parametrize(
    ("file", "place", "line"),
    [
        ("a.yaml", "3:7", "a.yaml:3:7: bad"),
        ("a.csv", "12", "a.csv:12: bad"),
        ("a.csv", "column 'x'", "a.csv: column 'x': bad"),
        ("a.csv", "", "a.csv: bad"),
        ("", "3:7", "3:7: bad"),
        ("", "", "bad"),
    ],
)
def test_an_error_line_names_file_place_and_reason(file: str, place: str, line: str) -> None:
    assert str(InputError(file, place, "bad")) == line


def test_an_error_line_is_clean_and_short_and_ends_of_long_names_stay() -> None:
    line = str(InputError("d/" * 500 + "\x1b[2J.txt", "2:1\n", "r\u202e\n" * 900))
    assert len(line) == 400
    assert clean(line) == line
    assert r"\x1b[2J.txt: 2:1\n: r\u202e\nr" in line
    assert line.startswith("…")
    assert line.endswith("…")


def test_an_error_survives_the_way_between_processes() -> None:
    copy = pickle.loads(pickle.dumps(InputError("f", "1", "r")))  # noqa: S301  # made on this line
    assert (type(copy), str(copy)) == (InputError, "f:1: r")


def test_at_most_fifty_errors_are_printed_and_the_rest_counted() -> None:
    errors = [InputError("f", str(line), "bad") for line in range(1, 63)]
    assert InputErrors(errors[:50]).lines() == [f"f:{line}: bad" for line in range(1, 51)]
    assert InputErrors(errors).lines()[49:] == ["f:50: bad", "… and 12 more"]
    assert str(InputErrors(errors[:2])) == "f:1: bad\nf:2: bad"


def test_the_room_loads_neither_numpy_nor_a_screen() -> None:
    code = "import sys, rnntui.safe; print([m for m in ('numpy', 'textual', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
