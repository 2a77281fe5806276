"""The page that `rnntui --help` prints, and the table of commands that it is made of: without click, which takes three
times as long to import as Python takes to start."""

from __future__ import annotations

GROUPS: dict[str, dict[str, str]] = {
    "Learn": {
        "run": "Play a lesson: an id, a YAML file, or a folder of lessons.",
        "lessons": "List the lessons, and how far you are.",
        "progress": "Show your progress; progress reset [LESSON] forgets it.",
        "solve": "Write a lesson as a worked solution, or as a sheet without answers.",
    },
    "Look into a cell": {
        "step": "Step through a cell's forward and backward pass.",
        "train": "Train a cell on a source, and step through any iteration.",
        "duel": "Two cells on the same data: whose gradient lives longer.",
        "blame": "Print which loss reaches which time, and what truncation cuts.",
        "jacobian": "Print the map from one state to the next, and what it stretches.",
        "derive": "Print a cell's equations and the backward ones derived from them.",
        "export": "Write everything a run records to a file: .npz, .jsonl or .csv.",
    },
    "Write your own": {
        "new-cell": "Write a cell; its backward equations appear as you type.",
        "new": "Write the beginning of a lesson.",
        "check": "Check lessons and cells: every fault at once, every test tried.",
        "schema": "Print the JSON Schema of a lesson, for editors.",
    },
    "Look up": {
        "cells": "List the built-in cells.",
        "tasks": "List the generated tasks.",
        "keys": "List the keys of the debugger, and its commands.",
    },
}
"""Heading → name → help line."""
COMMANDS: dict[str, str] = {name: line for commands in GROUPS.values() for name, line in commands.items()}
"""Name → help line; the command itself is `command` of rnntui.commands.NAME, imported when it is called."""
_PAGE = """\
Usage: rnntui [OPTIONS] [COMMAND] [ARGS]...

  Write a recurrent cell as equations; step through its backpropagation
  through time.

  Without a command the library opens: lessons, examples, your files.
  Try: rnntui run bptt-recursion

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.
"""


def front_page() -> str:
    """The page, without a line end."""
    width = max(map(len, COMMANDS)) + 2
    page = [_PAGE]
    for heading, commands in GROUPS.items():
        page += [f"{heading}:", *(f"  {name:<{width}}{line}" for name, line in commands.items()), ""]
    return "\n".join(page[:-1])
