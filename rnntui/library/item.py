"""One thing that can be opened, and the sections that such things stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rnntui.sources.request import Request

State = Literal["new", "begun", "done", "broken"]
Section = Literal["lessons", "examples", "recent", "own"]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the library. Texts are clean."""

    title: str
    opens: Path | Request
    """A lesson's file, or a run."""
    about: str = ""
    """A sentence or two."""
    facts: tuple[str, ...] = ()
    """Level and minutes of a lesson, in a few letters each."""
    state: State = "new"
    standing: str = ""
    """How far one is: `done`, `4/12`."""
    advice: str = ""
    """What is good to have done before, and is not."""
    equations: str = ""
    """Of a cell."""
    number: int | None = None
    """A lesson's place in its course, from 1."""

    @property
    def is_lesson(self) -> bool:
        """Whether it is a lesson's file, and no run."""
        return isinstance(self.opens, Path)

    def matches(self, typed: str) -> bool:
        """Whether every word that was typed is in the title, the facts or the sentence."""
        text = " ".join((self.title, self.about, *self.facts, self.standing, *self._names())).casefold()
        return all(word in text for word in typed.casefold().split())

    def _names(self) -> tuple[str, ...]:
        return (self.opens.stem,) if isinstance(self.opens, Path) else (self.opens.cell,)


@dataclass(frozen=True, slots=True)
class Part:
    """A section with what is in it."""

    section: Section
    title: str
    empty: str
    """What is said where nothing is in it."""
    items: tuple[Item, ...] = field(default=())
