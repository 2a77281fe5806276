"""A worked solution as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rnntui.reports.solution import ROOM, Block

_SPECIAL = re.compile(r"([\\<>\[\]|#])")
_CODE = re.compile(r"(`[^`\n]+`)")


def in_markdown(blocks: Iterable[Block]) -> str:
    """The file."""
    return "\n\n".join(part for block in blocks for part in _written(block)) + "\n"


def _written(block: Block) -> Iterator[str]:
    match block.kind:
        case "title":
            yield f"# {_escaped(block.text)}"
        case "section":
            yield f"## {_escaped(block.text)}"
        case "prose" | "question":
            yield _escaped(block.text)
        case "answer":
            yield f"**Answer:** {_escaped(block.text)}"
        case "choices":
            yield "\n".join(f"- {_escaped(item)}" for item in block.items)
        case "lines":
            yield "\n".join(("```text", *block.items, "```"))
        case "table":
            yield "\n".join(_rows(block.cells))
        case "room":
            yield "\n".join(["&nbsp;\n"] * ROOM).rstrip()


def _rows(cells: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    head, *rows = cells
    yield f"| {' | '.join(map(_escaped, head))} |"
    yield f"|{'|'.join([' --- ', *[' ---: '] * (len(head) - 1)])}|"
    for row in rows:
        yield f"| {' | '.join(map(_escaped, row))} |"


def _escaped(text: str) -> str:
    """What Markdown would take for more than bold, italic and code, as typed."""
    parts = _CODE.split(text)
    return "".join(part if n % 2 else _SPECIAL.sub(r"\\\1", part) for n, part in enumerate(parts))
