"""rnntui schema: what a lesson may say, for editors."""

from __future__ import annotations

import click


@click.command("schema")
@click.option("-o", "--output", metavar="FILE", help="Write it there.  [default: print]")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def command(output: str | None, force: bool) -> None:
    """Print the JSON Schema of a lesson, with which editors complete and check while one types.

    A lesson names it in its first line: # yaml-language-server: $schema=lesson.schema.json
    """
    from rnntui.course.schema import schema_text
    from rnntui.safe import write_text

    if output in (None, "-"):
        click.echo(schema_text(), nl=False)
    else:
        write_text(str(output), schema_text(), force)
