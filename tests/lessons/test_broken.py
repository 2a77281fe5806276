"""Whatever is broken in a shipped lesson, an answer, what decides about it, a goal or an expectation, the check says at
which step."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path as File

from rnntui.course import steps as parts
from rnntui.course.asked import NumberAsked
from rnntui.course.bench import Bench
from rnntui.course.compiling import compiled
from rnntui.course.document import Document, Mark, Path
from rnntui.course.reading import Reading, parse_lesson, read_lesson
from rnntui.course.script import Script, Stop

PLACES = ("∇h t=1", "∇h t=2", "∇h t=3", "∇h t=4", "∇a t=4", "∇a t=1", "∇W t=4", "∇W t=1", "∇V t=4", "∇U t=4")
SIGNS = ("plus", "minus", "zero")


@dataclass(frozen=True)
class Edit:
    """What stands in the place of a part of the file."""

    start: int
    end: int
    text: str


Break = tuple[Edit, ...]


def breaks(reading: Reading, script: Script, idle: Callable[[Stop], str]) -> dict[int, list[Break]]:
    """Number of a step → all that can be done to it so that it says something that is not so; `idle`: an edit that
    solves no exercise."""
    document, stops = reading.document, {stop.number: stop for stop in script.stops}
    found: dict[int, list[Break]] = {}
    for number, step in reading.steps.items():
        path: Path = ("steps", number)
        match step:
            case parts.Question():
                found[number] = list(_question(document, path, step, script, stops[number]))
            case parts.Trial():
                goals = (f"not ({step.goal})", "0 > 1")
                found[number] = [_put(document, (*path, "goal"), wrong) for wrong in goals]
                found[number].append(_put(document, (*path, "solution"), idle(stops[number])))
            case parts.Expectation():
                found[number] = [_put(document, (*path, "expect"), f"not ({step.expect})")]
    return found


def broken(text: str, done: list[Break]) -> str:
    """The text of a lesson with breaks in it; they do not overlap."""
    for edit in sorted((edit for edits in done for edit in edits), key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _question(document: Document, path: Path, step: parts.Question, script: Script, stop: Stop) -> Iterator[Break]:
    assert stop.question is not None
    asked, answer = stop.question.asked, step.answer or ""
    if not step.order:
        for wrong in _other_answers(step, script, stop):
            yield _put(document, (*path, "answer"), wrong)
    match asked.kind:
        case "number":
            assert isinstance(asked, NumberAsked)
            yield _put(document, (*path, "number"), f"({step.number}) + {3 * _room(script, stop)!r}")
        case "sign":
            yield _put(document, (*path, "sign"), f"-({step.sign})")
        case "shape":
            yield _put(document, (*path, "shape"), f"({step.shape}).T")
        case "true-false":
            yield _put(document, (*path, "true-false"), f"not ({step.true_false})")
        case "choice":
            right = (*path, "choice", answer)
            for text, condition in step.choice.items():
                place: Path = (*path, "choice", text)
                if condition is not None:
                    yield _put(document, place, f"not ({condition})")
                    if text != answer:
                        yield _put(document, place, step.choice[answer]) + _put(document, right, condition)
        case "order":
            items = list(step.order)
            for before, after in pairwise(items):
                yield _swapped(document, (*path, "order"), before, after)
            yield _put(document, (*path, "order", items[-1]), f"-({step.order[items[-1]]})")


def _other_answers(step: parts.Question, script: Script, stop: Stop) -> list[str]:
    """What else could be claimed."""
    answer = step.answer or ""
    assert stop.question is not None
    match stop.kind:
        case "number":
            value, room = script.answer(stop), 1.5 * _room(script, stop)
            return [repr(value + room), repr(value - room)]
        case "choice":
            return [text for text in step.choice if text != answer]
        case "sign":
            return [sign for sign in SIGNS if sign != answer]
        case "true-false":
            return ["true" if answer == "false" else "false"]
        case "shape":
            return [" x ".join(reversed(answer.split(" x "))), "9 x 9"]
        case "equation":
            return [f"2 * ({answer})", f"-({answer})", f"({answer}) + 0.001"]
        case "bug":
            return [place for place in PLACES if place != answer]
    raise AssertionError(stop.kind)


def _room(script: Script, stop: Stop) -> float:
    assert stop.question is not None and isinstance(stop.question.asked, NumberAsked)
    asked = stop.question.asked
    return asked.tolerance * (abs(script.answer(stop)) if asked.relative else 1)


def _put(document: Document, path: Path, text: str | None) -> Break:
    mark = document.marks[path]
    source = document.text[mark.start : mark.end]
    return (Edit(mark.start, mark.end, json.dumps(text, ensure_ascii=False) + "\n" * source.endswith("\n")),)


def _swapped(document: Document, path: Path, one: str, other: str) -> Break:
    """Two entries of a mapping, each in the place of the other."""

    def edits(into: Mark, out_of: Mark) -> Edit:
        return Edit(into.start, into.end, document.text[out_of.start : out_of.end])

    keys, marks = document.keys, document.marks
    a, b = (*path, one), (*path, other)
    return edits(keys[a], keys[b]), edits(keys[b], keys[a]), edits(marks[a], marks[b]), edits(marks[b], marks[a])


def test_each_broken_answer_goal_and_expectation_is_noticed_at_its_step(
    path: File, script: Script, idle_edit: Callable[[Stop], str]
) -> None:
    """A copy has one break in each step that has one left; only those steps fail, and each of them does."""
    reading = read_lesson(path)
    text, bench = reading.document.text, Bench(script.main)
    found = breaks(reading, script, idle_edit)
    assert all(found[stop.number] for stop in script.stops if stop.question is not None)
    for turn in range(max(map(len, found.values()))):
        done = {number: ways[turn] for number, ways in found.items() if turn < len(ways)}
        copy = parse_lesson(path.name, broken(text, list(done.values())), path.parent)
        failed = compiled(copy, tried=False, bench=bench).self_test()
        lines = {copy.document.marks[("steps", number)].line: number for number in copy.steps}
        at = {lines[max(line for line in lines if line <= int(error.place.split(":")[0]))] for error in failed}
        assert at == set(done), (turn, [str(error) for error in failed])
