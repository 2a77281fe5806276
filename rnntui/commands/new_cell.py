"""rnntui new-cell: the bench, on which a cell is written and tried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rnntui.commands.mode import choose_mode
from rnntui.commands.options import ascii_option

if TYPE_CHECKING:
    from rnntui.bench.sheet import Sheet
    from rnntui.sources.request import Request


@click.command("new-cell")
@click.argument("file", required=False)
@click.option("--text", metavar="TEXT", help="What the cell reads when it is run.  [default: hello hello]")
@click.option("--hidden", type=int, default=4, show_default=True, metavar="N", help="Hidden units.")
@ascii_option
def command(file: str | None, text: str | None, hidden: int, ascii: bool) -> int:
    """Write a cell of your own: its backward equations appear beside it as you type.

    FILE is a cell to go on with, or the file it will be written to. ctrl+enter (or F5) runs the cell, ctrl+s writes
    the file. Where standard input or output is no terminal, a cell that runs is written to FILE, or printed.
    """
    if choose_mode(plain=False) != "screen":
        _data(text, hidden)
        return _begin_file(file)

    def begin() -> Sheet:
        from rnntui.bench.sheet import new_sheet

        return new_sheet(file, _data(text, hidden))

    from rnntui.app import show

    return show(begin, ascii=ascii)


def _data(text: str | None, hidden: int) -> Request:
    """What a cell is run with. Raises InputError."""
    from rnntui.bench.sheet import DATA
    from rnntui.sources.request import Request

    request = Request(text=DATA if text is None else text, hidden=hidden)
    request.run()  # with any cell: what is wrong with these is told before there is one
    return request


def _begin_file(file: str | None) -> int:
    from rnntui.bench.draft import TEMPLATE
    from rnntui.safe import write_text

    if file is None:
        click.echo(TEMPLATE, nl=False)
    else:
        write_text(file, TEMPLATE)
    return 0
