"""The little Markdown of a lesson: bold, italic and code in a line, headings and items as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

MARKED = re.compile(
    r"\*\*(?=\S)(?P<bold>[^*\n]+)(?<=\S)\*\*"
    r"|(?<![\w*])\*(?=\S)(?P<italic>[^*\n]+)(?<=\S)\*(?![\w*])"
    r"|`(?P<code>[^`\n]+)`"
)
HEADING = re.compile(r"#{1,6}\s+(?P<text>.*)")
ITEM = re.compile(r"\s*(?P<mark>[-*+]|\d{1,3}[.)])\s+(?P<text>.*)")
_BREAKS_IN = ("-", "*", "+", "1.", "1)")
"""The marks of items that may follow a line of a paragraph: other numbers there end a sentence, as in CommonMark."""


def plain(line: str) -> str:
    """Without the signs of **bold**, *italic* and `code`."""
    return MARKED.sub(lambda found: found[found.lastgroup or 0], line)


def blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """(paragraph, heading or item; the mark of an item; the text, on one line)."""
    kind, mark, block = "paragraph", "", ""
    for line in [*text.split("\n"), ""]:
        heading, item = HEADING.match(line), ITEM.match(line)
        if item and block and kind == "paragraph" and item["mark"] not in _BREAKS_IN:
            item = None
        if block and (heading or item or not line.strip()):
            yield kind, mark, block
            kind, mark, block = "paragraph", "", ""
        if heading:
            yield "heading", "", heading["text"]
        elif item:
            kind, mark, block = "item", item["mark"], item["text"].strip()
        else:
            block = f"{block} {line.strip()}".strip()
