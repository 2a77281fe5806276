"""A lesson by lines: it speaks and asks, and between its steps every command of the debugger can be said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rnntui.course.markdown import plain
from rnntui.plain.command import Command, CommandError, Commands, count, nothing, quoted
from rnntui.plain.conversation import Conversation, split
from rnntui.plain.debugger import DEBUGGER
from rnntui.plain.header import header_lines
from rnntui.plain.lines import width
from rnntui.reports.lesson_end import ending_lines, ending_of
from rnntui.reports.step_text import step_lines
from rnntui.reports.wrapping import wrapped
from rnntui.safe import clean, cut
from rnntui.walk import LETTERS, AnswerError, Outcome, Standing, Walk


class LessonConversation(Conversation):
    """A walk through a lesson, talked to line by line."""

    on_empty_line = "go on with the lesson, or return to it"

    def __init__(self, walk: Walk) -> None:
        super().__init__(walk.session, Commands((*LESSON, *DEBUGGER)))
        self.walk = walk

    @property
    def prompt(self) -> str:
        """The place in the lesson, and what is awaited."""
        walk = self.walk
        awaited = "enter returns" if walk.wandering else "your answer" if walk.asks else ""
        awaited = awaited or ("the end, enter leaves" if walk.finished else "enter goes on")
        return f"[{walk.place + 1}/{walk.count}, {awaited}] "

    @property
    def asks(self) -> bool:
        """Whether a question is open."""
        return self.walk.asks

    def opening(self) -> list[str]:
        """Title and summary, the run, and the first step."""
        lesson = self.walk.script.lesson
        about = f"{clean(lesson.summary)} About {lesson.minutes} minutes.".strip()
        keys = "Enter goes on. ? gives a hint, skip shows an answer, help lists all commands."
        return [
            self.walk.title,
            *wrapped(about, width()),
            *wrapped(self.taken_up(), width()),
            "",
            *header_lines(self.session),
            "",
            *wrapped(keys, width()),
            *self.shown(),
        ]

    def taken_up(self) -> str:
        """Which lesson of the course this is, that it goes on where it was left, and why that may not be so."""
        walk = self.walk
        parts = [f"Lesson {walk.entry.number + 1} of {walk.entry.count}." if walk.entry else ""]
        if walk.place:
            parts.append(f"You left it at step {walk.place + 1}, and it goes on there; jump 1 begins it again.")
        return " ".join(part for part in (*parts, clean(self.complaint)) if part)

    @property
    def complaint(self) -> str:
        """Why nothing is kept, said once."""
        return self.walk.notebook.store.complaint if self.walk.notebook else ""

    def say(self, line: str) -> Iterator[str]:
        """The answer to a line, and, once, that nothing is kept."""
        yield from super().say(line)
        complaint = self.complaint
        if complaint:
            yield clean(complaint)

    def shown(self) -> list[str]:
        """The step at which the lesson stands: the run's step, what is said, the choices, how it was answered."""
        walk, step = self.walk, self.walk.step
        lines = [f"--- {walk.place + 1} of {walk.count} ".ljust(min(width(), 60), "-")]
        if self.session.position and not walk.asks_for_equation:
            lines += [*step_lines(self.session.frame()), ""]
        lines += wrapped(step.text, width())
        lines += [f"  {letter}) {plain(choice)}" for letter, choice in zip(LETTERS, step.choices, strict=False)]
        if self.asks and step.kind == "bug":
            lines += wrapped(BUG, width())
        elif self.asks and step.form and step.kind != "number":
            lines.append(f"Write {step.form}.")
        if step.kind == "say":
            lines += self.table()
        if walk.outcome is not None:
            lines += self.judged(walk.outcome)
        return lines

    def judged(self, outcome: Outcome) -> list[str]:
        """How an answer was, and why."""
        lines = wrapped(outcome.message, width())
        if not outcome.settled:
            return [*lines, "Try again; ? gives a hint, skip shows the answer."]
        return lines + wrapped(outcome.explain, width()) + self.table()

    def table(self) -> list[str]:
        """The lines of the step's table, below an empty one."""
        table = self.walk.step.table
        return ["", *table] if table else []

    def answer(self, line: str) -> Iterable[str]:
        """Answers first, while a question is open; then commands. Raises CommandError."""
        if not line:
            return self._go_on()
        known = self.commands.get(split(line)[0]) is not None
        no_answer = ""
        if self.asks:
            try:
                return self.revealing(lambda: self._judged(line))
            except AnswerError as error:
                no_answer = f"{error}; or say a command, which help lists"
        elif not known and self.walk.outcome is not None:
            raise CommandError(f"no command is called {quoted(line)}, and the question is answered: enter goes on")
        before = self.walk.outcome
        try:
            said = list(super().answer(line))
        except CommandError:
            if no_answer and (not known or (len(line) == 1 and line.isalpha())):  # a letter is meant as an answer
                raise CommandError(no_answer) from None
            raise
        outcome = self.walk.outcome
        if outcome is not None and outcome is not before and self.walk.step.kind == "try" and not self.over:
            said += self.judged(outcome)  # a command edited the run
        return said

    def _judged(self, line: str) -> list[str]:
        lines = self.judged(self.walk.answer(line))
        return [*lines, *wrapped(self.walk.truth, width())] if self.asks else lines

    def _go_on(self) -> Iterable[str]:
        walk = self.walk
        if walk.wandering:
            walk.come_back()
            return self.shown()
        if self.asks:
            raise CommandError("a question is open: answer it, or say ? for a hint, skip for the answer")
        if walk.next():
            return self.shown()
        self.over = True
        return [line for part in ending_lines(ending_of(walk)) for line in wrapped(part, width())]

    def revealing(self, act: Callable[[], list[str]]) -> list[str]:
        """What an act says, and the lines of the run's step that it uncovers."""
        before = step_lines(self.session.frame())
        said = act()
        return said + [line for line in step_lines(self.session.frame()) if line not in before]


def _lesson(conversation: Conversation) -> LessonConversation:
    assert isinstance(conversation, LessonConversation)  # the table below is given to no other
    return conversation


def _on(conversation: Conversation, argument: str) -> list[str]:
    nothing(argument, "on")
    lesson = _lesson(conversation)
    if lesson.asks:
        return _skip(conversation, "")
    if not lesson.walk.next():
        raise CommandError("this is the last step of the lesson; quit leaves")
    return lesson.shown()


def _previous(conversation: Conversation, argument: str) -> list[str]:
    nothing(argument, "previous")
    lesson = _lesson(conversation)
    if not lesson.walk.previous():
        raise CommandError("this is the first step of the lesson")
    return lesson.shown()


def _jump(conversation: Conversation, argument: str) -> list[str]:
    lesson = _lesson(conversation)
    if not argument:
        raise CommandError(f"jump where? Say jump N, N from 1 to {lesson.walk.count}")
    number = count(argument, "jump N")
    if number > lesson.walk.count:
        raise CommandError(f"there is no step {number}: this lesson has {lesson.walk.count}")
    if not lesson.walk.jump(number - 1):
        lesson.walk.come_back()
    return lesson.shown()


def _steps(conversation: Conversation, argument: str) -> list[str]:
    nothing(argument, "steps")
    walk = _lesson(conversation).walk
    rows = []
    for place, (heading, standing) in enumerate(zip(walk.headings, walk.standings, strict=True)):
        here = "→" if place == walk.place else " "
        row = f"{here}{place + 1:>3} {_SIGNS[standing]} {' '.join(plain(heading).split())}"
        rows.append(cut(row, width()))
    return rows


_SIGNS: dict[Standing, str] = {"said": " ", "open": "?", "given up": "-", "settled": "✓", "right": "✓"}


def _return(conversation: Conversation, argument: str) -> list[str]:
    nothing(argument, "return")
    lesson = _lesson(conversation)
    lesson.walk.come_back()
    return lesson.shown()


def _hint(conversation: Conversation, argument: str) -> list[str]:
    nothing(argument, "hint")
    lesson = _lesson(conversation)
    if not lesson.asks:
        raise CommandError("nothing is asked here")
    hint = lesson.walk.hint()
    if hint is None:
        raise CommandError("there is no further hint; skip shows the answer")
    return wrapped(hint, width())


def _skip(conversation: Conversation, argument: str) -> list[str]:
    nothing(argument, "skip")
    lesson = _lesson(conversation)
    if not lesson.asks:
        raise CommandError("nothing is asked here; enter goes on")
    return lesson.revealing(lambda: list(_given_up(lesson)))


def _given_up(lesson: LessonConversation) -> Iterator[str]:
    lesson.walk.give_up()
    if lesson.walk.outcome is not None:
        yield from lesson.judged(lesson.walk.outcome)


def _true(conversation: Conversation, argument: str) -> list[str]:
    nothing(argument, "true")
    truth = _lesson(conversation).walk.truth
    if not truth:
        raise CommandError("the run that you see is the true one")
    return wrapped(truth, width())


BUG = "This run has a wrong line. Step to the first one and say here; true tells the true value at the cursor."
LESSON = (
    Command("true", "v", "true", "While a fault is looked for: what the true run has at the cursor.", _true),
    Command("on", "]", "on", "Go on with the lesson; at an open question, show its answer.", _on),
    Command("previous", "[", "previous", "Go to the lesson's previous step.", _previous),
    Command("jump", "j", "jump N", "Go to the lesson's step N.", _jump),
    Command("steps", "o", "steps", "List the lesson's steps, to jump to.", _steps),
    Command("return", "r", "return", "Return to where the lesson stands, and read it again.", _return),
    Command("hint", "?", "hint", "Give a hint, one at a time.", _hint),
    Command("skip", "k", "skip", "Give the question up, and show its answer.", _skip),
)
