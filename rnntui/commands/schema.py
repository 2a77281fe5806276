"""rnntui schema: what a lesson may say, for editors."""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of a lesson, with which editors complete and check while one types.

    A lesson names it in its first line: # yaml-language-server: $schema=PATH
    """
    from rnntui.course.schema import schema_text

    click.echo(schema_text(), nl=False)
