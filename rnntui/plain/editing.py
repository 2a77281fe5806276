"""What-if edits by lines: made, listed beside the original run, taken back."""

from __future__ import annotations

from collections.abc import Iterator

from bptt.debugger.whatif import Difference
from bptt.edit_text import parse_edits
from bptt.edits import Edit
from bptt.numerals import number
from rnntui.plain.asking import said
from rnntui.plain.command import Command, CommandError, nothing
from rnntui.plain.conversation import Conversation
from rnntui.plain.watching import arrival
from rnntui.session import Session

_SHOWN = 12
"""Differences that are listed."""


def _set(conversation: Conversation, argument: str) -> Iterator[str]:
    return _told(conversation, set_as(conversation.session, argument))


def _clamp(conversation: Conversation, argument: str) -> Iterator[str]:
    return _told(conversation, clamp_as(conversation.session, argument))


def set_as(session: Session, text: str) -> tuple[Edit, ...]:
    """Make the edits that are written, of parameters or of variables at a time. Raises CommandError."""
    if not text:
        raise CommandError("set what? Write set h[3][1] = 0, set W[0][2] = 1.5 or set x[2][0] = 1")
    edits = _read(session, text)
    for edit in edits:
        if edit.times is None and edit.name not in session.cell.parameters:
            raise CommandError(
                f"at which time? Write set {edit.name}[3] = {edit.value:g}, or clamp {edit.name} = {edit.value:g}"
            )
    return _made(session, edits)


def clamp_as(session: Session, text: str) -> tuple[Edit, ...]:
    """Make the edits that are written, of variables at every time or at some. Raises CommandError."""
    if not text:
        raise CommandError("clamp what? Write clamp f = 1, clamp f[t][2] = 1 or clamp f[3..7] = 1")
    edits = _read(session, text)
    for edit in edits:
        if edit.name in session.cell.parameters:
            raise CommandError(f"{edit.name} is a parameter and holds at every time as it is: write set {text}")
    return _made(session, edits)


def write(session: Session, text: str) -> tuple[Edit, ...]:
    """Make the edits that are written, whether they hold at one time, at every time or in a parameter. Raises
    CommandError."""
    return _made(session, _read(session, text))


def _read(session: Session, text: str) -> tuple[Edit, ...]:
    with said():
        return parse_edits(text, session.cell, session.run.T, session.classes)


def written(session: Session, edits: tuple[Edit, ...]) -> str:
    """Edits as they would be typed."""
    return ", ".join(edit.written(session.cell) for edit in edits)


def undo_latest(session: Session, number: int | None = None) -> Edit:
    """Take back the latest edit, or that of a number. Raises CommandError where there is none."""
    with said():
        return session.undo_edit(number)


def _made(session: Session, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    if session.hidden:
        raise CommandError("a question is open: an edit would change what it asks about")
    with said():
        session.edit(*edits)
    return edits


def _told(conversation: Conversation, edits: tuple[Edit, ...]) -> Iterator[str]:
    session = conversation.session
    last = len(session.whatif.edits)
    which = f"edit {last}" if len(edits) == 1 else f"edits {last - len(edits) + 1}–{last}"
    them = "it" if len(edits) == 1 else "the last of them"
    yield f"{which}: {written(session, edits)}; the run is computed again, undo takes {them} back"
    yield from arrival(conversation)


def _undo(conversation: Conversation, argument: str) -> Iterator[str]:
    session = conversation.session
    if argument == "all":
        session.clear_edits()
        yield "no edits are left: this is the original run"
    else:
        if argument and not (argument.isascii() and argument.isdigit() and len(argument) < 7):
            raise CommandError("undo which? Write undo, undo N or undo all; edits lists them")
        yield f"undone: {undo_latest(session, int(argument) if argument else None)}"
    yield from arrival(conversation)


def _edits(conversation: Conversation, argument: str) -> Iterator[str]:
    nothing(argument, "edits")
    session = conversation.session
    if not session.whatif.edits:
        yield "nothing is edited; write set h[3][1] = 0 or clamp f = 1"
        return
    for count, edit in enumerate(session.whatif.edits, 1):
        yield f"{count:>3}  {edit}"
    if session.hidden:
        yield "what they change is not shown while a question is open"
        return
    found = session.whatif.compare()
    before, after = (number(loss, minus="−") for loss in found.loss)
    yield f"loss {before} → {after}; what differs from the original, by ‖a−b‖ / (‖a‖+‖b‖):"
    for difference in found.differences[:_SHOWN]:
        yield f"  {_difference(difference)}"
    if len(found.differences) > _SHOWN:
        yield f"  … and {len(found.differences) - _SHOWN} more"


def _difference(found: Difference) -> str:
    shown = f"{'∇' if found.gradient else ''}{found.name}"
    begins = "" if found.t is None else f", from t={found.t} {'back' if found.gradient else 'on'}"
    return f"{shown:<8} {number(found.relative, 3)}, at most {number(found.largest, 3)}{begins}"


EDITING = (
    Command("set", "=", "set NAME… = N", "Make a component a constant, like h[3][1] = 0, and run again.", _set),
    Command("clamp", "C", "clamp NAME… = N", "The same at every time, or as f[3..7] at some.", _clamp),
    Command("undo", "u", "undo [N]", "Take back the latest edit, edit N, or all.", _undo),
    Command("edits", "E", "edits", "List the edits, and what they change in the run.", _edits),
)
