"""The pane in which a lesson speaks and asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from rnntui.course.asked import Kind
from rnntui.widgets.choices import Choices
from rnntui.widgets.error_bar import error_bar
from rnntui.widgets.hints import Hint
from rnntui.widgets.key_line import KeyLine
from rnntui.widgets.narration import narration
from rnntui.widgets.number_field import NumberField
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
TYPED: dict[str, str] = {
    "shape": "rows x columns, like 2 x 4",
    "equation": "the right-hand side: M @ v[t] for a matrix, M.T for M transposed",
    "try": "an edit, like W[0][0] = 1.5 or f[t] = 1; undo takes it back",
}
"""Those whose answer is a line of text → what to write."""


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


class LessonPane(VerticalScroll, can_focus=False):
    """Title, dots, narration, question, answer, keys; violet is the lesson's hue."""

    DEFAULT_CSS = """
    LessonPane {
        height: auto; background: $surface; padding: 0 1; scrollbar-size-vertical: 0;
        & Static { height: auto; background: $surface; }
        & #lesson-title { height: 1; }
        & #lesson-reply { display: none; }
        & NumberField { display: none; }
        & Choices { display: none; }
        & #lesson-words {
            display: none; height: 1; border: none; padding: 0 1; background: $panel;
            &:focus { border: none; background: $accent 30%; }
        }
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

    def compose(self) -> ComposeResult:
        """The parts, top to bottom."""
        yield Static(id="lesson-title")
        yield Static(id="lesson-text")
        yield Choices(id="lesson-choices")
        yield NumberField(id="lesson-number")
        yield Ordering(id="lesson-order")
        yield Input(id="lesson-words", max_length=500)
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
        elif new.verdict is not None or new.hint:
            self.scroll_end(animate=False)

    def watch_palette(self) -> None:
        """Draw again in other colours."""
        if self.spoken is not None and self.palette is not None:
            self._draw(self.spoken, self.palette)

    def on_resize(self) -> None:
        """Dots and keys depend on the width."""
        self.watch_palette()

    def take_focus(self) -> bool:
        """Give the keys to the question, if one is open; whether there was one."""
        spoken = self.spoken
        if spoken is None or spoken.settled or spoken.kind in ("say", "bug"):
            return False
        self._asking(spoken).focus(scroll_visible=False)
        return True

    def take_answer(self) -> bool:
        """Do what enter does in the question, or give the keys to it; whether one is open."""
        asking = self.screen.focused
        if isinstance(asking, OptionList) and asking in self.query(OptionList):
            asking.action_select()
        elif isinstance(asking, Input) and asking in self.query(Input):
            self.call_later(asking.action_submit)
        else:
            return self.take_focus()
        return True

    def _asking(self, spoken: Spoken) -> Widget:
        """What takes the answer."""
        if spoken.kind in LISTED:
            return self.query_one(Choices)
        names = {"number": "#lesson-number", "order": "#lesson-order"}
        return self.query_one(names.get(spoken.kind, "#lesson-words"))

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
        if event.value.strip():
            self.post_message(self.Answered(event.value))
            if self.spoken is not None and self.spoken.kind == "try":
                event.input.value = ""

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
            choices.offer(spoken.choices, words=spoken.kind != "choice")
        self.query_one(NumberField).display = spoken.kind == "number" and asked
        ordering = self.query_one(Ordering)
        ordering.display = spoken.kind == "order" and asked
        if spoken.kind == "order":
            ordering.offer(spoken.choices)
        words = self.query_one("#lesson-words", Input)
        words.display = spoken.kind in TYPED and asked
        words.placeholder = TYPED.get(spoken.kind, "")
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
            parts += ["\n" if parts else "", narration(spoken.explain, palette)]
        return Content.assemble(*parts)


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
    """What can be done here, in order of worth."""
    back, on, around = (
        Hint("[", "back", "earlier_step"),
        Hint("]", "next", "later_step"),
        Hint("esc", "look around", "score"),
    )
    give_up, hint = Hint("]", "give up", "later_step"), Hint("H", "hint", "hint")
    if spoken.kind == "say" or spoken.settled:
        last = spoken.place + 1 == spoken.count
        return [Hint("Enter", "finish" if last else "go on", "confirm"), back, on, Hint("o", "steps", "outline")]
    if spoken.kind == "bug":
        name = Hint("Enter", "this line is the first wrong one", "confirm")
        return [name, Hint("V", "true value", "truth"), hint, give_up]
    if spoken.kind == "order":
        taken = Hint("backspace", "give back", "give_back")
        return [Hint("Enter", "take the next", "confirm"), taken, around, give_up, back]
    if spoken.kind in TYPED:
        hint, give_up, back = (
            Hint("?", "hint", "hint"),
            Hint("PgDn", "give up", "page_on"),
            Hint("PgUp", "back", "page_back"),
        )
    return [Hint("Enter", "answer", "confirm"), hint, around, give_up, back]
