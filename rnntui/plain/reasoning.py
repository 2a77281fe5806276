"""Why a value is so, by lines."""

from __future__ import annotations

from collections.abc import Iterator

from bptt.debugger.chains import chain
from bptt.debugger.reason import Reason
from bptt.debugger.reasons import why
from bptt.numerals import number
from bptt.queries import Reading
from bptt.query_nodes import Component, Constant, Node
from bptt.query_values import QueryError
from rnntui.explain.marks import PENDING
from rnntui.frame import Slot
from rnntui.plain.asking import read, said
from rnntui.plain.command import Command, CommandError
from rnntui.plain.conversation import Conversation
from rnntui.safe import clean
from rnntui.session import Session

_MOST_TIMES = 16
"""Steps back that are listed of a gradient's road."""
_DEEPEST = 4


def _why(conversation: Conversation, argument: str) -> Iterator[str]:
    session = conversation.session
    text, depth = _depth(argument)
    if not text:
        raise CommandError("why is what so? Write why h[3][1], why ∇h[t][0], why ∇W[0][2], or why 3 h[3][1] for more")
    _check_open(session)
    query = read(session, text)
    found = query.reference
    if found is None:
        raise CommandError(f"{clean(text)} is not one component: write why h[3][1] or why ∇h[3][1]")
    components = _components(query.root)
    with said():
        query.check(session.run, session.t)
        (reading,) = query.slots(session.run, session.t)
        _check_reached(session, reading)
        unit = _unit(session, reading, components)
        reason = why(session.run, reading.name, reading.t, unit, reading.gradient, session.sequence)
        yield clean(reason.sentence)
        yield from map(clean, reason.lines(depth))
        if reading.gradient and reading.t is not None:
            yield from _road(session, reading, unit[0] if unit else None)


def reason_for(session: Session, slot: Slot, unit: int) -> Reason:
    """Why one unit of a slot is so. Raises CommandError where it is not computed yet, or while a question is open."""
    _check_open(session)
    reading = Reading(slot.name, slot.t, slot.gradient)
    _check_reached(session, reading)
    place = () if session.cell.dims.get(slot.name) == "scalar" else (unit,)
    with said():
        return why(session.run, slot.name, slot.t, place, slot.gradient, session.sequence)


def _check_open(session: Session) -> None:
    if session.hidden:
        raise CommandError("a question is open: reasons could give its answer away")


def _depth(argument: str) -> tuple[str, int]:
    first, _, rest = argument.partition(" ")
    if rest and first.isascii() and first.isdigit() and len(first) < 3:
        return rest.strip(), min(max(1, int(first)), _DEEPEST)
    return argument, 1


def _components(node: Node) -> list[int]:
    """The numbers in brackets, the outermost first. Raises CommandError where one is worked out."""
    found: list[int] = []
    while isinstance(node, Component):
        if not (isinstance(node.index, Constant) and float(node.index.value).is_integer()):
            raise CommandError("a component is a whole number here, like h[3][1]")
        found.insert(0, int(node.index.value))
        node = node.part
    return found


def _check_reached(session: Session, reading: Reading) -> None:
    frame = session.frame()
    shown = f"{'∇' if reading.gradient else ''}{reading.name}"
    if reading.t is None:
        if reading.gradient and frame.position < frame.run.schedule.known:
            raise CommandError(f"{shown} is not computed yet here: go on to the backward phase")
    elif frame.mark(Slot(reading.name, reading.t, reading.gradient)) is PENDING:
        raise CommandError(f"{shown}[{reading.t}] is not computed yet here: go on to it first")


def _unit(session: Session, reading: Reading, components: list[int]) -> tuple[int, ...]:
    """The component that is asked about; without one that of the largest size."""
    run = session.run
    if reading.name in run.model.parameters:
        shape = run.model.parameters[reading.name].shape
    else:
        shape = () if session.cell.dims.get(reading.name) == "scalar" else run.tape.values[reading.name].shape[2:]
    if len(components) < len(shape):
        if components or len(shape) != 1 or reading.t is None:
            raise QueryError(f"of which component? {reading.name} has {' × '.join(map(str, shape))} of them")
        values = run.read(reading.name, reading.t, reading.gradient)[session.sequence]
        return (int(abs(values).argmax()),)
    return tuple(components)


def _road(session: Session, reading: Reading, unit: int | None) -> Iterator[str]:
    assert reading.t is not None  # a parameter's gradient has no road of its own
    found = chain(session.run, reading.name, reading.t, unit, session.sequence)
    yield clean(found.sentence)
    if len(found.times) > 1:
        yield "  back from t:  factor   product so far"
    for time in found.times[-_MOST_TIMES:] if len(found.times) > 1 else ():
        yield f"  {time.t:>12}  {number(time.factor, 3):>7}   {number(time.product, 3)}"


REASONING = (
    Command(
        "why",
        "y",
        "why [DEPTH] COMPONENT",
        "Say what made h[3][1], ∇h[t][0] or ∇W[0][2] what it is. Of a gradient, the factors on its way back too.",
        _why,
    ),
)
