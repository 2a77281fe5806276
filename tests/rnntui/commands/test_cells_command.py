"""`rnntui cells`: a line a cell, under the name of its family."""

from __future__ import annotations

from bptt import CELLS
from bptt.cell_texts import FAMILIES
from bptt.cells import note


def test_every_cell_has_a_line_with_where_it_comes_from(piped) -> None:
    done = piped("cells")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    found = [line.split(maxsplit=1) for line in lines if line.startswith("  ")]
    assert found == [[name, note(name)] for name in CELLS]
    assert [line for line in lines if line and not line.startswith(" ")] == list(FAMILIES)
