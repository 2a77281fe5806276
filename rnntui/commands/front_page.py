"""The page that `rnntui --help` prints, and the table of commands that it is made of: without click, which takes three
times as long to import as Python takes to start."""

from __future__ import annotations

COMMANDS: dict[str, str] = {
    "run": "Play a lesson: an id, a YAML file, or a folder of lessons.",
    "step": "Step through a cell's forward and backward pass.",
    "train": "Train a cell on a source, and step through any iteration.",
    "new-cell": "Write a cell of your own; its backward equations appear as you type.",
    "export": "Write everything a run records to a file: .npz, .jsonl or .csv.",
    "duel": "Two cells on the same data: whose gradient lives longer.",
    "derive": "Print a cell's equations and the backward ones derived from them.",
    "blame": "Print which loss reaches which time, and what truncation cuts.",
    "jacobian": "Print the map from one state to the next, and what it stretches.",
    "cells": "List the built-in cells.",
    "tasks": "List the generated tasks.",
    "lessons": "List the lessons, and how far you are.",
    "check": "Check lessons and cells: every fault at once, and every lesson's own tests.",
    "new": "Write the beginning of a lesson.",
    "solve": "Write a lesson as a worked solution, or as a sheet without answers.",
    "schema": "Print the JSON Schema of a lesson, for editors.",
    "progress": "Show your progress, or have it forgotten: progress reset [LESSON].",
    "keys": "List the keys of the debugger, and its commands.",
}
"""Name → help line; the command itself is `command` of rnntui.commands.NAME, imported when it is called."""
_PAGE = """\
Usage: rnntui [OPTIONS] [COMMAND] [ARGS]...

  Write a recurrent cell as equations; step through its backpropagation
  through time.

  Try: rnntui run bptt-recursion

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
"""


def front_page() -> str:
    """The page, without a line end."""
    width = max(map(len, COMMANDS)) + 2
    return _PAGE + "\n".join(f"  {name:<{width}}{line}" for name, line in COMMANDS.items())
