"""ASCII's signs: as wide as what they replace, told apart, and everywhere."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

import bptt
import rnntui
from rnntui.widgets.glyphs import SIGNS, Ascii, has

BLACK = Color(0, 0, 0)


def spelled(text, encoding="utf-8"):
    return "".join(segment.text for segment in Ascii(encoding).apply([Segment(text)], BLACK))


@pytest.mark.parametrize(
    ("text", "ascii"),
    [
        ("∇h₅ = Wᵀ(∇h₆ ⊙ (1−h₆²))", "dh5 = W'(dh6 * (1-h6^))"),
        ("─W→ ←Wᵀ ▸ 4 ▸ ◂ 5 ◂", "-W> <W' > 4 > < 5 <"),
        ("▐ -.15▌ ▕ +.77▏", "[ -.15] ( +.77)"),
        ("10⁻¹² 10⁰ 10²", "1e-12 1e0 1e2"),
        ("‖∇h‖ │ ─ ━", "|dh| | - ="),
        ("plain", "plain"),
    ],
)
def test_signs_become_ascii_of_the_same_width(text, ascii):
    assert spelled(text) == ascii
    assert cell_len(text) == len(ascii)


def test_every_sign_of_the_table_is_one_column_wide_and_one_letter_of_ascii():
    for sign, letter in SIGNS.items():
        assert cell_len(chr(sign)) == len(letter) == 1
        assert letter.isascii() and letter.isprintable()


def test_every_sign_that_the_program_draws_is_in_the_table():
    package = Path(rnntui.__file__).parent
    drawn = [file for file in package.rglob("*.py") if "latex" not in file.name]
    files = [*drawn, *Path(bptt.__file__).parent.glob("notation*.py")]
    written = {sign for file in files for sign in file.read_text(encoding="utf-8") if not sign.isascii()}
    assert {sign for sign in written if ord(sign) not in SIGNS} == set()


def test_levels_of_ink_of_lines_and_of_bars_are_told_apart():
    for ramp in (" ░▒▓█", " -=≡#", " ▁▂▃▄▅▆▇█"):
        assert len(set(spelled(ramp))) == len(ramp)
    assert not set(spelled("░▒▓█")) & set(spelled("-=≡#"))


def test_letters_of_the_user_stay_where_the_encoding_has_them():
    assert spelled("é日") == "é日"
    assert spelled("é日", "latin-1") == "é??"
    assert spelled("é日", "ascii") == "???"


def test_what_an_encoding_has():
    assert has("∇", "utf-8") and not has("∇", "latin-1") and not has("a", "no such encoding")
