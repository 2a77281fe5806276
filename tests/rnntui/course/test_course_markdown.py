"""The little Markdown of a lesson, block by block."""

from __future__ import annotations

from rnntui.course.markdown import blocks


def test_items_may_follow_a_paragraph_at_once() -> None:
    assert list(blocks("Look:\n- one\n  and more\n- two")) == [
        ("paragraph", "", "Look:"),
        ("item", "-", "one and more"),
        ("item", "-", "two"),
    ]
    assert [mark for _, mark, _ in blocks("Look:\n1. one\n2. two")] == ["", "1.", "2."]


def test_a_number_that_ends_a_sentence_at_the_beginning_of_a_line_is_no_item() -> None:
    assert list(blocks("It learned in 19 of\n20. That is much.")) == [
        ("paragraph", "", "It learned in 19 of 20. That is much.")
    ]
