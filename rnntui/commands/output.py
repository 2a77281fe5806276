"""The options that say where a result goes, and writing it there whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click


def output_options(formats: Sequence[str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """-o FILE, --format and --force for a command that prints where no file is named: its arguments `output`, `form`
    and `force`."""
    suffixes = " or ".join(f".{form}" for form in formats)
    options = (
        click.option(
            "-o", "--output", metavar="FILE", help=f"Write {suffixes}; - is standard output.  [default: print]"
        ),
        click.option("--format", "form", type=click.Choice(formats), help="In place of the suffix."),
        click.option("--force", is_flag=True, help="Replace a file that exists."),
    )

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def form_of(output: str | None, form: str | None, formats: Sequence[str], force: bool) -> str | None:
    """The format to be written, None where a table is to be printed. Raises InputError before anything is computed:
    for a suffix that says nothing, and for a file that may not be written."""
    from rnntui.safe import InputError, check_output

    if output is None:
        return form
    found = form or Path(output).suffix.lower().removeprefix(".")
    if output == "-":
        return form or formats[0]
    if found not in formats:
        got = f"the suffix {Path(output).suffix}" if Path(output).suffix else "no suffix"
        names = " or ".join(f".{known}" for known in formats)
        raise InputError(output or "-o", "", f"has {got}: name it {names}, or give --format")
    check_output(output, force)
    return found


def put(output: str | None, force: bool, write: Callable[[BinaryIO], None]) -> None:
    """Write to a file, whole or not at all, or to standard output."""
    from rnntui.safe import open_output

    if output in (None, "-"):
        write(sys.stdout.buffer)
        return
    with open_output(str(output), force) as file:
        write(file)
