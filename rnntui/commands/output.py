"""The options that say where a result goes, and writing it there whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click

from rnntui.streams import tell


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
    """The format of a command with `output_options`, None where a table is to be printed. Raises InputError as
    `named_form` does."""
    if output is None:
        return form
    return form or formats[0] if output == "-" else named_form(output, formats, force, form, has_option=True)


def named_form(
    name: str,
    formats: Sequence[str],
    force: bool,
    form: str | None = None,
    flag: str = "-o",
    has_option: bool = False,
) -> str:
    """The format in which a file is written: `form`, else what its suffix says. Raises InputError before anything is
    computed: for a suffix that says nothing, and for a file that may not be written. `has_option`: there is
    --format."""
    from rnntui.safe import InputError, check_output

    suffix = Path(name).suffix.lower()
    found = form or suffix.removeprefix(".")
    if found not in formats:
        *others, last = (f".{known}" for known in formats)
        option = ", or give --format" if has_option else ""
        got = f"the suffix {suffix}" if suffix else "no suffix"
        raise InputError(name or flag, "", f"has {got}: name it {', '.join(others)} or {last}{option}")
    check_output(name, force)
    return found


def put(output: str | None, force: bool, write: Callable[[BinaryIO], None]) -> None:
    """Write to a file, whole or not at all, and say so; or to standard output."""
    from rnntui.safe import clean, open_output

    if output in (None, "-"):
        write(sys.stdout.buffer)
        return
    with open_output(str(output), force) as file:
        write(file)
    tell(f"{clean(str(output))} is written")
