"""rnntui export: everything a run records, as a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from rnntui.commands.options import SourceCommand, source_options
from rnntui.commands.output import named_form, put

if TYPE_CHECKING:
    from rnntui.sources.request import Request

FORMATS = ("npz", "jsonl", "csv")


@click.command("export", cls=SourceCommand)
@source_options
@click.option(
    "-o", "--output", required=True, metavar="FILE", help="Where to: .npz, .jsonl or .csv; - is standard output."
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="In place of the suffix; jsonl for standard output.")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def command(request: Request, output: str, form: str | None, force: bool) -> None:
    """Run a cell forward and backward and write down everything that it computes.

    .npz holds every array by name; .jsonl has one line a step; .csv has one row a number.
    """
    from rnntui.reports.export import EXPORTERS
    from rnntui.safe import InputError

    if output == "-":
        form = form or "jsonl"
        if form == "npz" and sys.stdout.isatty():
            raise InputError("-o -", "", "an .npz is not text for a terminal: name a file, or give --format jsonl")
    else:
        form = named_form(output, FORMATS, force, form, has_option=True)
    exporter = EXPORTERS[form]
    run, source = request.run(whole=True)
    exporter.check(run)
    put(output, force, lambda file: exporter.write(run, source, file))
