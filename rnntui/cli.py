"""The command line: which commands there are, and how every one of them ends."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from typing import Any

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    # before NumPy is imported: with two threads on a busy machine small products become many times slower
    os.environ.setdefault(_threads, "1")

import click

from rnntui.streams import prepare, silence

COMPLETION = "_RNNTUI_COMPLETE"
"""The environment variable by which a shell asks for completions."""
COMMANDS: dict[str, str] = {
    "run": "Play a lesson: an id, a YAML file, or a folder of lessons.",
    "step": "Step through a cell's forward and backward pass.",
    "export": "Write everything a run records to a file: .npz, .jsonl or .csv.",
    "derive": "Print a cell's equations and the backward ones derived from them.",
    "cells": "List the built-in cells.",
    "tasks": "List the generated tasks.",
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


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="rnntui", message="%(prog)s %(version)s")
@click.pass_context
def command(context: click.Context) -> None:
    """Write a recurrent cell as equations; step through its backpropagation through time.

    Try: rnntui run bptt-recursion
    """
    if context.invoked_subcommand is None:
        print(context.get_help())


def main() -> None:
    """Run the command line and leave with its exit code: 0 done; 1 a check failed, or a fault of our own; 2 bad usage
    or input, or output that cannot be written; 128 + n where signal n ended it; 141 a broken pipe."""
    prepare()
    for name in ("SIGTERM", "SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup has SIGHUP ignored
            signal.signal(number, _end)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line; the exit code. Bad input is one line on standard error, never a traceback."""
    try:
        code = _invoke(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.UsageError as error:
        return _fail([_usage_line(error)])
    except (KeyboardInterrupt, click.Abort):
        return 130
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except BrokenPipeError:
        silence(sys.stdout)
        return 141
    except Exception as error:  # noqa: BLE001  # the last resort: one line and a report, never a traceback
        return _explain(error)
    return code


def _invoke(arguments: list[str]) -> int:
    """What click's own `main` does, which would end a broken pipe with 1; a command may return its exit code."""
    if COMPLETION in os.environ:
        command.main(arguments, prog_name="rnntui")
    try:
        with command.make_context("rnntui", arguments) as context:
            code: Any = command.invoke(context)
    except click.exceptions.Exit as done:  # --help, --version
        return done.exit_code
    return code if isinstance(code, int) else 0


def _end(number: int, frame: object) -> None:
    """Leave as from a call of sys.exit, so that half-written files are removed and the terminal is restored."""
    raise SystemExit(128 + number)


def _explain(error: Exception) -> int:
    from bptt.errors import InputError as ModelError
    from bptt.language import EquationError
    from rnntui.safe import InputError, InputErrors

    match error:
        case InputErrors():
            return _fail(error.lines())
        case InputError():
            return _fail([str(error)])
        case EquationError():
            return _fail([f"line {error.line}, column {error.column}: {error.reason}"])
        case ModelError():
            return _fail([str(error)])
        case OSError():
            silence(sys.stdout)
            reason = error.strerror or str(error)
            return _fail([f"{error.filename or 'standard output'}: {reason[:1].lower()}{reason[1:]}"])
    from rnntui.fault import report

    _print_errors([report(error)])
    return 1


def _usage_line(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "rnntui"
    message = " ".join(error.format_message().split()).removesuffix(".")
    return f"{path}: {message[:1].lower()}{message[1:]} (see {path} --help)"


def _fail(lines: list[str]) -> int:
    _print_errors(lines)
    return 2


def _print_errors(lines: list[str]) -> None:
    from rnntui.safe.errors import LONGEST
    from rnntui.safe.text import clean, cut

    with suppress(OSError):  # nobody is there to read them
        for line in lines:
            print(cut(clean(line), LONGEST), file=sys.stderr)
