"""Narration as plain lines: paragraphs, items and headings wrapped to a width, without Markdown's signs."""

from __future__ import annotations

import textwrap

from rnntui.course.markdown import blocks, plain

NARROWEST = 20


def wrapped(markdown: str, width: int) -> list[str]:
    """Clean text in lines of at most `width` characters, a word that is longer on a line of its own. Lines of a
    paragraph are joined; blocks stand apart by an empty line, items of a list do not."""
    lines: list[str] = []
    before = ""
    for _, sign, block in blocks(markdown):
        mark = f"{'•' if sign in '-*+' else sign} " if sign else ""
        if lines and not (mark and before):
            lines.append("")
        lines += textwrap.wrap(
            plain(block),
            max(width, NARROWEST),
            initial_indent=mark,
            subsequent_indent=" " * len(mark),
            break_long_words=False,
            break_on_hyphens=False,
        )
        before = mark
    return lines
