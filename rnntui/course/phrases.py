"""Reads a lesson's texts and expressions where they stand: each becomes prose or a query, or a fault with its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bptt.language import EquationError
from bptt.queries import Query, QueryError, parse_query
from bptt.run import Run
from rnntui.course.configuration import Configuration
from rnntui.course.document import Path
from rnntui.course.prose import CLOSE, OPEN, Prose, cleaned, split
from rnntui.course.reading import Reading
from rnntui.safe import InputError


@dataclass
class Phrases:
    """Of one step after the other: the run that is shown there and its time are set by who goes through them."""

    file: Reading
    faults: list[InputError]
    tried: bool
    """Whether what is read is evaluated, or only its times and shapes are looked at."""
    configuration: Configuration
    run: Callable[[], Run]
    """The run of the configuration that is shown."""
    t: int = 1

    def prose(self, path: Path, text: str, of_key: bool = False) -> Prose:
        """A text with its expressions; `of_key`: the text is the key that leads to the part."""
        pieces, expressions = split(text)
        places = self.file.document.places_of(path, OPEN, of_key) if expressions else []
        queries: list[Query] = []
        for expression, place in zip(expressions, places, strict=False):
            query = self.query(path, expression.strip(), place)
            if query is not None:
                queries.append(query)
        stray = next((sign for sign in (OPEN, CLOSE) if any(sign in piece for piece in pieces)), "")
        if stray:
            place = self.file.document.key_place(path) if of_key else ""
            self.fault(path, f"{stray} without its other half: write {OPEN} expression {CLOSE}", place)
        if len(queries) < len(expressions):
            return Prose()
        return Prose(cleaned(pieces), tuple(queries))

    def query(
        self, path: Path, text: str, place: str = "", condition: bool = False, tried: bool = True
    ) -> Query | None:
        """A query that the finished run answers at the cursor's time, or a fault. `place`: where it begins, if it is
        not the whole of a part; `tried`: False where it is not to be evaluated in any case."""
        query = self.parsed(path, text, place, condition)
        if query is None or not self._answered(query, path, place, tried):
            return None
        return query

    def _answered(self, query: Query, path: Path, place: str, tried: bool) -> bool:
        try:
            query.check(self.configuration.after(0), self.t)
            if tried and self.tried:
                query.value(self.run(), self.t)
        except QueryError as error:
            self.fault(path, str(error), place)
            return False
        return True

    def parsed(
        self,
        path: Path,
        text: str,
        place: str = "",
        condition: bool = False,
        of: Configuration | None = None,
    ) -> Query | None:
        """A query about runs of a configuration, the shown one if none is given; nothing of it is looked at."""
        configuration = of or self.configuration
        try:
            query = parse_query(text, configuration.cell, configuration)
        except EquationError as error:
            self.fault(path, error.reason, place, error.column)
            return None
        if condition and not query.is_condition:
            self.fault(path, "a condition belongs here, like norm(grad(h[t])) < 0.01", place)
            return None
        return query

    def item(self, path: Path, key: str, number: int) -> Path:
        """An item of a list that may also be written as a single text."""
        listed: Path = (*path, key, number)
        return listed if listed in self.file.document.marks else (*path, key)

    def fault(self, path: Path, reason: str, place: str = "", column: int = 1) -> None:
        """Note what is wrong with a part, or at a place in it."""
        if place:
            line, begin = place.split(":")
            place = f"{line}:{int(begin) + column - 1}"
        document = self.file.document
        self.faults.append(InputError(document.file, place or document.place(path, 1, column), reason))
