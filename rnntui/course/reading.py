"""A lesson file read and validated: what it says, where everything stands, and every fault of its form at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bptt.errors import near
from rnntui.course.document import Document, Path, read_document
from rnntui.course.lesson import OTHER, Lesson
from rnntui.course.mending import mended, mended_steps, whole
from rnntui.course.sections import BpttPart, CasePart, DataPart, ModelPart, Part, TrainingPart, listed
from rnntui.course.steps import STEPS, Step, TablePart
from rnntui.safe import InputError, InputErrors, read_text

MAX_BYTES = 262_144
"""Bytes of a lesson file."""
_PARTS: dict[str, type[Part]] = {
    "model": ModelPart,
    "data": DataPart,
    "bptt": BpttPart,
    "training": TrainingPart,
    "compare": CasePart,
}
_ABOUT = ("id", "title", "summary", "level", "minutes", "needs", "steps")
"""The keys of a lesson of which no run is made."""
_WANTED = {
    "string_type": "a text belongs here: put it in quotes",
    "int_type": "a whole number belongs here, like 4",
    "float_type": "a number belongs here, like 0.01",
    "tuple_type": "a list belongs here, one item a line after -",
    "list_type": "a list belongs here, one item a line after -",
    "dict_type": "entries like `key: value` belong here",
    "model_type": "entries like `key: value` belong here",
    "model_attributes_type": "entries like `key: value` belong here",
    "string_pattern_mismatch": "an id is made of small letters, digits and single -",
    "too_short": "the list is empty: write at least one item",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "≥"),
    "less_than_equal": ("le", "≤"),
    "greater_than": ("gt", ">"),
    "less_than": ("lt", "<"),
}
P = TypeVar("P", bound=Part)


@dataclass(frozen=True)
class Reading:
    """What could be read of a lesson file."""

    document: Document
    folder: FilePath
    """Where the lesson lies, and its data below."""
    lesson: Lesson | None
    """None where there are faults."""
    model: ModelPart | None
    data: DataPart | None
    bptt: BpttPart | None
    training: TrainingPart | None
    clamp: tuple[str, ...]
    cases: Mapping[str, CasePart]
    """That of `compare` first, which is called other."""
    recorded: Mapping[str, str]
    steps: Mapping[int, Step]
    """By their place in the list; of a step that is not well formed what is, so that it can be checked all the same."""
    faults: tuple[InputError, ...]
    mended: tuple[ModelPart | None, DataPart | None] = (None, None)
    """Of sections that are not well formed what is."""
    sound: bool = True
    """Whether all that makes the runs is well formed, so that what they show is what is meant."""

    def fault(self, path: Path, reason: str, line: int = 1, column: int = 1) -> InputError:
        """An error at a part of the file; `line` and `column` count into a text."""
        return InputError(self.document.file, self.document.place(path, line, column), reason)

    def validated(self, part: type[P], data: Any, path: Path) -> P:
        """A part of the file put together from several. Raises InputErrors, its faults placed below `path`."""
        try:
            return part.model_validate(data)
        except ValidationError as error:
            raise InputErrors(_fault(self.document, detail, path, part) for detail in error.errors()) from None


def read_lesson(path: str | os.PathLike[str]) -> Reading:
    """Read a lesson file. Raises InputError where it cannot be read, InputErrors where it is not a YAML document that
    a lesson may be; faults of form beyond that are in the reading."""
    return parse_lesson(os.fspath(path), read_text(path, MAX_BYTES), FilePath(path).parent)


def parse_lesson(file: str, text: str, folder: FilePath) -> Reading:
    """The same from the text; `file` is its name in errors."""
    document = read_document(file, text)
    data = document.data
    try:
        lesson = Lesson.model_validate(data)
    except ValidationError as error:
        faults = tuple(sorted((_fault(document, detail) for detail in error.errors()), key=attrgetter("position")))
        sound = all(detail["loc"] and detail["loc"][0] in _ABOUT for detail in error.errors())
        return _salvage(document, folder, data if isinstance(data, dict) else {}, faults, sound)
    return Reading(
        document,
        folder,
        lesson,
        lesson.model,
        lesson.data,
        lesson.bptt,
        lesson.training,
        lesson.clamp,
        {**({OTHER: lesson.compare} if lesson.compare else {}), **lesson.cases},
        lesson.recorded,
        dict(enumerate(lesson.steps)),
        (),
    )


def _salvage(
    document: Document, folder: FilePath, entries: dict[str, Any], faults: tuple[InputError, ...], sound: bool
) -> Reading:
    """What is well formed in a file that is not, so that it can be checked all the same."""
    given = entries.get("cases")
    cases = {OTHER: entries.get("compare"), **(given if isinstance(given, dict) else {})}
    clamp, recorded = listed(entries.get("clamp", ())), entries.get("recorded", {})
    texts = isinstance(clamp, tuple) and all(isinstance(text, str) for text in clamp)
    named = isinstance(recorded, dict) and all(isinstance(file, str) for file in recorded.values())
    return Reading(
        document,
        folder,
        None,
        whole(ModelPart, entries.get("model")),
        whole(DataPart, entries.get("data")),
        whole(BpttPart, entries.get("bptt", {})),
        mended(TrainingPart, entries.get("training")),
        clamp if texts else (),
        {str(name): case for name, part in cases.items() if (case := mended(CasePart, part)) is not None},
        recorded if named else {},
        dict(mended_steps(entries.get("steps"))),
        faults,
        (mended(ModelPart, entries.get("model")), mended(DataPart, entries.get("data"))),
        sound,
    )


def _fault(document: Document, detail: ErrorDetails, below: Path = (), within: type[Part] = Lesson) -> InputError:
    """One of the validator's errors as a line with its place in the file; `below`: where the part validated stands."""
    found, part = _path(detail["loc"], within)
    path = (*below, *found)
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        fields = {field.alias or name for name, field in part.model_fields.items()}
        known = [name for name in sorted(fields) if name not in _parent(document.data, path)]
        return InputError(
            document.file, document.key_place(path), f"{path[-1]} is not known here; {near(str(path[-1]), known)}"
        )
    if kind == "missing":
        place = document.place(path[:-1])
        return InputError(document.file, place, f"{path[-1]} is missing: write `{path[-1]}: …`")
    if kind == "lesson":
        place = document.place(path) if context["at"] == "" else document.key_place((*path, context["at"]))
        return InputError(document.file, place, context["reason"])
    if kind in _BOUNDS:
        name, sign = _BOUNDS[kind]
        bound = context[name]
        reason = f"got {detail['input']}, expected a number {sign} {bound:,.0f}"
    elif kind == "literal_error":
        reason = f"got {detail['input']!r}, expected {context['expected']}"
    elif kind == "string_too_long":
        reason = f"{len(detail['input']):,} characters, and {context['max_length']:,} are allowed: shorten it"
    elif kind == "string_too_short":
        reason = f"write at least {context['min_length']} characters here"
    elif kind == "too_long":
        count, most = len(detail["input"]), context["max_length"]
        reason = f"{count:,} items, and {most:,} are allowed: leave some out, or split the lesson"
    else:
        reason = _WANTED.get(kind, detail["msg"])
    return InputError(document.file, document.place(path), reason)


def _path(location: tuple[int | str, ...], part: type[Part]) -> tuple[Path, type[Part]]:
    """The path of the validator's location below what was validated, and the part whose keys are known there."""
    path: list[int | str] = []
    for place, word in enumerate(location):
        if place == 2 and location[0] == "steps" and word in STEPS:
            part = STEPS[str(word)]
            continue
        path.append(word)
        if place == 0 and word in _PARTS and part is Lesson:
            part = _PARTS[str(word)]
        elif place == 1 and location[0] == "cases":
            part = CasePart
        elif word == "table" and place:
            part = TablePart
    return tuple(path), part


def _parent(data: Any, path: Path) -> Any:
    for word in path[:-1]:
        try:
            data = data[word]
        except (KeyError, IndexError, TypeError):
            return ()
    return data if isinstance(data, dict | list) else ()
