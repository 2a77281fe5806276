"""The pane in which a lesson speaks and asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static

from rnntui.course.answers import WORDS
from rnntui.course.asked import Kind
from rnntui.course.markdown import blocks
from rnntui.widgets.answer_field import WRITES, AnswerField, NumberField
from rnntui.widgets.choices import Choices
from rnntui.widgets.error_bar import error_bar
from rnntui.widgets.hints import Hint
from rnntui.widgets.key_line import KeyLine
from rnntui.widgets.narration import narration
from rnntui.widgets.ordering import Ordering
from rnntui.widgets.palette import Palette

Verdict = Literal["right", "wrong", "given up"]
_MARKS: dict[Verdict, tuple[str, str]] = {
    "right": ("input", "✓"),
    "wrong": ("trouble", "✗"),
    "given up": ("muted", "→"),
}
LONGEST_ROW_OF_DOTS = 16
LISTED = ("choice", "sign", "true-false")
"""The kinds of question whose answers are listed."""
TYPED = ("shape", "equation", "try")
"""Those whose answer is a line of text."""
NAME = "name this line"
"""What enter does where a wrong line is looked for."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the lesson shows at its place."""

    title: str
    place: int
    """From 0."""
    count: int
    lesson: tuple[int, int] | None
    """Which of how many lessons of a course, from 1; None where it is in none."""
    kind: Kind
    text: str
    """Markdown, clean, numbers filled in."""
    choices: tuple[str, ...] = ()
    verdict: Verdict | None = None
    """How the last answer was; None before one."""
    settled: bool = False
    """Whether the answer has been given or given up."""
    message: str = ""
    off: float | None = None
    """How far a wrong number is off, as a part of the larger of both magnitudes."""
    explain: str = ""
    hint: str = ""
    form: str = ""
    """How an answer that is typed is written."""
    enter: str = "go on"
    """What enter does now."""
    table: tuple[str, ...] = ()
    """Lines of equal length, shown as they are."""
    here: str = ""
    """The line at the cursor, while a wrong one is looked for."""
    truth: str = ""
    """What the true run has there, where it was asked for."""


class Here(Static):
    """The line at the cursor, to be named as the wrong one by enter or a click."""

    class Named(Message):
        """This line is meant."""

    def on_click(self, event: events.Click) -> None:
        """A click on it."""
        event.stop()
        self.post_message(self.Named())


Asking = Choices | Ordering | AnswerField
"""What takes an answer."""


class LessonPane(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Title, dots, narration, question, answer, keys; violet is the lesson's hue. It has the keys itself where a wrong
    answer has been told: what would mend it then does nothing."""

    DEFAULT_CSS = """
    LessonPane {
        height: auto; background: $surface; padding: 0 1; scrollbar-size-vertical: 0;
        & Static { height: auto; background: $surface; }
        & #lesson-title { height: 1; }
        & #lesson-reply { display: none; }
        & Choices { display: none; }
        & #lesson-table, & #lesson-here { display: none; }
        & #lesson-table { text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    spoken: reactive[Spoken | None] = reactive(None, layout=False)
    palette: reactive[Palette | None] = reactive(None, layout=False)

    class Answered(Message):
        """An answer to the question that is open."""

        def __init__(self, answer: str) -> None:
            super().__init__()
            self.answer = answer

    class ToldAlready(Message):
        """An answer was begun again that has been told."""

    def compose(self) -> ComposeResult:
        """The parts, top to bottom."""
        yield Static(id="lesson-title")
        yield Static(id="lesson-text")
        yield Choices(id="lesson-choices")
        yield NumberField(id="lesson-number")
        yield Ordering(id="lesson-order")
        yield AnswerField(id="lesson-words")
        yield Here(id="lesson-here")
        yield Static(id="lesson-reply")
        yield Static(id="lesson-table")
        yield KeyLine(id="lesson-keys")

    def watch_spoken(self, old: Spoken | None, new: Spoken | None) -> None:
        """Draw what is new."""
        if new is None or self.palette is None:
            return
        self._draw(new, self.palette)
        if old is None or (old.place, old.title) != (new.place, new.title):
            self.scroll_home(animate=False)
            for field in self.query(Input):
                field.value = ""
        if new.verdict is not None or new.hint:
            self.call_after_refresh(self.scroll_end, animate=False)  # when what is new has been laid out

    def watch_palette(self) -> None:
        """Draw again in other colours."""
        if self.spoken is not None and self.palette is not None:
            self._draw(self.spoken, self.palette)

    def on_resize(self) -> None:
        """Dots and keys depend on the width."""
        self.watch_palette()

    def take_focus(self) -> bool:
        """Give the keys to the question, if one is open; whether there was one."""
        asking = self._asking()
        if asking is None:
            return False
        asking.focus(scroll_visible=False)
        return True

    def keep_keys(self) -> None:
        """Have the keys where an answer was told to be wrong, so that none of another one steers."""
        self.can_focus = True
        self.focus(scroll_visible=False)

    def _asking(self) -> Asking | None:
        """What takes the answer now."""
        spoken = self.spoken
        if spoken is None or spoken.settled or spoken.kind in ("say", "bug"):
            return None
        if spoken.kind in LISTED:
            return self.query_one(Choices)
        if spoken.kind == "order":
            return self.query_one(Ordering)
        return self.query_one("#lesson-number" if spoken.kind == "number" else "#lesson-words", AnswerField)

    @property
    def answering(self) -> Asking | None:
        """What takes the answer and has the keys."""
        asking = self._asking()
        return asking if asking is not None and asking.has_focus else None

    @property
    def holds_letters(self) -> bool:
        """Whether letters are typed into an answer now."""
        asking = self.answering
        return isinstance(asking, AnswerField) and asking.holds_letters

    @property
    def has_text(self) -> bool:
        """Whether an answer is being typed."""
        asking = self.answering
        return isinstance(asking, AnswerField) and bool(asking.value)

    def on_key(self, event: events.Key) -> None:
        """What would mend an answer that has been told."""
        spoken, key = self.spoken, event.character or ""
        if not self.has_focus or spoken is None or not key:
            return
        words = {word[0] for word in WORDS.get(spoken.kind, ())}
        if key in WRITES or (spoken.kind in LISTED and key.casefold() in {"a", "b", *words}):
            event.stop()
            event.prevent_default()
            self.post_message(self.ToldAlready())

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """An answer from the list."""
        event.stop()
        self.post_message(self.Answered(event.answer))

    def on_ordering_ordered(self, event: Ordering.Ordered) -> None:
        """An order."""
        event.stop()
        self.post_message(self.Answered(event.answer))

    def on_here_named(self, event: Here.Named) -> None:
        """The line at the cursor."""
        event.stop()
        self.post_message(self.Answered("here"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """An answer that was typed."""
        event.stop()
        self.post_message(self.Answered(event.value))

    def clear(self) -> None:
        """Leave nothing typed that was judged, but for an equation, which may be mended."""
        if self.spoken is not None and self.spoken.kind != "equation":
            for field in self.query(AnswerField):
                field.value = ""

    def _draw(self, spoken: Spoken, palette: Palette) -> None:
        violet = palette.colour("violet")
        chip = f"bold {palette.colour('background')} on {violet}"
        title = Content.assemble(
            Content.styled(f" {_chip(spoken)} ", chip), "  ", Content.styled(_dots(spoken, self.size.width), violet)
        )
        self.query_one("#lesson-title", Static).update(title, layout=False)
        text = narration(spoken.text, palette)
        if spoken.kind != "say":
            text = Content.assemble(Content.styled("? ", f"bold {violet}"), text)
        self.query_one("#lesson-text", Static).update(text)
        asked = not spoken.settled
        choices = self.query_one(Choices)
        choices.display = spoken.kind in LISTED and asked
        if spoken.kind in LISTED:
            choices.offer(spoken.choices, spoken.kind)
        self.query_one(NumberField).display = spoken.kind == "number" and asked
        ordering = self.query_one(Ordering)
        ordering.display = spoken.kind == "order" and asked
        if spoken.kind == "order":
            ordering.offer(spoken.choices)
        words = self.query_one("#lesson-words", AnswerField)
        words.display = spoken.kind in TYPED and asked
        words.placeholder = spoken.form
        here = self.query_one(Here)
        here.display = spoken.kind == "bug" and asked
        here.update(self._line(spoken, palette))
        table = self.query_one("#lesson-table", Static)
        table.display = bool(spoken.table)
        table.update(Content("\n".join(("", *spoken.table))))
        reply = self._reply(spoken, palette)
        self.query_one("#lesson-reply", Static).display = bool(reply)
        self.query_one("#lesson-reply", Static).update(reply)
        self.query_one(KeyLine).tell(_keys(spoken), palette)

    @staticmethod
    def _line(spoken: Spoken, palette: Palette) -> Content:
        """What is meant by `here`, and what the true run has there."""
        parts = [Content.styled("▸ ", f"bold {palette.colour('violet')}"), Content(spoken.here)]
        if spoken.truth:
            parts += [Content("\n"), Content.styled(spoken.truth, palette.colour("input"))]
        return Content.assemble(*parts)

    def _reply(self, spoken: Spoken, palette: Palette) -> Content:
        parts: list[Content | str] = []
        if spoken.verdict is not None:
            role, mark = _MARKS[spoken.verdict]
            parts.append(Content.styled(f"{mark} {spoken.message}", f"bold {palette.colour(role)}"))
        if spoken.off is not None:
            parts += ["\n", error_bar(spoken.off, palette)]
        if spoken.hint:
            parts += ["\n" if parts else "", Content.styled("hint ", f"bold {palette.colour('loss')}")]
            parts.append(narration(spoken.hint, palette))
        if spoken.explain:
            parts += [_before_explanation(spoken), narration(spoken.explain, palette)]
        return Content.assemble(*parts)


def _before_explanation(spoken: Spoken) -> str:
    """What parts it from the verdict: it goes on in the same row where it can, as rows that are saved are the
    equation's."""
    if spoken.verdict is None:
        return ""
    if spoken.off is not None or spoken.hint or next(blocks(spoken.explain), ("item",))[0] != "paragraph":
        return "\n"
    return " " if spoken.message.endswith((".", "!", "?")) else ". "


def _chip(spoken: Spoken) -> str:
    """The title, with the lesson's number in its course."""
    return f"{spoken.lesson[0]} · {spoken.title}" if spoken.lesson is not None else spoken.title


def _dots(spoken: Spoken, width: int) -> str:
    """The place in words, with a row of dots before it: the lesson goes first where there is little room, then the
    words, then the dots."""
    place = f"{spoken.place + 1}/{spoken.count}"
    words = f"step {spoken.place + 1} of {spoken.count}"
    room = width - cell_len(_chip(spoken)) - 4
    dots = "●" * spoken.place + "◐" + "○" * (spoken.count - spoken.place - 1) + "  "
    if spoken.count > LONGEST_ROW_OF_DOTS:
        dots = ""
    whole = f"{words} · lesson {spoken.lesson[0]} of {spoken.lesson[1]}" if spoken.lesson is not None else words
    forms = (dots + whole, dots + words, whole, dots + place, words)
    return next((form for form in forms if cell_len(form) <= room), place)


def _keys(spoken: Spoken) -> list[Hint]:
    """The keys of a step, in order of worth: enter, a hint, back and on are the same at every question."""
    enter, back = Hint("Enter", spoken.enter, "confirm"), Hint("PgUp", "back", "page_back")
    if spoken.kind == "say" or spoken.settled:
        return [enter, back, Hint("PgDn", "next", "page_on"), Hint("o", "steps", "outline")]
    keys = [enter, Hint("?", "hint", "hint"), Hint("PgDn", "give up", "page_on"), back]
    match spoken.kind:
        case "bug":
            if spoken.here and enter.label == NAME:
                keys[0] = replace(enter, label="this line is the first wrong one")
            return [keys[0], Hint("V", "true value", "truth"), *keys[1:]]
        case "order":
            keys.insert(1, Hint("backspace", "give back", "give_back"))
    return [*keys, Hint("esc", "look around", "score")]
