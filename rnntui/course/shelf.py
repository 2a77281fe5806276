"""Where lessons are: the shipped course or a folder of the user's, its index, and lessons by id, path or folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bptt.errors import near
from rnntui.course.document import read_document
from rnntui.course.reading import MAX_BYTES
from rnntui.safe import InputError, InputErrors, clean, read_text

INDEX = "index.yaml"
_MOST = 1_000
"""Lessons of one folder."""
_HEAD = re.compile(r"^(model|data|steps):", re.MULTILINE)


class Index(BaseModel):
    """What index.yaml says."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str = Field(min_length=1, max_length=80)
    order: tuple[str, ...] = Field(max_length=_MOST)
    """The ids of the lessons; ID.yaml is the file of one."""

    @field_validator("order", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Card:
    """A lesson as a list shows it; everything is clean and as the file has it, checked only when it is opened."""

    id: str
    path: Path
    title: str
    summary: str = ""
    level: str = "1"
    minutes: str = "5"
    needs: tuple[str, ...] = ()
    """Ids of lessons that are good to have done before."""


@dataclass(frozen=True)
class Shelf:
    """A folder of lessons."""

    folder: Path
    title: str
    order: tuple[str, ...]
    """The ids, first those of the index, then the others by name."""

    def path(self, id: str) -> Path:
        """The file of a lesson."""
        return self.folder / f"{id}.yaml"

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """Every lesson, in order. Raises InputErrors where a file cannot be read."""
        return tuple(_card(id, self.path(id)) for id in self.order)


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson's place on a shelf."""

    shelf: Shelf
    number: int
    """From 0."""

    @property
    def count(self) -> int:
        """How many lessons the shelf has."""
        return len(self.shelf.order)

    @property
    def next(self) -> Entry | None:
        """The lesson after it; None at the end."""
        return Entry(self.shelf, self.number + 1) if self.number + 1 < self.count else None

    @property
    def path(self) -> Path:
        """Its file."""
        return self.shelf.path(self.shelf.order[self.number])

    @property
    def card(self) -> Card:
        """The lesson. Raises InputError or InputErrors where its file cannot be read."""
        return _card(self.shelf.order[self.number], self.path)


@cache
def shipped() -> Shelf:
    """The course that comes with the package."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "lessons"
    return open_shelf(inside if inside.is_dir() else package.parent / "lessons")


def open_shelf(folder: Path) -> Shelf:
    """The lessons of a folder. Raises InputError where it holds none, InputErrors for an index that is wrong."""
    try:
        files = sorted(file.stem for file in folder.glob("*.yaml") if file.name != INDEX)[:_MOST]
    except OSError as error:
        raise InputError(folder, "", f"cannot be read: {error.strerror or error}") from None
    if not files:
        raise InputError(folder, "", "holds no lessons: write one as NAME.yaml")
    index = folder / INDEX
    if not index.exists():
        return Shelf(folder, clean(folder.resolve().name), tuple(files))
    title, order = _index(index, files)
    return Shelf(folder, title, (*order, *(id for id in files if id not in order)))


def find(name: str) -> Path | Shelf:
    """The lesson with this id in the shipped course, or the file, or the shelf of the folder, with this name.

    Raises InputError with near names where there is none."""
    course = shipped()
    if not name:
        raise InputError("", "", "no lesson is named: `rnntui lessons` lists them")
    if name in course.order:
        return course.path(name)
    path = Path(name)
    try:
        if path.is_dir():
            return open_shelf(path)
        if path.exists() or path.suffix or path.name != name:
            return path
    except (OSError, ValueError):
        raise InputError(name, "", "no file can have this name") from None
    hint = near(name, course.order)
    hint = hint if hint.endswith("?") else "`rnntui lessons` lists them"
    raise InputError(name, "", f"no lesson is called this; {hint}")


def find_lesson(name: str) -> Path:
    """The file of a lesson, by id or path. Raises InputError where the name is that of none, or of a folder."""
    found = find(name)
    if isinstance(found, Shelf):
        raise InputError(name, "", f"is a folder of lessons: name one of them, such as {found.path(found.order[0])}")
    return found


def entry_of(path: Path) -> Entry | None:
    """Where a lesson's file stands in the shipped course, or in its folder where that has an index; else None."""
    course = shipped()
    try:
        own = path.resolve().parent == course.folder.resolve()
        if not own and not (path.parent / INDEX).is_file():
            return None
        shelf = course if own else open_shelf(path.parent)
    except (OSError, RuntimeError, ValueError, InputError, InputErrors):  # an index that is wrong is no index
        return None
    return Entry(shelf, shelf.order.index(path.stem)) if path.stem in shelf.order else None


def known_as(path: Path) -> str:
    """The name under which progress is kept: the id of a shipped lesson, else the whole path, both clean."""
    course = shipped()
    found = path.resolve()
    own = found.parent == course.folder.resolve() and found.stem in course.order
    return clean(found.stem if own else str(found))


def _index(path: Path, files: list[str]) -> tuple[str, tuple[str, ...]]:
    document = read_document(str(path), read_text(path, MAX_BYTES))
    try:
        index = Index.model_validate(document.data)
    except ValidationError as error:
        faults = error.errors()
        raise InputErrors(
            InputError(path, document.place(tuple(fault["loc"])), f"{fault['msg']}: an index has title and order")
            for fault in faults
        ) from None
    missing = [
        InputError(path, document.place(("order", n)), f"there is no {clean(id)}.yaml here; {near(id, files)}")
        for n, id in enumerate(index.order)
        if id not in files
    ]
    if missing:
        raise InputErrors(missing)
    return clean(index.title), index.order


def _card(id: str, path: Path) -> Card:
    """Only what stands before the model is read: a list must not wait for all of every file."""
    text = read_text(path, MAX_BYTES)
    body = _HEAD.search(text)
    head = text[: body.start()] if body else text
    data = read_document(str(path), head).data if head.strip() else {}
    known = data if isinstance(data, dict) else {}
    needs = known.get("needs")
    return Card(
        id=clean(id),
        path=path,
        title=clean(str(known.get("title", id))),
        summary=clean(str(known.get("summary", ""))),
        level=clean(str(known.get("level", 1))),
        minutes=clean(str(known.get("minutes", 5))),
        needs=tuple(clean(str(id)) for id in needs) if isinstance(needs, list) else (),
    )
