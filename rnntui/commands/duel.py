"""rnntui duel: two cells on the same data, their gradients side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnntui.commands.mode import choose_mode
from rnntui.commands.options import SourceCommand, ascii_option, data_options
from rnntui.commands.output import named_form, put

if TYPE_CHECKING:
    from rnntui.duel import Duel
    from rnntui.match import Match
    from rnntui.sources.request import Request

MODELS = (".npz", ".safetensors")
"""The suffixes of files that hold a trained model."""


@click.command("duel", cls=SourceCommand)
@click.argument("cell_a", metavar="CELL_A")
@click.argument("cell_b", metavar="CELL_B")
@data_options
@click.option("--hidden-b", type=int, metavar="N", help="Hidden units of B.  [default: as A]")
@click.option("--init-b", metavar="SPEC", help="How B's parameters are drawn.  [default: as A]")
@click.option("--by-a", metavar="STATE", help="Compare A by this gradient.  [default: the longest road's]")
@click.option("--by-b", metavar="STATE", help="The same of B.")
@click.option("--all-losses", is_flag=True, help="Carry back every loss.  [default: the last one alone]")
@click.option("--at", "place", default="end", show_default=True, metavar="PLACE", help="Where to begin, as b5.")
@click.option("--plain", is_flag=True, help="Print a table, in a terminal too.")
@click.option("-o", "--output", metavar="FILE", help="Write .csv or .json in place of showing anything; - prints JSON.")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@ascii_option
def command(
    cell_a: str,
    cell_b: str,
    request: Callable[..., Request],
    hidden_b: int | None,
    init_b: str | None,
    by_a: str | None,
    by_b: str | None,
    all_losses: bool,
    place: str,
    plain: bool,
    output: str | None,
    force: bool,
    ascii: bool,
) -> int:
    """Run two cells on the same data and compare how much of the gradient each carries back.

    CELL_A and CELL_B are built-in cells, files with equations, or trained models (.npz, .safetensors). Full screen in
    a terminal, else a table.
    """
    changed = {key: value for key, value in (("hidden", hidden_b), ("init", init_b)) if value is not None}

    def match() -> Match:
        return _match(request(**_named(cell_a)), request(**{**_named(cell_b), **changed}))

    def duel(match: Match) -> Duel:
        return _begun(match.duel(not all_losses), (by_a, by_b), place)

    if output is not None:
        _write(output, force, lambda: duel(match()))
        return 0
    if not plain and choose_mode(plain) == "screen":
        from rnntui.app import show

        def begin() -> Match:
            made = match()
            made.alone = not all_losses
            duel(made)
            return made

        return show(begin, ascii=ascii)
    from rnntui.reports.duel_text import duel_lines

    print("\n".join(duel_lines(duel(match()))))
    return 0


def _named(cell: str) -> dict[str, Any]:
    if Path(cell).suffix.lower() in MODELS:
        return {"load": cell}
    return {"cell": cell}


def _match(a: Request, b: Request) -> Match:
    from bptt.errors import InputError as ModelError
    from rnntui.match import Match
    from rnntui.safe import InputError
    from rnntui.session import Session

    first = Session(*a.run())
    try:
        second = Session(*b.run())
    except InputError as error:
        of_its_own = {"--hidden": a.hidden != b.hidden, "--init": a.init != b.init}
        if of_its_own.get(error.file):
            raise InputError(f"{error.file}-b", error.place, error.reason) from None
        raise
    try:
        made = Match(first, second)
        made.duel(alone=True)
    except ModelError as error:
        raise InputError("", "", error.reason) from None
    return made


def _begun(duel: Duel, by: tuple[str | None, str | None], place: str) -> Duel:
    """Where it is to begin, and compared as asked."""
    from bptt.errors import near
    from rnntui.places import PlaceError
    from rnntui.safe import InputError

    for side, name in enumerate(by):
        if name is None:
            continue
        if name not in duel.states(side):
            reason = f"{name!r} is no state of {duel.sides[side].title}; {near(name, duel.states(side))}"
            raise InputError(("--by-a", "--by-b")[side], "", reason)
        duel.compare(side, name)
    try:
        duel.goto_place(place)
    except PlaceError as error:
        raise InputError("--at", "", str(error)) from None
    return duel


def _write(output: str, force: bool, duel: Callable[[], Duel]) -> None:
    from rnntui.reports.duel_export import EXPORTERS

    form = "json" if output == "-" else named_form(output, tuple(EXPORTERS), force)
    made = duel()
    put(output, force, lambda file: EXPORTERS[form](made, file))
