"""The options that say what is to be run, the same for every command that runs something."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bptt.run import Run
    from rnntui.sources.request import Request

_OPTIONS = (
    click.option("--cell", default="rnn", show_default=True, metavar="NAME|FILE", help="A built-in cell or equations."),
    click.option("--hidden", type=int, default=4, show_default=True, metavar="N", help="Hidden units."),
    click.option("--layers", type=int, default=1, show_default=True, metavar="N", help="The cell stacked N times."),
    click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Draws parameters and tasks."),
    click.option("--init", default="glorot", show_default=True, metavar="SPEC", help="How, as W=orthogonal:0.9,b=1."),
    click.option(
        "--dtype",
        type=click.Choice(["float64", "float32"]),
        default="float64",
        show_default=True,
        metavar="TYPE",
        help="float64 or float32.",
    ),
    click.option("--load", metavar="FILE", help="A trained model, .npz or .safetensors, in the place of these."),
    click.option("--text", metavar="TEXT", help="Predict each next character of a text.  [default: hello]"),
    click.option("--text-file", metavar="PATH", help="The same of a UTF-8 file of any size."),
    click.option("--csv", metavar="PATH", help="Predict each next value in a column of a CSV file."),
    click.option("--column", metavar="NAME", help="Which column; not needed where there is only one."),
    click.option("--scale", type=float, metavar="X", help="Multiply its values: 0.01 brings hundreds near 1."),
    click.option("--npy", metavar="X.npy", help="Inputs from a NumPy file: integers or floats, time first."),
    click.option("--targets", metavar="Y.npy", help="Their targets: integers are classes, floats values."),
    click.option("--task", metavar="NAME", help="A generated task; `rnntui tasks` lists them."),
    click.option("--length", type=int, metavar="N", help="Read a window of N characters or rows; times of a task."),
    click.option("--offset", type=int, metavar="N", help="Where it begins, from 0."),
    click.option("--vocab", metavar="PATH", help="A file with the characters of the vocabulary."),
    click.option("--batch", type=int, metavar="N", help="Read N consecutive windows, or draw N sequences."),
    click.option("--window", type=int, metavar="N", help="Truncate: carry losses back N times.  [default: all]"),
    click.option("--stride", type=int, metavar="N", help="Times between backward passes.  [default: the window]"),
)
NAMES = ("cell", "hidden", "layers", "seed", "init", "dtype", "load", "text", "text_file", "csv", "column", "scale",
         "npy", "targets", "task", "length", "offset", "vocab", "batch", "window", "stride")  # fmt: skip
GROUPS = {"The cell": NAMES[:7], "What it reads": NAMES[7:19], "How far back": NAMES[19:]}
"""The headings under which a command's help lists them, before its own options."""
RequestMaker = Callable[[], "Request"]
sequence_option = click.option(
    "--sequence", type=int, default=1, show_default=True, metavar="N", help="Of the batch, from 1."
)
ascii_option = click.option("--ascii", is_flag=True, help="Full screen with ASCII's signs only.")


def check_sequence(number: int, run: Run) -> None:
    """Raise InputError for a --sequence that the run does not have."""
    from rnntui.safe import InputError

    if not 1 <= number <= run.B:
        raise InputError("--sequence", "", f"got {number}, expected 1…{run.B}")


class SourceCommand(click.Command):
    """A command with these options: its help lists these under their headings, then its own."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        shown = {parameter.name: parameter.get_help_record(ctx) for parameter in self.get_params(ctx)}
        own = tuple(name for name in shown if name not in NAMES)
        for heading, names in {**GROUPS, "Options": own}.items():
            records = [record for name in names if (record := shown.get(name)) is not None]
            with formatter.section(heading):
                formatter.write_dl(records)


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options; it gets them as its argument `request`, a `rnntui.sources.request.Request`."""
    return _with_options(command, lambda make: make())


def later_source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same with a function that makes the request: until it is called, NumPy is not imported."""
    return _with_options(command, lambda make: make)


def data_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """All of them but those that say which cell: the command's argument `request` is a function from fields of a
    Request, in place of what the options say, to the Request."""
    return _with_options(command, lambda make: make, without=("cell", "load"))


def _with_options(
    command: Callable[..., Any], given_as: Callable[[Callable[..., Request]], Any], without: tuple[str, ...] = ()
) -> Callable[..., Any]:
    @wraps(command)
    def with_request(*args: Any, **given: Any) -> Any:
        fields = {name: given.pop(name) for name in NAMES if name not in without}

        def make(**changed: Any) -> Request:
            from rnntui.sources.request import Request

            return Request(**{**fields, **changed})

        return command(*args, request=given_as(make), **given)

    for name, add in reversed(list(zip(NAMES, _OPTIONS, strict=True))):
        if name not in without:
            with_request = add(with_request)
    return with_request
