"""What a lesson says, drawn: paragraphs, lists, headings, **bold**, *italic* and `code`; nothing else of Markdown.

Links, pictures, tables and HTML stay as typed: a lesson is data, and shows text.
"""

from __future__ import annotations

from textual.content import Content
from textual.style import Style

from rnntui.course.markdown import MARKED, blocks
from rnntui.widgets.palette import Palette


def narration(text: str, palette: Palette) -> Content:
    """Clean text as Content. Lines of a paragraph are joined; blocks stand apart by a blank line, list items not."""
    parts: list[Content] = []
    previous = ""
    for kind, _, block in blocks(text):
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


def _inline(text: str, palette: Palette) -> Content:
    code = f"{palette.colour('backward')} on {palette.colour('panel')}"
    parts: list[Content | str] = []
    end = 0
    for found in MARKED.finditer(text):
        parts.append(text[end : found.start()])
        kind = found.lastgroup or "code"
        parts.append(Content.styled(found[kind], Style.parse({"bold": "bold", "italic": "italic", "code": code}[kind])))
        end = found.end()
    parts.append(text[end:])
    return Content.assemble(*parts)
