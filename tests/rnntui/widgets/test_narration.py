"""Narration shows what was typed, with weight and nothing live."""

from rnntui.widgets.narration import narration
from rnntui.widgets.palette import palette

DARK = palette("dark")


def test_mathematics_and_markup_are_shown_as_typed():
    text = "dh[t] [/b] [@click=app.quit]x[/] [link](https://example.org) 2*3*4 W[0,2]"
    assert narration(text, DARK).plain == text


def test_bold_italic_and_code_lose_their_marks_and_gain_a_style():
    shown = narration("so **two** *roads* meet in `h[t]`", DARK)
    assert shown.plain == "so two roads meet in h[t]"
    styles = {shown.plain[span.start : span.end]: span.style for span in shown.spans}
    assert styles["two"].bold and styles["roads"].italic and styles["h[t]"].background is not None


def test_lines_of_a_paragraph_join_and_blocks_stand_apart():
    text = "# Head\none\ntwo\n\nthree\n- a\n- b\n  c\n"
    assert narration(text, DARK).plain == "Head\n\none two\n\nthree\n\n• a\n• b c"


def test_nothing_is_nothing():
    assert narration("", DARK).plain == ""


def test_a_thousand_items_take_no_time():
    assert narration("\n".join(f"- item {n}" for n in range(1000)), DARK).plain.count("•") == 1000
