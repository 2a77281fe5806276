"""rnntui tasks: the generated tasks."""

from __future__ import annotations

import click


@click.command("tasks")
def command() -> None:
    """List the generated tasks: what each shows and asks.

    `rnntui step --task NAME --length N` steps through one.
    """
    from bptt.tasks import TASKS

    width = max(map(len, TASKS))
    for name, task in TASKS.items():
        print(f"{name:<{width}}  {task.about}")
