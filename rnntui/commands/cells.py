"""rnntui cells: the built-in cells."""

from __future__ import annotations

import click


@click.command("cells")
def command() -> None:
    """List the built-in cells: name, parameters, where each comes from."""
    from bptt.cells import CELLS, note

    width = max(map(len, CELLS))
    for name in CELLS:
        click.echo(f"{name:<{width}}  {note(name)}")
