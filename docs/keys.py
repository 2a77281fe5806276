"""Writes the tables of docs/keys.md anew: `python docs/keys.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from rnntui.screens.keys import MOUSE
from rnntui.screens.verbs import key_rows, line_rows

PAGE = Path(__file__).with_name("keys.md")
_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(?=<!-- end -->)", re.DOTALL)


def keys() -> str:
    """A table a group of keys."""
    parts = []
    for title, rows in key_rows():
        cells = ((*(f"`{key}`" for key in (" ".join(keys.split()), name)), help) for keys, name, help in rows)
        parts.append(f"### {title}\n\n" + table(("key", "name", "does"), cells))
    return "\n".join(parts)


def mouse() -> str:
    """What the mouse does."""
    return table(("where", "does"), MOUSE)


def lines() -> str:
    """The table of commands."""
    return table(("command", "does"), ((f"`{usage}`", help) for usage, help in line_rows()))


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *body]) + "\n"


MADE = {"keys": keys, "mouse": mouse, "commands": lines}


def renewed(page: str) -> str:
    """The page with all parts as they are now."""
    return _BLOCK.sub(lambda block: block[1] + MADE[block[2]](), page)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
