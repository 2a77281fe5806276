"""Breakpoints by lines: set, listed, taken away, and run to in both directions."""

from __future__ import annotations

from collections.abc import Iterator

from bptt.debugger.breakpoints import Breakpoint, Stop
from bptt.queries import Query
from bptt.schedule import Phase
from rnntui.frame import Slot
from rnntui.places import PlaceError, parse_place, position_of
from rnntui.plain.asking import read, said
from rnntui.plain.command import BorderError, Command, CommandError, nothing, quoted
from rnntui.plain.conversation import Conversation
from rnntui.plain.watching import arrival
from rnntui.safe import clean
from rnntui.session import Session

FORM = "write break h, break backward t=5, break norm(grad(h[t])) < 1e-3, or break ∇h if max(h[t]) > 0.9"
_COMPARES = frozenset("<>=!(")


def _break(conversation: Conversation, argument: str) -> Iterator[str]:
    if not argument:
        return _listed(conversation.session)
    return _set(conversation.session, argument, temporary=False)


def _tbreak(conversation: Conversation, argument: str) -> Iterator[str]:
    if not argument:
        raise CommandError(f"stop once where? {FORM.replace('break', 'tbreak')}")
    return _set(conversation.session, argument, temporary=True)


def _set(session: Session, text: str, temporary: bool) -> Iterator[str]:
    made = break_at(session, text, temporary)
    yield f"breakpoint {made.number}: {text_of(made)}"


def break_at(session: Session, text: str, temporary: bool = False) -> Breakpoint:
    """Set a breakpoint as it is written. Raises CommandError."""
    with said():
        return session.breakpoints.add(_breakpoint(session, text, temporary), session.run)


def toggle(session: Session, slot: Slot) -> tuple[bool, Breakpoint]:
    """(whether one is set now, which): a breakpoint after the step that writes a slot, taken away where it is there.
    Raises CommandError where no step writes it."""
    phase: Phase = "backward" if slot.gradient else "forward"
    for breakpoint in session.breakpoints:
        if (breakpoint.name, breakpoint.phase, breakpoint.t) == (slot.name, phase, slot.t) and not breakpoint.condition:
            return False, session.breakpoints.remove(breakpoint.number)
    with said():
        return True, session.breakpoints.add(Breakpoint(slot.name, phase, slot.t), session.run)


def _breakpoint(session: Session, text: str, temporary: bool) -> Breakpoint:
    """`PLACE`, `EXPRESSION` or `PLACE if EXPRESSION`. Raises CommandError."""
    place, word, condition = text.partition(" if ")
    if word:
        return _at(session, place, read(session, condition), temporary)
    try:
        return _at(session, place, None, temporary)
    except CommandError as error:
        if not _COMPARES & set(text.replace("t=", "").replace("t =", "")):
            raise CommandError(f"{error}; or {FORM}") from None
    query = read(session, text)
    if not query.is_condition:
        raise CommandError(f"{quoted(text)} is not true or false: compare it, like {text.strip()[:40]} > 0.5")
    return Breakpoint(condition=query, temporary=temporary)


def _at(session: Session, text: str, condition: Query | None, temporary: bool) -> Breakpoint:
    try:
        wanted = parse_place(text)
        if wanted.word or wanted.position is not None:
            position = position_of(session.run, wanted, session.position)
            if not position:
                raise CommandError("no step ends at the start: a breakpoint stops after a step")
            place = session.run.schedule.place(position - 1)
            return Breakpoint(place.equation.target, place.phase, place.t, condition, temporary=temporary)
    except PlaceError as error:
        raise CommandError(str(error)) from None
    t = session.run.T if wanted.t == "T" else int(wanted.t) if wanted.t else None
    return Breakpoint(wanted.name, wanted.phase, t, condition, temporary=temporary)


def _listed(session: Session) -> Iterator[str]:
    if not len(session.breakpoints):
        yield f"there are no breakpoints; {FORM}"
    for breakpoint in session.breakpoints:
        notes = [f"met {breakpoint.hits} time{'s' * (breakpoint.hits != 1)}"]
        notes += [f"passed over {breakpoint.skip} more"] * bool(breakpoint.skip)
        notes += ["once"] * breakpoint.temporary + ["disabled"] * (not breakpoint.enabled)
        yield f"{breakpoint.number:>3}  {text_of(breakpoint)}    # {', '.join(notes)}"


def text_of(breakpoint: Breakpoint) -> str:
    """A breakpoint as it is written."""
    return clean(str(breakpoint))


def _delete(conversation: Conversation, argument: str) -> Iterator[str]:
    session = conversation.session
    for number in _numbers(session, argument, "delete"):
        with said():
            yield f"deleted breakpoint {number}: {text_of(session.breakpoints.remove(number))}"


def _enable(conversation: Conversation, argument: str) -> Iterator[str]:
    return _enabled(conversation.session, argument, True)


def _disable(conversation: Conversation, argument: str) -> Iterator[str]:
    return _enabled(conversation.session, argument, False)


def _enabled(session: Session, argument: str, enabled: bool) -> Iterator[str]:
    word = "enable" if enabled else "disable"
    for number in _numbers(session, argument, word):
        with said():
            yield f"{word}d breakpoint {number}: {text_of(session.breakpoints.enable(number, enabled))}"


def _ignore(conversation: Conversation, argument: str) -> Iterator[str]:
    session = conversation.session
    typed = argument.split()
    if len(typed) != 2 or "all" in typed or not typed[1].isdigit():
        raise CommandError("pass over what? Write ignore N COUNT; break lists the breakpoints")
    number, count = (_numbers(session, part, "ignore")[0] for part in typed)
    with said():
        made = session.breakpoints.skip(number, count)
        yield f"breakpoint {made.number} is passed over {count} time{'s' * (count != 1)}: {text_of(made)}"


def _numbers(session: Session, argument: str, word: str) -> list[int]:
    """The numbers that are typed; every one there is, for `all`. Raises CommandError."""
    if argument == "all":
        return [breakpoint.number for breakpoint in session.breakpoints]
    typed = argument.split()
    if not typed or not all(part.isascii() and part.isdigit() and len(part) < 7 for part in typed):
        raise CommandError(f"{word} which? Write {word} N or {word} all; break lists the breakpoints")
    return [int(part) for part in typed]


def _continue(conversation: Conversation, argument: str) -> Iterator[str]:
    nothing(argument, "continue")
    session = conversation.session
    if session.position == session.total:
        raise BorderError(f"this is the end of the run: step {session.position} of {session.total}")
    return _arrived(conversation, session.run_on(), "the end of the run: no breakpoint is ahead")


def _reverse(conversation: Conversation, argument: str) -> Iterator[str]:
    nothing(argument, "reverse")
    session = conversation.session
    if not session.position:
        raise BorderError(f"this is the start of the run: step 0 of {session.total}")
    return _arrived(conversation, session.run_back(), "the start of the run: no breakpoint lies before")


def _arrived(conversation: Conversation, stop: Stop | None, border: str) -> Iterator[str]:
    if stop is None:
        yield border
    for breakpoint in stop.breakpoints if stop else ():
        yield f"breakpoint {breakpoint.number}: {text_of(breakpoint)}"
    yield from _resting(conversation.session)
    yield from arrival(conversation)


def _resting(session: Session) -> Iterator[str]:
    if not session.has_conditions and any(b.enabled and b.condition is not None for b in session.breakpoints):
        yield RESTING


RESTING = "breakpoints with a condition rest while a question is open"
BREAKING = (
    Command(
        "break", "B", "break [PLACE] [if EXPR]", "Stop at a place, or where an expression begins to hold; list.", _break
    ),
    Command("tbreak", "T", "tbreak …", "The same, once.", _tbreak),
    Command("delete", "d", "delete N…", "Delete breakpoints, or all.", _delete),
    Command("enable", "+", "enable N…", "Let breakpoints stop the run again, or all.", _enable),
    Command("disable", "-", "disable N…", "Let breakpoints rest, or all.", _disable),
    Command("ignore", "I", "ignore N COUNT", "Pass over a breakpoint so many times, then stop.", _ignore),
    Command("continue", "c", "continue", "Go on to the next breakpoint, or to the end.", _continue, moves=True),
    Command("reverse", "R", "reverse", "Go back to the breakpoint before, or to the start.", _reverse, moves=True),
)
