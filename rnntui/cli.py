"""The command line: which commands there are, and how every one of them ends."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import Any

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    # before NumPy is imported: with two threads on a busy machine small products become many times slower
    os.environ.setdefault(_threads, "1")

import click

COMMANDS: dict[str, str] = {
    "run": "Play a lesson: an id, a YAML file, or a folder of lessons.",
    "step": "Step through a cell's forward and backward pass.",
    "export": "Write everything a run records to a file: .npz, .jsonl or .csv.",
    "derive": "Print a cell's equations and the backward ones derived from them.",
    "cells": "List the built-in cells.",
    "lessons": "List the lessons.",
}
"""Name → help line; the command itself is `command` of rnntui.commands.NAME, imported when it is called."""


class Commands(click.Group):
    """Commands that are imported only when they are called, so that --help stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"rnntui.commands.{name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            near = get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
            raise click.UsageError(f"no command is called {name!r}; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="rnntui", message="%(prog)s %(version)s")
def command() -> None:
    """Write a recurrent cell as equations; step through its backpropagation through time.

    Try: rnntui run bptt-recursion
    """


def main() -> None:
    """Run the command line and leave with its exit code: 0 done, 1 a check failed, 2 bad usage or input."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line; the exit code. Bad input is one line on standard error, never a traceback."""
    try:
        code: Any = command.main(arguments, prog_name="rnntui", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.UsageError as error:
        return _fail([error.format_message()])
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        _close_quietly(sys.stdout)
        return 141
    except Exception as error:  # noqa: BLE001  # the last resort: one line and a report, never a traceback
        return _explain(error)
    return code if isinstance(code, int) else 0


def _explain(error: Exception) -> int:
    from bptt.errors import InputError as ModelError
    from bptt.language import EquationError

    from rnntui.safe import InputError, InputErrors, clean

    match error:
        case InputErrors():
            return _fail(error.lines())
        case InputError():
            return _fail([str(error)])
        case EquationError():
            return _fail([clean(f"line {error.line}, column {error.column}: {error.reason}")])
        case ModelError():
            return _fail([clean(str(error))])
        case OSError():
            return _fail([clean(f"{error.filename or 'standard output'}: {error.strerror or error}")])
    from rnntui.fault import report

    print(report(error), file=sys.stderr)
    return 1


def _fail(lines: list[str]) -> int:
    for line in lines:
        print(line[:400], file=sys.stderr)
    return 2


def _close_quietly(stream: Any) -> None:
    """So that Python's own flush at exit does not complain of the broken pipe again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
