"""rnntui check: whether lessons and cells are what their authors think."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rnntui.course.checking import Findings


@click.command("check")
@click.argument("names", nargs=-1, required=True, metavar="FILE|FOLDER...")
@click.option("--strict", is_flag=True, help="Warnings count as failures.")
def command(names: tuple[str, ...], strict: bool) -> int:
    """Check lessons (.yaml, folders of them) and cells (any other file): everything that is wrong, at once.

    Every expression is evaluated, every answer held against the run, every solution tried, every expectation tested.
    One line for each fault, FILE:LINE:COLUMN: MESSAGE. Exits with 0 where all is well, 1 where a self-test fails, 2
    where a file cannot be played.
    """
    from pathlib import Path

    from rnntui.course.checking import check_lesson, lessons_in

    found: list[Findings] = []
    count = 0
    for name in names:
        path = Path(name)
        if not name or not path.is_dir():
            found.append(_said(check_lesson(path) if path.suffix in (".yaml", ".yml") else _cell(name)))
            count += 1
            continue
        lessons, index = lessons_in(path)
        found.append(_said(index))
        for lesson in lessons:
            found.append(_said(check_lesson(lesson, [other.stem for other in lessons])))
        count += len(lessons)
    if any(each.malformed for each in found):
        return 2
    warned = sum(len(each.warnings) for each in found)
    if any(each.failed for each in found) or (strict and warned):
        return 1
    click.echo(f"{count} checked, all well" + (f"; {warned} warning{'s' * (warned > 1)}" if warned else ""))
    return 0


def _said(findings: Findings) -> Findings:
    """The findings, all of them printed."""
    from rnntui.safe import InputErrors

    for line in InputErrors((*findings.malformed, *findings.failed)).lines():
        print(line, file=sys.stderr)
    for warning in findings.warnings:
        place = f"{warning.file}:{warning.place}"
        print(f"{place}: warning: {warning.reason}", file=sys.stderr)
    return findings


def _cell(name: str) -> Findings:
    from rnntui.course.checking import Findings
    from rnntui.safe import InputError
    from rnntui.sources.cell_file import find_cell

    try:
        cell = find_cell(name)
    except InputError as error:
        return Findings((error, *error.also))
    if set(cell.lags) - {"x"}:
        return Findings()
    place = f"{cell.equations[0].line}:1"
    reason = "nothing is read at t-1: this cell has no memory; let an equation read one, as in W @ h[t-1]"
    return Findings(warnings=(InputError(name, place, reason),))
