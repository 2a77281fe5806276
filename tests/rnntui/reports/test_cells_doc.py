"""docs/cells.md: a section a cell, and its generated parts are those that the script writes now."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from bptt import CELLS

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "cells.md").read_text(encoding="utf-8")


def test_the_generated_parts_are_those_of_the_cells() -> None:
    renewed = runpy.run_path(str(DOCS / "cells.py"))["renewed"]
    assert renewed(PAGE) == PAGE, "run python docs/cells.py"
    assert renewed(PAGE.replace("∇s[t]", "ds[t]")) == PAGE


def test_every_cell_has_a_section_with_words_about_it() -> None:
    assert re.findall(r"^### (.*)$", PAGE, re.MULTILINE) == list(CELLS)
    assert re.findall(r"<!-- generated: (.*) -->", PAGE) == list(CELLS)
    words = re.findall(r"<!-- end -->\n\n(.*?)(?=\n\n#|\Z)", PAGE, re.DOTALL)
    assert len(words) == len(CELLS)
    assert all(100 < len(text) < 800 for text in words)


def test_no_line_is_long() -> None:
    assert max(map(len, PAGE.splitlines())) <= 120
