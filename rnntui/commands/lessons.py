"""rnntui lessons: what there is to learn."""

from __future__ import annotations

import click


@click.command("lessons")
def command() -> None:
    """List the lessons: id, title, level, minutes, and what each is about."""
    from rnntui.course.shelf import shipped

    course = shipped()
    click.echo(course.title)
    for card in course.cards:
        click.echo(f"\n  {card.id}    {card.title}    level {card.level}, {card.minutes} min")
        click.echo(f"      {card.summary}")
    click.echo("\nPlay one with: rnntui run ID")
