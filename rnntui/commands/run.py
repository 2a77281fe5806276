"""rnntui run: play a lesson."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from rnntui.commands.mode import choose_mode
from rnntui.commands.options import ascii_option

if TYPE_CHECKING:
    from pathlib import Path

    from rnntui.course.shelf import Card, Shelf
    from rnntui.library.library import Library
    from rnntui.session import Session
    from rnntui.walk import Walk


@click.command("run")
@click.argument("lesson", required=False)
@click.option("--plain", is_flag=True, help="Line by line.")
@click.option("--watch", is_flag=True, help="Read the lesson again whenever its file changes, the place kept.")
@ascii_option
def command(lesson: str | None, plain: bool, watch: bool, ascii: bool) -> int:
    """Play a lesson: LESSON is an id (see `rnntui lessons`), a YAML file, or a folder of lessons, which is listed.

    Full screen in a terminal. With --plain, or TERM=dumb, line by line. Where standard input or output is no
    terminal, the whole walkthrough is printed, with its answers.
    """
    from rnntui.course.shelf import Shelf, find, shipped
    from rnntui.safe import InputError

    found = shipped() if lesson is None else find(lesson)
    if watch and isinstance(found, Shelf):
        raise InputError("--watch", "", "reads one lesson again: name its file, rnntui run FILE --watch")
    if isinstance(found, Shelf):
        if choose_mode(plain) == "screen":
            return open_library(found, ascii)
        return _list(found, by_id=lesson is None)
    return _play(found, plain, watch, ascii)


def open_library(shelf: Shelf | None = None, ascii: bool = False) -> int:
    """The library full screen, with the shipped course where no shelf is given; the exit code."""
    from rnntui.app import show
    from rnntui.store import Store

    store = Store()

    def begin() -> Library:
        from rnntui.library.library import read_library

        return read_library(store, shelf)

    return show(begin, ascii=ascii, store=store)


def _list(shelf: Shelf, by_id: bool) -> int:
    from rnntui.commands.complaint import complain
    from rnntui.reports.lesson_list import shelf_lines
    from rnntui.store import Store, all_progress

    def how(card: Card) -> str:
        return f"rnntui run {card.id if by_id else shlex.quote(str(card.path))}"

    store = Store()
    click.echo("\n".join(shelf_lines(shelf, how, all_progress(store))))
    complain(store)
    return 0


def _play(lesson: Path, plain: bool, watch: bool, ascii: bool) -> int:
    mode = choose_mode(plain)
    if mode == "pipe":
        from rnntui.course.script import open_script
        from rnntui.reports.transcript import transcript

        click.echo("\n".join(transcript(open_script(lesson))))
        return 0
    from rnntui.playthrough import take_up
    from rnntui.rereading import Rereading
    from rnntui.store import Store

    store = Store()
    rereading = Rereading(lesson, store) if watch else None
    if mode == "screen":
        from rnntui.app import show

        def begin() -> tuple[Session, Walk]:
            walk = take_up(lesson, store)
            return walk.session, walk

        return show(begin, ascii=ascii, store=store, rereading=rereading)
    from rnntui.plain.playing import begun, play_by_lines

    walk = begun(rereading) if rereading is not None else take_up(lesson, store)
    return play_by_lines(walk, rereading) if walk is not None else 2
