"""`rnntui cells`: a line a cell."""

from __future__ import annotations

from bptt import CELLS
from bptt.cells import note


def test_every_cell_has_a_line_with_where_it_comes_from(piped) -> None:
    done = piped("cells")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split(maxsplit=1) for line in done.stdout.splitlines()] == [[name, note(name)] for name in CELLS]
