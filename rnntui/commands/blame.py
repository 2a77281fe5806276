"""rnntui blame: which loss reaches which time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rnntui.commands.options import SourceCommand, check_sequence, sequence_option, source_options
from rnntui.commands.output import form_of, output_options, put

if TYPE_CHECKING:
    from rnntui.sources.request import Request

FORMATS = ("csv", "json")


@click.command("blame", cls=SourceCommand)
@source_options
@click.option("--state", metavar="NAME", help="Whose gradients.  [default: the state that the output reads]")
@sequence_option
@output_options(FORMATS)
def command(
    request: Request, state: str | None, sequence: int, output: str | None, form: str | None, force: bool
) -> None:
    """Print how much of each loss's gradient reaches each time: the length of ∂L(t)/∂h(k).

    A row a loss, a column a time. What --window and --stride cut is struck out (×), and its share is told:
    chunks of a window, or with --stride 1 every loss by itself; ‖∇h‖ is the gradient of what is kept.
    """
    from rnntui.explain.blame import LONGEST, Window, blame_of, main_of
    from rnntui.reports.blame import WRITERS, table
    from rnntui.safe import InputError

    form = form_of(output, form, FORMATS, force)
    run, source = request.run()
    check_sequence(sequence, run)
    if run.T > LONGEST:
        raise InputError("", "", f"the run has {run.T} times, at most {LONGEST} can be itemised: give a --length")
    name = main_of(run) if state is None else state
    if name not in run.model.cell.definitions:
        known = ", ".join(run.model.cell.definitions)
        raise InputError("--state", "", f"there is no variable {name!r}; there are {known}")
    run.fill(len(run))
    blame = blame_of(run, name, sequence - 1)
    schedule = run.schedule
    window = Window(schedule.window, schedule.stride)
    if form is None:
        print("\n".join(table(blame, window, run, source, sequence - 1)))
        return
    put(output, force, lambda file: WRITERS[form](blame, window, run, file))
