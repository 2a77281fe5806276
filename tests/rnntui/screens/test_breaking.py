"""Where long lines of mathematics are broken."""

from rnntui.screens.breaking import broken


def test_what_fits_stays_as_it_is():
    assert broken("a · b = 1 · 2", 13) == "a · b = 1 · 2"


def test_a_product_is_broken_only_where_nothing_else_can_be():
    assert broken("B[0,1] · mem[2][1] = −0.666 · −0.0144", 30, 2) == "B[0,1] · mem[2][1]\n  = −0.666 · −0.0144"
    assert broken("aa · bb + cc · dd", 12) == "aa · bb\n+ cc · dd"
    assert broken("aa ⊙ bb ⊙ cc", 9) == "aa ⊙ bb\n⊙ cc"


def test_a_bracket_is_not_broken():
    assert broken("∇f[3] ⊙ f[3] ⊙ (1 − f[3])", 20, 1) == "∇f[3] ⊙ f[3]\n ⊙ (1 − f[3])"


def test_columns_before_the_first_word_are_no_place_to_break_and_long_words_stay_whole():
    assert broken("     abcdefghij = 3", 9, 5) == "     abcdefghij = 3"
    assert broken("ab = 345678 + 9", 9, 1) == "ab\n = 345678\n + 9"


def test_every_line_that_can_be_is_as_short_as_asked():
    text = " + ".join(f"w[{n}] · x[{n}]" for n in range(20))
    assert max(map(len, broken(text, 30, 3).split("\n"))) <= 30
