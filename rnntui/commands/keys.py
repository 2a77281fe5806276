"""rnntui keys: what every key of the full-screen debugger does, and what can be typed there."""

from __future__ import annotations

import click


@click.command("keys")
def command() -> None:
    """List the keys of the full-screen debugger, and the commands that its : line and --plain understand."""
    from rnntui.screens.keys import MOUSE
    from rnntui.screens.verbs import key_rows, line_rows
    from rnntui.streams import spelled

    for title, rows in key_rows():
        print(title)
        for keys, name, help in rows:
            print(f"  {spelled(keys):<9} {spelled(name):<18} {help}")
        print()
    print("Mouse")
    for where, does in MOUSE:
        print(f"  {where:<16} {does}")
    print()
    print("Commands, after : in the debugger or line by line with --plain")
    width = max(len(usage) for usage, _ in line_rows())
    for usage, help in line_rows():
        print(f"  {usage:<{width}}  {help}")
