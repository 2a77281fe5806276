"""rnntui cells: the built-in cells."""

from __future__ import annotations

import click


@click.command("cells")
def command() -> None:
    """List the built-in cells, each with where it comes from.

    `rnntui derive NAME` prints a cell's equations, `rnntui step --cell NAME` steps through them.
    """
    from bptt.cells import CELLS, note

    width = max(map(len, CELLS))
    for name in CELLS:
        print(f"{name:<{width}}  {note(name)}")
