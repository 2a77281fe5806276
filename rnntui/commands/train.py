"""rnntui train: a cell learns from a source, on the screen or in lines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rnntui.commands.mode import choose_mode
from rnntui.commands.options import RequestMaker, SourceCommand, ascii_option, later_source_options
from rnntui.commands.output import named_form, put

if TYPE_CHECKING:
    from bptt.records import Record
    from rnntui.session import Session
    from rnntui.training.plan import Plan

FORMATS = ("jsonl", "csv", "npz")
MODELS = ("npz", "safetensors")
_LINES = 20
"""Lines about, where it is not said how many."""
_NOT_KEPT = ("iterations", "checkpoint", "resume", "force", "plain", "ascii", "output", "save")
"""Options that a checkpoint does not tell: what they say may be another at every call."""
_SCORED_EVERY = 10
"""Iterations, beside a checkpoint."""


@click.command("train", cls=SourceCommand)
@later_source_options
@click.option(
    "--optimizer", default="adam", show_default=True, metavar="SPEC", help="sgd, momentum:0.9, rmsprop, adam."
)
@click.option("--rate", default="0.01", show_default=True, metavar="SPEC", help="A number, or cosine:0.1,warmup=10 …")
@click.option("--clip", default="", metavar="SPEC", help="norm:1 or value:0.5.  [default: not at all]")
@click.option("--l1", type=float, default=0.0, metavar="X", help="The coefficient of the penalty Σ|W|.")
@click.option("--l2", type=float, default=0.0, metavar="X", help="That of ½‖W‖².")
@click.option("--iterations", type=int, default=100, show_default=True, metavar="N", help="How many updates.")
@click.option("--minibatch", type=int, metavar="N", help="Draw N sequences of the batch each time.  [default: all]")
@click.option(
    "--holdout",
    type=float,
    default=0,
    metavar="SHARE|N",
    help="Score on data not trained on: a part, or N sequences.",
)
@click.option(
    "--every",
    type=int,
    metavar="N",
    help="A line and a score every N iterations.  [default: a 20th; 10 with a checkpoint]",
)
@click.option("-o", "--output", metavar="FILE", help="Write the record: .jsonl, .csv, .npz; - is standard output.")
@click.option("--save", metavar="FILE", help="Write the trained model: .npz or .safetensors.")
@click.option(
    "--checkpoint", metavar="FILE.npz", help="Train without a screen; keep a checkpoint and, beside it, a log."
)
@click.option(
    "--resume", is_flag=False, flag_value="", metavar="[FILE.npz]", help="Go on from it, to --iterations in all."
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.option("--plain", is_flag=True, help="In lines.")
@ascii_option
def command(
    request: RequestMaker, output: str | None, save: str | None, checkpoint: str | None, resume: str | None,
    force: bool, plain: bool, ascii: bool, **settings: object,
) -> int:  # fmt: skip
    """Train a cell on a source: forward, backward and update, iteration after iteration.

    Full screen in a terminal, where every iteration can be opened and stepped; with --plain, -o or --save, and where
    standard input or output is no terminal, in lines. Of a task each iteration draws new sequences, as many as --batch
    says.

    With --checkpoint a progress bar is all that is shown. FILE.npz opens as a model, FILE.jsonl has a line an
    iteration; cut short, the same command with --resume goes on and leaves the same bytes; the checkpoint knows which
    options those were, and tells them where they are not given again.

    Without a checkpoint the exit code is 1 where the parameters end as NaN or infinite; they are then not saved.
    """
    if checkpoint is not None or resume is not None:
        return _resumable(request, checkpoint or resume, resume is not None, force, output or save, settings)
    formats = _check_outputs(output, save, force)
    if formats == (None, None) and choose_mode(plain) == "screen":
        from rnntui.app import show

        return show(lambda: (_session(request, settings), None), ascii=ascii)
    return _train(_session(request, settings), output, save, formats, force)


def _resumable(
    request: RequestMaker, checkpoint: str | None, resume: bool, force: bool, other: str | None,
    settings: dict[str, object],
) -> int:  # fmt: skip
    """Train with a checkpoint and a log; the exit code."""
    from dataclasses import replace

    from rnntui.commands.interrupts import Interrupts
    from rnntui.plain.progress import Progress
    from rnntui.reports import resumable
    from rnntui.reports.training_lines import numbers
    from rnntui.safe import InputError

    if not checkpoint:
        raise InputError("--resume", "", "goes on from a checkpoint: name it, --checkpoint FILE.npz")
    if other is not None:
        raise InputError(other, "", "is not written with --checkpoint, which has a model and a record of its own")
    if Path(checkpoint).suffix.lower() != ".npz":
        raise InputError(checkpoint or "--checkpoint", "", "is a checkpoint: name it .npz")
    files = resumable.Files(checkpoint, str(Path(checkpoint).with_suffix(".jsonl")), resume, force, _typed())
    files.check()
    if settings["every"] is None:
        settings["every"] = _SCORED_EVERY  # not told from the iterations, which may be more later
    wanted = request()
    plan = replace(_plan(settings), seed=wanted.seed)
    run, source = wanted.run()
    progress = Progress(plan.iterations)

    def told(record: Record) -> None:
        progress.show(record.iteration, f"L {record.loss:.4g}")
        interrupts.check()

    try:
        with Interrupts() as interrupts:
            last, alerts = resumable.train(run, source, plan, files, told)
    except KeyboardInterrupt:
        progress.end()
        print(f"rnntui train: stopped; {checkpoint} is kept, the same command with --resume goes on", file=sys.stderr)
        raise
    finally:
        progress.end()
    if last is None:
        print(f"nothing left to do: {checkpoint} has all {plan.iterations} iterations")
        return 0
    print(f"{numbers(last, plan.iterations)}  → {files.checkpoint}, {files.log}")
    for alert in alerts:
        print(f"! {resumable.alert_text(alert)}")
    return 0


def _typed() -> str:
    """The options of this call that decide what is trained, as they are typed."""
    import shlex

    from click.core import ParameterSource

    context = click.get_current_context()
    given: list[str] = []
    for parameter in context.command.params:
        name = parameter.name or ""
        if name not in _NOT_KEPT and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            given += [parameter.opts[0], str(context.params[name])]
    return shlex.join(given)


def _check_outputs(output: str | None, save: str | None, force: bool) -> tuple[str | None, str | None]:
    """The formats of the two files. Raises InputError where one cannot be written."""
    if output is None and save is None:
        return None, None
    from rnntui.safe import InputError

    record = "jsonl" if output == "-" else None if output is None else named_form(output, FORMATS, force)
    model = None if save is None else named_form(save, MODELS, force, flag="--save")
    if output is not None and output == save:
        raise InputError(output, "", "is named twice: the record and the model are two files")
    return record, model


def _session(request: RequestMaker, settings: dict[str, object]) -> Session:
    from dataclasses import replace

    from rnntui.session import Session

    wanted = request()
    run, source = wanted.run()
    session = Session(run, source)
    session.train(replace(_plan(settings), seed=wanted.seed))
    return session


def _plan(settings: dict[str, object]) -> Plan:
    from rnntui.safe import InputError
    from rnntui.training.plan import Plan

    iterations, every = settings["iterations"], settings.pop("every")
    assert isinstance(iterations, int)  # click has read it so
    if iterations == 0:
        raise InputError("--iterations", "", "got 0, expected 1 or more: without one nothing is trained")
    if every is None:
        every = max(1, iterations // _LINES)
    return Plan(**settings, every=every)  # type: ignore[arg-type]  # as click has read them


def _train(
    session: Session, output: str | None, save: str | None, formats: tuple[str | None, str | None], force: bool
) -> int:
    """Train in lines, then write what is asked for; the exit code."""
    from rnntui.reports import model_file, training_record
    from rnntui.reports.training_lines import heading, lines

    practice, source = session.practice, session.source
    assert practice is not None and source is not None  # they were asked for
    said = sys.stderr if output == "-" else sys.stdout
    print(heading(practice, source), file=said)
    while not practice.is_done:
        practice.run_for(0)
        for line in lines(practice, practice.training.record(practice.done)):
            print(line, file=said, flush=True)
    record, model = formats
    if output is not None and record is not None:
        put(output, force, lambda file: training_record.WRITERS[record](practice, source, file))
    trained = practice.training.model
    if not trained.allow_nonfinite:
        if save is not None and model is not None:
            put(save, force, lambda file: model_file.WRITERS[model](trained, file))
        return 0
    unsaved = f": {save} is not written" if save else ""
    print(f"rnntui train: the parameters are not finite after {practice.done} iterations{unsaved}", file=sys.stderr)
    return 1
