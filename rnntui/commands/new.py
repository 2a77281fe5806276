"""rnntui new: the beginning of a lesson."""

from __future__ import annotations

import re

import click


@click.command("new")
@click.argument("file", metavar="FILE.yaml")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
def command(file: str, force: bool) -> None:
    """Write a lesson that runs, with comments, to be made into one of your own."""
    import os
    from pathlib import Path

    from rnntui.course.shelf import shipped
    from rnntui.course.template import template
    from rnntui.safe import InputError, clean, write_text

    path = Path(file)
    if path.suffix != ".yaml":
        raise InputError(file, "", "a lesson is a .yaml file: give the name that suffix")
    id = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    if not id:
        raise InputError(file, "", "name the file with letters or digits, such as my-lesson.yaml")
    schema = shipped().folder / "lesson.schema.json"
    try:
        seen = os.path.relpath(schema, path.resolve().parent)
    except ValueError:  # another drive
        seen = str(schema)
    write_text(path, template(id, clean(file), Path(seen).as_posix()), force)
    click.echo(f"{clean(file)} is written; play it with rnntui run {clean(file)}")
