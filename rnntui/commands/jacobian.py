"""rnntui jacobian: the map from one state to the next, and what is left of a gradient after many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rnntui.commands.options import SourceCommand, check_sequence, sequence_option, source_options
from rnntui.commands.output import form_of, output_options, put

if TYPE_CHECKING:
    from rnntui.sources.request import Request

FORMATS = ("csv", "json")


@click.command("jacobian", cls=SourceCommand)
@source_options
@click.option(
    "--time", "t", type=int, metavar="T", help="Which step to show: the map from t−1 to t.  [default: the last]"
)
@sequence_option
@output_options(FORMATS)
def command(request: Request, t: int | None, sequence: int, output: str | None, form: str | None, force: bool) -> None:
    """Print ∂state(t)/∂state(t−1): its entries, what it stretches, and the running product over all times.

    The state is all that the cell reads at an earlier time: of an LSTM s and h.
    """
    from bptt.errors import InputError as ModelError
    from rnntui.explain.state_maps import state_maps
    from rnntui.reports.jacobian import WRITERS, check, table
    from rnntui.safe import InputError

    form = form_of(output, form, FORMATS, force)
    run, _ = request.run()
    check_sequence(sequence, run)
    if t is not None and not 1 <= t <= run.T:
        raise InputError("--time", "", f"got {t}, expected 1…{run.T}")
    run.fill(len(run))
    try:
        maps = state_maps(run, sequence - 1)
    except ModelError as error:
        raise InputError("", "", f"{error.reason}, or give a smaller --hidden or --length") from None
    if form is None:
        print("\n".join(table(maps, run, t or run.T, sequence - 1)))
        return
    check(maps)
    put(output, force, lambda file: WRITERS[form](maps, file))
