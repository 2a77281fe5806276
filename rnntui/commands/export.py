"""rnntui export: everything a run records, as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rnntui.commands.options import SourceCommand, source_options

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
    from rnntui.safe import InputError, check_output, open_output

    to_standard_output = output == "-"
    suffix = Path(output).suffix.lower()
    form = form or ("jsonl" if to_standard_output else suffix.removeprefix("."))
    if form not in FORMATS:
        got = f"the suffix {suffix}" if suffix else "no suffix"
        raise InputError(output or "-o", "", f"has {got}: name it .npz, .jsonl or .csv, or give --format")
    if to_standard_output and form == "npz" and sys.stdout.isatty():
        raise InputError("-o -", "", "an .npz is not text for a terminal: name a file, or give --format jsonl")
    if not to_standard_output:
        check_output(output, force)
    exporter = EXPORTERS[form]
    run, source = request.run(whole=True)
    exporter.check(run)
    if to_standard_output:
        exporter.write(run, source, sys.stdout.buffer)
        return
    with open_output(output, force) as file:
        exporter.write(run, source, file)
