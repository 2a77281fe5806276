"""The command line: which commands there are, and how every one of them ends."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    # before NumPy is imported: with two threads on a busy machine small products become many times slower
    os.environ.setdefault(_threads, "1")

from rnntui.commands.front_page import COMMANDS, front_page
from rnntui.commands.mode import choose_mode
from rnntui.streams import prepare, silence

if TYPE_CHECKING:
    import click

__all__ = ["COMMANDS", "main", "run"]
COMPLETION = "_RNNTUI_COMPLETE"
"""The environment variable by which a shell asks for completions."""


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
    except KeyboardInterrupt:
        return 130
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except BrokenPipeError:
        silence(sys.stdout)
        return 141
    except Exception as error:  # noqa: BLE001  # the last resort: one line and a report, never a traceback
        return _explain(error, arguments)
    return code


def _invoke(arguments: list[str]) -> int:
    """What click's own `main` does, which would end a broken pipe with 1; a command may return its exit code."""
    if arguments in ([], ["-h"], ["--help"]) and COMPLETION not in os.environ:
        if not arguments and choose_mode(plain=False) == "screen":
            from rnntui.commands.run import open_library

            return open_library()
        print(front_page())
        return 0
    import click

    from rnntui.commands.group import command

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


def _explain(error: Exception, arguments: list[str]) -> int:
    import click

    match error:
        case click.UsageError():
            return _fail([_usage_line(error, arguments)])
        case click.Abort():
            return 130
    from bptt.errors import InputError as ModelError
    from bptt.language import EquationError
    from rnntui.safe import InputError, InputErrors

    match error:
        case InputErrors() | InputError():
            return _fail(error.lines())
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


def _usage_line(error: click.UsageError, arguments: list[str]) -> str:
    # an option without its value is reported by the parser, which knows of no command
    named = arguments[:1] if arguments[0] in COMMANDS else []
    path = error.ctx.command_path if error.ctx else " ".join(["rnntui", *named])
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
