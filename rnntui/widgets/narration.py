"""What a lesson says, drawn: paragraphs, lists, headings, **bold**, *italic* and `code`; nothing else of Markdown.

Links, pictures, tables and HTML stay as typed: a lesson is data, and shows text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.content import Content
from textual.style import Style

from rnntui.widgets.palette import Palette

_MARKED = re.compile(
    r"\*\*(?=\S)(?P<bold>[^*\n]+)(?<=\S)\*\*"
    r"|(?<![\w*])\*(?=\S)(?P<italic>[^*\n]+)(?<=\S)\*(?![\w*])"
    r"|`(?P<code>[^`\n]+)`"
)
_HEADING = re.compile(r"#{1,6}\s+(.*)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)")


def narration(text: str, palette: Palette) -> Content:
    """Clean text as Content. Lines of a paragraph are joined; blocks stand apart by a blank line, list items not."""
    parts: list[Content] = []
    previous = ""
    for kind, block in _blocks(text):
        if parts:
            parts.append(Content("\n" if kind == previous == "item" else "\n\n"))
        if kind == "heading":
            parts.append(Content.styled(block, Style.parse(f"bold {palette.colour('violet')}")))
        elif kind == "item":
            parts.append(Content.assemble("• ", _inline(block, palette)))
        else:
            parts.append(_inline(block, palette))
        previous = kind
    return Content.assemble(*parts)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(paragraph, heading or item; its text)."""
    paragraph: list[str] = []
    kind = "paragraph"
    for line in [*text.split("\n"), ""]:
        heading, item = _HEADING.match(line), _ITEM.match(line)
        if paragraph and (heading or item or not line.strip()):
            yield kind, " ".join(paragraph)
            paragraph = []
        if heading:
            yield "heading", heading[1]
        elif item:
            kind, paragraph = "item", [item[1].strip()]
        elif line.strip():
            if not paragraph:
                kind = "paragraph"
            paragraph.append(line.strip())


def _inline(text: str, palette: Palette) -> Content:
    code = f"{palette.colour('backward')} on {palette.colour('panel')}"
    parts: list[Content | str] = []
    end = 0
    for found in _MARKED.finditer(text):
        parts.append(text[end : found.start()])
        kind = found.lastgroup or "code"
        parts.append(Content.styled(found[kind], Style.parse({"bold": "bold", "italic": "italic", "code": code}[kind])))
        end = found.end()
    parts.append(text[end:])
    return Content.assemble(*parts)
