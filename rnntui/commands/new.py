"""rnntui new: the beginning of a lesson."""

from __future__ import annotations

import re

import click

from rnntui.streams import tell


@click.command("new")
@click.argument("file", metavar="FILE.yaml")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
def command(file: str, force: bool) -> None:
    """Write a lesson that runs, with comments, to be made into one of your own.

    Beside it lesson.schema.json is written where there is none: by it editors complete and check while you type.
    """
    from pathlib import Path

    from rnntui.course.schema import schema_text
    from rnntui.course.template import SCHEMA, template
    from rnntui.safe import InputError, clean, write_text

    path = Path(file)
    if path.suffix != ".yaml":
        raise InputError(file, "", "a lesson is a .yaml file: give the name that suffix")
    id = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    if not id:
        raise InputError(file, "", "name the file with letters or digits, such as my-lesson.yaml")
    write_text(path, template(id, clean(file)), force)
    schema = path.with_name(SCHEMA)
    if not schema.exists():
        write_text(schema, schema_text())
    tell(f"{clean(file)} is written; play it with rnntui run {clean(file)}")
