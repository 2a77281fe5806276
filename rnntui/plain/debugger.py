"""The debugger's commands: how a run is stepped and looked at by lines, in the manner of pdb."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from bptt.notation import TEXT, render_equation
from rnntui.explain.marks import Mark
from rnntui.places import PlaceError
from rnntui.plain.asking import asked, read, said
from rnntui.plain.breaking import BREAKING
from rnntui.plain.command import BorderError, Command, CommandError, Commands, count, nothing
from rnntui.plain.conversation import Conversation
from rnntui.plain.editing import EDITING
from rnntui.plain.lines import width
from rnntui.plain.reasoning import REASONING
from rnntui.plain.watching import WATCHING, arrival
from rnntui.reports.step_text import equation_line, place_line, value_lines
from rnntui.reports.step_text import said as in_words
from rnntui.reports.wrapping import NARROWEST
from rnntui.safe import clean
from rnntui.session import Session

_PRINTED_DIGITS = 6
AT_END = "this is the end of the run"
AT_START = "this is the start of the run"


def _step(conversation: Conversation, argument: str) -> Iterator[str]:
    return _repeat(conversation, Session.step, count(argument, "step N"), AT_END)


def _back(conversation: Conversation, argument: str) -> Iterator[str]:
    hint = "; a breakpoint is set by break, short B" if argument[:1].isalpha() else ""
    return _repeat(conversation, Session.back, count(argument, "back N", hint), AT_START)


def _next(conversation: Conversation, argument: str) -> Iterator[str]:
    return _repeat(conversation, Session.next_time, count(argument, "next N"), AT_END)


def _phase(conversation: Conversation, argument: str) -> Iterator[str]:
    return _repeat(conversation, Session.end_of_phase, count(argument, "phase N"), AT_END)


def _repeat(conversation: Conversation, move: Callable[[Session], bool], times: int, border: str) -> Iterator[str]:
    """The step at which each move arrives."""
    session = conversation.session
    for _ in range(times):
        if not move(session):
            raise BorderError(f"{border}: step {session.position} of {session.total}")
        yield from arrival(conversation)


def _goto(conversation: Conversation, argument: str) -> Iterable[str]:
    try:
        conversation.session.goto_place(argument)
    except PlaceError as error:
        raise CommandError(str(error)) from None
    return arrival(conversation)


def _print(conversation: Conversation, argument: str) -> list[str]:
    if not argument:
        raise CommandError("print what? Write an expression, like print h[3], print ∇W or print norm(grad(h[t]))")
    session = conversation.session
    query = read(session, argument)
    with said():
        found = asked(session.frame(), query)
    left = f"{clean(argument)} ="
    if isinstance(found, bool):
        return [f"{left} {'true' if found else 'false'}"]
    return value_lines(left, found if isinstance(found, Mark) else np.asarray(found), digits=_PRINTED_DIGITS)


def _where(conversation: Conversation, argument: str) -> Iterator[str]:
    nothing(argument, "where")
    session = conversation.session
    yield place_line(session.frame())
    step = session.current
    if step is not None and step.phase != "cut":
        _, number, equations = _phase_lines(session)
        yield f"  computed: {_timed(session, session.position - 1)}"
        yield f"  equation {number + 1} of the {len(equations)} of a {step.phase} timestep"
    if session.position < session.total:
        yield f"  next: {_timed(session, session.position)}"
    else:
        yield f"  {AT_END}"


def _timed(session: Session, index: int) -> str:
    """The equation of a step, its time in numbers."""
    step = session.run.at(index)
    return render_equation(step.equation, TEXT, step.t, session.cell.arguments)


def _say(conversation: Conversation, argument: str) -> Iterator[str]:
    nothing(argument, "say")
    yield in_words(conversation.session.frame())


def _list(conversation: Conversation, argument: str) -> Iterator[str]:
    nothing(argument, "list")
    session = conversation.session
    phase, current, lines = _phase_lines(session)
    within = session.run.schedule.pass_at(session.position)
    last = "T" if within.hi == session.run.T else str(within.hi)
    times = f"t = {within.losses_from} … {last}" if phase == "forward" else f"t = {last} … {within.lo}"
    yield f"{phase}, {times}" + (f"; here t={session.t}" if session.position else "")
    for number, line in enumerate(lines):
        yield f"{' → ' if number == current else '   '}{line}"


def _phase_lines(session: Session) -> tuple[str, int, list[str]]:
    """(phase, the number of the equation computed last, −1 at the start; every equation of the phase)."""
    schedule = session.run.schedule
    backward = session.phase == "backward"
    equations = schedule.backward if backward else schedule.forward
    number = -1
    if session.position and session.phase != "cut":
        number = session.position - 1 - schedule.timestep(session.position - 1).start
    return "backward" if backward else "forward", number, [equation_line(session.cell, e) for e in equations]


def _help(conversation: Conversation, argument: str) -> Iterator[str]:
    if argument:
        command = conversation.commands.find(argument)
        yield f"{command.usage}  (short: {command.short})" if command.short else command.usage
        yield f"  {command.help}"
        return
    longest = max(len(command.usage) for command in conversation.commands)
    rows = [(each.short, each.usage, each.help.split(". ")[0].rstrip(".")) for each in conversation.commands]
    for short, usage, text in (*rows, ("", "an empty line", conversation.on_empty_line)):
        begin = f"  {short or ' '}  {usage:<{longest}}  "
        room = max(width() - len(begin), NARROWEST)
        first, *more = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
        yield begin + first
        yield from (" " * len(begin) + line for line in more)


def _quit(conversation: Conversation, argument: str) -> tuple[str, ...]:
    nothing(argument, "quit")
    conversation.over = True
    return ()


PLACES = "A place is like `backward t=5 h`, `b5 ∇h`, `forward t=3`, `#60`, `start`, `end` or `nan`."
DEBUGGER = (
    Command("step", "s", "step [N]", "Compute the next equation, or the next N.", _step, moves=True),
    Command("back", "b", "back [N]", "Go back over one equation, or over N.", _back, moves=True),
    Command("next", "n", "next [N]", "Go on to the end of this timestep, or of N timesteps.", _next, moves=True),
    Command("phase", "f", "phase [N]", "Go on to the end of the forward or backward phase.", _phase, moves=True),
    Command("goto", "g", "goto PLACE", f"Go to a place on the run. {PLACES}", _goto),
    Command(
        "print", "p", "print EXPR", "Print an expression as it stands here, like ∇h[t], W[0] or norm(grad(W)).", _print
    ),
    *BREAKING,
    *WATCHING,
    *EDITING,
    *REASONING,
    Command("where", "w", "where", "Say which step this is, what it computed and what comes next.", _where),
    Command("say", ".", "say", "Say the step as one plain sentence.", _say),
    Command("list", "l", "list", "List the equations of this phase, the current one marked.", _list),
    Command("help", "h", "help [COMMAND]", "List the commands, or explain one.", _help),
    Command("quit", "q", "quit", "Leave; Ctrl-D does too.", _quit),
)


def debugger(session: Session, arrives: bool = True) -> Conversation:
    """A conversation that steps a run."""
    return Conversation(session, Commands(DEBUGGER), arrives)
