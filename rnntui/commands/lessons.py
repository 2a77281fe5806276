"""rnntui lessons: what there is to learn, and how far one is."""

from __future__ import annotations

import click


@click.command("lessons")
def command() -> None:
    """List the lessons: id, title, level, minutes, progress, and what each is about."""
    from rnntui.commands.complaint import complain
    from rnntui.course.shelf import shipped
    from rnntui.reports.lesson_list import shelf_lines
    from rnntui.store import Store, all_progress

    store = Store()
    click.echo("\n".join(shelf_lines(shipped(), lambda card: f"rnntui run {card.id}", all_progress(store))))
    complain(store)
