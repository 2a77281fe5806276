"""rnntui progress: what is kept of one's way through the lessons, and how to have it forgotten."""

from __future__ import annotations

import sys

import click

from rnntui.commands.mode import is_terminal


@click.group("progress", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show how far you are in each lesson that you opened.

    It is kept on this machine only, in progress.db: in the folder that RNNTUI_HOME names, else in rnntui below
    XDG_STATE_HOME, which is ~/.local/state where it is not set (on macOS ~/Library/Application Support). Drafts of the
    bench and recent runs are there too.
    """
    if context.invoked_subcommand is not None:
        return
    from rnntui.commands.complaint import complain
    from rnntui.reports.lesson_list import progress_lines
    from rnntui.store import Store, all_progress

    store = Store()
    click.echo("\n".join(progress_lines(all_progress(store).values())))
    complain(store)


@command.command("reset")
@click.argument("lesson", required=False)
def reset(lesson: str | None) -> None:
    """Forget the progress in a lesson, or in all.

    LESSON is an id (see `rnntui lessons`) or a file; where none is named, all are forgotten.
    """
    from rnntui.commands.complaint import complain
    from rnntui.course.shelf import find_lesson, known_as
    from rnntui.store import Store, all_progress, forget

    store = Store()
    if lesson is None:
        many = _lessons(len(all_progress(store)))
        if is_terminal(sys.stdin) and is_terminal(sys.stdout):
            click.confirm(f"Forget your progress in {many}?", abort=True)
        forgotten = forget(store)
    else:
        forgotten = forget(store, lesson) or forget(store, known_as(find_lesson(lesson)))
    click.echo(f"forgot the progress in {_lessons(forgotten)}" if forgotten else "there was nothing to forget")
    complain(store)


def _lessons(count: int) -> str:
    return "1 lesson" if count == 1 else f"{count} lessons"
