"""Writes the generated parts of docs/cells.md anew: `python docs/cells.py`."""

from __future__ import annotations

import re
from pathlib import Path

from bptt.cells import CELLS, TEXTS, note
from rnntui.reports.equation_rows import derived_rows

PAGE = Path(__file__).with_name("cells.md")
_BLOCK = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(?=<!-- end -->)", re.DOTALL)


def generated(name: str) -> str:
    """Source, equations and the gradients of the states of a built-in cell."""
    cell = CELLS[name]
    states = [equation for equation in cell.backward if equation.target in cell.lags and equation.kind == "gradient"]
    backward = [row for equation in states for row in derived_rows(cell, equation)]
    lines = [f"*{note(name)}*", "", "```", *TEXTS[name][1].strip().splitlines(), "", *backward, "```"]
    return "\n".join(lines) + "\n"


def renewed(page: str) -> str:
    """The page with every generated part as it is now."""
    return _BLOCK.sub(lambda block: block[1] + generated(block[2]), page)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
