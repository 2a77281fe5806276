"""rnntui solve: a lesson as a worked solution."""

from __future__ import annotations

import sys

import click

from rnntui.streams import tell


@click.command("solve")
@click.argument("lesson")
@click.option("-o", "--output", required=True, metavar="FILE.md|.tex", help="Where to write it.")
@click.option("--blank", is_flag=True, help="Without the answers: a sheet for class.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
def command(lesson: str, output: str, blank: bool, force: bool) -> None:
    """Write a whole lesson as a worked solution: equations, numbers, answers.

    LESSON is an id (see `rnntui lessons`) or a YAML file. What it says of itself and is not so is told.
    """
    from pathlib import Path

    from rnntui.course.script import open_script
    from rnntui.course.shelf import find_lesson
    from rnntui.reports.solution import solution
    from rnntui.reports.solution_latex import in_latex
    from rnntui.reports.solution_markdown import in_markdown
    from rnntui.safe import InputError, InputErrors, check_output, clean, write_text

    writers = {".md": in_markdown, ".tex": in_latex}
    suffix = Path(output).suffix.lower()
    if suffix not in writers:
        raise InputError(output or "-o", "", "a solution is written as .md or .tex: give the name one of these")
    check_output(output, force)
    script = open_script(find_lesson(lesson))
    write_text(output, writers[suffix](solution(script, blank)), force)
    tell(f"{clean(output)} is written")
    for line in InputErrors(script.self_test()).lines():
        print(f"warning: {line}", file=sys.stderr)
