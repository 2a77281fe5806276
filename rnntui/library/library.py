"""The whole library, read once when it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rnntui.course.shelf import Shelf, shipped
from rnntui.library.item import Item, Part
from rnntui.library.lessons import lesson_items
from rnntui.library.own import own_items
from rnntui.library.runs import example_items, keep_request, recent_items
from rnntui.playthrough import take_up
from rnntui.session import Session
from rnntui.sources.request import Request
from rnntui.store import Store, all_progress
from rnntui.walk import Walk


@dataclass(frozen=True, slots=True)
class Library:
    """What there is to open."""

    title: str
    """Of the course."""
    parts: tuple[Part, ...]

    @property
    def done(self) -> int:
        """How many lessons of the course are done."""
        return sum(item.state == "done" for item in self.parts[0].items)

    @property
    def lessons(self) -> int:
        """How many lessons the course has."""
        return len(self.parts[0].items)


def read_library(store: Store, shelf: Shelf | None = None, folder: Path | None = None) -> Library:
    """The lessons of a shelf, the shipped one where it is left out; examples; recent runs; files of the folder, the
    current one where it is left out."""
    shelf = shelf or shipped()
    known = all_progress(store)
    recent = tuple(recent_items(store))
    parts = (
        Part("lessons", "Lessons", "There are no lessons here.", tuple(lesson_items(shelf, known))),
        Part("examples", "Examples", "", tuple(example_items())),
        Part(
            "recent",
            "Recent runs",
            "Nothing yet: what you open will stand here.",
            recent,
        ),
        Part(
            "own",
            "Your files",
            "No lesson and no cell in this folder: E writes one.",
            tuple(own_items(folder or Path.cwd(), shelf, known, recent)),
        ),
    )
    return Library(shelf.title, parts)


def opened(item: Item, store: Store) -> tuple[Session, Walk | None]:
    """What an item is, ready to be shown. Raises InputError and InputErrors where it cannot be opened."""
    if isinstance(item.opens, Request):
        run, source = item.opens.run()
        keep_request(store, item.opens)
        return Session(run, source), None
    walk = take_up(item.opens, store)
    return walk.session, walk
