"""rnntui step: the debugger on a cell and a source of the user's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rnntui.commands.mode import choose_mode
from rnntui.commands.options import RequestMaker, SourceCommand, ascii_option, later_source_options

if TYPE_CHECKING:
    from rnntui.session import Session


@click.command("step", cls=SourceCommand)
@later_source_options
@click.option("--at", "place", metavar="PLACE", help="Where to begin, as backward t=5 h, b5 ∇h, #60 or end.")
@click.option("--plain", is_flag=True, help="Line by line, in the manner of pdb.")
@ascii_option
def command(request: RequestMaker, place: str | None, plain: bool, ascii: bool) -> int:
    """Step through a cell's forward and backward pass, one equation at a time.

    Full screen in a terminal. With --plain, or TERM=dumb, line by line. Where standard input or output is no
    terminal, commands are read to the end of the input: echo 'step 5' | rnntui step. The exit code is then 2 where
    one of them could not be acted on; the others are.
    """
    mode = choose_mode(plain)
    if mode == "screen":
        from rnntui.app import show

        return show(lambda: (_remembered(request, place), None), ascii=ascii)
    session = _session(request, place)
    from rnntui.plain.stepping import step_by_lines, step_from_input

    return step_by_lines(session) if mode == "lines" else step_from_input(session)


def _remembered(request: RequestMaker, place: str | None) -> Session:
    """The session, among the recent runs of the library from now on."""
    from rnntui.library.runs import keep_request
    from rnntui.store import Store

    session = _session(request, place)
    keep_request(Store(), request())
    return session


def _session(request: RequestMaker, place: str | None) -> Session:
    from rnntui.session import Session

    run, source = request().run()
    session = Session(run, source)
    if place is not None:
        _begin_at(session, place)
    return session


def _begin_at(session: Session, place: str) -> None:
    from rnntui.places import PlaceError
    from rnntui.safe import InputError

    try:
        session.goto_place(place)
    except PlaceError as error:
        raise InputError("--at", "", str(error)) from None
