"""rnntui lessons: what there is to learn."""

from __future__ import annotations

import click


@click.command("lessons")
def command() -> None:
    """List the lessons: id, title, level, minutes, and what each is about."""
    from rnntui.course.shelf import shipped
    from rnntui.reports.lesson_list import shelf_lines

    click.echo("\n".join(shelf_lines(shipped(), lambda card: f"rnntui run {card.id}")))
