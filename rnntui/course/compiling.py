"""From a lesson's file to its script: places found, expressions read and tried out, faults collected."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from operator import attrgetter

from bptt.errors import near
from bptt.queries import QueryError, Reading
from rnntui.course import steps as parts
from rnntui.course.asked import Kind
from rnntui.course.bench import Bench, set_up, stand_in
from rnntui.course.configuration import Configuration
from rnntui.course.document import Path
from rnntui.course.exercises import BugAsked
from rnntui.course.lesson import MAIN, Lesson
from rnntui.course.phrases import Phrases
from rnntui.course.questioning import asked, claimed, hidden, tried, unreadable
from rnntui.course.reading import Reading as LessonFile
from rnntui.course.script import Expected, Panel, Question, Script, Shown, Stop
from rnntui.course.tabulating import tabulated
from rnntui.places import PlaceError, parse_place, position_of
from rnntui.safe import InputError, InputErrors

_PANEL = re.compile(r"(?:(?:∇|grad\()\s*(?P<gradient>\w+)\)?|(?P<value>\w+))")
_TEXTS = ("ask", "try", "hint", "explain")
_MOVES = ("run", "goto", "step", "back", "until")
_FIELDS = {"true-false": "true_false", "try": "task"}
"""Key → the field that holds it, where they differ."""
Placed = parts.Narration | parts.Question | parts.Trial


def compiled(file: LessonFile, tried: bool = True, bench: Bench | None = None) -> Script:
    """The script of a lesson file; `tried`: see `open_script`; `bench`: one whose runs are to be used, made of the same
    sections. Raises InputErrors with everything that is wrong."""
    script, faults = partly_compiled(file, tried, bench)
    if script is None or faults:
        raise InputErrors(faults)
    return script


def partly_compiled(
    file: LessonFile, tried: bool = True, bench: Bench | None = None
) -> tuple[Script | None, tuple[InputError, ...]]:
    """(the script of what can be played of a lesson file, everything that is wrong in the order of the file). No script
    where the sections are at fault: then steps are only looked at, by a bench that stands in."""
    faults = [*file.faults, *unreadable(file)]
    try:
        bench = bench or set_up(file)
    except InputErrors as error:
        faults += error.errors
    script: Script | None = None
    looked_at = bench or stand_in(file)
    if looked_at is not None:
        main = looked_at.main
        tried = tried and bench is not None
        compiler = _Compiler(file, main, Phrases(file, faults, tried, main, lambda: main.run), faults)
        compiler.read()
        if bench is not None and file.sound:
            lesson = file.lesson or Lesson.model_construct()
            script = Script(file.document.file, lesson, main, tuple(compiler.stops), tuple(compiler.expected))
    steps = file.document.data.get("steps") if isinstance(file.document.data, dict) else None
    if isinstance(steps, list) and not any(isinstance(step, dict) and "expect" in step for step in steps):
        reason = "the lesson does not test itself: add a step `- expect: …`, such as loss > 0"
        faults.append(file.fault(("steps",), reason))
    return script, tuple(sorted(faults, key=attrgetter("position")))


@dataclass
class _Compiler:
    """Goes through the steps in order, the cursor with them."""

    file: LessonFile
    main: Configuration
    phrases: Phrases
    faults: list[InputError]
    stops: list[Stop] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    position: int = 0
    astray: set[str] = field(default_factory=set)
    """What is not known because of a fault: "run", which one is shown, or "place". What is said there is not tested."""

    def __post_init__(self) -> None:
        self._show(self.main, self.main.shown_after)

    def read(self) -> None:
        """Read every step that is well formed; what is wrong goes to `faults`."""
        for number, step in self.file.steps.items():
            path: Path = ("steps", number)
            self._read_rest(path, step)
            if isinstance(step, parts.Expectation):
                self._expect(path, step)
                continue
            assert isinstance(step, Placed)
            self._move(path, step)
            stop = self._stop(path, number, step)
            if stop is not None and not self.astray:
                self.stops.append(stop)
        if not self.stops and not self.faults:
            self.faults.append(self.file.fault(("steps",), "nothing is said: write a step with say"))

    def _read_rest(self, path: Path, step: parts.Step) -> None:
        """Of a step that is not well formed: the texts of a question that cannot be asked, and whether a move is lost
        with it."""
        written = self.file.document.data["steps"][path[1]]
        lost = [key for key in written if getattr(step, _FIELDS.get(key, key), None) is None]
        for key in lost:
            texts = written[key] if isinstance(written[key], list) else [written[key]]
            if key in _TEXTS:
                for n, text in enumerate(texts):
                    if isinstance(text, str):
                        self.phrases.prose(self.phrases.item(path, key, n), text)
            elif get_close_matches(key, _MOVES, 1) and written[key] is not None:
                self.astray.add("run" if get_close_matches(key, _MOVES, 1) == ["run"] else "place")

    def _expect(self, path: Path, step: parts.Expectation) -> None:
        query = self.phrases.query((*path, "expect"), step.expect, condition=True, tried=False)
        if query is not None and not self.astray:
            place = self.file.document.place((*path, "expect"))
            self.expected.append(Expected(query, self.phrases.t, place, self.shown))

    # -- which run, and where to stand in it

    def _show(self, configuration: Configuration, iterations: int) -> None:
        self.shown = Shown(configuration, iterations)
        self.phrases.configuration = configuration
        self.phrases.run = lambda: configuration.after(iterations)
        self.position = min(self.position, len(configuration.after(0)))

    def _choose(self, path: Path, name: str | int) -> None:
        """`run:`: another configuration, or other iterations of the one that is shown."""
        here = self.shown.configuration
        known: dict[str | int, tuple[Configuration, int]] = {
            "before": (here, 0),
            "after": (here, here.iterations),
            MAIN: (self.main, self.main.shown_after),
        }
        for case, made in self.main.cases.items():
            known[case] = made, made.shown_after
        if isinstance(name, int) and 0 <= name <= here.iterations:
            known[name] = here, name
        if name not in known:
            names = [str(key) for key in known] + [f"0…{here.iterations}"] * (here.iterations > 0)
            self.phrases.fault(path, f"there is no run {name!r}; {near(str(name), names)}")
            self.astray.add("run")
            return
        self.astray.discard("run")
        self._show(*known[name])

    def _move(self, path: Path, step: Placed) -> None:
        if step.run is not None:
            self._choose((*path, "run"), step.run)
        run = self.shown.configuration.after(0)
        count = len(self.phrases.faults)
        if step.goto is not None:
            self.astray.discard("place")
            wanted = self.shown.run if step.goto.strip() == "nan" else run
            try:
                self.position = position_of(wanted, parse_place(step.goto), self.position)
            except PlaceError as error:
                self.phrases.fault((*path, "goto"), str(error))
        elif step.step is not None:
            if self.position + step.step > len(run):
                self.phrases.fault((*path, "step"), f"the run ends {len(run) - self.position} steps further on")
            self.position = min(self.position + step.step, len(run))
        elif step.back is not None:
            if step.back > self.position:
                self.phrases.fault((*path, "back"), f"only {self.position} steps lie behind the cursor here")
            self.position = max(0, self.position - step.back)
        elif step.until is not None:
            self._until((*path, "until"), step.until)
        if len(self.phrases.faults) > count:
            self.astray.add("place")
        self.phrases.t = run.schedule.place(self.position - 1).t if self.position else 1

    def _until(self, path: Path, text: str) -> None:
        query = self.phrases.parsed(path, text, condition=True)
        if query is None:
            return
        run = self.shown.run
        reason = "this never becomes true from here to the end of the run"
        for position in range(self.position + 1, len(run) + 1):
            try:
                if query.value_at(run, position) is True:
                    self.position = position
                    return
            except QueryError as error:  # h[t+1] has no value at t = T, and one elsewhere
                reason = str(error)
        self.phrases.fault(path, reason)

    # -- what is said and asked

    def _stop(self, path: Path, number: int, step: Placed) -> Stop | None:
        panels, focus = self._panels(path, step.show), self._focus(path, step.focus)
        table = tabulated(self.phrases, self.main, (*path, "table"), step.table) if step.table else None
        kind: Kind = "say"
        question: Question | None = None
        shown = self.shown
        if isinstance(step, parts.Narration):
            if step.say is None:
                return None
            prose = self.phrases.prose((*path, "say"), step.say)
        else:
            key = "ask" if isinstance(step, parts.Question) else "try"
            text = step.ask if isinstance(step, parts.Question) else step.task
            question = self._question(path, step)
            prose = self.phrases.prose((*path, key), text)
            if question is None:
                return None
            kind = question.asked.kind
            if isinstance(question.asked, BugAsked):
                shown = Shown(shown.configuration, shown.iterations, question.asked)
        return Stop(number, kind, self.position, self.phrases.t, prose, panels, focus, question, shown, table)

    def _question(self, path: Path, step: parts.Question | parts.Trial) -> Question | None:
        phrases = self.phrases
        if isinstance(step, parts.Question):
            made, at = asked(phrases, path, step)
        else:
            made, at = tried(phrases, path, step), (*path, "goal")
        hints = tuple(phrases.prose(phrases.item(path, "hint", n), text) for n, text in enumerate(step.hint))
        explain = phrases.prose((*path, "explain"), step.explain)
        masked = hidden(phrases, path, step.mask, made)
        if made is None:
            return None
        claim = claimed(phrases, path, step, made) if isinstance(step, parts.Question) else None
        return Question(made, hints, explain, masked, self.file.document.place(at), claim)

    def _panels(self, path: Path, names: tuple[str, ...]) -> tuple[Panel, ...]:
        cell = self.shown.configuration.cell
        known = {*cell.definitions, "x", "y", *cell.parameters}
        found: list[Panel] = []
        for n, text in enumerate(names):
            named = _PANEL.fullmatch(text.strip())
            name = (named["gradient"] or named["value"]) if named else ""
            if named is None or name not in known:
                listed = ", ".join(cell.definitions)
                place = self.phrases.item(path, "show", n)
                self.phrases.fault(place, f"show takes names like h or grad(h); there are {listed}")
            else:
                found.append(Panel(name, bool(named["gradient"])))
        return tuple(found)

    def _focus(self, path: Path, text: str | None) -> Reading | None:
        if text is None:
            return None
        query = self.phrases.query((*path, "focus"), text)
        if query is None:
            return None
        if query.reference is None:
            self.phrases.fault((*path, "focus"), "focus takes one thing, like h[3], grad(h[3]) or W")
            return None
        return next(iter(query.slots(self.shown.configuration.after(0), self.phrases.t)))
