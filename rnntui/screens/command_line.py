"""The line that takes commands, at the bottom of the screen: what is typed is explained, what is asked is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from rnntui.plain.conversation import ERROR, LONGEST_LINE
from rnntui.safe import clean
from rnntui.screens.leaving import Leaving
from rnntui.screens.verbs import Verb, beginning, named

Say = Callable[[str], Sequence[str]]
SHOWN = 5
"""Verbs that are offered at once."""


class CommandLine(Leaving, ModalScreen[Verb | str]):
    """Left with a verb that the screen is to do, with the one line of an answer, or with nothing."""

    DEFAULT_CSS = """
    CommandLine {
        align: left bottom; background: transparent;
        & > Vertical { width: 100%; height: auto; max-height: 70%; background: $surface; border-top: solid $accent; }
        & VerticalScroll { height: auto; max-height: 16; padding: 0 1; }
        & #answer { height: auto; }
        & #answer.-wrong { color: $error; }
        & Horizontal { height: 1; background: $panel; }
        & #prompt { width: 3; color: $accent; text-style: bold; padding: 0 1; }
        & Input { border: none; background: $panel; height: 1; padding: 0; width: 1fr; }
        & Input:focus { border: none; }
        & #about { color: $quiet; height: 1; padding: 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "close")]

    def __init__(self, say: Say, said: list[str], text: str = "") -> None:
        """`said`: what was typed before, the latest last; `text`: what stands there at first."""
        super().__init__()
        self._say = say
        self._said = said
        self._text = text
        self._back = 0

    def compose(self) -> ComposeResult:
        """The answer above the line, what is being typed below it."""
        with Vertical():
            with VerticalScroll(can_focus=False):
                yield Static(id="answer")
            with Horizontal():
                yield Static(Content(":"), id="prompt")
                yield Input(self._text, max_length=LONGEST_LINE, select_on_focus=False)
            yield Static(id="about")

    def on_mount(self) -> None:
        """Say what can be typed."""
        self._tell(self._text)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what this would do."""
        self._tell(event.value)

    def _tell(self, text: str) -> None:
        verb = named(text)
        if verb is not None:
            told = verb.as_line
        else:
            found = beginning(text.strip().split(" ")[0])
            told = "   ".join(verb.name for verb in found[:SHOWN]) + (" …" if len(found) > SHOWN else "")
        self.query_one("#about", Static).update(Content(clean(told)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do it, and stay where there is more to be read than a line."""
        text = event.value.strip()
        if not text:
            self.dismiss(None)
            return
        self._said.append(text)
        self._back = 0
        verb = named(text)
        if verb is not None and verb.action and text == verb.name:
            self.dismiss(verb)
            return
        answer = [clean(line) for line in self._say(text)]
        wrong = any(line.startswith(ERROR) for line in answer)
        if len(answer) < 2 and not wrong:
            self.dismiss("".join(answer))
            return
        shown = self.query_one("#answer", Static)
        shown.set_class(wrong, "-wrong")
        shown.update(Content("\n".join(line.removeprefix(ERROR) for line in answer)))
        field = self.query_one(Input)
        if wrong:
            field.select_all()  # what is typed next replaces it; an arrow goes into it
        else:
            field.value = ""

    def on_key(self, event: events.Key) -> None:
        """Arrows go through what was typed before; tab ends a name."""
        field = self.query_one(Input)
        if event.key in ("up", "down"):
            self._back = min(max(0, self._back + (1 if event.key == "up" else -1)), len(self._said))
            field.value = self._said[-self._back] if self._back else ""
            field.cursor_position = len(field.value)
        elif event.key == "tab":
            found = beginning(field.value.strip())
            if found and " " not in field.value.strip():
                field.value = _common(found) + (" " if len(found) == 1 and found[0].takes else "")
                field.cursor_position = len(field.value)
        else:
            return
        event.stop()
        event.prevent_default()


def _common(found: list[Verb]) -> str:
    """What the names have in common."""
    first, last = min(verb.name for verb in found), max(verb.name for verb in found)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:same]
