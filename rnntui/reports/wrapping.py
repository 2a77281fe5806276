"""Narration as plain lines: paragraphs, items and headings wrapped to a width, without Markdown's signs."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from rnntui.course.prose import plain

NARROWEST = 20
_HEADING = re.compile(r"#{1,6}\s+(.*)")
_ITEM = re.compile(r"\s*([-*+]|\d{1,3}[.)])\s+(.*)")


def wrapped(markdown: str, width: int) -> list[str]:
    """Clean text in lines of at most `width` characters, a word that is longer on a line of its own. Lines of a
    paragraph are joined; blocks stand apart by an empty line, items of a list do not."""
    lines: list[str] = []
    before = ""
    for mark, block in _blocks(markdown):
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


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(an item's mark, empty for a paragraph or heading; the block's text on one line)."""
    mark, block = "", ""
    for line in [*text.split("\n"), ""]:
        heading, item = _HEADING.match(line), _ITEM.match(line)
        if block and (heading or item or not line.strip()):
            yield mark, block
            mark, block = "", ""
        if heading:
            yield "", heading[1]
        elif item:
            mark = f"{'•' if item[1] in '-*+' else item[1]} "
            block = item[2].strip()
        else:
            block = f"{block} {line.strip()}".strip()
