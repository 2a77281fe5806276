"""From a lesson's file to its script: places found, expressions read and tried out, faults collected."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from bptt.language import EquationError
from bptt.queries import Query, QueryError, Reading, parse_query
from rnntui.course import lesson as parts
from rnntui.course.bench import Bench, set_up
from rnntui.course.document import Path
from rnntui.course.prose import CLOSE, OPEN, Prose, cleaned, split
from rnntui.course.reading import Reading as LessonFile
from rnntui.course.script import Expected, Kind, Panel, Question, Script, Stop
from rnntui.places import PlaceError, parse_place, position_of
from rnntui.safe import InputError, InputErrors

_PANEL = re.compile(r"(?:(?:∇|grad\()\s*(?P<gradient>\w+)\)?|(?P<value>\w+))")


def compiled(file: LessonFile) -> Script:
    """The script of a lesson file. Raises InputErrors with everything that is wrong with it."""
    faults = list(file.faults)
    bench: Bench | None = None
    try:
        bench = set_up(file)
    except InputErrors as error:
        faults += error.errors
    if bench is not None:
        compiler = _Compiler(file, bench, faults)
        compiler.read()
        if not faults and file.lesson is not None:
            return Script(
                file.document.file,
                file.lesson,
                bench.source,
                bench.run,
                tuple(compiler.stops),
                tuple(compiler.expected),
            )
    raise InputErrors(sorted(faults, key=lambda fault: [int(n) for n in fault.place.split(":")]))


@dataclass
class _Compiler:
    """Goes through the steps in order, the cursor with them."""

    file: LessonFile
    bench: Bench
    faults: list[InputError]
    stops: list[Stop] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    position: int = 0

    @property
    def t(self) -> int:
        """The cursor's time."""
        return self.bench.run.schedule.place(self.position - 1).t if self.position else 1

    def read(self) -> None:
        """Read every step that is well formed; what is wrong goes to `faults`."""
        for number, step in self.file.steps.items():
            path: Path = ("steps", number)
            if isinstance(step, parts.Expectation):
                query = self._query((*path, "expect"), step.expect, condition=True, tried=False)
                if query is not None:
                    self.expected.append(Expected(query, self.t, self.file.document.place((*path, "expect"))))
                continue
            self._move(path, step)
            stop = self._question(path, number, step) if isinstance(step, parts.Question) else None
            if isinstance(step, parts.Narration):
                stop = self._narration(path, number, step)
            if stop is not None:
                self.stops.append(stop)
        if not self.stops and not self.faults:
            self.faults.append(self.file.fault(("steps",), "nothing is said: write a step with say"))
        if not self.expected and not self.faults:
            reason = "the lesson does not test itself: add a step `- expect: …`, such as loss > 0"
            self.faults.append(self.file.fault(("steps",), reason))

    # -- where to stand

    def _move(self, path: Path, step: parts.Narration | parts.Question) -> None:
        run = self.bench.run
        if step.goto is not None:
            try:
                self.position = position_of(run, parse_place(step.goto), self.position)
            except PlaceError as error:
                self._fault((*path, "goto"), str(error))
        elif step.step is not None:
            if self.position + step.step > len(run):
                self._fault((*path, "step"), f"the run ends {len(run) - self.position} steps further on")
            self.position = min(self.position + step.step, len(run))
        elif step.back is not None:
            if step.back > self.position:
                self._fault((*path, "back"), f"only {self.position} steps lie behind the cursor here")
            self.position = max(0, self.position - step.back)
        elif step.until is not None:
            self._until((*path, "until"), step.until)

    def _until(self, path: Path, text: str) -> None:
        query = self._parsed(path, text, condition=True)
        if query is None:
            return
        run = self.bench.run
        reason = "this never becomes true from here to the end of the run"
        for position in range(self.position + 1, len(run) + 1):
            try:
                if query.value_at(run, position) is True:
                    self.position = position
                    return
            except QueryError as error:  # h[t+1] has no value at t = T, and one elsewhere
                reason = str(error)
        self._fault(path, reason)

    # -- what is said and asked

    def _narration(self, path: Path, number: int, step: parts.Narration) -> Stop | None:
        panels, focus = self._panels(path, step.show), self._focus(path, step.focus)
        if step.say is None:
            return None
        prose = self._prose((*path, "say"), step.say)
        return Stop(number, "say", self.position, self.t, prose, panels, focus, None)

    def _question(self, path: Path, number: int, step: parts.Question) -> Stop:
        asked = None if step.number is None else self._number((*path, "number"), step.number)
        question = Question(
            choices=tuple(self._prose((*path, "choice", n), text) for n, text in enumerate(step.choice)),
            right=step.choice.index(step.answer) if step.answer is not None else -1,
            number=asked,
            tolerance=step.tolerance,
            hints=tuple(self._prose(self._item(path, "hint", n), text) for n, text in enumerate(step.hint)),
            explain=self._prose((*path, "explain"), step.explain),
            hidden=self._hidden(path, step.mask, asked),
        )
        prose = self._prose((*path, "ask"), step.ask)
        panels, focus = self._panels(path, step.show), self._focus(path, step.focus)
        kind: Kind = "choice" if step.choice else "number"
        return Stop(number, kind, self.position, self.t, prose, panels, focus, question)

    def _item(self, path: Path, key: str, number: int) -> Path:
        """An item of a list that may also be written as a single text."""
        listed: Path = (*path, key, number)
        return listed if listed in self.file.document.marks else (*path, key)

    def _number(self, path: Path, text: str) -> Query | None:
        query = self._query(path, text)
        if query is not None:
            value = query.value(self.bench.run, self.t)
            if query.is_condition or np.ndim(value) or not np.isfinite(value):
                self._fault(path, "a question asks for one finite number, such as h[3][1] or norm(grad(h[1]))")
                return None
        return query

    def _hidden(self, path: Path, mask: tuple[str, ...] | None, asked: Query | None) -> frozenset[Reading]:
        if mask is None:
            single = asked is not None and asked.reference is not None
            return asked.slots(self.bench.run, self.t) if single and asked is not None else frozenset()
        found: set[Reading] = set()
        for n, text in enumerate(mask):
            at = self._item(path, "mask", n)
            query = self._query(at, text)
            if query is not None and (query.reference is None or query.reference.time is None):
                self._fault(at, "a mask is a variable or its gradient at a time, like h[3] or grad(h[3])")
            elif query is not None:
                found |= query.slots(self.bench.run, self.t)
        return frozenset(found)

    def _panels(self, path: Path, names: tuple[str, ...]) -> tuple[Panel, ...]:
        cell = self.bench.run.model.cell
        known = {*cell.definitions, "x", "y", *cell.parameters}
        found: list[Panel] = []
        for n, text in enumerate(names):
            named = _PANEL.fullmatch(text.strip())
            name = (named["gradient"] or named["value"]) if named else ""
            if named is None or name not in known:
                listed = ", ".join(cell.definitions)
                self._fault(self._item(path, "show", n), f"show takes names like h or grad(h); there are {listed}")
            else:
                found.append(Panel(name, bool(named["gradient"])))
        return tuple(found)

    def _focus(self, path: Path, text: str | None) -> Reading | None:
        if text is None:
            return None
        query = self._query((*path, "focus"), text)
        if query is None:
            return None
        if query.reference is None:
            self._fault((*path, "focus"), "focus takes one thing, like h[3], grad(h[3]) or W")
            return None
        return next(iter(query.slots(self.bench.run, self.t)))

    # -- texts and expressions

    def _prose(self, path: Path, text: str) -> Prose:
        pieces, expressions = split(text)
        places = self.file.document.places_of(path, OPEN) if expressions else []
        queries: list[Query] = []
        for expression, place in zip(expressions, places, strict=False):
            query = self._query(path, expression.strip(), place)
            if query is not None:
                queries.append(query)
        stray = next((sign for sign in (OPEN, CLOSE) if any(sign in piece for piece in pieces)), "")
        if stray:
            self._fault(path, f"{stray} without its other half: write {OPEN} expression {CLOSE}")
        if len(queries) < len(expressions):
            return Prose()
        return Prose(cleaned(pieces), tuple(queries))

    def _query(
        self, path: Path, text: str, place: str = "", condition: bool = False, tried: bool = True
    ) -> Query | None:
        """A query that the finished run answers at the cursor's time, or a fault. `place`: where it begins, if it is
        not the whole of a part; `tried`: whether it is evaluated now, or only its times and shapes are looked at."""
        query = self._parsed(path, text, place, condition)
        try:
            if query is not None and tried:
                query.value(self.bench.run, self.t)
            elif query is not None:
                query.check(self.bench.run, self.t)
        except QueryError as error:
            self._fault(path, str(error), place)
            return None
        return query

    def _parsed(self, path: Path, text: str, place: str = "", condition: bool = False) -> Query | None:
        try:
            query = parse_query(text, self.bench.run.model.cell)
        except EquationError as error:
            self._fault(path, error.reason, place, error.column)
            return None
        if condition and not query.is_condition:
            self._fault(path, "a condition belongs here, like norm(grad(h[t])) < 0.01", place)
            return None
        return query

    def _fault(self, path: Path, reason: str, place: str = "", column: int = 1) -> None:
        if place:
            line, begin = place.split(":")
            place = f"{line}:{int(begin) + column - 1}"
        document = self.file.document
        self.faults.append(InputError(document.file, place or document.place(path, 1, column), reason))
