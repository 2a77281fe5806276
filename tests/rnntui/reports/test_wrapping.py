"""Narration as plain lines."""

from __future__ import annotations

from rnntui.reports.wrapping import wrapped


def test_lines_of_a_paragraph_are_joined_and_broken_at_the_width() -> None:
    assert wrapped("one two\nthree four five", 13) == wrapped("one two three four five", 13)
    assert wrapped("one two three four five six seven", 20) == ["one two three four", "five six seven"]


def test_blocks_stand_apart_and_items_stay_together() -> None:
    text = "# A heading\nbefore\n\n- one thing\n- another that goes on\n  here\n2) two\n\nafter"
    assert wrapped(text, 22) == [
        "A heading",
        "",
        "before",
        "",
        "• one thing",
        "• another that goes on",
        "  here",
        "2) two",
        "",
        "after",
    ]


def test_marks_are_left_out_and_notation_is_left_alone() -> None:
    assert wrapped("**Bold**, *slanted* and `h[t-1]`: ∇h[t-1] [/b] a * b", 80) == [
        "Bold, slanted and h[t-1]: ∇h[t-1] [/b] a * b"
    ]


def test_a_long_word_is_not_broken_and_a_tiny_width_is_not_taken() -> None:
    assert wrapped("see h[t-1]⊙(1−h[t-1]²)⊙∇h[t] there", 20) == ["see", "h[t-1]⊙(1−h[t-1]²)⊙∇h[t]", "there"]
    assert wrapped("one two three four", 1) == wrapped("one two three four", 20)
    assert wrapped("", 40) == []
