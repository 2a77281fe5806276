"""From a question or exercise of a lesson file to what is asked: one maker a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import numpy as np

from bptt.cell import Cell
from bptt.edit_text import parse_edits
from bptt.edits import check_edit
from bptt.errors import InputError as ModelError
from bptt.faults import faulty
from bptt.notation import SCREEN
from bptt.queries import Query, QueryError, Reading
from bptt.query_nodes import Reference, Time
from rnntui.course import steps as parts
from rnntui.course.answers import AnswerError, read_number, read_shape, read_sign, read_truth
from rnntui.course.asked import Asked, ChoiceAsked, NumberAsked, OrderAsked, ShapeAsked, SignAsked, TruthAsked
from rnntui.course.claims import Chosen, Claim, Ordered, Stated
from rnntui.course.document import Path
from rnntui.course.exercises import BugAsked, EquationAsked, TrialAsked
from rnntui.course.phrases import Phrases
from rnntui.course.prose import Prose
from rnntui.course.reading import Reading as LessonFile
from rnntui.places import PlaceError, parse_place
from rnntui.safe import InputError

A = TypeVar("A")


def asked(phrases: Phrases, path: Path, step: parts.Question) -> tuple[Asked | None, Path]:
    """(what a question asks, None where there is a fault; the path of what is asked for)."""
    key = next(k for k in parts.QUESTIONS if getattr(step, k.replace("-", "_")) not in (None, {}))
    at = (*path, "answer" if step.answer is not None else key)
    return _MAKERS[key](phrases, path, step), at


def claimed(phrases: Phrases, path: Path, step: parts.Question, made: Asked) -> Claim | None:
    """What is said to be the answer, or what decides about it; None where nothing is said beside the question."""
    match made:
        case ChoiceAsked():
            conditions = [_deciding(phrases, (*path, "choice"), text, e, True) for text, e in step.choice.items()]
            decided = any(expression is not None for expression in step.choice.values())
            return Chosen(made, tuple(conditions)) if decided else None
        case OrderAsked():
            numbers = [_deciding(phrases, (*path, "order"), text, e, False) for text, e in step.order.items()]
            given = tuple(number for number in numbers if number is not None)
            return Ordered(made, given) if len(given) == len(numbers) else None
        case _ if step.answer is None:
            return None
    return Stated(made, step.answer)


def unreadable(file: LessonFile) -> Iterator[InputError]:
    """What is said to be the answer to a question and is no answer to one of its kind, whatever the run shows."""
    for number, step in file.steps.items():
        if not isinstance(step, parts.Question) or step.answer is None:
            continue
        try:
            for key, read in _READERS.items():
                if getattr(step, key.replace("-", "_")) is not None:
                    read(step.answer)
        except (AnswerError, PlaceError) as error:
            yield file.fault(("steps", number, "answer"), str(error))


def _deciding(phrases: Phrases, path: Path, text: str, expression: str | None, condition: bool) -> Query | None:
    if expression is None:
        return None
    return phrases.query((*path, text), expression, condition=condition, tried=False)


def tried(phrases: Phrases, path: Path, step: parts.Trial) -> TrialAsked | None:
    """What an exercise asks; None where there is a fault."""
    cell = phrases.configuration.cell
    for n, name in enumerate(step.allow):
        if name not in cell.definitions and name not in ("x", *cell.parameters):
            known = ", ".join((*cell.definitions, "x", *cell.parameters))
            phrases.fault(phrases.item(path, "allow", n), f"{name!r} can not be edited; there are {known}")
    goal = phrases.query((*path, "goal"), step.goal, condition=True)
    solved = _solved(phrases, path, step)
    return TrialAsked(step.allow, goal, step.solution, _example(cell, step)) if solved and goal is not None else None


def _solved(phrases: Phrases, path: Path, step: parts.Trial) -> bool:
    """Whether the solution can be made; what is wrong with it is noted, whatever the goal is."""
    run, count = phrases.configuration.after(0), len(phrases.faults)
    known = {*run.model.cell.definitions, "x", *run.model.parameters}
    for n, text in enumerate(step.solution):
        try:
            edits = parse_edits(text.strip().removeprefix("set "), run.model.cell, run.T)
            for edit in edits:
                check_edit(edit, run.model, run.T, run.B)
        except ModelError as error:
            phrases.fault(phrases.item(path, "solution", n), error.reason)
            continue
        for edit in edits:
            if edit.name not in step.allow and known.issuperset(step.allow):
                reason = f"{edit.name} may not be changed here: only {', '.join(step.allow)}"
                phrases.fault(phrases.item(path, "solution", n), reason)
    return len(phrases.faults) == count


def _example(cell: Cell, step: parts.Trial) -> str:
    """An edit of the first thing that may be changed, by its name on the screen; a number could meet the goal."""
    name = next(iter(step.allow), "")
    place = "[0]" * len(cell.parameters[name]) if name in cell.parameters else "[t]"
    return f"{SCREEN.called(name)}{place} = NUMBER"


def hidden(phrases: Phrases, path: Path, mask: tuple[str, ...] | None, asked: Asked | None) -> frozenset[Reading]:
    """What a question hides: what its mask says, or the single reference that it asks for."""
    run = phrases.configuration.after(0)
    if mask is None:
        query = getattr(asked, "query", None)
        of = isinstance(asked, NumberAsked | SignAsked) and isinstance(query, Query) and query.reference is not None
        return query.slots(run, phrases.t) if of and isinstance(query, Query) else frozenset()
    found: set[Reading] = set()
    for n, text in enumerate(mask):
        at = phrases.item(path, "mask", n)
        query = phrases.query(at, text)
        if query is not None and (query.reference is None or query.reference.time is None):
            phrases.fault(at, "a mask is a variable or its gradient at a time, like h[3] or grad(h[3])")
        elif query is not None:
            found |= query.slots(run, phrases.t)
    return frozenset(found)


def _single(phrases: Phrases, path: Path, text: str) -> Query | None:
    """A query for one finite number."""
    query = phrases.query(path, text, tried=False)
    if query is None:
        return None
    try:
        value = query.value(phrases.run(), phrases.t) if phrases.tried else 0.0
    except QueryError as error:
        phrases.fault(path, str(error))
        return None
    if query.is_condition or np.ndim(value) or not np.isfinite(value):
        phrases.fault(path, "a question asks for one finite number, such as h[3][1] or norm(grad(h[1]))")
        return None
    return query


def _number(phrases: Phrases, path: Path, step: parts.Question) -> Asked | None:
    query = _single(phrases, (*path, "number"), step.number or "")
    if query is None:
        return None
    share = isinstance(step.tolerance, str)
    tolerance = float(str(step.tolerance).removesuffix("%")) / (100 if share else 1)
    return NumberAsked(query, tolerance, share)


def _choice(phrases: Phrases, path: Path, step: parts.Question) -> Asked | None:
    return ChoiceAsked(_texts(phrases, (*path, "choice"), step.choice), list(step.choice).index(step.answer or ""))


def _order(phrases: Phrases, path: Path, step: parts.Question) -> Asked | None:
    return OrderAsked(_texts(phrases, (*path, "order"), step.order))


def _texts(phrases: Phrases, path: Path, texts: Mapping[str, str | None]) -> tuple[Prose, ...]:
    """The texts of a list, or the keys of entries."""
    of_key = any((*path, text) in phrases.file.document.keys for text in texts)
    return tuple(phrases.prose((*path, text if of_key else n), text, of_key) for n, text in enumerate(texts))


def _sign(phrases: Phrases, path: Path, step: parts.Question) -> Asked | None:
    query = _single(phrases, (*path, "sign"), step.sign or "")
    return None if query is None else SignAsked(query)


def _shape(phrases: Phrases, path: Path, step: parts.Question) -> Asked | None:
    query = phrases.query((*path, "shape"), step.shape or "")
    return None if query is None else ShapeAsked(query)


def _truth(phrases: Phrases, path: Path, step: parts.Question) -> Asked | None:
    if isinstance(step.true_false, bool):
        return TruthAsked(step.true_false)
    query = phrases.query((*path, "true-false"), step.true_false or "", condition=True)
    return None if query is None else TruthAsked(query)


def _equation(phrases: Phrases, path: Path, step: parts.Question) -> Asked | None:
    query = phrases.query((*path, "equation"), step.equation or "")
    answer = phrases.query((*path, "answer"), step.answer or "", tried=False)
    if query is None or answer is None:
        return None
    match query.root:
        case Reference(_, Time(1, 0, 0), _, None) as target:
            return EquationAsked(query, target, step.answer or "")
    phrases.fault((*path, "equation"), "an equation is asked of a variable or its gradient at t: h[t], grad(h[t])")
    return None


def _bug(phrases: Phrases, path: Path, step: parts.Question) -> Asked | None:
    true = phrases.run() if phrases.tried else phrases.configuration.after(0)
    try:
        cell = faulty(true.model.cell, step.bug or "", step.of)
    except ModelError as error:
        phrases.fault((*path, error.argument), error.reason)
        return None
    wrong = true.with_model(true.model.replaced({}, cell=cell))
    made = BugAsked(step.bug or "", wrong, true)
    if phrases.tried and made.first < 0:
        phrases.fault((*path, "bug"), "with these numbers the fault changes nothing: use others")
        return None
    return made


_READERS: dict[str, Callable[[str], object]] = {
    "number": read_number,
    "sign": lambda text: read_sign(text, SignAsked.signs),
    "shape": read_shape,
    "true-false": read_truth,
    "bug": parse_place,
}
"""Kind → what reads an answer. Raises AnswerError or PlaceError."""
_MAKERS: dict[str, Callable[[Phrases, Path, parts.Question], Asked | None]] = {
    "number": _number,
    "choice": _choice,
    "order": _order,
    "sign": _sign,
    "shape": _shape,
    "true-false": _truth,
    "equation": _equation,
    "bug": _bug,
}
"""Kind → what makes its question."""
