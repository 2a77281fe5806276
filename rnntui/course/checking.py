"""Checks lessons whole: form, expressions, the self-test, and what is no fault and yet seldom meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path as FilePath

from rnntui.course import steps as parts
from rnntui.course.compiling import partly_compiled
from rnntui.course.document import Document, Path
from rnntui.course.prose import split
from rnntui.course.reading import Reading, read_lesson
from rnntui.course.shelf import INDEX, open_shelf
from rnntui.safe import InputError, InputErrors

MOST_WORDS = 60
"""Of what one step says."""
_PROSE = ("say", "ask", "try", "explain")
_TEXTS = (*_PROSE, "hint", "choice", "order", "answer", "title", "summary", "label")
_ESCAPE = re.compile(r"\\[abefnrtv0][a-z]{2,}")
_CUT = re.compile(r"[ \t]+#")


@dataclass(frozen=True)
class Findings:
    """What is wrong with a lesson, each in the order of the file."""

    malformed: tuple[InputError, ...] = ()
    """It cannot be played."""
    failed: tuple[InputError, ...] = ()
    """It says something of itself that is not so."""
    warnings: tuple[InputError, ...] = ()
    """What is seldom meant."""


def check_lesson(path: FilePath, beside: Collection[str] | None = None) -> Findings:
    """Look at one file; `beside`: as one of a course, whose lessons have these ids."""
    try:
        reading = read_lesson(path)
    except InputErrors as error:
        return Findings(error.errors)
    except InputError as error:
        return Findings((error,))
    warnings = tuple(sorted(_warned(reading), key=attrgetter("position")))
    misplaced = () if beside is None else tuple(_out_of_place(reading, path, beside))
    script, malformed = partly_compiled(reading)
    failed = script.self_test() if script is not None else ()
    return Findings(malformed, (*failed, *misplaced), warnings)


def lessons_in(folder: FilePath) -> tuple[list[FilePath], Findings]:
    """(the lessons of a folder in their order, what is wrong with its index)."""
    try:
        shelf = open_shelf(folder)
    except InputErrors as error:
        lost = [file for file in sorted(folder.glob("*.yaml")) if file.name != INDEX]
        return lost, Findings(error.errors)
    except InputError as error:
        return [], Findings((error,))
    return [shelf.path(id) for id in shelf.order], Findings()


def _out_of_place(reading: Reading, path: FilePath, beside: Collection[str]) -> Iterator[InputError]:
    """What is wrong with a lesson as one of a course: its id, and what it needs."""
    lesson = reading.lesson
    if lesson is None:
        return
    if lesson.id != path.stem:
        yield reading.fault(("id",), f"the file of {lesson.id} is {lesson.id}.yaml")
    for n, need in enumerate(lesson.needs):
        if need not in beside:
            yield reading.fault(("needs", n), f"there is no lesson {need!r} in this folder")


def _warned(reading: Reading) -> Iterator[InputError]:
    document = reading.document
    questions = 0
    for number, step in reading.steps.items():
        path: Path = ("steps", number)
        yield from _wordy(reading, path, step)
        if isinstance(step, parts.Question | parts.Trial):
            questions += 1
            if not step.explain:
                yield reading.fault(path, "nothing is explained after the answer: write explain")
        if isinstance(step, parts.Question):
            yield from _undecided(reading, path, step)
        if isinstance(step, parts.Question) and step.mask is None and _unmasked(step):
            reason = "nothing is hidden while this is asked: write mask, or mask: [] where nothing is to be"
            yield reading.fault(path, reason)
    if not questions and reading.steps:
        yield reading.fault(("steps",), "nothing is asked: let the learner predict something before it is shown")
    yield from _traps(document)


def _wordy(reading: Reading, path: Path, step: parts.Step) -> Iterator[InputError]:
    for key in _PROSE:
        text = getattr(step, "task" if key == "try" else key, None)
        words = [word for word in " 0 ".join(split(text)[0]).split() if any(c.isalnum() for c in word)] if text else []
        if len(words) > MOST_WORDS:
            reason = f"{len(words)} words, and up to {MOST_WORDS} are read: shorten it, or make two steps of it"
            yield reading.fault((*path, key), reason)


def _undecided(reading: Reading, path: Path, step: parts.Question) -> Iterator[InputError]:
    """Answers of which the run has no say: another could be claimed, and no test would notice."""
    if step.choice and step.choice[step.answer or ""] is None:
        reason = "nothing tests this answer: write each choice as `TEXT: CONDITION`, of which only the answer's holds"
        yield reading.fault((*path, "answer"), reason)
    if None in step.order.values():
        reason = "nothing tests this order: write each item as `TEXT: NUMBER`, the smallest first"
        yield reading.fault((*path, "order"), reason)
    if isinstance(step.true_false, bool):
        reason = "nothing tests this answer: write a condition here, and beside it answer: true or false"
        yield reading.fault((*path, "true-false"), reason)


def _unmasked(step: parts.Question) -> bool:
    """Whether a number or sign is asked for that no mask is made of by itself."""
    text = step.number or step.sign or ""
    return bool(text) and not re.fullmatch(r"\s*(∇?\w+|grad\(\w+(\[[^\]]*\])*\))(\[[^\]]*\])*\s*", text)


def _traps(document: Document) -> Iterator[InputError]:
    """Texts that YAML does not read as they look."""
    for path, mark in document.marks.items():
        key = next((word for word in reversed(path) if isinstance(word, str)), "")
        source = document.text[mark.start : mark.end]
        if not source or key not in _TEXTS:
            continue
        rest = document.text[mark.end :].split("\n", 1)[0]
        if source[0] not in "\"'|>[{" and _CUT.match(rest):
            where = f"{mark.line + source.count(chr(10))}:{_column(document.text, mark.end)}"
            yield InputError(document.file, where, "the text ends in front of #: put it in quotes if it goes on")
        if source[0] == '"' and (escape := _ESCAPE.search(source)):
            at = mark.start + escape.start()
            place = f"{document.text.count(chr(10), 0, at) + 1}:{_column(document.text, at)}"
            reason = f"{escape[0][:2]} in double quotes is one character of another kind: write '…' around the text"
            yield InputError(document.file, place, reason)


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at)
