"""rnntui cells: the built-in cells, family by family."""

from __future__ import annotations

import click


@click.command("cells")
def command() -> None:
    """List the built-in cells, each with where it comes from.

    `rnntui derive NAME` prints a cell's equations, `rnntui step --cell NAME` steps through them.
    """
    from bptt.cell_texts import FAMILIES
    from bptt.cells import CELLS, note

    width = max(map(len, CELLS))
    for place, (family, texts) in enumerate(FAMILIES.items()):
        print(f"{chr(10) if place else ''}{family}")
        for name in texts:
            print(f"  {name:<{width}}  {note(name)}")
