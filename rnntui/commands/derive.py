"""rnntui derive: a cell's equations and its backward ones."""

from __future__ import annotations

import click


@click.command("derive")
@click.argument("cell", metavar="CELL|FILE")
@click.option("--layers", type=int, default=1, metavar="N", help="The cell stacked N times.")
@click.option("--latex", is_flag=True, help="Print LaTeX, one align environment a part.")
def command(cell: str, layers: int, latex: bool) -> None:
    """Print the forward equations of a cell and the backward ones that follow from them.

    CELL is the name of a built-in cell (see `rnntui cells`) or a file with the equations.
    """
    from bptt.errors import InputError as ModelError
    from rnntui.reports.derivation import in_latex, in_text
    from rnntui.safe import InputError
    from rnntui.sources.cell_file import find_cell

    try:
        found = find_cell(cell).stacked(layers)
    except ModelError as error:
        raise InputError("--layers" if error.argument == "layers" else cell, "", error.reason) from None
    print("\n".join(in_latex(found) if latex else in_text(found)))
